// What cumsum, cumprod and linearScan share: attributes, and the words of their kernels.
import { normalizeAxis, sizeOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { cast } from "./cast.js";
import { STRIP_COLUMNS } from "./cuts.js";
import { at, WORKSPACE, type Lowering, type Operand } from "./op.js";
import { pad } from "./pad.js";
import { slice } from "./slice.js";

export interface CumulativeAttrs {
  /** Axis to go along, negative from the end; the first when absent. */
  readonly axis?: number;
  /** Leave each element out of its own result, which begins with 0 or 1. */
  readonly exclusive?: boolean;
  /** From the last element to the first. */
  readonly reverse?: boolean;
}

/** CumulativeAttrs, checked and in full. */
export type Direction = { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };

/** The kernels' kinds for int32. */
const SUM = 0;
const PRODUCT = 1;

/** Applies `scan` in float32, or in int32 for integers and bool. */
export function cumulative(x: Value, { axis = 0, exclusive = false, reverse = false }: CumulativeAttrs, where: string, scan: (x: Value, direction: Direction) => Value): Value {
  const along = normalizeAxis(axis, x.shape.length, where);
  return scan(cast(x, { dtype: x.dtype === "float32" || x.dtype === "float16" ? "float32" : "int32" }), { axis: along, exclusive, reverse });
}

/** state ← a · state + b, beginning with `init`. */
export function lowerScan(out: Operand, a: Operand | null, b: Operand | null, init: number, { axis, exclusive, reverse }: Direction): Lowering {
  const [outer, n, inner] = sizesAlong(out.shape, axis);
  return {
    kernel: "f32_scan",
    workspace: 8 * STRIP_COLUMNS,
    words: [at(out), a ? at(a) : 0, b ? at(b) : 0, outer, n, inner, f32Word(init), exclusive ? 1 : 0, reverse ? 1 : 0, WORKSPACE],
    split: { units: outer * Math.ceil(inner / STRIP_COLUMNS), outputs: [null], inputs: [a, b].flatMap((x) => (x ? [null] : [])) },
  };
}

/** Running sums or products of int32. */
export function lowerIntScan(out: Operand, x: Operand, isProduct: boolean, { axis, exclusive, reverse }: Direction): Lowering {
  return { kernel: "i32_scan", words: [at(out), at(x), ...sizesAlong(x.shape, axis), isProduct ? PRODUCT : SUM, exclusive ? 1 : 0, reverse ? 1 : 0] };
}

/** What stands one place further in the direction of going; 0 behind the last. */
export function following(x: Value, axis: number, reverse: boolean): Value {
  const at = (value: number): number[] => x.shape.map((_, i) => (i === axis ? value : 0));
  const size = x.shape.map((dim, i) => (i === axis ? Math.max(dim - 1, 0) : dim));
  const edge: [number, number] = x.shape[axis] === 0 ? [0, 0] : reverse ? [1, 0] : [0, 1];
  return pad(slice(x, { begin: at(reverse || x.shape[axis]! === 0 ? 0 : 1), size }), { padding: x.shape.map((_, i) => (i === axis ? edge : [0, 0])) });
}

function sizesAlong(shape: Shape, axis: number): [outer: number, n: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}
