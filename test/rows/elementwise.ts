// Rows of the elementwise ops.
import { OPS } from "../../src/ops/index.js";
import type { Value } from "../../src/graph/value.js";
import { map, type Plain } from "./plain.js";
import { row, type Case, type Input, type OpName, type Row } from "./row.js";

const NONE = {};
type None = typeof NONE;

/** Around the tile: nothing, one, a vector less one, a vector, one more, three blocks and two. */
const SIZES = [0, 1, 3, 4, 5, 3 * 512 + 2];
const UNARY_SHAPES = [...SIZES.map((n) => [n]), [], [3, 1, 5]];
const BINARY_SHAPES: (readonly [readonly number[], readonly number[]])[] = [
  ...SIZES.map((n) => [[n], [n]] as const),
  [[5, 7], [7]],
  [[5, 7], [5, 1]],
  [[3, 1, 5], [4, 1]],
  [[], [6]],
  [[2, 300], [300]],
  [[64, 10], [10]],
];

const INF = Infinity;
const SPECIAL = [NaN, INF, -INF, 0, -0, 1, -1];

function cases(shapes: readonly (readonly (readonly number[])[])[], extra: readonly Input[][] = []): Case<None>[] {
  return [
    ...shapes.map((list) => ({ inputs: list.map((shape) => ({ shape })), attrs: NONE })),
    ...extra.map((inputs) => ({ inputs, attrs: NONE, special: true })),
  ];
}

interface Options {
  readonly domain?: readonly [number, number];
  readonly tolerance: readonly [number, string];
  readonly gradient?: string;
  readonly special?: readonly number[];
  readonly ints?: boolean;
}

function unary(op: OpName, f: (x: number) => number, options: Options): Row {
  const apply = OPS[op] as (x: Value) => Value;
  const { special = SPECIAL, ints = false, ...rest } = options;
  const extra: Input[][] = [[{ shape: [special.length], values: special }]];
  if (ints) extra.push([{ shape: [5], dtype: "int32", values: [0, 1, -1, 7, -2147483647] }]);
  return row<None>({
    op,
    ...rest,
    apply: ([x]) => apply(x!),
    reference: ([x]) => map(f, x!),
    cases: cases(UNARY_SHAPES.map((shape) => [shape]), extra),
  });
}

/** All pairs of special values. */
const LEFT = SPECIAL.flatMap((x) => SPECIAL.map(() => x));
const RIGHT = SPECIAL.flatMap(() => SPECIAL);

function binary(op: OpName, f: (x: number, y: number) => number, options: Options & { right?: readonly [number, number] }): Row {
  const apply = OPS[op] as (x: Value, y: Value) => Value;
  const { ints = false, right, ...rest } = options;
  const extra: Input[][] = [[{ shape: [LEFT.length], values: LEFT }, { shape: [RIGHT.length], values: RIGHT }]];
  if (ints) extra.push([{ shape: [2, 5], dtype: "int32", values: [0, 3, -1, 7, -2147483648] }, { shape: [5], dtype: "int32", values: [0, 3, 2, -7, 1] }]);
  const table = cases(BINARY_SHAPES, extra);
  return row<None>({
    op,
    ...rest,
    apply: ([x, y]) => apply(x!, y!),
    reference: ([x, y]) => map(f, x!, y!),
    cases: right ? table.map((one) => (one.special ? one : { ...one, inputs: [one.inputs[0]!, { ...one.inputs[1]!, domain: right }] })) : table,
  });
}

const EXACT = [0, "one operation, rounded as IEEE 754 says; float64 rounds to the same float32"] as const;
const ULP = [3e-7, "a polynomial of the kernel: at most 2.5 units in the last place"] as const;
const FLAT = "constant almost everywhere";

/** The half-way cases go to the even neighbour. */
function roundEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** erf by its Taylor series, or 1 − the continued fraction of erfc: good to 1e-15. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || a > 6) return Number.isNaN(x) ? NaN : Math.sign(x);
  if (a < 2.5) {
    let term = a;
    let sum = a;
    for (let n = 1; n < 80; n++) {
      term *= (-a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = a;
  for (let n = 60; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / fraction / Math.sqrt(Math.PI));
}

const toBool = (x: number): number => (x === 0 ? 0 : 1);
const truth = (x: boolean): number => (x ? 1 : 0);

/** The larger or smaller of two, NaN if either is. */
const extreme = (pick: (x: number, y: number) => number) => (x: number, y: number) => (Number.isNaN(x) || Number.isNaN(y) ? NaN : pick(x, y));

export const ELEMENTWISE: readonly Row[] = [
  binary("add", (x, y) => x + y, { tolerance: EXACT, domain: [-4, 4] }),
  binary("sub", (x, y) => x - y, { tolerance: EXACT, domain: [-4, 4] }),
  binary("mul", (x, y) => x * y, { tolerance: EXACT, domain: [-4, 4] }),
  binary("div", (x, y) => x / y, { tolerance: EXACT, domain: [0.5, 4] }),
  binary("maximum", extreme(Math.max), { tolerance: EXACT, domain: [-2, 2], right: [2.5, 4], ints: true }),
  binary("minimum", extreme(Math.min), { tolerance: EXACT, domain: [-2, 2], right: [2.5, 4], ints: true }),
  binary("pow", (x, y) => x ** y, {
    tolerance: [4e-6, "exp(y·ln x) with |y·ln x| ≤ 5: the error of the logarithm grows by as much, and x ** y up to 5 ulp"],
    domain: [0.5, 4],
  }),
  unary("neg", (x) => -x, { tolerance: EXACT, domain: [-4, 4], ints: true }),
  unary("abs", Math.abs, { tolerance: EXACT, domain: [0.5, 4], ints: true }),
  unary("sqrt", Math.sqrt, { tolerance: EXACT, domain: [0.5, 4] }),
  unary("square", (x) => x * x, { tolerance: EXACT, domain: [-4, 4] }),
  unary("reciprocal", (x) => 1 / x, { tolerance: EXACT, domain: [0.5, 4] }),
  unary("rsqrt", (x) => 1 / Math.sqrt(x), { tolerance: [2e-7, "two roundings"], domain: [0.5, 4] }),
  unary("exp", Math.exp, { tolerance: ULP, domain: [-4, 4] }),
  unary("expm1", Math.expm1, { tolerance: ULP, domain: [-2, 2] }),
  unary("log", Math.log, { tolerance: ULP, domain: [0.1, 8] }),
  unary("log1p", Math.log1p, { tolerance: ULP, domain: [-0.5, 4] }),
  unary("tanh", Math.tanh, { tolerance: ULP, domain: [-4, 4] }),
  unary("sigmoid", (x) => 1 / (1 + Math.exp(-x)), { tolerance: ULP, domain: [-6, 6] }),
  unary("relu", (x) => (Number.isNaN(x) ? NaN : Math.max(x, 0)), { tolerance: EXACT, domain: [0.1, 2] }),
  unary("sign", (x) => (x === 0 ? 0 : Math.sign(x)), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  unary("floor", Math.floor, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  unary("ceil", Math.ceil, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  unary("round", roundEven, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, special: [...SPECIAL, 0.5, 1.5, 2.5, -0.5, -1.5, 8388609, 3e9] }),
  unary("softplus", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), { tolerance: [5e-7, "exp, then log1p: 2 ulp each"], domain: [-6, 6] }),
  unary("erf", erf, { tolerance: [5e-7, "Abramowitz & Stegun's bound of 1.5e-7 and rounding"], domain: [-3, 3], special: [NaN, INF, -INF, 0, 1, -1] }),
  unary("sin", Math.sin, { tolerance: ULP, domain: [-4, 4] }),
  unary("cos", Math.cos, { tolerance: ULP, domain: [-4, 4] }),
  unary("isFinite", (x) => truth(Number.isFinite(x)), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  binary("equal", (x, y) => truth(x === y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("notEqual", (x, y) => truth(x !== y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("less", (x, y) => truth(x < y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("lessEqual", (x, y) => truth(x <= y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("greater", (x, y) => truth(x > y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("greaterEqual", (x, y) => truth(x >= y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("logicalAnd", (x, y) => toBool(x) & toBool(y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("logicalOr", (x, y) => toBool(x) | toBool(y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  unary("logicalNot", (x) => 1 - toBool(x), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),

  row<None>({
    op: "add",
    variant: "int32 wraps, bool and int32 meet in int32",
    gradient: "integers have none",
    apply: ([x, y]) => OPS.add(x!, y!),
    reference: ([x, y]) => map((a, b) => (a + b) | 0, x!, y!),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3], dtype: "int32", values: [2147483647, 5, -1] }, { shape: [3], dtype: "int32", values: [1, -9, 1] }], attrs: NONE },
      { inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }, { shape: [], dtype: "int32", values: [41] }], attrs: NONE },
    ],
  }),
  row<None>({
    op: "mul",
    variant: "int32 wraps, uint8 meets float32",
    apply: ([x, y]) => OPS.mul(x!, y!),
    reference: ([x, y]) => map((a, b) => (Number.isInteger(b) ? Math.imul(a, b) : a * b), x!, y!),
    tolerance: EXACT,
    gradient: "integers have none",
    cases: [
      { inputs: [{ shape: [3], dtype: "int32", values: [65537, 5, -1] }, { shape: [3], dtype: "int32", values: [65537, -9, 1] }], attrs: NONE },
      { inputs: [{ shape: [1000], dtype: "uint8", domain: [0, 256] }, { shape: [], values: [0.5] }], attrs: NONE },
      { inputs: [{ shape: [7], dtype: "uint8", values: [0, 255, 128] }, { shape: [], values: [0.5] }], attrs: NONE },
    ],
  }),
  row<None>({
    op: "pow",
    variant: "negative and zero bases",
    gradient: "it has kinks here: see where a gradient has to choose, in ops.test",
    apply: ([x, y]) => OPS.pow(x!, y!),
    reference: ([x, y]) => map((a, b) => a ** b, x!, y!),
    tolerance: [4e-6, "as pow"],
    cases: [
      { inputs: [{ shape: [8], values: [-2, -2, -1.5, 0, 0, 0, 3, -3] }, { shape: [8], values: [2, 3, 0, 2, 1, 0, -2, -3] }], attrs: NONE, special: true },
    ],
  }),
  row<None>({
    op: "where",
    apply: ([c, x, y]) => OPS.where(c!, x!, y!),
    reference: ([c, x, y]) => map((k, a, b) => (k ? a : b), c!, x!, y!),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      ...SIZES.map((n) => ({ inputs: [{ shape: [n], dtype: "bool" as const, domain: [0, 2] as const }, { shape: [n] }, { shape: [n] }], attrs: NONE })),
      { inputs: [{ shape: [4, 1], dtype: "bool", values: [1, 0, 0, 1] }, { shape: [3, 1, 5] }, { shape: [] }], attrs: NONE },
      { inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }, { shape: [3], values: [NaN, NaN, 1] }, { shape: [3], values: [1, 2, Infinity] }], attrs: NONE, special: true },
      { inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }, { shape: [3], dtype: "int32", values: [1, 2, 3] }, { shape: [], dtype: "int32", values: [-7] }], attrs: NONE },
    ],
  }),
  row<{ min?: number; max?: number }>({
    op: "clip",
    apply: ([x], attrs) => OPS.clip(x!, attrs),
    reference: ([x], { min = -Infinity, max = Infinity }) => map((a) => (a < min ? min : a > max ? max : a), x!),
    tolerance: EXACT,
    domain: [-0.9, 0.9],
    cases: [
      { inputs: [{ shape: [3 * 512 + 2] }], attrs: { min: -1, max: 1 } },
      { inputs: [{ shape: [7], domain: [2, 3] }], attrs: { max: 1 } },
      { inputs: [{ shape: [7], domain: [-3, -2] }], attrs: { min: -1 } },
      { inputs: [{ shape: [SPECIAL.length], values: SPECIAL }], attrs: { min: -0.5, max: 0.5 }, special: true },
      { inputs: [{ shape: [4], dtype: "int32", values: [-9, 0, 3, 9] }], attrs: { min: -1, max: 4 } },
    ],
  }),
  row<{ dtype: "float32" | "int32" | "bool" }>({
    op: "cast",
    apply: ([x], attrs) => OPS.cast(x!, attrs),
    reference: ([x], { dtype }) =>
      map((a) => {
        if (dtype === "bool") return toBool(a);
        if (dtype === "float32") return a;
        return Number.isNaN(a) ? 0 : Math.min(Math.max(Math.trunc(a), -2147483648), 2147483647);
      }, x!),
    tolerance: EXACT,
    gradient: "between dtypes there is none",
    cases: [
      { inputs: [{ shape: [9], values: [0, -0, 1.9, -1.9, NaN, Infinity, -Infinity, 3e9, -3e9] }], attrs: { dtype: "int32" } },
      { inputs: [{ shape: [6], values: [0, -0, 0.1, NaN, Infinity, -1] }], attrs: { dtype: "bool" } },
      { inputs: [{ shape: [5], dtype: "int32", values: [0, 1, -1, 16777216, -2147483648] }], attrs: { dtype: "float32" } },
      { inputs: [{ shape: [5], dtype: "int32", values: [0, 1, -1, 2, 3] }], attrs: { dtype: "bool" } },
      { inputs: [{ shape: [5], dtype: "bool", values: [0, 1, 1, 0, 1] }], attrs: { dtype: "int32" } },
      { inputs: [{ shape: [5], dtype: "bool", values: [0, 1, 1, 0, 1] }], attrs: { dtype: "float32" } },
      { inputs: [{ shape: [3 * 512 + 2], dtype: "uint8", domain: [0, 256] }], attrs: { dtype: "float32" } },
      { inputs: [{ shape: [5], dtype: "uint8", values: [0, 1, 255, 128, 3] }], attrs: { dtype: "int32" } },
      { inputs: [{ shape: [5], dtype: "uint8", values: [0, 1, 255, 0, 3] }], attrs: { dtype: "bool" } },
    ],
  }),
  row<None>({
    op: "reluGrad",
    apply: ([dy, y]) => OPS.reluGrad(dy!, y!),
    reference: ([dy, y]) => map((a, b) => (Number.isNaN(b) ? NaN : b > 0 ? a : 0), dy!, y!),
    tolerance: EXACT,
    domain: [0.1, 2],
    cases: [
      { inputs: [{ shape: [3 * 512 + 2] }, { shape: [3 * 512 + 2] }], attrs: NONE },
      { inputs: [{ shape: [6] }, { shape: [6], values: [0, -0, 1, -1, NaN, Infinity] }], attrs: NONE, special: true },
    ],
  }),
  row<None>({
    op: "stopGradient",
    apply: ([x]) => OPS.stopGradient(x!),
    reference: ([x]): Plain => x!,
    tolerance: EXACT,
    gradient: "none flows: that is its purpose",
    cases: [{ inputs: [{ shape: [5, 3] }], attrs: NONE }],
  }),
];
