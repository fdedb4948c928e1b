// Activation: an activation function, by name or as it is, as a layer of its own. Those with options: see activations.ts beside it.
import { ShapeError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { zeros, type Tensor } from "../../engine/index.js";
import { activationConfig, getActivation, type Activation as Apply, type ActivationLike } from "../activations.js";
import { Layer, showBatch, type Config, type LayerOptions } from "../layer.js";

/** Options of activation(): which. */
export interface ActivationOptions extends LayerOptions {
  /** A name in either spelling, or a function of tensors. */
  readonly activation: ActivationLike;
}

/** What activation() makes. */
export class Activation extends Layer {
  override readonly type = "Activation";
  readonly activation: ActivationLike;
  private readonly activate: Apply;

  constructor(options: ActivationOptions | ActivationLike) {
    const given = typeof options === "object" ? options : { activation: options };
    super("activation", given, ["activation"]);
    this.activation = given.activation;
    this.activate = getActivation(given.activation, `activation "${this.name}"`);
  }

  /** That of the function: glu halves the last axis. */
  override outputShape(input: Shape, from?: string): Shape {
    return shapeBy(this, input, from, this.activate);
  }

  call(x: Tensor): Tensor {
    return this.activate(x);
  }

  protected override ownConfig(): Config {
    return { activation: activationConfig(this.activation, `activation "${this.name}"`) };
  }
}

/** Applies an activation by name, activation("mish") or activation({ activation: "mish" }), or a function; softmax runs over the last axis. */
export function activation(options: ActivationOptions | ActivationLike): Activation {
  return new Activation(options);
}

/** The shape that f gives for one example; an error names the layer and who gave it its input. */
export function shapeBy(layer: Layer, input: Shape, from: string | undefined, f: (x: Tensor) => Tensor): Shape {
  try {
    return f(zeros([1, ...input])).shape.slice(1);
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof ValueError)) throw error;
    throw new ShapeError(`layer "${layer.name}" (${layer.type}): ${error.message} It got ${showBatch(input)} from ${from ?? "the input"}.`);
  }
}
