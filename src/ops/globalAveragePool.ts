// globalAveragePool: the average pixel of each channel.
import type { Value } from "../graph/value.js";
import { overPixels, type GlobalPoolAttrs } from "./globalPool.js";
import { mean } from "./mean.js";

/** The average pixel of each channel.   x: [N, ...pixels, C]   returns [N, C], or with pixels of size 1   Throws ShapeError for other ranks than 3 to 5.   Lin et al. 2013 */
export function globalAveragePool(x: Value, attrs: GlobalPoolAttrs = {}): Value {
  return overPixels(x, attrs, "globalAveragePool", mean);
}
