// MaxPooling2D: the largest element of each window.
import { maxPool2d, type Tensor } from "../../engine/index.js";
import { Pooling2D, type Pooling2DOptions } from "./pooling2d.js";

export class MaxPooling2D extends Pooling2D {
  readonly type = "MaxPooling2D";

  constructor(options: Pooling2DOptions = {}) {
    super("max_pooling2d", options);
  }

  call(x: Tensor): Tensor {
    return maxPool2d(x, { poolSize: this.poolSize, strides: this.strides, padding: this.padding });
  }
}

/** The largest element of each window, channel by channel. x: [batch, height, width, channels]. */
export function maxPooling2d(options: Pooling2DOptions = {}): MaxPooling2D {
  return new MaxPooling2D(options);
}
