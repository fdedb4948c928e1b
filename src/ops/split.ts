// split: a tensor cut into parts along an axis. Views.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { slice } from "./slice.js";

/**
 * The parts of x along `axis`: as many equal ones as `parts` says, or ones of the sizes it lists; one size may be −1 and takes what is left.
 *
 * Throws ShapeError when the axis cannot be cut so.
 */
export function split(x: Value, { parts, axis = 0 }: { parts: number | readonly number[]; axis?: number }): Value[] {
  const along = normalizeAxis(axis, x.shape.length, "split");
  const dim = x.shape[along]!;
  const sizes = typeof parts === "number" ? new Array<number>(Math.max(0, Math.trunc(parts) || 0)).fill(dim / parts) : parts;
  const known = sizes.reduce((sum, size) => (size === -1 ? sum : sum + size), 0);
  const full = sizes.map((size) => (size === -1 ? dim - known : size));
  const fits = full.length > 0 && full.every((size) => Number.isInteger(size) && size >= 0) && full.reduce((sum, size) => sum + size, 0) === dim;
  if (!fits) throw new ShapeError(`split: axis ${along} of ${showShape(x.shape)} cannot be cut into ${typeof parts === "number" ? `${parts} equal parts` : showShape(parts)}.`);
  let end = 0;
  return full.map((size) => slice(x, { begin: x.shape.map((_, i) => (i === along ? (end += size) - size : 0)), size: x.shape.map((n, i) => (i === along ? size : n)) }));
}
