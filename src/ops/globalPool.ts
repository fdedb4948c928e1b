// Global pooling: over all pixels of each channel.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import type { ReduceAttrs } from "./reduction.js";
import { squeeze } from "./squeeze.js";

export interface GlobalPoolAttrs {
  /** Keep the axes of pixels with size 1. */
  readonly keepDims?: boolean;
  /** "channelsLast" (default) or "channelsFirst". */
  readonly dataFormat?: DataFormat;
}

/** A reduction over the axes between the first and the channels. */
export function overPixels(x: Value, { keepDims = false, dataFormat }: GlobalPoolAttrs, where: string, reduce: (x: Value, attrs: ReduceAttrs) => Value): Value {
  if (x.shape.length < 3 || x.shape.length > 5) throw new ShapeError(`${where}: takes [N, ...pixels, C] of rank 3 to 5, got ${showShape(x.shape)}.`);
  const pixels = x.shape.map((_, axis) => axis).slice(1, -1);
  const y = channelsLast(x, dataFormat, where, (images) => reduce(images, { axes: pixels, keepDims: true }));
  return keepDims ? y : squeeze(y, { axes: pixels.map((axis) => (isChannelsFirst(dataFormat) ? axis + 1 : axis)) });
}

function isChannelsFirst(format: DataFormat = "channelsLast"): boolean {
  return format === "channelsFirst" || format.startsWith("NC");
}
