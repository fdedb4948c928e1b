// Rows of batch normalisation.
import { OPS } from "../../src/ops/index.js";
import { map, reduce, total, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const leading = (x: Plain): number[] => x.shape.map((_, i) => i).slice(0, -1);
const rowOf = (x: Plain): Plain => withShape(x, [x.data.length]);
const mean = (x: Plain): Plain => rowOf(reduce(x, leading(x), (list) => total(list) / list.length));
const stack = (a: Plain, b: Plain): Plain => ({ shape: [2, a.data.length], data: [...a.data, ...b.data] });

function variance(x: Plain): Plain {
  return mean(map((value, m) => (value - m) ** 2, x, mean(x)));
}

function normalized(x: Plain, m: Plain, v: Plain, gamma: Plain, beta: Plain, epsilon: number): Plain {
  return map((value, a, b, g, shift) => ((value - a) / Math.sqrt(b + epsilon)) * g + shift, x, m, v, gamma, beta);
}

const TOLERANCE = [3e-6, "two sums over up to 300 rows, a root and a division"] as const;

export const NORMALIZATION: readonly Row[] = [
  row({
    op: "bnStats",
    apply: ([x]) => OPS.bnStats(x!),
    reference: ([x]) => stack(mean(x!), variance(x!)),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [
      ...[[4, 1], [5, 3], [300, 4], [7, 5], [2, 4, 3, 17]].map((shape) => ({ inputs: [{ shape }], attrs: {} })),
      // A mean of a thousand deviations: one pass would lose the variance.
      { inputs: [{ shape: [300, 5], domain: [1000, 1001] as const }], attrs: {}, special: true },
    ],
  }),
  row({
    op: "bnGradSums",
    apply: ([dy, x, m]) => OPS.bnGradSums(dy!, x!, m!),
    reference: ([dy, x, m]) => {
      const sums = (y: Plain): Plain => rowOf(reduce(y, leading(y), total));
      return stack(sums(dy!), sums(map((d, value, a) => d * (value - a), dy!, x!, m!)));
    },
    tolerance: TOLERANCE,
    domain: [-2, 2],
    cases: [[4, 1], [5, 3], [300, 4], [2, 4, 3, 17]].map((shape) => ({ inputs: [{ shape }, { shape }, { shape: shape.slice(-1) }], attrs: {} })),
  }),
  row<{ epsilon: number }>({
    op: "batchNormalize",
    apply: ([x, gamma, beta], attrs) => OPS.batchNormalize(x!, gamma!, beta!, attrs),
    reference: ([x, gamma, beta], { epsilon }) => normalized(x!, mean(x!), variance(x!), gamma!, beta!, epsilon),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [[5, 3], [64, 4], [2, 4, 3, 6]].map((shape) => ({ inputs: [{ shape }, { shape: shape.slice(-1) }, { shape: shape.slice(-1) }], attrs: { epsilon: 1e-3 } })),
  }),
  row<{ epsilon: number }>({
    op: "batchNorm",
    apply: ([x, m, v, gamma, beta], attrs) => OPS.batchNorm(x!, m!, v!, gamma!, beta!, attrs),
    reference: ([x, m, v, gamma, beta], { epsilon }) => normalized(x!, m!, v!, gamma!, beta!, epsilon),
    tolerance: TOLERANCE,
    domain: [0.5, 2],
    cases: [[5, 3], [2, 4, 3, 6]].map((shape) => ({ inputs: [{ shape }, ...[1, 2, 3, 4].map(() => ({ shape: shape.slice(-1) }))], attrs: { epsilon: 1e-3 } })),
  }),
];
