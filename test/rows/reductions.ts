// Rows of the reductions.
import { OPS } from "../../src/ops/index.js";
import type { Value } from "../../src/graph/value.js";
import { build, get, reduce, total, withShape, type Plain } from "./plain.js";
import { row, type Case, type OpName, type Row } from "./row.js";

interface Attrs {
  readonly axes?: number | readonly number[];
  readonly keepDims?: boolean;
  readonly correction?: number;
}

const axesOf = (x: Plain, { axes }: Attrs): number[] =>
  (axes === undefined ? x.shape.map((_, i) => i) : [axes].flat() as number[]).map((axis) => (axis + x.shape.length) % x.shape.length);

function reduced(x: Plain, attrs: Attrs, f: (list: readonly number[]) => number): Plain {
  const axes = axesOf(x, attrs);
  const y = reduce(x, axes, f);
  return attrs.keepDims ? y : withShape(y, y.shape.filter((_, i) => !axes.includes(i)));
}

const SHAPES: Case<Attrs>[] = [
  ...[1, 3, 4, 5, 3 * 512 + 2].map((n) => ({ inputs: [{ shape: [n] }], attrs: {} })),
  { inputs: [{ shape: [7, 33] }], attrs: { axes: 0 } },
  { inputs: [{ shape: [7, 33] }], attrs: { axes: -1, keepDims: true } },
  { inputs: [{ shape: [3, 4, 5] }], attrs: { axes: [0, 1] } },
  { inputs: [{ shape: [3, 4, 5] }], attrs: { axes: [0, 2], keepDims: true } },
  { inputs: [{ shape: [2, 3, 2, 9] }], attrs: { axes: [1, 2] } },
  { inputs: [{ shape: [] }], attrs: {} },
  { inputs: [{ shape: [2, 3] }], attrs: { axes: [] } },
  { inputs: [{ shape: [0, 3] }], attrs: { axes: 1 } },
];
const EMPTY: Case<Attrs> = { inputs: [{ shape: [0, 3] }], attrs: { axes: 0 }, special: true };
const NONFINITE: Case<Attrs> = { inputs: [{ shape: [4, 3], values: [1, NaN, 3, Infinity, -Infinity, 2, 5, 0, 7, -Infinity, 1, 2] }], attrs: { axes: 1 }, special: true };
const INTS: Case<Attrs> = { inputs: [{ shape: [3, 5], dtype: "int32", values: [5, -3, 7, 0, 2147483000] }], attrs: { axes: 0 } };
const BOOLS: Case<Attrs> = { inputs: [{ shape: [3, 5], dtype: "bool", values: [1, 0, 0, 1] }], attrs: { axes: 1 } };

/** Rounding of a sum of n terms in several partial sums: about √n · 6e-8 of the largest partial sum. */
const SUMMED = [3e-6, "1,538 terms in partial sums: √1538 · 6e-8 of the result's size, and the exp and log of a few"] as const;
const EXACT = [0, "an element is picked, not computed"] as const;

interface Options {
  readonly cases?: readonly Case<Attrs>[];
  readonly tolerance: readonly [number, string];
  readonly domain?: readonly [number, number];
  readonly gradient?: string;
  readonly second?: string;
}

function reduction(op: OpName, f: (list: readonly number[], attrs: Attrs) => number, { cases = [], ...rest }: Options): Row {
  const apply = OPS[op] as (x: Value, attrs: Attrs) => Value;
  return row<Attrs>({
    op,
    domain: [-2, 2],
    ...rest,
    apply: ([x], attrs) => apply(x!, attrs),
    reference: ([x], attrs) => reduced(x!, attrs, (list) => f(list, attrs)),
    cases: [...SHAPES, ...cases],
  });
}

const pick = (better: (...xs: number[]) => number) => (list: readonly number[]) => (list.some(Number.isNaN) ? NaN : better(...list));

function variance(list: readonly number[], { correction = 0 }: Attrs): number {
  const mean = total(list) / list.length;
  return total(list.map((x) => (x - mean) ** 2)) / (list.length - correction);
}

function arg(op: "argMax" | "argMin", better: (x: number, y: number) => boolean): Row {
  return row<{ axis?: number; keepDims?: boolean }>({
    op,
    apply: ([x], attrs) => OPS[op](x!, attrs),
    reference: ([x], { axis, keepDims = false }) =>
      reduced(x!, { axes: axis, keepDims }, (list) => {
        let best = 0;
        list.forEach((value, i) => {
          if (!Number.isNaN(list[best]!) && (Number.isNaN(value) || better(value, list[best]!))) best = i;
        });
        return best;
      }),
    tolerance: EXACT,
    gradient: "an index has none",
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [3 * 512 + 2] }], attrs: {} },
      { inputs: [{ shape: [7, 33] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [7, 33] }], attrs: { axis: -1, keepDims: true } },
      { inputs: [{ shape: [3, 4, 5] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [3, 4] }], attrs: { keepDims: true } },
      { inputs: [{ shape: [2, 10], values: [3, 1, 3, 1, 2] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [3, 4], values: [1, NaN, 3, NaN, Infinity, -Infinity, Infinity, 0, 5, 5, -1, -1] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [5], dtype: "int32", values: [1, 9, -4, 9, -4] }], attrs: {} },
    ],
  });
}

interface Cumulative {
  readonly axis?: number;
  readonly exclusive?: boolean;
  readonly reverse?: boolean;
}

/** f(state, element index) along an axis: the state behind each element, or before it. */
function scanned(x: Plain, { axis = 0, exclusive, reverse }: Cumulative, init: number, next: (state: number, index: readonly number[]) => number): Plain {
  const along = (axis + x.shape.length) % x.shape.length;
  return build(x.shape, (index) => {
    const n = x.shape[along]!;
    const steps = reverse ? n - 1 - index[along]! : index[along]!;
    let state = init;
    for (let k = 0; k < steps + (exclusive ? 0 : 1); k++) state = next(state, index.map((at, i) => (i === along ? (reverse ? n - 1 - k : k) : at)));
    return state;
  });
}

const WAYS: Cumulative[] = [{}, { exclusive: true }, { reverse: true }, { exclusive: true, reverse: true }];

function cumulative(op: "cumsum" | "cumprod", init: number, next: (state: number, value: number) => number): Row {
  return row<Cumulative>({
    op,
    apply: ([x], attrs) => OPS[op](x!, attrs),
    reference: ([x], attrs) => scanned(x!, attrs, init, (state, index) => next(state, get(x!, index))),
    tolerance: [1.2e-7, "the state is float64, rounded once"],
    domain: [-1.5, 1.5],
    cases: [
      ...WAYS.flatMap((way) => [{ inputs: [{ shape: [4, 5] }], attrs: { ...way, axis: 0 } }, { inputs: [{ shape: [3, 9] }], attrs: { ...way, axis: 1 } }]),
      // Zeros, one and two of them in a row.
      ...WAYS.map((way) => ({ inputs: [{ shape: [3, 4], values: [0, 2, -1, 0.5, 1, 0, 3, 0, -2, 1, 1, 0] }], attrs: { ...way, axis: -1 } })),
      { inputs: [{ shape: [2, 5, 17] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [1] }], attrs: {} },
      { inputs: [{ shape: [0, 3] }], attrs: {} },
      { inputs: [{ shape: [3, 5], dtype: "int32", values: [5, -3, 7] }], attrs: { axis: 1, exclusive: true } },
      { inputs: [{ shape: [3, 5], dtype: "bool", values: [1, 0, 1] }], attrs: { axis: 1, reverse: true } },
    ],
  });
}

export const REDUCTIONS: readonly Row[] = [
  cumulative("cumsum", 0, (state, x) => state + x),
  cumulative("cumprod", 1, (state, x) => state * x),
  row<Cumulative>({
    op: "linearScan",
    apply: ([a, b], attrs) => OPS.linearScan(a!, b!, attrs),
    reference: ([a, b], attrs) => scanned(a!, attrs, 0, (state, index) => get(a!, index) * state + get(b!, index)),
    tolerance: [1.2e-7, "the state is float64, rounded once"],
    domain: [-1.2, 1.2],
    cases: [
      { inputs: [{ shape: [5, 3] }, { shape: [5, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 7] }, { shape: [2, 7] }], attrs: { axis: 1, reverse: true } },
      { inputs: [{ shape: [2, 4, 19] }, { shape: [2, 4, 19] }], attrs: { axis: 1 } },
    ],
  }),
  reduction("countNonzero", (list) => list.filter((x) => x !== 0).length, { tolerance: EXACT, gradient: "a count has none", cases: [EMPTY, NONFINITE, INTS, BOOLS] }),
  reduction("sum", (list) => total(list), { tolerance: SUMMED, cases: [EMPTY, NONFINITE, { ...INTS, inputs: [{ shape: [3, 5], dtype: "int32", values: [5, -3, 7] }] }, BOOLS] }),
  reduction("mean", (list) => total(list) / list.length, { tolerance: SUMMED, cases: [EMPTY, NONFINITE, { ...INTS, inputs: [{ shape: [3, 5], dtype: "int32", values: [5, -3, 7] }] }, BOOLS] }),
  // Away from ties, one element has the extreme to itself: seeded uniform numbers are distinct.
  reduction("max", pick(Math.max), { tolerance: EXACT, cases: [EMPTY, NONFINITE, INTS, BOOLS] }),
  reduction("min", pick(Math.min), { tolerance: EXACT, cases: [EMPTY, NONFINITE, INTS, BOOLS] }),
  reduction("prod", (list) => list.reduce((product, x) => product * x, 1), {
    tolerance: [1e-4, "1,538 roundings, one for each factor, all of which may point one way"],
    domain: [0.98, 1.02],
    cases: [EMPTY, { inputs: [{ shape: [3, 3], values: [0, 2, 3, 0, 5, 0, 1, 2, 3] }], attrs: { axes: 1 } }],
  }),
  reduction("any", (list) => (list.some((x) => x !== 0) ? 1 : 0), { tolerance: EXACT, gradient: "truth has none", cases: [EMPTY, NONFINITE, BOOLS, { inputs: [{ shape: [2, 9], dtype: "bool", values: [0] }], attrs: { axes: 1 } }] }),
  reduction("all", (list) => (list.every((x) => x !== 0) ? 1 : 0), { tolerance: EXACT, gradient: "truth has none", cases: [EMPTY, NONFINITE, BOOLS, { inputs: [{ shape: [2, 9], dtype: "bool", values: [1] }], attrs: { axes: 1 } }] }),
  reduction("logSumExp", (list) => {
    const peak = Math.max(...list);
    return Number.isFinite(peak) ? peak + Math.log(total(list.map((x) => Math.exp(x - peak)))) : peak;
  }, {
    tolerance: SUMMED,
    cases: [EMPTY, { inputs: [{ shape: [4, 3], values: [1000, 999, 0, -1000, -1001, -1000, -Infinity, -Infinity, -Infinity, Infinity, 0, 1] }], attrs: { axes: 1 }, special: true }],
  }),
  reduction("variance", variance, { tolerance: SUMMED, cases: [{ inputs: [{ shape: [7, 33], domain: [1000, 1002] }], attrs: { axes: 1, correction: 1 }, special: true }] }),
  { ...reduction("std", (list, attrs) => Math.sqrt(variance(list, attrs)), { tolerance: SUMMED, second: "gradients of the root at a small variance are steep" }),
    cases: SHAPES.filter(({ inputs, attrs }) => inputs[0]!.shape.some((dim) => dim > 1) && JSON.stringify(attrs) !== '{"axes":[]}') },
  arg("argMax", (x, y) => x > y),
  arg("argMin", (x, y) => x < y),
];
