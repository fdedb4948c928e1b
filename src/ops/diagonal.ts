// diagonal: the diagonals of matrices. A view: one stride that steps along both axes.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { diagEmbed } from "./diagEmbed.js";
import { moveAxis } from "./moveAxis.js";
import { op, type Op } from "./op.js";

const diagonalOp: Op<[x: Value], { offset: number }> = op({
  name: "diagonal",
  shape: ([x], { offset }) => ({ shape: [...x.shape.slice(0, -2), lengthOf(x, offset)], dtype: x.dtype }),
  vjp: (dy, _y, [x], { offset }) => [diagEmbed(dy, { offset, rows: x.shape.at(-2)!, columns: x.shape.at(-1)! })],
  view: ({ shape, strides, offset: first }, { offset }) => {
    const [row, column] = strides.slice(-2) as [number, number];
    const length = lengthOf({ shape }, offset);
    return {
      shape: [...shape.slice(0, -2), length],
      strides: [...strides.slice(0, -2), row + column],
      offset: length === 0 ? first : first + (offset > 0 ? offset * column : -offset * row),
    };
  },
});

/**
 * The diagonal number `offset` (0: the main one, positive: above) of the matrices over axes `axis1` and `axis2`, as the last axis.
 *
 * Throws ShapeError for axes out of range or equal.
 */
export function diagonal(x: Value, { offset = 0, axis1 = -2, axis2 = -1 }: { offset?: number; axis1?: number; axis2?: number } = {}): Value {
  const rank = x.shape.length;
  const axes = [axis1, axis2].map((axis) => normalizeAxis(axis, rank, "diagonal"));
  if (axes[0] === axes[1]) throw new ShapeError(`diagonal: axis1 and axis2 are both ${axes[0]} of ${showShape(x.shape)}, expected two axes.`);
  return diagonalOp(moveAxis(x, { from: axes, to: [rank - 2, rank - 1] }), { offset });
}

function lengthOf({ shape }: { readonly shape: readonly number[] }, offset: number): number {
  const [m, n] = shape.slice(-2) as [number, number];
  return Math.max(0, Math.min(m + Math.min(offset, 0), n - Math.max(offset, 0)));
}
