// Rows of the activations: compositions of elementwise ops, checked with their gradients also where x is so large that formulas overflow.
import { OPS } from "../../src/ops/index.js";
import type { Value } from "../../src/graph/value.js";
import { erf } from "./elementwise.js";
import { build, get, map, type Plain } from "./plain.js";
import { row, type Case, type OpName, type Row } from "./row.js";

const INF = Infinity;
const LARGE = [NaN, 0, -0, 1, -1, 30, -30, 100, -100, 1e20, -1e20, 3e38, -3e38];
const SIZES = [0, 1, 5, 3 * 512 + 2];

interface Options<A> {
  readonly tolerance?: readonly [number, string];
  /** Domains, one case each, which avoid the kinks; one on both sides of 0 when absent. */
  readonly domains?: readonly (readonly [number, number])[];
  readonly attrs?: readonly A[];
  readonly special?: readonly number[];
}

const FEW = [6e-7, "exp or tanh, 2 ulp, and up to four roundings"] as const;
const EXACT = [0, "one operation, rounded as IEEE 754 says"] as const;

function activation<A extends object = object>(op: OpName, f: (x: number, attrs: A) => number, options: Options<A> = {}): Row {
  const { tolerance = FEW, domains = [[-4, -0.1], [0.1, 4]], attrs = [{} as A], special = LARGE } = options;
  const apply = OPS[op] as (x: Value, attrs: A) => Value;
  return row<A>({
    op,
    apply: ([x], given) => apply(x!, given),
    reference: ([x], given) => map((a) => f(a, given), x!),
    tolerance,
    cases: attrs.flatMap((given): Case<A>[] => [
      ...SIZES.map((n, i) => ({ inputs: [{ shape: [n], domain: domains[i % domains.length]! }], attrs: given })),
      ...domains.map((domain) => ({ inputs: [{ shape: [3, 7], domain }], attrs: given })),
      { inputs: [{ shape: [special.length], values: special }], attrs: given, special: true },
    ]),
  });
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** Where erf rounds to −1, its complement has digits left; here absolute errors count. */
const normalCdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;
/** Bounds that let NaN through. */
const hold = (x: number, min: number, max: number): number => (x < min ? min : x > max ? max : x);
const elu = (x: number, alpha: number): number => (x > 0 ? x : alpha * Math.expm1(x));

export const ACTIVATIONS: readonly Row[] = [
  activation("relu6", (x) => hold(x, 0, 6), { tolerance: EXACT, domains: [[-4, -0.1], [0.1, 5.9], [6.1, 9]], special: [...LARGE, 6, INF, -INF] }),
  activation<{ alpha: number }>("leakyRelu", (x, { alpha }) => (x > 0 ? x : Math.fround(alpha) * x), {
    tolerance: EXACT,
    attrs: [{ alpha: 0.25 }, { alpha: 0.1 }, { alpha: 0 }],
    special: [...LARGE, INF],
  }),
  row({
    op: "prelu",
    apply: ([x, alpha]) => OPS.prelu(x!, alpha!),
    reference: ([x, alpha]) => map((a, slope) => (a > 0 ? a : slope * a), x!, alpha!),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3, 4, 5], domain: [-4, -0.1] }, { shape: [4, 1] }], attrs: {} },
      { inputs: [{ shape: [3, 4], domain: [0.1, 4] }, { shape: [] }], attrs: {} },
      { inputs: [{ shape: [9], domain: [-4, 4] }, { shape: [9] }], attrs: {} },
      { inputs: [{ shape: [LARGE.length], values: LARGE }, { shape: [], values: [0.5] }], attrs: {}, special: true },
    ],
  }),
  activation<{ alpha: number }>("elu", (x, { alpha }) => elu(x, alpha), { attrs: [{ alpha: 1 }, { alpha: 1.3 }], special: [...LARGE, INF, -INF] }),
  activation("selu", (x) => 1.0507009873554805 * elu(x, 1.6732632423543772), { special: [...LARGE.filter((x) => Math.abs(x) < 3e38), INF, -INF] }),
  activation<{ alpha: number }>("celu", (x, { alpha }) => (x > 0 ? x : alpha * Math.expm1(x / alpha)), { attrs: [{ alpha: 1 }, { alpha: 2.5 }], special: [...LARGE, INF, -INF] }),
  activation<{ beta: number }>("silu", (x, { beta }) => x * sigmoid(beta * x), { attrs: [{ beta: 1 }, { beta: 1.702 }] }),
  activation("mish", (x) => x * Math.tanh(softplus(x))),
  activation("normalCdf", normalCdf, { tolerance: [1.3e-7, "a polynomial in the exponent and exp"], domains: [[-6, 6], [-14, -6], [6, 14]], special: [...LARGE, INF, -INF] }),
  activation("gelu", (x) => (x === 0 || Number.isNaN(x) ? x : x * normalCdf(x)), { tolerance: [2e-7, "Φ's error of 1.3e-7 times x, and one rounding"], domains: [[-4, 4]], special: [...LARGE, INF] }),
  activation("geluTanh", (x) => (Math.abs(x) > 1e9 ? Math.max(x, -0) : (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))), { domains: [[-4, 4]] }),
  activation("hardSigmoid", (x) => hold(x / 6 + 0.5, 0, 1), { domains: [[-2.9, 2.9], [3.1, 5], [-5, -3.1]], special: [...LARGE, INF, -INF] }),
  activation("hardSwish", (x) => x * hold(x / 6 + 0.5, 0, 1), { domains: [[-2.9, 2.9], [3.1, 5], [-5, -3.1]] }),
  activation<{ min: number; max: number }>("hardTanh", (x, { min, max }) => hold(x, min, max), {
    tolerance: EXACT,
    domains: [[-0.9, 0.9], [2.1, 5]],
    attrs: [{ min: -1, max: 1 }, { min: -2, max: 2 }],
    special: [...LARGE, INF, -INF],
  }),
  activation("tanhShrink", (x) => x - Math.tanh(x)),
  activation<{ lambda: number }>("softShrink", (x, { lambda }) => x - hold(x, -lambda, lambda), { domains: [[0.6, 4], [-4, -0.6], [-0.4, 0.4]], attrs: [{ lambda: 0.5 }], special: [...LARGE, INF, -INF] }),
  activation<{ lambda: number }>("hardShrink", (x, { lambda }) => (Math.abs(x) <= lambda ? 0 : x), {
    tolerance: EXACT,
    domains: [[0.6, 4], [-4, -0.6], [-0.4, 0.4]],
    attrs: [{ lambda: 0.5 }],
    special: [...LARGE, 0.5, INF, -INF],
  }),
  activation<{ threshold: number; value: number }>("threshold", (x, { threshold, value }) => (x <= threshold ? value : x), {
    tolerance: EXACT,
    domains: [[1.1, 4], [-4, 0.9]],
    attrs: [{ threshold: 1, value: 0 }, { threshold: 1, value: -7 }],
    special: [...LARGE, INF, -INF],
  }),
  activation("logSigmoid", (x) => -softplus(-x), { special: [...LARGE, INF, -INF] }),
  activation("softsign", (x) => x / (1 + Math.abs(x)), { tolerance: [2e-7, "two roundings"] }),
  row<{ axis: number }>({
    op: "glu",
    apply: ([x], attrs) => OPS.glu(x!, attrs),
    reference: ([x], { axis }): Plain => {
      const at = (axis + x!.shape.length) % x!.shape.length;
      const half = x!.shape[at]! / 2;
      return build(x!.shape.map((dim, i) => (i === at ? half : dim)), (index) => get(x!, index) * sigmoid(get(x!, index.map((k, i) => (i === at ? k + half : k)))));
    },
    tolerance: FEW,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3, 8] }], attrs: { axis: -1 } },
      { inputs: [{ shape: [2, 6, 5] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [4, 0] }], attrs: { axis: 1 } },
    ],
  }),
  row<{ axis: number }>({
    op: "sparsemax",
    apply: ([x], attrs) => OPS.sparsemax(x!, attrs),
    reference: ([x], { axis }): Plain => {
      const at = (axis + x!.shape.length) % x!.shape.length;
      return build(x!.shape, (index) => {
        const line = Array.from({ length: x!.shape[at]! }, (_, k) => get(x!, index.map((j, i) => (i === at ? k : j))));
        const sorted = [...line].sort((a, b) => b - a);
        let tau = NaN;
        for (let k = 1, sum = 0; k <= sorted.length; k++) {
          sum += sorted[k - 1]!;
          if (1 + k * sorted[k - 1]! > sum) tau = (sum - 1) / k;
        }
        return Math.max(get(x!, index) - tau, 0);
      });
    },
    tolerance: [4e-7, "a mean of what is above τ and two differences, each rounded"],
    domain: [-1, 1],
    cases: [
      { inputs: [{ shape: [5, 7] }], attrs: { axis: -1 } },
      { inputs: [{ shape: [4, 6, 3] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [1] }], attrs: { axis: 0 } },
      { inputs: [{ shape: [2, 67], domain: [-0.5, 0.5] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [6], values: [3, 3, 1, -100, -Infinity, 2.5] }], attrs: { axis: 0 }, special: true },
      { inputs: [{ shape: [3], values: [1e6, 0, -1e30] }], attrs: { axis: 0 }, special: true },
    ],
  }),
  row<{ units: number; axis?: number }>({
    op: "maxout",
    apply: ([x], attrs) => OPS.maxout(x!, attrs),
    reference: ([x], { units, axis = -1 }): Plain => {
      const at = (axis + x!.shape.length) % x!.shape.length;
      const pieces = x!.shape[at]! / units;
      return build(x!.shape.map((dim, i) => (i === at ? units : dim)), (index) =>
        Math.max(...Array.from({ length: pieces }, (_, p) => get(x!, index.map((k, i) => (i === at ? k * pieces + p : k))))),
      );
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3, 8] }], attrs: { units: 2 } },
      { inputs: [{ shape: [2, 6, 5] }], attrs: { units: 3, axis: 1 } },
      { inputs: [{ shape: [7] }], attrs: { units: 7 } },
    ],
  }),
];
