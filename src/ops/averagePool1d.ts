// averagePool1d: the average element of each window of a line, channel by channel; a composition.
import type { Value } from "../graph/value.js";
import { averagePool2d } from "./averagePool2d.js";
import { poolLine, type Pool1dAttrs } from "./poolAxes.js";
import type { AveragePoolAttrs } from "./pooling.js";

/**
 * The average element of each window of a line; padding is neither added nor counted, unless countIncludePad says so.
 *
 * x: [N, W, C]   returns [N, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function averagePool1d(x: Value, attrs: Pool1dAttrs & Pick<AveragePoolAttrs, "countIncludePad">): Value {
  return poolLine(x, attrs, "averagePool1d", averagePool2d);
}
