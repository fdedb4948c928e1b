// Rows of statistics, and of what compares and repairs numbers.
import { OPS } from "../../src/ops/index.js";
import type { CloseAttrs } from "../../src/ops/isClose.js";
import type { NanToNumAttrs } from "../../src/ops/nanToNum.js";
import type { QuantileAttrs } from "../../src/ops/quantile.js";
import { build, get, map, reduce, total, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are compared or picked, not computed"] as const;

function covariances(x: Plain, { correction = 1, rowvar = true }: { correction?: number; rowvar?: boolean }): Plain {
  const rows = x.shape.length === 1 ? withShape(x, [1, x.shape[0]!]) : rowvar ? x : build([...x.shape].reverse(), ([i, j]) => get(x, [j!, i!]));
  const [variables, n] = rows.shape as [number, number];
  const off = Array.from({ length: variables }, (_, i) => {
    const list = Array.from({ length: n }, (_unused, k) => get(rows, [i, k]));
    return list.map((value) => value - total(list) / n);
  });
  const all = build([variables, variables], ([i, j]) => total(off[i!]!.map((value, k) => value * off[j!]![k]!)) / (n - correction));
  return x.shape.length === 1 ? withShape(all, []) : all;
}

function quantiles(x: Plain, { q, axes, keepDims }: QuantileAttrs): Plain {
  const list = (axes === undefined ? x.shape.map((_, i) => i) : [axes].flat()).map((axis) => (axis + x.shape.length) % x.shape.length);
  const one = (share: number): Plain => {
    const y = reduce(x, list, (elements) => {
      if (elements.some(Number.isNaN)) return NaN;
      const sorted = [...elements].sort((a, b) => a - b);
      const place = share * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
      return low === high ? low : low + (high - low) * (place - Math.floor(place));
    });
    return keepDims ? y : withShape(y, y.shape.filter((_, i) => !list.includes(i)));
  };
  if (typeof q === "number") return one(q);
  const all = q.map(one);
  return { shape: [q.length, ...all[0]!.shape], data: all.flatMap(({ data }) => data) };
}

function interpolated(x: number, xs: readonly number[], ys: readonly number[]): number {
  if (x <= xs[0]!) return ys[0]!;
  const right = xs.findIndex((place) => place > x);
  if (right < 0) return Number.isNaN(x) ? NaN : ys.at(-1)!;
  return ys[right - 1]! + ((ys[right]! - ys[right - 1]!) * (x - xs[right - 1]!)) / (xs[right]! - xs[right - 1]!);
}

export const STATISTICS: readonly Row[] = [
  row<QuantileAttrs>({
    op: "quantile",
    apply: ([x], attrs) => OPS.quantile(x!, attrs),
    reference: ([x], attrs) => quantiles(x!, attrs),
    tolerance: [3e-7, "a difference, a product and a sum, and the share rounded to float32"],
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [7] }], attrs: { q: 0.5 } },
      { inputs: [{ shape: [8] }], attrs: { q: [0, 0.25, 0.9, 1] } },
      { inputs: [{ shape: [3, 4, 5] }], attrs: { q: 0.3, axes: [0, 2] } },
      { inputs: [{ shape: [3, 4, 5] }], attrs: { q: [0.1, 0.7], axes: 1, keepDims: true } },
      { inputs: [{ shape: [] }], attrs: { q: 0.2 } },
      { inputs: [{ shape: [1, 3] }], attrs: { q: 0.2, axes: 0 } },
      { inputs: [{ shape: [0, 3] }], attrs: { q: 0.5, axes: 1 } },
      { inputs: [{ shape: [6], dtype: "int32", values: [5, -3, 7, 0, 1, 1] }], attrs: { q: 0.5 } },
      { inputs: [{ shape: [2, 4], values: [1, NaN, 3, 2, Infinity, 5, Infinity, -1] }], attrs: { q: [0.5, 1], axes: 1 }, special: true },
    ],
  }),
  row<{ correction?: number; rowvar?: boolean }>({
    op: "cov",
    apply: ([x], attrs) => OPS.cov(x!, attrs),
    reference: ([x], attrs) => covariances(x!, attrs),
    tolerance: [2e-6, "sums of up to thirty products of numbers that were centred in float32"],
    cases: [
      { inputs: [{ shape: [3, 33] }], attrs: {} },
      { inputs: [{ shape: [5, 4] }], attrs: { rowvar: false, correction: 0 } },
      { inputs: [{ shape: [9] }], attrs: {} },
      { inputs: [{ shape: [2, 5], dtype: "int32", domain: [-9, 9] }], attrs: {} },
    ],
  }),
  row<{ rowvar?: boolean }>({
    op: "corrcoef",
    apply: ([x], attrs) => OPS.corrcoef(x!, attrs),
    reference: ([x], attrs) => {
      const all = covariances(x!, attrs);
      return all.shape.length === 0 ? map(() => 1, all) : build(all.shape, ([i, j]) => get(all, [i!, j!]) / Math.sqrt(get(all, [i!, i!]) * get(all, [j!, j!])));
    },
    tolerance: [2e-6, "the covariances' own, and two divisions"],
    second: "on the diagonal the quotient is 1 and sits on the border of what is clipped",
    cases: [
      { inputs: [{ shape: [3, 17] }], attrs: {} },
      { inputs: [{ shape: [8, 2] }], attrs: { rowvar: false } },
      { inputs: [{ shape: [6] }], attrs: {} },
    ],
  }),
  row<{ n?: number; axis?: number }>({
    op: "diff",
    apply: ([x], attrs) => OPS.diff(x!, attrs),
    reference: ([x], { n = 1, axis = -1 }) => {
      const along = (axis + x!.shape.length) % x!.shape.length;
      let y = x!;
      for (let k = 0; k < n; k++) {
        const before = y;
        const next = (index: readonly number[]): number[] => index.map((at, i) => (i === along ? at + 1 : at));
        y = build(before.shape.map((dim, i) => (i === along ? dim - 1 : dim)), (index) => get(before, next(index)) - get(before, index));
      }
      return y;
    },
    tolerance: [2e-7, "one rounding a difference, two of them"],
    cases: [
      { inputs: [{ shape: [7] }], attrs: {} },
      { inputs: [{ shape: [4, 5] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [3, 5] }], attrs: { n: 2 } },
      { inputs: [{ shape: [1] }], attrs: {} },
      { inputs: [{ shape: [2, 3] }], attrs: { n: 0 } },
      { inputs: [{ shape: [5], dtype: "int32", values: [5, -3, 7, 0, 2] }], attrs: {} },
    ],
  }),
  row<undefined>({
    op: "interp",
    apply: ([x, xp, fp]) => OPS.interp(x!, xp!, fp!),
    reference: ([x, xp, fp]) => map((value) => interpolated(value, xp!.data, fp!.data), x!),
    tolerance: [5e-7, "two differences, a quotient, a product and a sum"],
    cases: [
      { inputs: [{ shape: [3, 4] }, { shape: [4], dtype: "float32", values: [-0.9, -0.25, 0.5, 0.75] }, { shape: [4] }], attrs: undefined },
      { inputs: [{ shape: [9], domain: [-3, 3] }, { shape: [2], dtype: "float32", values: [-1.5, 1.25] }, { shape: [2] }], attrs: undefined },
      { inputs: [{ shape: [4], dtype: "int32", values: [0, 1, 2, 5] }, { shape: [3], dtype: "int32", values: [0, 2, 4] }, { shape: [3], dtype: "int32", values: [1, 3, -1] }], attrs: undefined },
      { inputs: [{ shape: [5], values: [NaN, Infinity, -Infinity, 1, 2] }, { shape: [3], values: [0, 1, 2] }, { shape: [3] }], attrs: undefined, special: true },
    ],
  }),
  row<CloseAttrs>({
    op: "isClose",
    apply: ([a, b], attrs) => OPS.isClose(a!, b!, attrs),
    reference: ([a, b], { rtol = 1e-5, atol = 1e-8, equalNan = false }) =>
      map((x, y) => Number(x === y || (Number.isFinite(y) && Math.abs(x - y) <= atol + rtol * Math.abs(y)) || (equalNan && Number.isNaN(x) && Number.isNaN(y))), a!, b!),
    tolerance: EXACT,
    gradient: "truth has none",
    cases: [
      { inputs: [{ shape: [4, 3] }, { shape: [3] }], attrs: { atol: 0.3 } },
      { inputs: [{ shape: [4], values: [1, 1, 100, 0] }, { shape: [4], values: [1.000001, 1.1, 100.0005, 1e-9] }], attrs: {} },
      { inputs: [{ shape: [3], dtype: "int32", values: [1, 2, 3] }, { shape: [3], dtype: "int32", values: [1, 2, 4] }], attrs: {} },
      { inputs: [{ shape: [6], values: [NaN, Infinity, -Infinity, Infinity, 1, NaN] }, { shape: [6], values: [NaN, Infinity, Infinity, 1, Infinity, 1] }], attrs: {}, special: true },
      { inputs: [{ shape: [3], values: [NaN, NaN, 1] }, { shape: [3], values: [NaN, 1, NaN] }], attrs: { equalNan: true }, special: true },
    ],
  }),
  row<NanToNumAttrs>({
    op: "nanToNum",
    apply: ([x], attrs) => OPS.nanToNum(x!, attrs),
    reference: ([x], { nan = 0, posinf = (2 - 2 ** -23) * 2 ** 127, neginf = -(2 - 2 ** -23) * 2 ** 127 }) =>
      map((value) => (Number.isNaN(value) ? nan : value === Infinity ? posinf : value === -Infinity ? neginf : value), x!),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3, 5] }], attrs: {} },
      { inputs: [{ shape: [3], dtype: "int32", values: [1, 2, -3] }], attrs: {} },
      { inputs: [{ shape: [5], values: [NaN, Infinity, -Infinity, 1, 0] }], attrs: {}, special: true },
      { inputs: [{ shape: [5], values: [NaN, Infinity, -Infinity, 1, 0] }], attrs: { nan: 7, posinf: 1, neginf: -1 }, special: true },
    ],
  }),
];
