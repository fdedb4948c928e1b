// Rescaling: brings raw inputs, such as bytes 0 … 255, into the range a network likes, as part of the model.
import type { Shape } from "../../base/shape.js";
import { add, mul, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkNumber } from "../../base/options.js";

/** Options of rescaling(). */
export interface RescalingOptions extends LayerOptions {
  readonly scale: number;
  /** Default 0. */
  readonly offset?: number;
}

/** What rescaling() makes. */
export class Rescaling extends Layer {
  override readonly type = "Rescaling";
  readonly scale: number;
  readonly offset: number;

  constructor(options: RescalingOptions) {
    super("rescaling", options, ["scale", "offset"]);
    this.scale = checkNumber(options.scale, `rescaling "${this.name}": scale`);
    this.offset = checkNumber(options.offset ?? 0, `rescaling "${this.name}": offset`);
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  call(x: Tensor): Tensor {
    const scaled = mul(x, this.scale);
    return this.offset === 0 ? scaled : add(scaled, this.offset);
  }

  protected override ownConfig(): Config {
    return { scale: this.scale, offset: this.offset };
  }
}

/** scale · x + offset: `rescaling({ scale: 1 / 255 })` takes bytes. */
export function rescaling(options: RescalingOptions): Rescaling {
  return new Rescaling(options);
}
