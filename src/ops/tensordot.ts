// tensordot: sums of products over axes of both operands. One matrix product.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { contract } from "./labelled.js";

/** The last `n` axes of a with the first n of b, or [axes of a, axes of b] in pairs. */
export type TensordotAxes = number | readonly [a: readonly number[], b: readonly number[]];

/**
 * Σ a · b over pairs of axes (2 when absent); the result has a's other axes, then b's. float32; integers are taken as float32.
 *
 * Throws ShapeError when paired axes differ in size.
 */
export function tensordot(a: Value, b: Value, { axes = 2 }: { axes?: TensordotAxes } = {}): Value {
  const [ranks, pairs] = [[a.shape.length, b.shape.length] as const, axes];
  const [as, bs] = typeof pairs === "number" ? [range(ranks[0] - pairs, pairs), range(0, pairs)] : pairs;
  const first = as.map((axis) => normalizeAxis(axis, ranks[0], "tensordot"));
  const second = bs.map((axis) => normalizeAxis(axis, ranks[1], "tensordot"));
  if (first.length !== second.length || first.some((axis, i) => a.shape[axis] !== b.shape[second[i]!])) {
    throw new ShapeError(`tensordot: axes [${first.join(", ")}] of ${showShape(a.shape)} and [${second.join(", ")}] of ${showShape(b.shape)} differ.`);
  }
  const left = a.shape.map((_, axis) => `a${axis}`);
  const right = b.shape.map((_, axis) => (second.includes(axis) ? `a${first[second.indexOf(axis)]}` : `b${axis}`));
  const keep = new Set([...left, ...right].filter((label) => left.includes(label) !== right.includes(label)));
  return contract({ value: cast(a, { dtype: "float32" }), labels: left }, { value: cast(b, { dtype: "float32" }), labels: right }, keep).value;
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
