// Dropout: sets elements to 0 at random during training. Srivastava et al. 2014
import type { Shape } from "../../base/shape.js";
import { dropout as drop, type Tensor } from "../../engine/index.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkNumber } from "../options.js";

export interface DropoutOptions extends LayerOptions {
  /** Share of elements to drop, in [0, 1). */
  readonly rate: number;
}

export class Dropout extends Layer {
  readonly type = "Dropout";
  readonly rate: number;

  constructor(options: DropoutOptions) {
    super("dropout", options, ["rate"]);
    this.rate = checkNumber(options.rate, `dropout "${this.name}": rate`, 0, 1, true);
  }

  outputShape(input: Shape): Shape {
    return input;
  }

  call(x: Tensor, { training = false }: CallOptions): Tensor {
    return training && this.rate > 0 ? drop(x, this.rate) : x;
  }

  protected ownConfig(): Config {
    return { rate: this.rate };
  }
}

/** During training, each element is 0 with probability `rate` and else divided by 1 − rate, so that its mean stays; otherwise nothing happens. */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}
