// roll: elements moved along axes, what leaves at the end comes in at the front. Two slices side by side.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { concat } from "./concat.js";
import { reshape } from "./reshape.js";
import { split } from "./split.js";

/** x moved by `shift` along `axes`, one shift an axis; the flattened x when there are no axes. Throws ShapeError when the numbers differ. */
export function roll(x: Value, { shift, axes }: { shift: number | readonly number[]; axes?: number | readonly number[] }): Value {
  if (axes === undefined) return reshape(roll(reshape(x, { shape: [-1] }), { shift, axes: 0 }), { shape: x.shape });
  const list = typeof axes === "number" ? [axes] : axes;
  const shifts = typeof shift === "number" ? list.map(() => shift) : shift;
  if (shifts.length !== list.length || !shifts.every(Number.isInteger)) {
    throw new ShapeError(`roll: expected a whole number for each of the axes [${list.join(", ")}], got [${shifts.join(", ")}].`);
  }
  return list.reduce((y, axis, i) => rollAxis(y, shifts[i]!, normalizeAxis(axis, x.shape.length, "roll")), x);
}

function rollAxis(x: Value, shift: number, axis: number): Value {
  const dim = x.shape[axis]!;
  const by = dim === 0 ? 0 : ((shift % dim) + dim) % dim;
  return by === 0 ? x : concat(split(x, { parts: [dim - by, by], axis }).reverse(), { axis });
}
