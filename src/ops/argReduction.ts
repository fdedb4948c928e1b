// Arg-reductions: one rule for argMax and argMin.
import { DTypeError, ShapeError } from "../base/errors.js";
import { normalizeAxis, reducedShape, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byReduction } from "./cuts.js";
import { cast } from "./cast.js";
import { flat } from "./elementwise.js";
import { at, op, type Op } from "./op.js";
import { reshape } from "./reshape.js";

export interface ArgReduceAttrs {
  /** Axis to search, negative from the end; the whole tensor in row-major order when absent. */
  readonly axis?: number;
  /** Keep the axis with size 1. */
  readonly keepDims?: boolean;
}

/** Makes an arg-reduction: (x, { axis, keepDims }) → int32. `kind` is the kernel's kind word. */
export function argReduction({ name, kind }: { name: string; kind: number }): (x: Value, attrs?: ArgReduceAttrs) => Value {
  const search: Op<[x: Value], { axis: number }> = op({
    name,
    shape: ([x], { axis }) => ({ shape: reducedShape(x.shape, [axis], true), dtype: "int32" }),
    vjp: flat,
    lower: ([out], [x], { axis }) => {
      const [outer, count, inner] = [sizeOf(x.shape.slice(0, axis)), x.shape[axis]!, sizeOf(x.shape.slice(axis + 1))];
      return { kernel: "f32_arg_reduce", words: [at(out), at(x), outer, count, inner, kind], split: byReduction(outer, count, inner) };
    },
    heavy: true,
    flops: (_out, [x]) => sizeOf(x.shape),
  });
  return (x, { axis, keepDims = false } = {}) => {
    if (x.dtype === "bool") throw new DTypeError(`${name}: does not take bool. Cast to float32 first.`);
    const rank = x.shape.length;
    const line = axis === undefined ? reshape(x, { shape: [-1] }) : x;
    const along = axis === undefined ? 0 : normalizeAxis(axis, rank, name);
    if (line.shape[along] === 0) throw new ShapeError(`${name}: axis ${along} of ${showShape(line.shape)} is empty, expected at least one element.`);
    const y = search(cast(line, { dtype: "float32" }), { axis: along });
    const axes = axis === undefined ? x.shape.map((_, i) => i) : [along];
    return reshape(y, { shape: reducedShape(x.shape, axes, keepDims) });
  };
}
