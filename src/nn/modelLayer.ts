// A model that stands as a layer in another one. It owns nothing: weights, penalties and freezing are the model's.
import type { Shape } from "../base/shape.js";
import type { Tensor, Variable } from "../engine/index.js";
import type { Constraint } from "./constraints.js";
import { Layer, type CallOptions, type Config, type Masked, type WeightSource } from "./layer.js";
import type { Model } from "./model.js";

/** A model that stands as a layer in another one, as asLayer() gives it: weights, penalties and freezing are the model's. */
export class ModelLayer extends Layer {
  /** The model's class: "Sequential", "Functional". */
  override readonly type: string;

  /** @param model the model that this layer stands for */
  constructor(readonly model: Model) {
    super(model.name, model.named ? { name: model.name } : {});
    this.type = model.type;
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.outputShapes([input], from === undefined ? [] : [from])[0]!;
  }

  override outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    return this.model.computeOutputShapes(inputs, from);
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.callAll([x], options)[0]!;
  }

  override callAll(xs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    return this.model.callAll(xs, options);
  }

  override get built(): boolean {
    return this.model.built;
  }

  /** Shapes of the inputs the model was built for; undefined before. */
  override get builtShapes(): readonly Shape[] | undefined {
    return this.model.built ? this.model.inputShapes : undefined;
  }

  override buildAll(inputs: readonly Shape[], source?: WeightSource): void {
    this.model.buildAll(inputs, source);
  }

  override get weights(): readonly Variable[] {
    return this.model.weights;
  }

  override get trainableWeights(): readonly Variable[] {
    return this.model.trainableWeights;
  }

  override get trainable(): boolean {
    return this.model.trainable;
  }

  override set trainable(value: boolean) {
    this.model.trainable = value;
  }

  override countParams(): number {
    return this.model.countParams();
  }

  override penalties(): readonly Tensor[] {
    return this.model.penalties();
  }

  override constraintOf(weight: Variable): Constraint | undefined {
    return this.model.constraintOf(weight);
  }

  override placeWeights(prefix: string, done?: Set<Variable>): boolean {
    return this.model.placeWeights(`${prefix}${this.name}/`, done);
  }

  override get leaves(): readonly Layer[] {
    return this.model.leaves;
  }

  /** The model's outputs, and their masks. */
  override applyMasked(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[], options: CallOptions): Masked {
    this.buildAll(xs.map(({ shape }) => shape.slice(1)));
    return this.model.callMasked(xs, masks, options);
  }

  /** The model's, under the name that it has here. */
  override config(): Config {
    return { ...this.model.getConfig(), name: this.name };
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  protected override ownConfig(): Config {
    return {};
  }
}
