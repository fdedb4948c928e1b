// Reductions: one rule for sum, mean, max, min, prod, any, all. Axes that lie side by side are one [outer, reduce, inner] kernel; others go in turns.
import { isFloat } from "../base/dtype.js";
import { normalizeAxes, reducedShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byReduction, MOST_COLUMNS, STRIP_COLUMNS } from "./cuts.js";
import { cast } from "./cast.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reshape } from "./reshape.js";

export interface ReduceAttrs {
  /** Axes to reduce, negative from the end; all when absent. */
  readonly axes?: number | readonly number[];
  /** Keep reduced axes with size 1. */
  readonly keepDims?: boolean;
}

interface ReductionRule {
  readonly name: string;
  /** The kernel's kind word. */
  readonly kind: number;
  /** Dtype it computes in: that of x ("number": integers stay int32), or the one x is cast to. */
  readonly dtype: "number" | "float32" | "bool";
  /** Gradient for x from dy and y, both with reduced axes kept as size 1. */
  readonly vjp: (dy: Value, y: Value, x: Value, axes: readonly number[]) => Value | null;
}

/** Float sums and means have a kernel of their own, and these kinds; the others fold. */
const MEAN = 1;

type Run = { readonly from: number; readonly to: number };

/** Makes a reduction: (x, { axes, keepDims }) → value. */
export function reduction(rule: ReductionRule): (x: Value, attrs?: ReduceAttrs) => Value {
  const { name, kind } = rule;
  // The node itself reduces one run of neighbouring axes and keeps them with size 1.
  const reduce: Op<[x: Value], Run> = op({
    name,
    shape: ([x], { from, to }) => ({ shape: x.shape.map((dim, i) => (i >= from && i < to ? 1 : dim)), dtype: x.dtype }),
    vjp: (dy, y, [x], { from, to }) => [rule.vjp(dy, y, x, Array.from({ length: to - from }, (_, i) => from + i))],
    lower: ([out], [x], { from, to }) => {
      const [outer, count, inner] = [x.shape.slice(0, from), x.shape.slice(from, to), x.shape.slice(to)].map(sizeOf) as [number, number, number];
      return {
        kernel: x.dtype !== "float32" ? "i32_reduce" : kind > MEAN ? "f32_fold" : "f32_reduce",
        // Eight bytes a column: sums are float64 between bands of rows.
        workspace: inner === 1 ? 0 : 8 * Math.min(MOST_COLUMNS, STRIP_COLUMNS * Math.ceil(inner / STRIP_COLUMNS)),
        words: [at(out), at(x), outer, count, inner, kind, WORKSPACE],
        split: byReduction(outer, count, inner),
      };
    },
    heavy: true,
    flops: (_out, [x]) => sizeOf(x.shape),
  });
  return (x, { axes, keepDims = false } = {}) => {
    const list = normalizeAxes(axes, x.shape.length, name);
    const dtype = rule.dtype === "number" ? (isFloat(x.dtype) ? "float32" : "int32") : rule.dtype;
    let y = cast(x, { dtype });
    // From the back, so that the axes in front keep their numbers.
    for (let to = list.length; to > 0; ) {
      let from = to - 1;
      while (from > 0 && list[from - 1] === list[from]! - 1) from--;
      y = reduce(y, { from: list[from]!, to: list[to - 1]! + 1 });
      to = from;
    }
    return keepDims ? y : reshape(y, { shape: reducedShape(x.shape, list, false) });
  };
}
