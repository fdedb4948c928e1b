// Rescaling: brings raw inputs, such as bytes 0 … 255, into the range a network likes, as part of the model.
import type { Shape } from "../../base/shape.js";
import { add, mul, tensor, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkNumber } from "../../base/options.js";

/** Options of rescaling(). */
export interface RescalingOptions extends LayerOptions {
  /** A number, or one for each place of the last axis. */
  readonly scale: number | readonly number[];
  /** The same; default 0. */
  readonly offset?: number | readonly number[];
}

/** What rescaling() makes. */
export class Rescaling extends Layer {
  override readonly type = "Rescaling";
  readonly scale: number | readonly number[];
  readonly offset: number | readonly number[];

  constructor(options: RescalingOptions) {
    super("rescaling", options, ["scale", "offset"]);
    this.scale = numbers(options.scale, `rescaling "${this.name}": scale`);
    this.offset = numbers(options.offset ?? 0, `rescaling "${this.name}": offset`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    const last = input[input.length - 1];
    for (const values of [this.scale, this.offset]) {
      if (typeof values !== "number" && values.length !== last) throw this.mismatch(`inputs with ${values.length} along the last axis, as there are numbers`, input, from);
    }
    return input;
  }

  call(x: Tensor): Tensor {
    const scaled = mul(x, factor(this.scale));
    return this.offset === 0 ? scaled : add(scaled, factor(this.offset));
  }

  protected override ownConfig(): Config {
    return { scale: this.scale, offset: this.offset };
  }
}

function numbers(given: unknown, where: string): number | readonly number[] {
  return Array.isArray(given) && given.length > 0 ? given.map((value) => checkNumber(value, where)) : checkNumber(given, where);
}

function factor(values: number | readonly number[]): number | Tensor {
  return typeof values === "number" ? values : tensor([...values], undefined, "float32");
}

/** scale · x + offset: `rescaling({ scale: 1 / 255 })` takes bytes. Throws ShapeError where there are not as many numbers as the last axis has places. */
export function rescaling(options: RescalingOptions): Rescaling {
  return new Rescaling(options);
}
