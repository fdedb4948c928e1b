// globalMaxPool: the largest pixel of each channel.
import type { Value } from "../graph/value.js";
import { overPixels, type GlobalPoolAttrs } from "./globalPool.js";
import { max } from "./max.js";

/** The largest pixel of each channel. Equal ones share the gradient.   x: [N, ...pixels, C]   returns [N, C], or with pixels of size 1   Throws ShapeError for other ranks than 3 to 5. */
export function globalMaxPool(x: Value, attrs: GlobalPoolAttrs = {}): Value {
  return overPixels(x, attrs, "globalMaxPool", max);
}
