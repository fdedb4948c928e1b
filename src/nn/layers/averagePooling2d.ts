// AveragePooling2D: the mean of each window.
import { averagePool2d, type Tensor } from "../../engine/index.js";
import { Pooling2D, type Pooling2DOptions } from "./pooling2d.js";

export class AveragePooling2D extends Pooling2D {
  readonly type = "AveragePooling2D";

  constructor(options: Pooling2DOptions = {}) {
    super("average_pooling2d", options);
  }

  call(x: Tensor): Tensor {
    return averagePool2d(x, { poolSize: this.poolSize, strides: this.strides, padding: this.padding });
  }
}

/** The mean of each window, channel by channel; padding is not counted. x: [batch, height, width, channels]. */
export function averagePooling2d(options: Pooling2DOptions = {}): AveragePooling2D {
  return new AveragePooling2D(options);
}
