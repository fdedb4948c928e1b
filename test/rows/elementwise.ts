// Rows of the elementwise ops.
import type { DType } from "../../src/base/dtype.js";
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
  /** Whether integers stay integers; which. */
  readonly ints?: boolean | readonly number[];
}

function unary(op: OpName, f: (x: number) => number, options: Options): Row {
  const apply = OPS[op] as (x: Value) => Value;
  const { special = SPECIAL, ints = false, ...rest } = options;
  const extra: Input[][] = [[{ shape: [special.length], values: special }]];
  if (ints !== false) extra.push([{ shape: [5], dtype: "int32", values: ints === true ? [0, 1, -1, 7, -2147483647] : ints }]);
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

interface BinaryOptions extends Omit<Options, "ints"> {
  readonly right?: readonly [number, number];
  /** "only": there is nothing but integers. */
  readonly ints?: boolean | "only";
}

function binary(op: OpName, f: (x: number, y: number) => number, options: BinaryOptions): Row {
  const apply = OPS[op] as (x: Value, y: Value) => Value;
  const { ints = false, right, ...rest } = options;
  const extra: Input[][] = [[{ shape: [LEFT.length], values: LEFT }, { shape: [RIGHT.length], values: RIGHT }]];
  if (ints) extra.push([{ shape: [2, 5], dtype: "int32", values: [0, 3, -1, 7, -2147483648] }, { shape: [5], dtype: "int32", values: [0, 3, 2, -7, 1] }]);
  const integers = (shape: readonly number[]): Input => ({ shape, dtype: "int32", domain: [-40, 40] });
  const table: Case<None>[] = ints === "only" ? [...BINARY_SHAPES.map((shapes) => ({ inputs: shapes.map(integers), attrs: NONE })), ...cases([], extra.slice(1))] : cases(BINARY_SHAPES, extra);
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
/** Functions computed in float64 and rounded once. */
const ROUNDED = [1.2e-7, "one unit in the last place: both round a float64 that is right to 1e-11"] as const;
const FLAT = "constant almost everywhere";

/** The half-way cases go to the even neighbour. */
function roundEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** Where float16 rounds: halves to even, its largest and smallest numbers and what lies beside them. */
const HALVES = [NaN, INF, -INF, 0, -0, 1, -1, 2049, 2051, -2049, 65504, 65519, 65520, -65535, 65536, 1e9, 6e-5, 2 ** -14, 2 ** -24, 2 ** -25, 3 * 2 ** -25, 2 ** -26, 0.1, 1 / 3];

/** x rounded to float16: a multiple of 2ᵉ⁻¹⁰ for |x| in [2ᵉ, 2ᵉ⁺¹), of 2⁻²⁴ below 2⁻¹⁴. */
function half(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -14) - 10);
  const y = roundEven(x / unit) * unit;
  return Math.abs(y) >= 65520 ? Math.sign(x) * Infinity : y === 0 && x < 0 ? -0 : y;
}

/** erf by its Taylor series, or 1 − the continued fraction of erfc: good to 1e-15. */
export function erf(x: number): number {
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

/** The x with erf x = y, by bisection. */
function erfinv(y: number): number {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Infinity : NaN;
  let [low, high] = [-6, 6];
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (erf(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** x − y·⌊x / y⌋ without rounding on the way. */
function remainder(x: number, y: number): number {
  const r = x % y;
  return r === 0 ? (y < 0 || Object.is(y, -0) ? -0 : 0) : r < 0 === y < 0 ? r : r + y;
}

/** In integers, a division by 0 leaves and gives 0. */
const byZero = (f: (x: number, y: number) => number) => (x: number, y: number) => (y === 0 ? 0 : f(x, y) | 0);

const INTEGERS = [0, 1, -1, 7, -7, 2147483647, -2147483648];
const INTEGER_PAIRS: Case<None>[] = [
  { inputs: [{ shape: [7, 1], dtype: "int32", values: INTEGERS }, { shape: [7], dtype: "int32", values: [0, 1, -1, 3, -3, 2147483647, -2147483648] }], attrs: NONE },
  { inputs: [{ shape: [3 * 512 + 2], dtype: "int32", domain: [-99, 99] }, { shape: [], dtype: "int32", values: [-7] }], attrs: NONE },
];

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
  unary("square", (x) => x * x, { tolerance: EXACT, domain: [-4, 4], ints: [0, 1, -1, 7, -46340] }),
  unary("reciprocal", (x) => 1 / x, { tolerance: EXACT, domain: [0.5, 4] }),
  unary("rsqrt", (x) => 1 / Math.sqrt(x), { tolerance: [2e-7, "two roundings"], domain: [0.5, 4] }),
  unary("exp", Math.exp, { tolerance: ULP, domain: [-4, 4] }),
  unary("expm1", Math.expm1, { tolerance: ULP, domain: [-2, 2] }),
  unary("log", Math.log, { tolerance: ULP, domain: [0.1, 8] }),
  unary("log1p", Math.log1p, { tolerance: ULP, domain: [-0.5, 4] }),
  unary("tanh", Math.tanh, { tolerance: ULP, domain: [-4, 4] }),
  unary("sigmoid", (x) => 1 / (1 + Math.exp(-x)), { tolerance: ULP, domain: [-6, 6] }),
  unary("relu", (x) => (Number.isNaN(x) ? NaN : Math.max(x, 0)), { tolerance: EXACT, domain: [0.1, 2] }),
  unary("sign", (x) => (x === 0 ? 0 : Math.sign(x)), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, ints: true }),
  unary("floor", Math.floor, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, ints: true }),
  unary("ceil", Math.ceil, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, ints: true }),
  unary("round", roundEven, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, ints: true, special: [...SPECIAL, 0.5, 1.5, 2.5, -0.5, -1.5, 8388609, 3e9] }),
  unary("softplus", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), { tolerance: [5e-7, "exp, then log1p: 2 ulp each"], domain: [-6, 6] }),
  unary("erf", erf, { tolerance: [5e-7, "Abramowitz & Stegun's bound of 1.5e-7 and rounding"], domain: [-3, 3], special: [NaN, INF, -INF, 0, 1, -1] }),
  unary("sin", Math.sin, { tolerance: ULP, domain: [-4, 4] }),
  unary("cos", Math.cos, { tolerance: ULP, domain: [-4, 4] }),
  unary("trunc", Math.trunc, { tolerance: EXACT, domain: [-4, 4], gradient: FLAT, ints: true, special: [...SPECIAL, 0.5, -0.5, -1.5, 8388609, -3e9] }),
  unary("exp2", (x) => 2 ** x, { tolerance: ROUNDED, domain: [-4, 4], special: [...SPECIAL, 10, -3, 128, -150, 1e30, -1e30] }),
  unary("log2", Math.log2, { tolerance: ROUNDED, domain: [0.1, 8], special: [...SPECIAL, 8, 0.125, 1e-40] }),
  unary("log10", Math.log10, { tolerance: ROUNDED, domain: [0.1, 8], special: [...SPECIAL, 1000, 1e10] }),
  unary("cbrt", Math.cbrt, { tolerance: ROUNDED, domain: [0.5, 8], special: [...SPECIAL, 27, -8, 1e-40] }),
  unary("tan", Math.tan, { tolerance: [1.2e-7, "as the others; the domain keeps away from the poles"], domain: [-1.3, 1.3], special: [...SPECIAL, 1.5, -200, 1e5] }),
  unary("asin", Math.asin, { tolerance: ROUNDED, domain: [-0.9, 0.9], special: [...SPECIAL, 1.001, -2] }),
  unary("acos", Math.acos, { tolerance: ROUNDED, domain: [-0.9, 0.9], special: [...SPECIAL, 0.9999999, -2] }),
  unary("atan", Math.atan, { tolerance: ROUNDED, domain: [-4, 4], special: [...SPECIAL, 0.42, 1e30] }),
  unary("sinh", Math.sinh, { tolerance: ROUNDED, domain: [-4, 4], special: [...SPECIAL, 89, -95] }),
  unary("cosh", Math.cosh, { tolerance: ROUNDED, domain: [-4, 4], special: [...SPECIAL, 89, -95] }),
  unary("asinh", Math.asinh, { tolerance: ROUNDED, domain: [-4, 4], special: [...SPECIAL, 1e30, -1e-20] }),
  unary("acosh", Math.acosh, { tolerance: ROUNDED, domain: [1.5, 8], special: [...SPECIAL, 1.0000001, 1e30, -1e10] }),
  unary("atanh", Math.atanh, { tolerance: ROUNDED, domain: [-0.8, 0.8], special: [...SPECIAL, 0.9999999, 2, -1e-20] }),
  unary("erfinv", erfinv, { tolerance: [2.4e-7, "two units: the polynomials are good to 3e-10, the bisection to 1e-15"], domain: [-0.8, 0.8], special: [NaN, INF, 0, 1, -1, 2, 0.999, -0.99] }),
  binary("atan2", Math.atan2, { tolerance: ROUNDED, domain: [0.5, 4], right: [-4, 4] }),
  binary("hypot", Math.hypot, { tolerance: ROUNDED, domain: [0.5, 4] }),
  binary("logAddExp", (x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)))), {
    tolerance: [6e-7, "a sum of a maximum and softplus, 4e-7 of at most ln 2"],
    domain: [-4, 4],
  }),
  binary("squaredDifference", (x, y) => (x - y) ** 2, { tolerance: [3e-7, "two roundings, the first of them squared"], domain: [-4, 4] }),
  binary("floorDivide", (x, y) => Math.floor(x / y), { tolerance: EXACT, domain: [-9, 9], right: [0.3, 2], gradient: FLAT }),
  binary("remainder", remainder, { tolerance: EXACT, domain: [4.1, 5.9], right: [2.1, 2.9] }),
  binary("bitwiseAnd", (x, y) => x & y, { tolerance: EXACT, gradient: FLAT, ints: "only" }),
  binary("bitwiseOr", (x, y) => x | y, { tolerance: EXACT, gradient: FLAT, ints: "only" }),
  binary("bitwiseXor", (x, y) => x ^ y, { tolerance: EXACT, gradient: FLAT, ints: "only" }),
  binary("bitwiseLeftShift", (x, y) => (y >= 0 && y < 32 ? x << y : 0), { tolerance: EXACT, gradient: FLAT, ints: "only" }),
  binary("bitwiseRightShift", (x, y) => x >> (y >= 0 && y < 32 ? y : 31), { tolerance: EXACT, gradient: FLAT, ints: "only" }),
  unary("isNaN", (x) => truth(Number.isNaN(x)), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  unary("isInf", (x) => truth(Math.abs(x) === INF), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  unary("isFinite", (x) => truth(Number.isFinite(x)), { tolerance: EXACT, domain: [-4, 4], gradient: FLAT }),
  binary("equal", (x, y) => truth(x === y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("notEqual", (x, y) => truth(x !== y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("less", (x, y) => truth(x < y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("lessEqual", (x, y) => truth(x <= y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("greater", (x, y) => truth(x > y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("greaterEqual", (x, y) => truth(x >= y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("logicalAnd", (x, y) => toBool(x) & toBool(y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("logicalOr", (x, y) => toBool(x) | toBool(y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
  binary("logicalXor", (x, y) => toBool(x) ^ toBool(y), { tolerance: EXACT, domain: [0, 1], gradient: FLAT, ints: true }),
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
    op: "bitwiseNot",
    apply: ([x]) => OPS.bitwiseNot(x!),
    reference: ([x]) => map((a) => ~a, x!),
    tolerance: EXACT,
    gradient: "integers have none",
    cases: [{ inputs: [{ shape: [3 * 512 + 2], dtype: "int32", domain: [-9, 9] }], attrs: NONE }],
  }),
  row<None>({
    op: "bitwiseNot",
    variant: "of booleans",
    apply: ([x]) => OPS.bitwiseNot(x!),
    reference: ([x]) => map((a) => 1 - a, x!),
    tolerance: EXACT,
    gradient: "booleans have none",
    cases: [{ inputs: [{ shape: [5], dtype: "bool", values: [1, 0, 0, 1, 1] }], attrs: NONE }],
  }),
  row<None>({
    op: "floorDivide",
    variant: "int32",
    apply: ([x, y]) => OPS.floorDivide(x!, y!),
    reference: ([x, y]) => map(byZero((a, b) => Math.floor(a / b)), x!, y!),
    tolerance: EXACT,
    gradient: "integers have none",
    cases: INTEGER_PAIRS,
  }),
  row<None>({
    op: "remainder",
    variant: "int32",
    apply: ([x, y]) => OPS.remainder(x!, y!),
    reference: ([x, y]) => map(byZero(remainder), x!, y!),
    tolerance: EXACT,
    gradient: "integers have none",
    cases: INTEGER_PAIRS,
  }),
  row<None>({
    op: "remainder",
    variant: "far apart",
    apply: ([x, y]) => OPS.remainder(x!, y!),
    reference: ([x, y]) => map((a, b) => Math.fround(remainder(a, b)), x!, y!),
    tolerance: [0, "the remainder of two float32 is computed without rounding; only adding y for the sign rounds"],
    gradient: "at jumps there is none",
    cases: [{ inputs: [{ shape: [5], values: [1e30, 3e7, -3e7, 1, 5] }, { shape: [5], values: [7, 0.1, 0.1, 1e30, -3] }], attrs: NONE, special: true }],
  }),
  ...[0, 1, 0.5].map((atZero) =>
    row<{ atZero: number }>({
      op: "step",
      variant: `${atZero} at 0`,
      apply: ([x], attrs) => OPS.step(x!, attrs),
      reference: ([x]) => map((a) => (a > 0 ? 1 : a < 0 ? 0 : a === 0 ? atZero : NaN), x!),
      tolerance: EXACT,
      domain: [-4, 4],
      gradient: FLAT,
      cases: [{ inputs: [{ shape: [3 * 512 + 2] }], attrs: { atZero } }, { inputs: [{ shape: [SPECIAL.length], values: SPECIAL }], attrs: { atZero }, special: true }],
    }),
  ),
  row<{ atZero: number }>({
    op: "sign",
    variant: "with a choice at 0",
    apply: ([x], attrs) => OPS.sign(x!, attrs),
    reference: ([x], { atZero }) => map((a) => (a === 0 ? atZero : Math.sign(a)), x!),
    tolerance: EXACT,
    gradient: FLAT,
    cases: [1, -1, 0.5].map((atZero) => ({ inputs: [{ shape: [SPECIAL.length], values: SPECIAL }], attrs: { atZero }, special: true })),
  }),
  row<None>({
    op: "add",
    variant: "float16 is computed in float32",
    apply: ([x, y]) => OPS.add(x!, y!),
    reference: ([x, y]) => map((a, b) => a + b, x!, y!),
    tolerance: EXACT,
    gradient: "the differences of the check are smaller than float16 can tell apart",
    cases: [
      { inputs: [{ shape: [3, 5], dtype: "float16" }, { shape: [5], dtype: "float16" }], attrs: NONE },
      { inputs: [{ shape: [3, 5], dtype: "float16" }, { shape: [3, 1], dtype: "int32", values: [2049, 3, -1] }], attrs: NONE },
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
  row<{ dtype: DType }>({
    op: "cast",
    apply: ([x], attrs) => OPS.cast(x!, attrs),
    reference: ([x], { dtype }) =>
      map((a) => {
        if (dtype === "bool") return toBool(a);
        if (dtype === "float32") return a;
        if (dtype === "float16") return half(a);
        const [least, most] = dtype === "uint8" ? [0, 255] : [-2147483648, 2147483647];
        return Number.isNaN(a) ? 0 : Math.min(Math.max(Math.trunc(a), least), most);
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
      ...SIZES.map((n) => ({ inputs: [{ shape: [n], domain: [-20, 300] as const }], attrs: { dtype: "uint8" as const } })),
      { inputs: [{ shape: [8], values: [NaN, INF, -INF, -0.5, 254.9, 255.5, 256, 3e9] }], attrs: { dtype: "uint8" } },
      { inputs: [{ shape: [5], dtype: "int32", values: [0, -1, 255, 256, 2147483647] }], attrs: { dtype: "uint8" } },
      { inputs: [{ shape: [3], dtype: "bool", values: [0, 1, 1] }], attrs: { dtype: "uint8" } },
      ...SIZES.map((n) => ({ inputs: [{ shape: [n], domain: [-9, 9] as const }], attrs: { dtype: "float16" as const } })),
      { inputs: [{ shape: [HALVES.length], values: HALVES }], attrs: { dtype: "float16" } },
      { inputs: [{ shape: [5], dtype: "int32", values: [0, 2049, -2051, 65519, 65520] }], attrs: { dtype: "float16" } },
      ...SIZES.map((n) => ({ inputs: [{ shape: [n], dtype: "float16" as const, domain: [-9, 9] as const }], attrs: { dtype: "float32" as const } })),
      { inputs: [{ shape: [HALVES.length], dtype: "float16", values: HALVES }], attrs: { dtype: "float32" } },
      { inputs: [{ shape: [4, 5, 2], dtype: "float16", domain: [-300, 300] }], attrs: { dtype: "uint8" } },
      { inputs: [{ shape: [4, 5, 2], dtype: "uint8", domain: [0, 256] }], attrs: { dtype: "float16" } },
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
