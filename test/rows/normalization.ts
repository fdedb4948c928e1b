// Rows of batch normalisation, and of those that work example by example.
import { part } from "../../src/graph/value.js";
import { OPS } from "../../src/ops/index.js";
import { build, get, map, reduce, total, withShape, type Plain } from "./plain.js";
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

/** Each element by the mean and deviation of those that `same` says belong to it; not centred: by the root of their mean square. */
function normalizedOver(x: Plain, axes: readonly number[], epsilon: number, centred: boolean): Plain {
  const over = (y: Plain): Plain => reduce(y, axes, (list) => total(list) / list.length);
  const from = centred ? map((value, m) => value - m, x, over(x)) : x;
  return map((value, square) => value / Math.sqrt(square + epsilon), from, over(map((value) => value * value, from)));
}

/** y · scale + offset, where both have y's shape along `axes`. */
function affine(y: Plain, axes: readonly number[], scale?: Plain, offset?: Plain): Plain {
  const pick = (of: Plain | undefined, index: readonly number[], otherwise: number): number => (of ? get(of, axes.map((axis) => index[axis]!)) : otherwise);
  return build(y.shape, (index) => get(y, index) * pick(scale, index, 1) + pick(offset, index, 0));
}

const axesOf = (x: Plain, axes: number | readonly number[] = -1): number[] => [axes].flat().map((axis) => ((axis as number) + x.shape.length) % x.shape.length);

interface Grouped {
  readonly groups?: number;
  readonly epsilon?: number;
  readonly dataFormat?: "channelsFirst";
}

/** Channels last; by groups of channels. */
function grouped(x: Plain, groups: number, epsilon: number, scale?: Plain, offset?: Plain): Plain {
  const [n, c] = [x.shape[0]!, x.shape.at(-1)!];
  const parts = withShape(x, [n, x.data.length / n / c, groups, c / groups]);
  return affine(withShape(normalizedOver(parts, [1, 3], epsilon, true), x.shape), [x.shape.length - 1], scale, offset);
}

const turn = (x: Plain, perm: readonly number[]): Plain => build(perm.map((axis) => x.shape[axis]!), (index) => get(x, perm.map((_, axis) => index[perm.indexOf(axis)]!)));

function inFormat(x: Plain, { dataFormat }: Grouped, f: (x: Plain) => Plain): Plain {
  return dataFormat ? turn(f(turn(x, [0, 2, 3, 1])), [0, 3, 1, 2]) : f(x);
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
  row<{ epsilon: number; centred: boolean; scaled: boolean; shifted: boolean }>({
    op: "normalizeRows",
    apply: ([x, ...rest], attrs) => OPS.normalizeRows(x!, ...rest, attrs),
    reference: ([x, ...rest], { epsilon, centred, scaled, shifted }) => {
      const last = [x!.shape.length - 1];
      return affine(normalizedOver(x!, last, epsilon, centred), last, scaled ? rest[0] : undefined, shifted ? rest.at(-1) : undefined);
    },
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [[5, 3], [1, 64], [2, 3, 17], [3, 4]].flatMap((shape) =>
      [0, 1, 2, 3].map((flags) => {
        const [scaled, shifted] = [flags % 2 === 1, flags > 1];
        const n = { shape: shape.slice(-1) };
        return { inputs: [{ shape }, ...(scaled ? [n] : []), ...(shifted ? [n] : [])], attrs: { epsilon: 1e-2, centred: flags !== 2, scaled, shifted } };
      }),
    ),
  }),
  row<{ epsilon: number; centred: boolean }>({
    op: "normalizeRowsGrad",
    apply: ([x, dy, ...scale], attrs) => {
      const all = OPS.normalizeRowsGrad(x!, dy!, ...scale, attrs);
      return [part(all, 0), part(all, 1)];
    },
    reference: ([x, dy, scale], { epsilon, centred }) => {
      const last = [x!.shape.length - 1];
      const over = (y: Plain): Plain => reduce(y, last, (list) => total(list) / list.length);
      const y = normalizedOver(x!, last, epsilon, centred);
      const g = scale ? map((d, s) => d * s, dy!, scale) : dy!;
      const means = centred ? over(x!) : map(() => 0, over(x!));
      const inverse = map((square) => 1 / Math.sqrt(square + epsilon), over(map((value, m) => (value - m) ** 2, x!, means)));
      const dx = map((a, b, average, product, factor) => factor * (a - (centred ? average : 0) - b * product), g, y, over(g), over(map((a, b) => a * b, g, y)), inverse);
      return [dx, { shape: [means.data.length, 2], data: means.data.flatMap((m, i) => [m, inverse.data[i]!]) }];
    },
    tolerance: TOLERANCE,
    domain: [-2, 2],
    cases: [[5, 3], [2, 3, 9]].flatMap((shape) => [
      { inputs: [{ shape }, { shape }], attrs: { epsilon: 0.1, centred: true } },
      { inputs: [{ shape }, { shape }, { shape: shape.slice(-1) }], attrs: { epsilon: 0.1, centred: true } },
      { inputs: [{ shape }, { shape }, { shape: shape.slice(-1) }], attrs: { epsilon: 0.1, centred: false } },
    ]),
  }),
  row<{ epsilon: number; centred: boolean }>({
    op: "normalizeRowsSums",
    apply: ([x, dy], attrs) => {
      const all = OPS.normalizeRowsSums(x!, dy!, part(OPS.normalizeRowsGrad(x!, dy!, attrs), 1), attrs);
      return [part(all, 0), part(all, 1)];
    },
    reference: ([x, dy], { epsilon, centred }) => {
      const y = normalizedOver(x!, [x!.shape.length - 1], epsilon, centred);
      return [map((a, b) => a * b, dy!, y), dy!].map((z) => rowOf(reduce(z, leading(z), total)));
    },
    tolerance: TOLERANCE,
    domain: [-2, 2],
    cases: [[5, 3], [2, 9, 17]].flatMap((shape) => [true, false].map((centred) => ({ inputs: [{ shape }, { shape }], attrs: { epsilon: 0.1, centred } }))),
  }),
  row<{ axes?: number | readonly number[]; epsilon?: number }>({
    op: "layerNorm",
    apply: ([x, scale, offset], attrs) => OPS.layerNorm(x!, { ...attrs, ...(scale && { scale }), ...(offset && { offset }) }),
    reference: ([x, scale, offset], { axes, epsilon = 1e-5 }) => affine(normalizedOver(x!, axesOf(x!, axes), epsilon, true), axesOf(x!, axes), scale, offset),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [
      { inputs: [{ shape: [4, 9] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 5] }, { shape: [3, 5] }, { shape: [3, 5] }], attrs: { axes: [1, 2], epsilon: 1e-3 } },
      { inputs: [{ shape: [7, 4] }, { shape: [7] }], attrs: { axes: 0, epsilon: 1e-3 } },
      { inputs: [{ shape: [3, 2, 4] }, { shape: [3, 4] }, { shape: [3, 4] }], attrs: { axes: [0, 2], epsilon: 1e-3 } },
      { inputs: [{ shape: [0, 5] }], attrs: {} },
    ],
  }),
  row<{ axes?: number | readonly number[]; epsilon?: number }>({
    op: "rmsNorm",
    apply: ([x, scale], attrs) => OPS.rmsNorm(x!, { ...attrs, ...(scale && { scale }) }),
    reference: ([x, scale], { axes, epsilon = 1e-6 }) => affine(normalizedOver(x!, axesOf(x!, axes), epsilon, false), axesOf(x!, axes), scale),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [
      { inputs: [{ shape: [4, 9] }, { shape: [9] }], attrs: {} },
      { inputs: [{ shape: [5, 2, 3] }, { shape: [5] }], attrs: { axes: 0, epsilon: 1e-2 } },
    ],
  }),
  row<Grouped>({
    op: "groupNorm",
    apply: ([x, scale, offset], attrs) => OPS.groupNorm(x!, { groups: 1, ...attrs, ...(scale && { scale }), ...(offset && { offset }) }),
    reference: ([x, scale, offset], attrs) => inFormat(x!, attrs, (y) => grouped(y, attrs.groups!, attrs.epsilon ?? 1e-5, scale, offset)),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [
      { inputs: [{ shape: [2, 3, 2, 6] }, { shape: [6] }, { shape: [6] }], attrs: { groups: 3, epsilon: 1e-2 } },
      { inputs: [{ shape: [2, 5, 8] }], attrs: { groups: 2 } },
      { inputs: [{ shape: [2, 4, 3, 3] }, { shape: [4] }], attrs: { groups: 2, dataFormat: "channelsFirst" } },
    ],
  }),
  row<Grouped>({
    op: "instanceNorm",
    apply: ([x, scale, offset], attrs) => OPS.instanceNorm(x!, { ...attrs, ...(scale && { scale }), ...(offset && { offset }) }),
    reference: ([x, scale, offset], attrs) => inFormat(x!, attrs, (y) => grouped(y, y.shape.at(-1)!, attrs.epsilon ?? 1e-5, scale, offset)),
    tolerance: TOLERANCE,
    domain: [-2, 3],
    cases: [
      { inputs: [{ shape: [2, 3, 3, 5] }, { shape: [5] }, { shape: [5] }], attrs: { epsilon: 1e-2 } },
      { inputs: [{ shape: [2, 3, 4, 4] }], attrs: { dataFormat: "channelsFirst" } },
    ],
  }),
];
