// Rows of softmax and cross-entropy.
import { OPS } from "../../src/ops/index.js";
import { build, get, map, reduce, total, type Plain } from "./plain.js";
import { row, type Case, type Row } from "./row.js";

function logSoftmax(x: Plain, axis = -1): Plain {
  const along = (axis + x.shape.length) % x.shape.length;
  const lse = reduce(x, [along], (list) => {
    const peak = Math.max(...list);
    return Number.isFinite(peak) ? peak + Math.log(total(list.map((value) => Math.exp(value - peak)))) : NaN;
  });
  return map((value, norm) => value - norm, x, lse);
}

const softmax = (x: Plain, axis?: number): Plain => map(Math.exp, logSoftmax(x, axis));

const TOLERANCE = [1e-6, "one exp of 2 ulp, a sum of up to 514 terms and a division"] as const;

const AXES: Case<{ axis?: number }>[] = [
  ...[1, 3, 4, 5, 514].map((n) => ({ inputs: [{ shape: [3, n] }], attrs: {} })),
  { inputs: [{ shape: [6] }], attrs: {} },
  { inputs: [{ shape: [0, 4] }], attrs: {} },
  { inputs: [{ shape: [5, 7] }], attrs: { axis: 0 } },
  { inputs: [{ shape: [2, 3, 4] }], attrs: { axis: 1 } },
  { inputs: [{ shape: [2, 4], values: [1000, 999, -1000, 0, NaN, 1, 2, 3] }], attrs: {}, special: true },
];

/** Mean loss rows: dense weights, or class numbers. */
function crossEntropy(logits: Plain, labels: Plain): Plain {
  const logs = logSoftmax(logits);
  const shape = logits.shape.slice(0, -1);
  const classes = logits.shape[logits.shape.length - 1]!;
  const dense = labels.shape.length === logits.shape.length;
  return build(shape, (index) => {
    if (!dense) return -get(logs, [...index, get(labels, index)]);
    return -total(Array.from({ length: classes }, (_, c) => get(labels, [...index, c]) * get(logs, [...index, c])));
  });
}

function crossEntropyGrad(logits: Plain, labels: Plain, dloss: Plain): Plain {
  const p = softmax(logits);
  const rank = logits.shape.length;
  const dense = labels.shape.length === rank;
  const weight = (index: readonly number[]): number => (dense ? get(labels, index) : get(labels, index.slice(0, -1)) === index[rank - 1] ? 1 : 0);
  return build(logits.shape, (index) => {
    const whole = dense ? total(Array.from({ length: logits.shape[rank - 1]! }, (_, c) => get(labels, [...index.slice(0, -1), c]))) : 1;
    return get(dloss, index.slice(0, -1)) * (get(p, index) * whole - weight(index));
  });
}

export const SOFTMAX: readonly Row[] = [
  row<{ axis?: number }>({ op: "softmax", apply: ([x], attrs) => OPS.softmax(x!, attrs), reference: ([x], { axis }) => softmax(x!, axis), tolerance: TOLERANCE, domain: [-3, 3], cases: AXES }),
  row<{ axis?: number }>({ op: "logSoftmax", apply: ([x], attrs) => OPS.logSoftmax(x!, attrs), reference: ([x], { axis }) => logSoftmax(x!, axis), tolerance: TOLERANCE, domain: [-3, 3], cases: AXES }),
  row<{ log: boolean }>({
    op: "softmaxGrad",
    apply: ([y, dy], attrs) => OPS.softmaxGrad(y!, dy!, attrs),
    reference: ([y, dy], { log }) => {
      const last = y!.shape.length - 1;
      if (log) return map((d, value, sum) => d - Math.exp(value) * sum, dy!, y!, reduce(dy!, [last], total));
      return map((value, d, sum) => value * (d - sum), y!, dy!, reduce(map((a, b) => a * b, y!, dy!), [last], total));
    },
    tolerance: TOLERANCE,
    domain: [-1, 1],
    cases: [
      { inputs: [{ shape: [3, 5] }, { shape: [3, 5] }], attrs: { log: false } },
      { inputs: [{ shape: [3, 5] }, { shape: [3, 5] }], attrs: { log: true } },
      { inputs: [{ shape: [2, 2, 33] }, { shape: [2, 2, 33] }], attrs: { log: false } },
      { inputs: [{ shape: [2, 2, 33] }, { shape: [2, 2, 33] }], attrs: { log: true } },
    ],
  }),
  row({
    op: "softmaxCrossEntropy",
    apply: ([logits, labels]) => OPS.softmaxCrossEntropy(logits!, labels!),
    reference: ([logits, labels]) => crossEntropy(logits!, labels!),
    tolerance: TOLERANCE,
    domain: [-3, 3],
    cases: [
      { inputs: [{ shape: [5, 10] }, { shape: [5], dtype: "int32", domain: [0, 10] }], attrs: {} },
      { inputs: [{ shape: [3, 3] }, { shape: [3], dtype: "uint8", values: [2, 0, 1] }], attrs: {} },
      { inputs: [{ shape: [5, 10] }, { shape: [5, 10], domain: [0, 1] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 3], dtype: "int32", domain: [0, 5] }], attrs: {} },
      { inputs: [{ shape: [7] }, { shape: [7], domain: [0, 1] }], attrs: {} },
      { inputs: [{ shape: [2, 3], values: [1e4, 0, -1e4, 0, 1e4, 0] }, { shape: [2], dtype: "int32", values: [0, 2] }], attrs: {}, special: true },
    ],
  }),
  row({
    op: "softmaxCrossEntropyGrad",
    apply: ([logits, labels, dloss]) => OPS.softmaxCrossEntropyGrad(logits!, labels!, dloss!),
    reference: ([logits, labels, dloss]) => crossEntropyGrad(logits!, labels!, dloss!),
    tolerance: TOLERANCE,
    domain: [-2, 2],
    cases: [
      { inputs: [{ shape: [5, 10] }, { shape: [5], dtype: "int32", domain: [0, 10] }, { shape: [5] }], attrs: {} },
      { inputs: [{ shape: [5, 10] }, { shape: [5, 10], domain: [0, 1] }, { shape: [5] }], attrs: {} },
    ],
  }),
];
