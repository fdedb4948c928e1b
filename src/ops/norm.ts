// norm: lengths of vectors and of matrices.
import { ShapeError, ValueError } from "../base/errors.js";
import { normalizeAxis, reducedShape, showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { max } from "./max.js";
import { min } from "./min.js";
import { moveAxis } from "./moveAxis.js";
import { notEqual } from "./notEqual.js";
import { pow } from "./pow.js";
import { reshape } from "./reshape.js";
import { sqrt } from "./sqrt.js";
import { square } from "./square.js";
import { sum } from "./sum.js";
import { svd } from "./svd.js";
import { where } from "./where.js";

/** A number p (∞ and −∞ too), "fro" (as a vector), "nuc" (sum of singular values). */
export type NormOrder = number | "fro" | "nuc" | "euclidean";

export interface NormAttrs {
  /** 2-norm of vectors, Frobenius norm of matrices, when absent. */
  readonly ord?: NormOrder;
  /** One axis: vectors along it; two: matrices; all, as one vector unless ord asks for matrices, when absent. */
  readonly axes?: number | readonly number[];
  readonly keepDims?: boolean;
}

/**
 * Norms of x: (Σ|x|^p)^(1/p) of vectors; of matrices "fro", "nuc", 2 and −2 (largest and smallest singular value), 1, −1, ∞ and −∞ (sums of columns,
 * of rows). float32. The gradient of a 2-norm is 0 where it is 0.
 *
 * Throws ShapeError for more than two axes, ValueError for an order that these axes do not have.
 */
export function norm(x: Value, { ord, axes, keepDims = false }: NormAttrs = {}): Value {
  const rank = x.shape.length;
  const values = cast(x, { dtype: "float32" });
  const list = axes === undefined ? x.shape.map((_, i) => i) : (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(axis, rank, "norm"));
  const whole = axes === undefined && (ord === undefined || rank !== 2);
  if (!whole && list.length > 2) throw new ShapeError(`norm: takes one or two axes, got ${list.length} of ${showShape(x.shape)}.`);
  const result = whole || list.length < 2 || isFrobenius(ord) ? vectorNorm(values, ord ?? 2, list) : matrixNorm(values, ord!, list as [number, number]);
  return keepDims ? reshape(result, { shape: reducedShape(x.shape, list, true) }) : result;
}

function isFrobenius(ord: NormOrder | undefined): boolean {
  return ord === undefined || ord === "fro" || ord === "euclidean";
}

function vectorNorm(x: Value, ord: NormOrder, axes: readonly number[]): Value {
  if (isFrobenius(ord) || ord === 2) return safeRoot(sum(square(x), { axes }));
  if (typeof ord !== "number" || Number.isNaN(ord)) throw new ValueError(`norm: order ${String(ord)} is not one of vectors; expected a number, Infinity or "fro".`);
  if (ord === Infinity) return max(abs(x), { axes });
  if (ord === -Infinity) return min(abs(x), { axes });
  if (ord === 1) return sum(abs(x), { axes });
  if (ord === 0) return sum(cast(notEqual(x, constant(0)), { dtype: "float32" }), { axes });
  return pow(sum(pow(abs(x), constant(ord)), { axes }), constant(1 / ord));
}

/** √s with a gradient of 0 at 0. */
function safeRoot(s: Value): Value {
  const zero = equal(s, constant(0));
  return where(zero, constant(0), sqrt(where(zero, constant(1), s)));
}

function matrixNorm(x: Value, ord: NormOrder, [rows, columns]: [number, number]): Value {
  const matrices = moveAxis(x, { from: [rows, columns], to: [-2, -1] });
  const sums = (axis: number): Value => sum(abs(matrices), { axes: axis });
  const values = (): Value => svd(matrices)[1];
  const rules: Readonly<Record<string, () => Value>> = {
    nuc: () => sum(values(), { axes: -1 }),
    2: () => max(values(), { axes: -1 }),
    [-2]: () => min(values(), { axes: -1 }),
    1: () => max(sums(-2), { axes: -1 }),
    [-1]: () => min(sums(-2), { axes: -1 }),
    Infinity: () => max(sums(-1), { axes: -1 }),
    [-Infinity]: () => min(sums(-1), { axes: -1 }),
  };
  const rule = Object.hasOwn(rules, String(ord)) ? rules[String(ord)] : undefined;
  if (rule === undefined) throw new ValueError(`norm: order ${String(ord)} is not one of matrices; expected "fro", ${Object.keys(rules).join(", ")}.`);
  return rule();
}
