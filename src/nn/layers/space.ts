// Signals, images and volumes: one to three axes of pixels and one of channels. What layers over them share: the rank they take, where the channels lie,
// sizes given for all axes or for each, and errors that say whose input it is.
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape, type Shape } from "../../base/shape.js";
import { transpose, zeros, type Tensor } from "../../engine/index.js";
import { showBatch, type Config, type Layer } from "../layer.js";
import { checkWhole } from "../../base/options.js";

export type Rank = 1 | 2 | 3;
/** A number for each axis of pixels. */
export type Sizes<R extends Rank> = { readonly 1: readonly [number]; readonly 2: readonly [number, number]; readonly 3: readonly [number, number, number] }[R];
type Sides = readonly [before: number, after: number];
/** Two numbers for each axis of pixels. */
export type SidesOf<R extends Rank> = { readonly 1: readonly [Sides]; readonly 2: readonly [Sides, Sides]; readonly 3: readonly [Sides, Sides, Sides] }[R];
export type DataFormat = "channelsLast" | "channelsFirst";

export interface SpaceOptions {
  /** Where the channels lie: "channelsLast" (default), [batch, …pixels, channels], or "channelsFirst", [batch, channels, …pixels]. */
  readonly dataFormat?: DataFormat | "channels_last" | "channels_first";
}

const KINDS = {
  1: { example: "signal", axes: ["steps"], count: "one" },
  2: { example: "image", axes: ["height", "width"], count: "two" },
  3: { example: "volume", axes: ["depth", "height", "width"], count: "three" },
} as const;

const FORMATS: Readonly<Record<string, DataFormat>> = {
  channelsLast: "channelsLast", channels_last: "channelsLast", channelsFirst: "channelsFirst", channels_first: "channelsFirst",
}; // prettier-ignore

/** The format that options name, in either spelling. Throws ValueError for others. */
export function dataFormatOf({ dataFormat = "channelsLast" }: SpaceOptions, where: string): DataFormat {
  const format = FORMATS[dataFormat];
  if (format === undefined) throw new ValueError(`${where}: dataFormat: expected "channelsLast" or "channelsFirst", got ${JSON.stringify(dataFormat)}.`);
  return format;
}

export class Space<R extends Rank> {
  readonly dataFormat: DataFormat;

  constructor(readonly rank: R, options: SpaceOptions, where: string) {
    this.dataFormat = dataFormatOf(options, where);
  }

  /** Channels of one example. */
  channels(input: Shape): number {
    return input[this.dataFormat === "channelsFirst" ? 0 : this.rank]!;
  }

  /** f, which takes and gives channels-last, of x in this format. x: [batch, …] */
  channelsLast(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
    if (this.dataFormat === "channelsLast") return f(x);
    const pixels = Array.from({ length: this.rank }, (_, i) => i + 1);
    return transpose(f(transpose(x, [0, ...pixels.map((axis) => axis + 1), 1])), [0, this.rank + 1, ...pixels]);
  }

  /**
   * The shape that f gives for one example, found by applying it to zeros, of which none is computed.
   *
   * Throws ShapeError, naming the layer and who gave it its input, when the rank is another or f cannot take it.
   */
  shapeBy(layer: Layer, input: Shape, from: string | undefined, f: (x: Tensor) => Tensor): Shape {
    const { example, axes } = KINDS[this.rank];
    const isFirst = this.dataFormat === "channelsFirst";
    const where = `layer "${layer.name}" (${layer.type})`;
    if (input.length !== this.rank + 1) {
      const expected = ["batch", ...(isFirst ? ["channels", ...axes] : [...axes, "channels"])].join(", ");
      throw new ShapeError(`${where}: expected ${example}s [${expected}], got ${showBatch(input)} from ${from ?? "the input"}.${this.cure(input)}`);
    }
    try {
      return f(zeros([1, ...input])).shape.slice(1);
    } catch (error) {
      if (!(error instanceof ShapeError) && !(error instanceof ValueError)) throw error;
      const pixels = isFirst ? input.slice(1) : input.slice(0, -1);
      throw new ShapeError(`${where}: ${error.message.replace(/^\w+: /, "")} The ${example} ${showShape(pixels)} comes from ${from ?? "the input"}.`);
    }
  }

  /** A whole number of at least `least` for each axis; one stands for all. Throws ValueError. */
  sizes(value: unknown, where: string, least = 1): Sizes<R> {
    const list: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: this.rank }, () => value);
    if (list.length !== this.rank) throw this.unequal("a whole number", value, where);
    return list.map((size) => checkWhole(size, where, least)) as readonly number[] as Sizes<R>;
  }

  /** Two whole numbers for each axis, before and after; one number stands for all, one an axis for both its sides, and for one axis a pair for its sides. */
  sides(value: unknown, where: string): SidesOf<R> {
    const isPairOfLine = this.rank === 1 && Array.isArray(value) && value.length === 2;
    const list: readonly unknown[] = isPairOfLine ? [value] : Array.isArray(value) ? value : Array.from({ length: this.rank }, () => value);
    if (list.length !== this.rank) throw this.unequal("a whole number, or a pair of them for the two sides,", value, where);
    return list.map((side) => {
      const [before, after, ...more] = Array.isArray(side) ? (side as readonly unknown[]) : [side, side];
      if (more.length > 0) throw this.unequal("a whole number, or a pair of them for the two sides,", value, where);
      return [checkWhole(before, where, 0), checkWhole(after, where, 0)] as const;
    }) as readonly Sides[] as SidesOf<R>;
  }

  config(): Config {
    return this.dataFormat === "channelsLast" ? {} : { dataFormat: this.dataFormat };
  }

  private unequal(what: string, value: unknown, where: string): ValueError {
    return new ValueError(`${where}: expected ${what} for all axes or a list of ${KINDS[this.rank].count}, [${KINDS[this.rank].axes.join(", ")}], got ${JSON.stringify(value)}.`);
  }

  /** What most likely mends an input of another rank. */
  private cure(input: Shape): string {
    if (input.length === this.rank) return ` Add an axis for the channels: inputShape [${KINDS[this.rank].axes.join(", ")}, 1].`;
    return input.length === 1 ? " Put it before the flatten or dense layer, or reshape the data." : "";
  }
}
