// What the two pooling layers share: a window that slides over images, without weights.
import type { Shape } from "../../base/shape.js";
import type { Pair } from "../../ops/window.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkDataFormat, checkPair, checkWord } from "../options.js";
import { IMAGE_CURE, slide } from "./conv2d.js";

export interface Pooling2DOptions extends LayerOptions {
  /** [height, width], or one number for both; default 2. */
  readonly poolSize?: number | Pair;
  /** Default: poolSize. */
  readonly strides?: number | Pair;
  /** "valid" (default) or "same". */
  readonly padding?: "valid" | "same";
  /** Images are channels-last; nothing else is supported. */
  readonly dataFormat?: "channelsLast";
}

export abstract class Pooling2D extends Layer {
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: "valid" | "same";

  protected constructor(defaultName: string, options: Pooling2DOptions) {
    super(defaultName, options, ["poolSize", "strides", "padding", "dataFormat"]);
    checkDataFormat(options.dataFormat, `"${this.name}": dataFormat`);
    this.poolSize = checkPair(options.poolSize ?? 2, `"${this.name}": poolSize`);
    this.strides = checkPair(options.strides ?? this.poolSize, `"${this.name}": strides`);
    this.padding = checkWord(options.padding ?? "valid", ["valid", "same"] as const, `"${this.name}": padding`);
  }

  outputShape(input: Shape, from?: string): Shape {
    if (input.length !== 3) throw this.mismatch("images [batch, height, width, channels]", input, from, IMAGE_CURE[input.length]);
    return [...slide(this, input, this, this.poolSize, [1, 1], from), input[2]!];
  }

  protected ownConfig(): Config {
    return { poolSize: this.poolSize, strides: this.strides, padding: this.padding };
  }
}
