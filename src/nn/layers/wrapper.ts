// What layers around another layer share: its weights, penalties and freezing are theirs. Files hold the layer inside with its class and configuration.
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor, Variable } from "../../engine/index.js";
import type { Constraint } from "../constraints.js";
import { Layer, type Config, type LayerOptions, type WeightSource } from "../layer.js";

/** Options of layers around another one. */
export interface WrapperOptions extends LayerOptions {
  /** The layer inside: one that stands nowhere else, and is no model. */
  readonly layer: Layer;
}

/** A layer around another one. */
export abstract class Wrapper extends Layer {
  /** The layer inside. */
  readonly layer: Layer;

  protected constructor(defaultName: string, options: WrapperOptions, own: readonly string[]) {
    super(defaultName, options, ["layer", ...own]);
    const { layer, trainable } = options;
    if (!(layer instanceof Layer)) throw new ValueError(`${defaultName} "${this.name}": layer: expected a layer, got ${JSON.stringify(layer)}.`);
    if (layer.leaves.length !== 1 || layer.leaves[0] !== layer) throw new ValueError(`${defaultName} "${this.name}": layer: expected a single layer, got the model "${layer.name}".`);
    this.layer = layer;
    if (trainable === false) layer.trainable = false;
  }

  /** What the layer inside is built for. Throws ShapeError for what has none. */
  protected abstract inside(input: Shape, from?: string): Shape;

  override buildAll(inputs: readonly Shape[], source?: WeightSource, from?: readonly string[]): void {
    this.layer.buildAll([this.inside(inputs[0]!, from?.[0])], source, from);
    super.buildAll(inputs, source, from);
  }

  override get weights(): readonly Variable[] {
    return [...this.layer.weights, ...super.weights];
  }

  override get trainableWeights(): readonly Variable[] {
    return [...this.layer.trainableWeights, ...super.trainableWeights];
  }

  override get trainable(): boolean {
    return this.layer.trainable;
  }

  override set trainable(value: boolean) {
    super.trainable = value;
    this.layer.trainable = value;
  }

  override countParams(): number {
    return super.countParams() + this.layer.countParams();
  }

  override penalties(): readonly Tensor[] {
    return this.layer.penalties();
  }

  override constraintOf(weight: Variable): Constraint | undefined {
    return this.layer.constraintOf(weight);
  }

  override placeWeights(prefix: string, done?: Set<Variable>): boolean {
    const isMoved = this.layer.placeWeights(`${prefix}${this.name}/`, done);
    return super.placeWeights(prefix, done) || isMoved;
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  protected override ownConfig(): Config {
    return { layer: { className: this.layer.type, config: this.layer.config() } };
  }
}
