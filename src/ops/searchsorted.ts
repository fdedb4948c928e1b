// searchsorted: where values would stand in sorted rows.
import { promote } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { flat } from "./elementwise.js";
import { at, op, type Op } from "./op.js";

const searchOp: Op<[sorted: Value, values: Value], { right: boolean }> = op({
  name: "searchsorted",
  shape: ([, values]) => ({ shape: values.shape, dtype: "int32" }),
  vjp: flat,
  lower: ([out], [sorted, values], { right }) => {
    const rows = sizeOf(sorted.shape.slice(0, -1));
    const count = sorted.shape.length === 1 ? sizeOf(values.shape) : values.shape.at(-1)!;
    return {
      kernel: "searchsorted",
      words: [at(out), at(sorted), at(values), rows, sorted.shape.at(-1)!, count, Number(right), Number(sorted.dtype !== "float32")],
    };
  },
});

/**
 * How many elements of `sorted` are below each value (side "left"), or not above it ("right"): int32 places at which inserting keeps the order. NaN is
 * behind everything.
 *
 * sorted: [n] and values of any shape; or [..., n] and values [..., m] with the same axes in front   returns the shape of values
 * Throws ShapeError when they differ.
 */
export function searchsorted(sorted: Value, values: Value, { side = "left" }: { side?: "left" | "right" } = {}): Value {
  if (side !== "left" && side !== "right") throw new ValueError(`searchsorted: side "${String(side)}" is not known; expected "left" or "right".`);
  const fits = sorted.shape.length === 1 || (sorted.shape.length > 1 && sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1)));
  if (!fits) throw new ShapeError(`searchsorted: sorted must be [n], or begin as values ${showShape(values.shape)} do, got ${showShape(sorted.shape)}.`);
  const common = promote(sorted.dtype, values.dtype);
  const dtype = common === "float32" ? common : "int32";
  return searchOp(cast(sorted, { dtype }), cast(values, { dtype }), { right: side === "right" });
}
