// TimeDistributed: one layer for every step of a sequence, with the same weights.
import type { Shape } from "../../base/shape.js";
import { reshape, type Tensor } from "../../engine/index.js";
import type { CallOptions } from "../layer.js";
import { Wrapper, type WrapperOptions } from "./wrapper.js";

/** What timeDistributed() makes. */
export class TimeDistributed extends Wrapper {
  override readonly type = "TimeDistributed";

  constructor(options: WrapperOptions) {
    super("time_distributed", options, []);
  }

  protected inside(input: Shape, from?: string): Shape {
    if (input.length < 2) throw this.mismatch("[batch, steps, …] with at least one axis more", input, from);
    return input.slice(1);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return [input[0]!, ...this.layer.outputShape(this.inside(input, from), from)];
  }

  /** Steps become examples, and examples steps again. */
  call(x: Tensor, { masks: _masks, mask, ...options }: CallOptions): Tensor {
    const [batch, steps, ...rest] = x.shape as readonly [number, number, ...number[]];
    // A mask of steps says nothing of what lies within one.
    const within = mask && mask.shape.length > 2 ? reshape(mask, [batch * steps, ...mask.shape.slice(2)]) : undefined;
    const y = this.layer.applyMasked([reshape(x, [batch * steps, ...rest])], [within], options).results[0]!;
    return reshape(y, [batch, steps, ...y.shape.slice(1)]);
  }
}

/**
 * A layer for each step of a sequence: timeDistributed({ layer: conv2d({ … }) }) takes films. x: [batch, steps, …]   result: [batch, steps, …]
 *
 * All steps go through the layer at once, as so many examples: the statistics of a batchNormalization inside are of all of them. Throws ShapeError for inputs
 * without steps, ValueError for a model.   Keras' TimeDistributed
 */
export function timeDistributed(options: WrapperOptions): TimeDistributed {
  return new TimeDistributed(options);
}
