// pad: a border of one value around a tensor, a composition.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { place } from "./place.js";

/** x with `padding[i]` = [before, after] elements of `value` along axis i. uint8 becomes int32. Throws ShapeError for a negative padding or a missing axis. */
export function pad(x: Value, { padding, value = 0 }: { padding: readonly (readonly [number, number])[]; value?: number }): Value {
  const valid = padding.length === x.shape.length && padding.every((pair) => pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0));
  if (!valid) {
    throw new ShapeError(`pad: padding for ${showShape(x.shape)} must be ${x.shape.length} pairs of whole numbers from 0, got ${JSON.stringify(padding)}.`);
  }
  if (padding.every(([before, after]) => before + after === 0)) return x;
  return place(fourBytes(x), {
    shape: x.shape.map((dim, i) => dim + padding[i]![0] + padding[i]![1]),
    begin: padding.map(([before]) => before),
    steps: x.shape.map(() => 1),
    value,
  });
}
