// Pictures of models: a box a layer with its shapes and parameters, an arrow for every tensor that goes from one to another.
import { ValueError } from "../base/errors.js";
import { checkOptions } from "../base/options.js";
import type { Shape } from "../base/shape.js";
import type { Layer } from "../nn/layer.js";
import type { Model } from "../nn/model.js";
import type { ModelLayer } from "../nn/modelLayer.js";
import type { SummaryRow } from "../nn/summary.js";
import type { Arrow, Box, Kind, Picture } from "./picture.js";
import { toSVG } from "./svg.js";

/** Options of plotModel(). */
export interface PlotModelOptions {
  /** Whether boxes say the shapes of inputs and results; default true. */
  readonly showShapes?: boolean;
  /** Whether models inside the model are drawn layer by layer, framed in a colour of their own, instead of as one box; default false. */
  readonly expandNested?: boolean;
}

/**
 * A model as an SVG image that needs nothing else: a box for each layer with its name, class, shapes and number of parameters.
 *
 * The batch axis is written None. A layer that is used several times is one box with all its arrows; of a class of one's own, which only its code
 * describes, the layers are drawn without arrows.   Throws ValueError for a model that is not built, or an unknown option.
 */
export function plotModel(model: Model, options: PlotModelOptions = {}): string {
  const { showShapes = true, expandNested = false } = checkOptions(options, ["showShapes", "expandNested"], "plotModel");
  if (!model.built) throw new ValueError(`plotModel: model "${model.name}" is not built, so its shapes are not known. Give its first layer an inputShape, or show it data first.`);
  return toSVG(new Drawing(showShapes, expandNested).of(model));
}

const NAMES: Picture["names"] = { variable: "with weights", elementwise: "without weights", other: "model" };

/** Where tensors enter and leave what stands for a layer: its box, or those at the borders of an expanded model. */
interface Ends {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

class Drawing {
  private readonly boxes: Box[] = [];
  private readonly arrows: Arrow[] = [];

  constructor(
    private readonly showShapes: boolean,
    private readonly expandNested: boolean,
  ) {}

  of(model: Model): Picture {
    const { inputs, outputs } = this.draw(model, undefined);
    const boxes = this.boxes.map((box): Box => (outputs.includes(box.id) ? { ...box, lines: [...box.lines, "output"] } : box));
    // Where the model has no layers for its inputs, they get boxes.
    if (model.type === "Sequential") {
      const shape = model.inputShapes![0]!;
      boxes.unshift({ id: "input", title: "input", lines: [], kind: "input" });
      this.arrows.unshift({ from: "input", to: inputs[0]!, label: showShape(shape) });
    }
    return { title: model.name, boxes, arrows: this.arrows, names: NAMES };
  }

  /** group: the expanded model these layers belong to. */
  private draw(model: Model, group: string | undefined): Ends {
    const rows = model.rows();
    const ends = new Map<string, Ends>();
    const shapes = new Map(rows.map(({ layer, shapes: given }) => [layer.name, given]));
    for (const { layer } of rows) ends.set(layer.name, this.place(rows.find((row) => row.layer === layer)!, group));
    rows.forEach(({ layer, from }, i) => {
      const before = rows[i - 1]?.layer.name;
      const sources = from ?? (model.type === "Sequential" && before !== undefined ? [before] : []);
      const { inputs } = ends.get(layer.name)!;
      sources.forEach((source, k) => {
        const [, name, result] = /^(.*?)(?:\[(\d+)\])?$/.exec(source)!;
        const index = Number(result ?? 0);
        // A layer that is shared takes its inputs several times over.
        this.arrows.push({ from: ends.get(name!)!.outputs[index]!, to: inputs[k % inputs.length]!, label: showShape(shapes.get(name!)![index]!) });
      });
    });
    const first = rows[0]!.layer.name;
    const last = rows.at(-1)!.layer.name;
    return {
      inputs: model.inputNames.map((name) => (ends.get(name) ?? ends.get(first)!).inputs[0]!),
      outputs: model.outputNames.map((name) => (ends.get(name) ?? ends.get(name.replace(/_\d+$/, "")) ?? ends.get(last)!).outputs[0]!),
    };
  }

  private place(row: SummaryRow, group: string | undefined): Ends {
    const { layer, shapes } = row;
    const nested = nestedIn(layer);
    if (this.expandNested && nested) return this.draw(nested, group === undefined ? layer.name : `${group}/${layer.name}`);
    const id = `layer${this.boxes.length}`;
    const inputs = layer.builtShapes ?? [];
    const lines = [layer.type, ...(this.showShapes ? shapeLines(inputs, shapes) : []), ...parameterLines(layer)];
    this.boxes.push({ id, title: layer.name, lines, kind: kindOf(layer), ...(group !== undefined && { device: group }) });
    return { inputs: (inputs.length > 0 ? inputs : [[]]).map(() => id), outputs: shapes.map(() => id) };
  }
}

function shapeLines(inputs: readonly Shape[], outputs: readonly Shape[]): string[] {
  const text = (shapes: readonly Shape[]): string => shapes.map(showBatched).join(", ");
  return inputs.length === 0 ? [text(outputs)] : [`in  ${text(inputs)}`, `out ${text(outputs)}`];
}

function parameterLines(layer: Layer): string[] {
  const count = layer.countParams();
  if (count === 0) return [];
  return [`${count.toLocaleString("en")} parameters${layer.trainableWeights.length === 0 ? ", frozen" : ""}`];
}

function kindOf(layer: Layer): Kind {
  if (layer.type === "InputLayer") return "input";
  if (nestedIn(layer)) return "other";
  return layer.weights.length > 0 ? "variable" : "elementwise";
}

/** The model that a layer stands for. Seen by its form: pictures need no code of models. */
function nestedIn(layer: Layer): Model | undefined {
  return "model" in layer ? (layer as ModelLayer).model : undefined;
}

function showBatched(shape: Shape): string {
  return `(${["None", ...shape].join(", ")})`;
}

/** As short as it goes: arrows have little room. */
function showShape(shape: Shape): string {
  return shape.length === 0 ? "scalar" : shape.join("×");
}
