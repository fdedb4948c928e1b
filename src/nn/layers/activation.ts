// Activation: an activation function as a layer of its own.
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../../engine/index.js";
import { getActivation, type Activation as Apply } from "../activations.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";

export interface ActivationOptions extends LayerOptions {
  readonly activation: string;
}

export class Activation extends Layer {
  readonly type = "Activation";
  readonly activation: string;
  private readonly activate: Apply;

  constructor(options: ActivationOptions) {
    super("activation", options, ["activation"]);
    this.activation = options.activation;
    this.activate = getActivation(options.activation, `activation "${this.name}"`);
  }

  outputShape(input: Shape): Shape {
    return input;
  }

  call(x: Tensor): Tensor {
    return this.activate(x);
  }

  protected ownConfig(): Config {
    return { activation: this.activation };
  }
}

/** Applies an activation by name; softmax runs over the last axis. */
export function activation(options: ActivationOptions): Activation {
  return new Activation(options);
}
