// Rows of the random ops.
import { philox } from "../../src/base/random.js";
import { OPS } from "../../src/ops/index.js";
import type { RandomAttrs } from "../../src/ops/random.js";
import { count, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

/** Word i of the stream: docs/kernels.md says how counter and key are made. */
function words(key: Plain, stream: number, n: number): number[] {
  const [seedLow, seedHigh, callLow, callHigh] = key.data as [number, number, number, number];
  const out = new Uint32Array(4);
  return Array.from({ length: n }, (_, i) => {
    philox(Uint32Array.of(i >> 2, stream, callLow, callHigh), Uint32Array.of(seedLow, seedHigh), out);
    return out[i & 3]!;
  });
}

/** The upper 24 bits, as a number in [0, 1): all that a float32 can hold. */
const unit = (word: number): number => (word >>> 8) / 2 ** 24;

function uniform(key: Plain, stream: number, shape: readonly number[]): Plain {
  return { shape, data: words(key, stream, count(shape)).map(unit) };
}

/** Box & Muller 1958: of a counter's four words, 0 and 1 give the radii of two pairs, 2 and 3 their angles. */
function normal(key: Plain, stream: number, n: number): number[] {
  const u = words(key, stream, (n + 3) & ~3).map(unit);
  return Array.from({ length: n }, (_, i) => {
    const first = i & ~3;
    const second = (i & 2) >> 1;
    const angle = 2 * Math.PI * u[first + 2 + second]!;
    return Math.sqrt(-2 * Math.log(1 - u[first + second]!)) * (i & 1 ? Math.sin(angle) : Math.cos(angle));
  });
}

const KEY = { shape: [4], dtype: "int32", values: [42, 7, 3, 0] } as const;
const ODD_KEY = { shape: [4], dtype: "int32", values: [-1, 1 << 30, 65535, -5] } as const;
const SHAPES = [[0], [1], [3], [4], [5], [3 * 512 + 2], [2, 3, 4]];

const NONE = "random numbers have none";

export const RANDOM: readonly Row[] = [
  row<RandomAttrs>({
    op: "random",
    variant: "uniform",
    apply: ([key], attrs) => OPS.random(key!, attrs),
    reference: ([key], { stream, shape, a, b = 0 }) => ({ shape, data: uniform(key!, stream, shape).data.map((u) => a + u * (b - a)) }),
    tolerance: [2e-7, "a + u·(b − a): two roundings"],
    gradient: NONE,
    cases: [
      ...SHAPES.map((shape) => ({ inputs: [KEY], attrs: { distribution: "uniform" as const, shape, stream: 1, a: 0, b: 1 } })),
      { inputs: [ODD_KEY], attrs: { distribution: "uniform", shape: [101], stream: 77, a: -2, b: 3 } },
    ],
  }),
  row<RandomAttrs>({
    op: "random",
    variant: "normal",
    apply: ([key], attrs) => OPS.random(key!, attrs),
    reference: ([key], { stream, shape, a, b = 0 }) => ({ shape, data: normal(key!, stream, count(shape)).map((x) => a + b * x) }),
    tolerance: [2e-6, "the angle, below 2π, is rounded to 2.4e-7; it is multiplied by radii up to 5.8 and results of about 4"],
    gradient: NONE,
    cases: [
      ...SHAPES.map((shape) => ({ inputs: [KEY], attrs: { distribution: "normal" as const, shape, stream: 3, a: 0, b: 1 } })),
      { inputs: [ODD_KEY], attrs: { distribution: "normal", shape: [101], stream: 0, a: 10, b: 0.5 } },
    ],
  }),
  row<RandomAttrs>({
    op: "random",
    variant: "bernoulli",
    apply: ([key], attrs) => OPS.random(key!, attrs),
    reference: ([key], { stream, shape, a }) => ({ shape, data: uniform(key!, stream, shape).data.map((u) => (u < a ? 1 : 0)) }),
    tolerance: [0, "0 or 1"],
    gradient: NONE,
    cases: SHAPES.map((shape) => ({ inputs: [KEY], attrs: { distribution: "bernoulli" as const, shape, stream: 5, a: 0.3 } })),
  }),
  row<{ rate: number; stream: number }>({
    op: "dropout",
    apply: ([x, key], attrs) => OPS.dropout(x!, key!, attrs),
    reference: ([x, key], { rate, stream }) => {
      const keep = Math.fround(1 - rate);
      const draws = uniform(key!, stream, x!.shape).data;
      return { shape: x!.shape, data: x!.data.map((value, i) => (draws[i]! < keep ? value / keep : 0)) };
    },
    tolerance: [2e-7, "1 / keep may be rounded before it is multiplied"],
    domain: [-2, 2],
    cases: SHAPES.map((shape) => ({ inputs: [{ shape }, KEY], attrs: { rate: 0.4, stream: 9 } })),
  }),
];
