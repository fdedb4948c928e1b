// Rows of linear algebra. Kernels compute in float64, so values are right to a few roundings of float32 on matrices that are not nearly singular;
// what is not unique (signs of vectors) is compared through products in which it cancels. Larger matrices: test/engine/linalg.test.ts.
import { constant, type Value } from "../../src/graph/value.js";
import { OPS } from "../../src/ops/index.js";
import type { NormAttrs } from "../../src/ops/norm.js";
import type { QrMode } from "../../src/ops/qr.js";
import type { TriangularAttrs } from "../../src/ops/triangularSolve.js";
import { batched, cholesky, det, eigh, identity, matrixAt, minor, plain, product, qr, scalar, solve, svd, transposed, weighted, type Matrix } from "./dense.js";
import { build, get, reduce, total, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const VALUES = [2e-6, "float64 inside, operands rounded once, condition below 20"] as const;
const SQUARES = [{ shape: [4, 4] }, { shape: [2, 3, 3] }, { shape: [1, 1] }, { shape: [2, 2, 2, 2] }] as const;

/** Away from singular: random numbers with 3 more on the diagonal. */
function firm(x: Value): Value {
  const n = x.shape.at(-1)!;
  return OPS.add(x, OPS.diagEmbed(OPS.broadcastTo(constant(3), { shape: [n] })));
}

function firmly(a: Matrix): Matrix {
  return a.map((line, i) => line.map((x, j) => (i === j ? x + 3 : x)));
}

/** x · xᵀ + 1. */
function definite(x: Value): Value {
  return OPS.add(OPS.matmul(x, OPS.swapAxes(x, { a: -1, b: -2 })), OPS.diagEmbed(OPS.broadcastTo(constant(1), { shape: [x.shape.at(-2)!] })));
}

function definitely(a: Matrix): Matrix {
  return product(a, transposed(a)).map((line, i) => line.map((x, j) => (i === j ? x + 1 : x)));
}

/** u · diag(1, 2, …) · vt. */
function between(u: Value, vt: Value): Value {
  const k = u.shape.at(-1)!;
  return OPS.matmul(OPS.mul(u, OPS.cast(OPS.iota({ n: k, start: 1 }), { dtype: "float32" })), vt);
}

/** Columns of q and rows of r with the signs that make the diagonal of r positive. */
function signed([q, r]: readonly [Value, Value]): [Value, Value] {
  const signs = OPS.sign(OPS.diagonal(r));
  const k = signs.shape.at(-1)!;
  const part = OPS.split(q, { parts: [k, -1], axis: -1 })[0]!;
  const rows = OPS.split(r, { parts: [k, -1], axis: -2 })[0]!;
  return [OPS.mul(part, OPS.expandDims(signs, { axes: -2 })), OPS.mul(rows, OPS.expandDims(signs, { axes: -1 }))];
}

function eachOf(x: Plain, fs: readonly ((a: Matrix) => Plain)[]): Plain[] {
  return fs.map((f) => batched([x], ([a]) => f(a!)));
}

function pinv(a: Matrix): Matrix {
  const t = transposed(a);
  return a.length >= t.length ? solve(product(t, a), t) : transposed(solve(product(a, t), a));
}

function triangle(a: Matrix, lower: boolean, unit: boolean): Matrix {
  return a.map((line, i) => line.map((x, j) => (i === j ? (unit ? 1 : x) : lower === j < i ? x : 0)));
}

export const LINALG: readonly Row[] = [
  row({
    op: "inv",
    apply: ([x]) => OPS.inv(firm(x!)),
    reference: ([x]) => batched([x!], ([a]) => plain(solve(firmly(a!), identity(a!.length)))),
    tolerance: VALUES,
    cases: [...SQUARES.map((input) => ({ inputs: [input], attrs: {} })), { inputs: [{ shape: [0, 3, 3] }], attrs: {} }, { inputs: [{ shape: [0, 0] }], attrs: {} }],
  }),
  row({
    op: "solve",
    apply: ([x, b]) => OPS.solve(firm(x!), b!),
    reference: ([x, b]) =>
      b!.shape.length === 1
        ? { shape: b!.shape, data: solve(firmly(matrixAt(x!, 0)), b!.data.map((value) => [value])).flat() }
        : batched([x!.shape.length < b!.shape.length ? { shape: [2, 3, 3], data: [...x!.data, ...x!.data] } : x!, b!], ([a, c]) => plain(solve(firmly(a!), c!))),
    tolerance: VALUES,
    cases: [
      { inputs: [{ shape: [4, 4] }, { shape: [4] }], attrs: {} },
      { inputs: [{ shape: [4, 4] }, { shape: [4, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 3] }, { shape: [2, 3, 5] }], attrs: {} },
      { inputs: [{ shape: [3, 3] }, { shape: [2, 3, 1] }], attrs: {} },
    ],
  }),
  row({
    op: "det",
    apply: ([x]) => OPS.det(x!),
    reference: ([x]) => batched([x!], ([a]) => scalar(det(a!))),
    tolerance: VALUES,
    cases: [...SQUARES.map((input) => ({ inputs: [input], attrs: {} })), { inputs: [{ shape: [5, 5] }], attrs: {} }, { inputs: [{ shape: [0, 0] }], attrs: {}, special: true }],
  }),
  row({
    op: "cofactor",
    apply: ([x]) => OPS.cofactor(x!),
    reference: ([x]) => batched([x!], ([a]) => plain(a!.map((line, i) => line.map((_, j) => ((i + j) % 2 === 0 ? 1 : -1) * det(minor(a!, i, j)))))),
    tolerance: VALUES,
    second: "the third derivative of a determinant divides by it where the reference need not",
    cases: [
      { inputs: [{ shape: [4, 4], domain: [1, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 3] }], attrs: {} },
      { inputs: [{ shape: [1, 1] }], attrs: {} },
      { inputs: [{ shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }], attrs: {} },
      { inputs: [{ shape: [3, 3], values: [1, 2, 3, 2, 4, 6, 3, 6, 9] }], attrs: {} },
      { inputs: [{ shape: [2, 2], values: [0] }], attrs: {} },
    ],
  }),
  row<{ firm?: boolean }>({
    op: "slogdet",
    apply: ([x], { firm: more }) => OPS.slogdet(more ? firm(x!) : x!),
    reference: ([x], { firm: more }) => eachOf(x!, [(a) => scalar(Math.sign(det(more ? firmly(a) : a))), (a) => scalar(Math.log(Math.abs(det(more ? firmly(a) : a))))]),
    tolerance: VALUES,
    cases: [
      ...SQUARES.map((input) => ({ inputs: [input], attrs: { firm: true } })),
      { inputs: [{ shape: [3, 3], values: [1, 2, 0, 3, -1, 2, 1, 1, 1] }], attrs: {} },
      { inputs: [{ shape: [2, 2], values: [1, 2, 2, 4] }], attrs: {} },
      { inputs: [{ shape: [3, 3], values: [1e30, 0, 0, 0, 1e30, 0, 0, 0, -1e30] }], attrs: {} },
    ],
  }),
  row({
    op: "cholesky",
    apply: ([x]) => OPS.cholesky(definite(x!)),
    reference: ([x]) => batched([x!], ([a]) => plain(cholesky(definitely(a!)))),
    tolerance: VALUES,
    cases: [
      { inputs: [{ shape: [4, 4] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 2] }], attrs: {} },
      { inputs: [{ shape: [1, 1] }], attrs: {} },
    ],
  }),
  row<TriangularAttrs>({
    op: "triangularSolve",
    apply: ([x, b], attrs) => OPS.triangularSolve(firm(x!), b!, attrs),
    reference: ([x, b], { lower = true, transposed: turned = false, unit = false }) =>
      batched([x!, b!], ([a, c]) => {
        const t = triangle(firmly(a!), lower, unit);
        return plain(solve(turned ? transposed(t) : t, c!));
      }),
    tolerance: VALUES,
    cases: [
      { inputs: [{ shape: [4, 4] }, { shape: [4, 2] }], attrs: {} },
      { inputs: [{ shape: [4, 4] }, { shape: [4, 2] }], attrs: { lower: false } },
      { inputs: [{ shape: [2, 3, 3] }, { shape: [2, 3, 1] }], attrs: { transposed: true } },
      { inputs: [{ shape: [3, 3] }, { shape: [3, 3] }], attrs: { lower: false, transposed: true, unit: true } },
    ],
  }),
  row<{ mode?: QrMode }>({
    op: "qr",
    apply: ([x], attrs) => signed(OPS.qr(x!, attrs)),
    reference: ([x]) => eachOf(x!, [(a) => plain(qr(a)[0]), (a) => plain(qr(a)[1])]),
    tolerance: [3e-6, "float64 inside, condition below 20"],
    cases: [
      { inputs: [{ shape: [4, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 3] }], attrs: {} },
      { inputs: [{ shape: [3, 5] }], attrs: {} },
      { inputs: [{ shape: [3, 5] }], attrs: { mode: "complete" } },
      { inputs: [{ shape: [1, 1] }], attrs: {} },
    ],
  }),
  row<{ fullMatrices?: boolean }>({
    op: "svd",
    apply: ([x], attrs) => {
      const [u, s, vt] = OPS.svd(x!, attrs);
      return [s, between(u, vt)];
    },
    reference: ([x]) => eachOf(x!, [(a) => ({ shape: [svd(a)[1].length], data: svd(a)[1] }), (a) => plain(weighted(svd(a)[0], svd(a)[2]))]),
    tolerance: [5e-6, "float64 inside; vectors magnify what rounding their operands does by the gaps between singular values"],
    cases: [
      { inputs: [{ shape: [4, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 4] }], attrs: {} },
      { inputs: [{ shape: [3, 3] }], attrs: { fullMatrices: true } },
      { inputs: [{ shape: [1, 1] }], attrs: {} },
    ],
  }),
  row<{ k: number }>({
    op: "truncatedSvd",
    apply: ([x], attrs) => {
      const [u, s, vt] = OPS.truncatedSvd(x!, attrs);
      return OPS.matmul(OPS.mul(u, OPS.expandDims(s, { axes: -2 })), vt);
    },
    reference: ([x], { k }) =>
      batched([x!], ([a]) => {
        const [u, s, vt] = svd(a!);
        return plain(product(u.map((line) => line.slice(0, k).map((value, j) => value * s[j]!)), vt.slice(0, k)));
      }),
    tolerance: [5e-6, "as svd"],
    cases: [{ inputs: [{ shape: [4, 3] }], attrs: { k: 2 } }, { inputs: [{ shape: [2, 2, 4] }], attrs: { k: 1 } }],
  }),
  row({
    op: "eigh",
    apply: ([x]) => {
      const [w, v] = OPS.eigh(x!);
      return [w, between(v, OPS.swapAxes(v, { a: -1, b: -2 }))];
    },
    reference: ([x]) => eachOf(x!, [(a) => ({ shape: [a.length], data: eigh(a)[0] }), (a) => plain(weighted(eigh(a)[1], transposed(eigh(a)[1])))]),
    tolerance: [5e-6, "float64 inside; vectors magnify what rounding their operands does by the gaps between eigenvalues"],
    cases: [
      { inputs: [{ shape: [4, 4] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 2] }], attrs: {} },
      { inputs: [{ shape: [1, 1] }], attrs: {} },
    ],
  }),
  row({
    op: "pinv",
    apply: ([x]) => OPS.pinv(x!),
    reference: ([x]) => batched([x!], ([a]) => plain(pinv(a!))),
    tolerance: [5e-6, "a product of three float32 matrices, condition below 20"],
    cases: [{ inputs: [{ shape: [5, 3] }], attrs: {} }, { inputs: [{ shape: [2, 2, 4] }], attrs: {} }],
  }),
  row({
    op: "lstsq",
    apply: ([a, b]) => OPS.lstsq(a!, b!),
    reference: ([a, b]) => ({ shape: [3], data: product(pinv(matrixAt(a!, 0)), b!.data.map((x) => [x])).flat() }),
    tolerance: [5e-6, "as pinv"],
    cases: [{ inputs: [{ shape: [6, 3] }, { shape: [6] }], attrs: {} }],
  }),
  row({
    op: "matrixRank",
    apply: ([x]) => OPS.matrixRank(x!),
    reference: ([x]) => ({ shape: x!.shape.slice(0, -2), data: x!.shape.length === 3 ? [2, 1, 0] : x!.shape[0] === 3 ? [2] : [4] }),
    tolerance: [0, "a whole number"],
    gradient: "a whole number has none",
    cases: [
      { inputs: [{ shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }], attrs: {} },
      { inputs: [{ shape: [4, 5] }], attrs: {} },
      { inputs: [{ shape: [3, 2, 2], values: [1, 2, 3, 4, 1, 2, 2, 4, 0, 0, 0, 0] }], attrs: {} },
    ],
  }),
  row<{ power: number }>({
    op: "matrixPower",
    apply: ([x], attrs) => OPS.matrixPower(firm(x!), attrs),
    reference: ([x], { power }) =>
      batched([x!], ([a]) => {
        const base = power < 0 ? solve(firmly(a!), identity(a!.length)) : firmly(a!);
        return plain(Array.from({ length: Math.abs(power) }).reduce<Matrix>((m) => product(m, base), identity(a!.length)));
      }),
    tolerance: [5e-6, "up to three matrix products"],
    cases: [
      { inputs: [{ shape: [3, 3] }], attrs: { power: 5 } },
      { inputs: [{ shape: [2, 3, 3] }], attrs: { power: -2 } },
      { inputs: [{ shape: [3, 3] }], attrs: { power: 1 } },
      { inputs: [{ shape: [2, 3, 3] }], attrs: { power: 0 }, special: true },
    ],
  }),
  row<NormAttrs>({
    op: "norm",
    apply: ([x], attrs) => OPS.norm(x!, attrs),
    reference: ([x], { ord, axes, keepDims }) => {
      const list = axes === undefined ? x!.shape.map((_, i) => i) : [axes].flat().map((axis) => (axis + x!.shape.length) % x!.shape.length);
      const kept = list.length === 2 && ord !== undefined && ord !== "fro" ? matrixNorms(x!, ord, list as [number, number]) : reduce(x!, list, (items) => vectorNorm(items, ord ?? 2));
      return keepDims ? kept : { shape: kept.shape.filter((_, i) => !list.includes(i)), data: kept.data };
    },
    tolerance: [3e-6, "a sum, a root or singular values"],
    cases: [
      { inputs: [{ shape: [2], values: [3, -4] }], attrs: { ord: 1 } },
      { inputs: [{ shape: [2], values: [3, -4] }], attrs: {} },
      { inputs: [{ shape: [2], values: [3, -4] }], attrs: { ord: Infinity } },
      { inputs: [{ shape: [5] }], attrs: {} },
      { inputs: [{ shape: [3, 5] }], attrs: { axes: -1, keepDims: true } },
      { inputs: [{ shape: [3, 5] }], attrs: { ord: 3, axes: 0 } },
      { inputs: [{ shape: [3, 5] }], attrs: { ord: -Infinity, axes: 1 } },
      { inputs: [{ shape: [5], values: [0, 1, 0, 2, 3] }], attrs: { ord: 0 } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: {} },
      { inputs: [{ shape: [3, 4] }], attrs: { ord: "fro" } },
      { inputs: [{ shape: [3, 4] }], attrs: { ord: "nuc" } },
      { inputs: [{ shape: [3, 4] }], attrs: { ord: 2 } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { ord: 1, axes: [-2, -1] } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { ord: Infinity, axes: [0, 1], keepDims: true } },
      { inputs: [{ shape: [3, 3] }], attrs: { ord: -2, axes: [0, 1] } },
    ],
  }),
  row({
    op: "cond",
    apply: ([x]) => OPS.cond(firm(x!)),
    reference: ([x]) => batched([x!], ([a]) => scalar(svd(firmly(a!))[1][0]! / svd(firmly(a!))[1].at(-1)!)),
    tolerance: [3e-6, "a quotient of singular values"],
    cases: [{ inputs: [{ shape: [4, 4] }], attrs: {} }, { inputs: [{ shape: [2, 3, 3] }], attrs: {} }],
  }),
];

function vectorNorm(items: readonly number[], ord: NonNullable<NormAttrs["ord"]>): number {
  const sizes = items.map(Math.abs);
  if (ord === Infinity) return Math.max(...sizes);
  if (ord === -Infinity) return Math.min(...sizes);
  if (ord === 0) return sizes.filter((x) => x > 0).length;
  const p = typeof ord === "number" ? ord : 2;
  return total(sizes.map((x) => x ** p)) ** (1 / p);
}

/** With both axes kept as size 1. */
function matrixNorms(x: Plain, ord: NonNullable<NormAttrs["ord"]>, [rows, columns]: [number, number]): Plain {
  return build(x.shape.map((dim, i) => (i === rows || i === columns ? 1 : dim)), (at) => {
    const a = Array.from({ length: x.shape[rows]! }, (_, i) => Array.from({ length: x.shape[columns]! }, (_unused, j) => get(x, at.map((k, axis) => (axis === rows ? i : axis === columns ? j : k)))));
    const sums = (m: Matrix): number[] => m.map((line) => total(line.map(Math.abs)));
    if (ord === 1) return Math.max(...sums(transposed(a)));
    if (ord === Infinity) return Math.max(...sums(a));
    const s = svd(a)[1];
    return ord === "nuc" ? total(s) : ord === 2 ? Math.max(...s) : Math.min(...s);
  });
}
