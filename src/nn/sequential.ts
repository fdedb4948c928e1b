// Sequential: a model whose layers follow one another.
import { ValueError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import type { Tensor } from "../engine/index.js";
import { isLinear } from "./activations.js";
import { Layer, WeightSource, type CallOptions } from "./layer.js";
import { Model, type ModelOptions } from "./model.js";
import { checkOptions } from "./options.js";

export interface SequentialOptions extends ModelOptions {
  readonly layers?: readonly Layer[];
}

export class Sequential extends Model {
  private readonly list: Layer[] = [];
  private readonly shapes: Shape[] = [];
  private input: Shape | undefined;
  private readonly weightSource: WeightSource;

  constructor(options: SequentialOptions = {}) {
    super(checkOptions(options, ["name", "seed", "layers"], "sequential"));
    this.weightSource = new WeightSource(this.seed);
    const { layers = [] } = options;
    if (!Array.isArray(layers)) throw new ValueError(`model "${this.name}": layers: expected a list, got ${typeof layers}.`);
    for (const layer of layers as readonly Layer[]) this.add(layer);
  }

  get layers(): readonly Layer[] {
    return this.list;
  }

  get inputShape(): Shape | undefined {
    return this.input;
  }

  get built(): boolean {
    return this.list.length > 0 && this.shapes.length === this.list.length;
  }

  get outputShape(): Shape {
    const shape = this.shapes.at(-1);
    if (shape === undefined) throw new ValueError(`model "${this.name}": its output shape is not known before it is built.`);
    return shape;
  }

  get linearOutput(): boolean {
    const last = this.list.at(-1);
    return last !== undefined && "activation" in last && typeof last.activation === "string" && isLinear(last.activation);
  }

  /**
   * Adds a layer at the end. Once the input shape is known, by the first layer's inputShape, weights are made at once.
   *
   * Throws ShapeError, naming both layers, when it cannot take what the layer before it gives; the model is then unchanged.
   */
  add(layer: Layer): this {
    if (!(layer instanceof Layer)) throw new ValueError(`model "${this.name}": expected a layer at position ${this.list.length}, got ${typeof layer}. Was it called, as in layers.flatten()?`);
    if (this.list.includes(layer)) throw new ValueError(`model "${this.name}": layer "${layer.name}" was added before. Layers of a sequential model stand once.`);
    this.nameLayer(layer);
    const input = this.list.length === 0 ? layer.inputShape : this.shapes.at(-1);
    if (input !== undefined) {
      const shape = this.buildLayer(layer, input, this.list.length - 1);
      this.input ??= input;
      this.shapes.push(shape);
    }
    this.list.push(layer);
    this.forget();
    return this;
  }

  build(inputShape: Shape): void {
    if (this.list.length === 0) throw new ValueError(`model "${this.name}": expected layers, got none.`);
    if (this.built) {
      this.list[0]!.build(inputShape);
      return;
    }
    let shape = inputShape;
    // The shapes are gone through once before any weight is made.
    this.list.forEach((layer, i) => (shape = layer.outputShape(shape, this.giver(i - 1))));
    shape = inputShape;
    this.list.forEach((layer, i) => {
      shape = this.buildLayer(layer, shape, i - 1);
      this.shapes[i] = shape;
    });
    this.input = inputShape.slice();
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.list.reduce((value, layer) => layer.apply(value, options), x);
  }

  protected layerShapes(): readonly Shape[] {
    return this.shapes;
  }

  private buildLayer(layer: Layer, input: Shape, previous: number): Shape {
    const shape = layer.outputShape(input, this.giver(previous));
    layer.build(input, this.weightSource, this.giver(previous));
    return shape;
  }

  private giver(index: number): string {
    const layer = this.list[index];
    return layer ? `layer "${layer.name}" (${layer.type})` : "the input";
  }

  /** Unnamed layers of a kind are numbered: "dense", "dense_1" … */
  private nameLayer(layer: Layer): void {
    const taken = new Set(this.list.map(({ name }) => name));
    if (!taken.has(layer.name)) return;
    if (layer.named || layer.built) throw new ValueError(`model "${this.name}": expected layer names to differ, "${layer.name}" stands twice.`);
    let number = 1;
    while (taken.has(`${layer.name}_${number}`)) number++;
    layer.rename(`${layer.name}_${number}`);
  }
}

/** A model of layers in a row: sequential({ layers: [dense({ units: 10, inputShape: [784] })] }), sequential([…]), or add() them one by one. */
export function sequential(options: SequentialOptions | readonly Layer[] = {}): Sequential {
  return new Sequential("length" in options ? { layers: options } : options);
}
