// Flatten: one row an example.
import { sizeOf, type Shape } from "../../base/shape.js";
import { reshape, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";

export class Flatten extends Layer {
  readonly type = "Flatten";

  constructor(options: LayerOptions = {}) {
    super("flatten", options, []);
  }

  outputShape(input: Shape): Shape {
    return [sizeOf(input)];
  }

  call(x: Tensor): Tensor {
    return reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
  }

  protected ownConfig(): Config {
    return {};
  }
}

/** [batch, a, b, …] to [batch, a · b · …], row by row. */
export function flatten(options: LayerOptions = {}): Flatten {
  return new Flatten(options);
}
