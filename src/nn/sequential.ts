// Sequential: a model whose layers follow one another.
import { ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import type { Tensor } from "../engine/index.js";
import { describing, Layer, layerEntry, numberNames, withSource, WeightSource, type CallOptions, type Config, type Masked } from "./layer.js";
import { endsLinear, Model, type ModelOptions } from "./model.js";
import { InputLayer } from "./input.js";
import { checkOptions } from "../base/options.js";
import type { SummaryRow } from "./summary.js";
import { applySymbolic, type SymbolicTensor } from "./symbolic.js";

/** Options of sequential(). */
export interface SequentialOptions extends ModelOptions {
  /** From the first to the last; a model among them stands as one layer. */
  readonly layers?: readonly (Layer | Model)[];
}

/** A model of layers in a row. */
export class Sequential extends Model {
  private readonly list: Layer[] = [];
  private readonly steps: Shape[] = [];
  private input: Shape | undefined;
  private readonly graph: SymbolicTensor[] = [];
  private readonly weightSource: WeightSource;

  constructor(options: SequentialOptions = {}) {
    super(checkOptions(options, ["name", "seed", "layers"], "sequential"), "sequential");
    this.weightSource = new WeightSource(this.seed);
    const { layers = [] } = options;
    if (!Array.isArray(layers)) throw new ValueError(`model "${this.name}": layers: expected a list, got ${typeof layers}.`);
    for (const layer of layers as readonly (Layer | Model)[]) this.add(layer);
  }

  override get type(): string {
    return "Sequential";
  }

  override get layers(): readonly Layer[] {
    return this.list;
  }

  /** The symbolic tensors its layers would give as a functional model: model({ inputs: net.inputs, outputs: net.getLayer("conv").output }) ends earlier. Throws ValueError before the model is built. */
  get inputs(): readonly SymbolicTensor[] {
    return [this.asGraph()[0]!];
  }

  /** What the last layer gives; see inputs. */
  get outputs(): readonly SymbolicTensor[] {
    return [this.asGraph().at(-1)!];
  }

  override get inputShapes(): readonly Shape[] | undefined {
    return this.input && [this.input];
  }

  override get outputShapes(): readonly Shape[] {
    const shape = this.steps.at(-1);
    if (shape === undefined || !this.built) throw this.notBuilt();
    return [shape];
  }

  override get outputNames(): readonly string[] {
    return [this.list.at(-1)?.name ?? "output"];
  }

  override get built(): boolean {
    return this.list.length > 0 && this.steps.length === this.list.length;
  }

  override get howToBuild(): string {
    return this.list.length === 0 ? "Add layers first." : `Give its first layer an inputShape, call build(inputShape), or show it data first.`;
  }

  override get linearOutputs(): readonly boolean[] {
    return [endsLinear(this.list.at(-1))];
  }

  /**
   * Adds a layer, or a model that stands as one, at the end. Once the input shape is known, by the first layer's inputShape, weights are made at once.
   *
   * Throws ShapeError, naming both layers, when it cannot take what the layer before it gives; the model is then unchanged.
   */
  add(given: Layer | Model): this {
    const layer = given instanceof Model ? given.asLayer() : given;
    if (!(layer instanceof Layer)) throw new ValueError(`model "${this.name}": expected a layer at position ${this.list.length}, got ${typeof layer}. Was it called, as in layers.flatten()?`);
    if (this.list.includes(layer)) throw new ValueError(`model "${this.name}": layer "${layer.name}" was added before. Layers of a sequential model stand once.`);
    numberNames([...this.list, layer], `model "${this.name}"`, this.list.length);
    const input = this.list.length === 0 ? (layer.inputShape ?? layer.builtShapes?.[0]) : this.steps.at(-1);
    if (input !== undefined && this.steps.length === this.list.length) {
      const shape = this.buildLayer(layer, input, this.list.length - 1);
      this.input ??= input;
      this.steps.push(shape);
    }
    this.list.push(layer);
    this.forget();
    return this;
  }

  /** Takes the last layer away. Throws ValueError when there is none. */
  pop(): Layer {
    const layer = this.list.pop();
    if (layer === undefined) throw new ValueError(`model "${this.name}": pop: expected layers, there are none.`);
    this.steps.length = Math.min(this.steps.length, this.list.length);
    this.graph.length = Math.min(this.graph.length, this.list.length + 1);
    this.forget();
    return layer;
  }

  override buildAll(inputs: readonly Shape[], source = this.weightSource): void {
    if (this.list.length === 0) throw new ValueError(`model "${this.name}": expected layers, got none.`);
    if (inputs.length !== 1) throw new ValueError(`model "${this.name}": a sequential model has one input, got ${inputs.length}.`);
    const [input] = inputs as readonly [Shape];
    if (this.built) {
      this.list[0]!.buildAll([input]);
      return;
    }
    // The shapes are gone through once before any weight is made.
    this.computeOutputShapes(inputs);
    let shape = input;
    this.list.forEach((layer, i) => {
      shape = this.buildLayer(layer, shape, i - 1, source);
      this.steps[i] = shape;
    });
    this.input = input.slice();
  }

  override computeOutputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    return [this.list.reduce((shape, layer, i) => layer.outputShape(shape, i === 0 ? from[0] : this.giver(i - 1)), inputs[0]!)];
  }

  override call(x: Tensor, options: CallOptions): Tensor {
    return this.callMasked([x], [options.mask], options).results[0]!;
  }

  override callMasked(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[], options: CallOptions): Masked {
    return this.list.reduce((flow: Masked, layer) => layer.applyMasked(flow.results, flow.masks, options), { results: xs, masks });
  }

  override getConfig(): Config {
    return describing(() => ({
      name: this.name,
      seed: this.seed,
      ...(this.input && { inputShape: this.input }),
      layers: this.list.map(layerEntry),
    }));
  }

  override rows(): readonly SummaryRow[] {
    return this.list.map((layer, i) => ({ layer, shapes: [this.steps[i]!] }));
  }

  /** The input, and what each layer gives; layers that were added since go on from there. */
  private asGraph(): readonly SymbolicTensor[] {
    if (this.input === undefined || !this.built) throw this.notBuilt();
    if (this.graph.length === 0) this.graph.push(...applySymbolic(new InputLayer(this.input, "float32"), [], [this.input]));
    for (const layer of this.list.slice(this.graph.length - 1)) this.graph.push(layer.apply(this.graph.at(-1)!));
    return this.graph;
  }

  private buildLayer(layer: Layer, input: Shape, previous: number, source = this.weightSource): Shape {
    const shape = layer.outputShape(input, this.giver(previous));
    withSource(source, () => layer.buildAll([input], source, [this.giver(previous)]));
    return shape;
  }

  private giver(index: number): string {
    const layer = this.list[index];
    return layer ? `layer "${layer.name}" (${layer.type})` : "the input";
  }
}

/** A model of layers in a row: sequential({ layers: [dense({ units: 10, inputShape: [784] })] }), sequential([…]), or add() them one by one. */
export function sequential(options: SequentialOptions | readonly (Layer | Model)[] = {}): Sequential {
  return new Sequential("length" in options ? { layers: options } : options);
}
