// maxPool1d: the largest element of each window of a line, channel by channel; a composition.
import type { Value } from "../graph/value.js";
import { maxPool2d } from "./maxPool2d.js";
import { poolLine, type Pool1dAttrs } from "./poolAxes.js";

/**
 * The largest element of each window of a line; padding is not looked at. The first of equals takes the gradient.
 *
 * x: [N, W, C]   returns [N, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function maxPool1d(x: Value, attrs: Pool1dAttrs): Value {
  return poolLine(x, attrs, "maxPool1d", maxPool2d);
}
