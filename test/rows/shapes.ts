// Rows of the ops that move, repeat and cut elements beyond what views.ts has.
import { OPS } from "../../src/ops/index.js";
import type { PadMode } from "../../src/ops/padMode.js";
import type { StridedSliceAttrs } from "../../src/ops/stridedSlice.js";
import { build, get, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are moved, not computed"] as const;

const modulo = (k: number, n: number): number => ((k % n) + n) % n;

/** Python's slice of a list of indices. */
function indicesOf(dim: number, begin: number | null, end: number | null, step: number): number[] {
  const list: number[] = [];
  const from = begin === null ? (step > 0 ? 0 : dim - 1) : begin < 0 ? begin + dim : begin;
  const to = end === null ? (step > 0 ? dim : -1) : end < 0 ? end + dim : end;
  for (let k = step > 0 ? Math.max(0, from) : Math.min(dim - 1, from); step > 0 ? k < Math.min(dim, to) : k > Math.max(-1, to); k += step) list.push(k);
  return list;
}

function picked(x: Plain, lists: readonly (readonly number[])[]): Plain {
  return build(lists.map(({ length }) => length), (index) => get(x, index.map((k, i) => lists[i]![k]!)));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function padIndices(dim: number, before: number, after: number, mode: PadMode): number[] {
  const period = 2 * (dim - 1);
  const place: Record<PadMode, (k: number) => number> = {
    reflect: (k) => (period === 0 ? 0 : modulo(k, period) < dim ? modulo(k, period) : period - modulo(k, period)),
    symmetric: (k) => (modulo(k, 2 * dim) < dim ? modulo(k, 2 * dim) : 2 * dim - 1 - modulo(k, 2 * dim)),
    edge: (k) => Math.min(dim - 1, Math.max(0, k)),
    wrap: (k) => modulo(k, dim),
  };
  return range(-before, dim + after).map(place[mode]);
}

export const SHAPES: readonly Row[] = [
  row<{ axes?: number | readonly number[] }>({
    op: "flip",
    apply: ([x], attrs) => OPS.flip(x!, attrs),
    reference: ([x], { axes }) => {
      const turned = axes === undefined ? range(0, x!.shape.length) : [axes].flat().map((axis) => modulo(axis, x!.shape.length));
      return build(x!.shape, (index) => get(x!, index.map((k, i) => (turned.includes(i) ? x!.shape[i]! - 1 - k : k))));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [7] }], attrs: {} },
      { inputs: [{ shape: [3, 4, 5] }], attrs: { axes: [0, 2] } },
      { inputs: [{ shape: [3, 9] }], attrs: { axes: -1 } },
      { inputs: [{ shape: [0, 3] }], attrs: {} },
      { inputs: [{ shape: [] }], attrs: {} },
      { inputs: [{ shape: [4], dtype: "int32", values: [1, 2, 3, 4] }], attrs: { axes: 0 } },
    ],
  }),
  row({
    op: "flip",
    variant: "read backwards by a matrix product, a reduction and an elementwise chain",
    apply: ([a, b]) => {
      const [x, y] = [OPS.flip(a!), OPS.flip(b!, { axes: 0 })];
      return OPS.add(OPS.matmul(x, y), OPS.sum(OPS.mul(OPS.neg(x), a!)));
    },
    reference: ([a, b]) => {
      const [m, k, n] = [a!.shape[0]!, a!.shape[1]!, b!.shape[1]!];
      const x = [...a!.data].reverse();
      const total = x.reduce((sum, value, i) => sum - value * a!.data[i]!, 0);
      return build([m, n], ([i, j]) => range(0, k).reduce((sum, l) => sum + x[i! * k + l]! * b!.data[(k - 1 - l) * n + j!]!, total));
    },
    tolerance: [2e-6, "sums of up to 65 products"],
    cases: [{ inputs: [{ shape: [5, 13] }, { shape: [13, 9] }], attrs: {} }],
  }),
  row<StridedSliceAttrs>({
    op: "stridedSlice",
    apply: ([x], attrs) => OPS.stridedSlice(x!, attrs),
    reference: ([x], { begin, end = [], strides = [] }) => picked(x!, x!.shape.map((dim, i) => indicesOf(dim, begin[i] ?? null, end[i] ?? null, strides[i] ?? 1))),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [10] }], attrs: { begin: [2], end: [9], strides: [3] } },
      { inputs: [{ shape: [10] }], attrs: { begin: [null], strides: [-1] } },
      { inputs: [{ shape: [10] }], attrs: { begin: [-2], end: [1], strides: [-3] } },
      { inputs: [{ shape: [5, 7] }], attrs: { begin: [null, -3], end: [99, null], strides: [-2, 2] } },
      { inputs: [{ shape: [5, 7] }], attrs: { begin: [4, 0], end: [1, 7] } },
    ],
  }),
  row<{ text: string; lists: (number[] | number)[]; shape: number[] }>({
    op: "sliceText",
    apply: ([x], { text }) => OPS.sliceText(x!, { text }),
    reference: ([x], { lists, shape }) => withShape(picked(x!, lists.map((list) => [list].flat())), shape),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [12, 3, 3] }], attrs: { text: "2:10", lists: [range(2, 10), range(0, 3), range(0, 3)], shape: [8, 3, 3] } },
      { inputs: [{ shape: [4, 6, 6] }], attrs: { text: ":, 2:-2, 2:-2", lists: [range(0, 4), range(2, 4), range(2, 4)], shape: [4, 2, 2] } },
      { inputs: [{ shape: [4, 6, 5] }], attrs: { text: "..., ::-1", lists: [range(0, 4), range(0, 6), [4, 3, 2, 1, 0]], shape: [4, 6, 5] } },
      { inputs: [{ shape: [4, 6, 5] }], attrs: { text: "-1, ..., newaxis, 1:4:2", lists: [3, range(0, 6), [1, 3]], shape: [6, 1, 2] } },
      { inputs: [{ shape: [4, 6] }], attrs: { text: "1, 2", lists: [1, 2], shape: [] } },
      { inputs: [{ shape: [4, 6] }], attrs: { text: "5:, :", lists: [[], range(0, 6)], shape: [0, 6] } },
      { inputs: [{ shape: [] }], attrs: { text: "...", lists: [], shape: [] } },
    ],
  }),
  row<{ a: number; b: number }>({
    op: "swapAxes",
    apply: ([x], attrs) => OPS.swapAxes(x!, attrs),
    reference: ([x]) => build([4, 3, 2], ([i, j, k]) => get(x!, [k!, j!, i!])),
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [2, 3, 4] }], attrs: { a: 0, b: -1 } }],
  }),
  row<{ from: number | number[]; to: number | number[] }>({
    op: "moveAxis",
    apply: ([x], attrs) => OPS.moveAxis(x!, attrs),
    reference: ([x], { from }) =>
      typeof from === "number" ? build([3, 4, 2], ([i, j, k]) => get(x!, [k!, i!, j!])) : build([4, 2, 3], ([i, j, k]) => get(x!, [j!, k!, i!])),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [2, 3, 4] }], attrs: { from: 0, to: -1 } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { from: [2, 0], to: [0, 1] } },
    ],
  }),
  row<{ parts: number | readonly number[]; axis?: number }>({
    op: "split",
    apply: ([x], attrs) => OPS.split(x!, attrs),
    reference: ([x], { parts, axis = 0 }) => {
      const at = modulo(axis, x!.shape.length);
      const dim = x!.shape[at]!;
      const known = typeof parts === "number" ? [] : parts.filter((n) => n >= 0);
      const sizes = typeof parts === "number" ? new Array<number>(parts).fill(dim / parts) : parts.map((n) => (n < 0 ? dim - known.reduce((a, b) => a + b, 0) : n));
      let end = 0;
      return sizes.map((n) => picked(x!, x!.shape.map((size, i) => (i === at ? range(end, (end += n)) : range(0, size)))));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [6, 3] }], attrs: { parts: 3 } },
      { inputs: [{ shape: [2, 5] }], attrs: { parts: [2, 3], axis: 1 } },
      { inputs: [{ shape: [2, 7, 2] }], attrs: { parts: [1, -1, 4], axis: -2 } },
    ],
  }),
  row<{ axis?: number }>({
    op: "unstack",
    apply: ([x], attrs) => OPS.unstack(x!, attrs),
    reference: ([x], { axis = 0 }) => range(0, x!.shape[axis]!).map((k) => build(x!.shape.filter((_, i) => i !== axis), (index) => get(x!, [...index.slice(0, axis), k, ...index.slice(axis)]))),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3, 4] }], attrs: {} },
      { inputs: [{ shape: [3, 4, 2] }], attrs: { axis: 1 } },
    ],
  }),
  row<{ reps: readonly number[] }>({
    op: "tile",
    apply: ([x], attrs) => OPS.tile(x!, attrs),
    reference: ([x], { reps }) => {
      const rank = Math.max(reps.length, x!.shape.length);
      const full = withShape(x!, [...new Array<number>(rank - x!.shape.length).fill(1), ...x!.shape]);
      const times = [...new Array<number>(rank - reps.length).fill(1), ...reps];
      return build(full.shape.map((dim, i) => dim * times[i]!), (index) => get(full, index.map((k, i) => k % full.shape[i]!)));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3] }], attrs: { reps: [4] } },
      { inputs: [{ shape: [2, 3] }], attrs: { reps: [2, 1, 3] } },
      { inputs: [{ shape: [2, 3, 2] }], attrs: { reps: [2, 2] } },
      { inputs: [{ shape: [] }], attrs: { reps: [3] } },
      { inputs: [{ shape: [2] }], attrs: { reps: [0] } },
    ],
  }),
  row<{ times: number; axis?: number }>({
    op: "repeat",
    apply: ([x], attrs) => OPS.repeat(x!, attrs),
    reference: ([x], { times, axis }) => {
      if (axis === undefined) return build([x!.data.length * times], ([k]) => x!.data[Math.floor(k! / times)]!);
      return build(x!.shape.map((dim, i) => (i === axis ? dim * times : dim)), (index) => get(x!, index.map((k, i) => (i === axis ? Math.floor(k / times) : k))));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [2, 3] }], attrs: { times: 3 } },
      { inputs: [{ shape: [2, 3] }], attrs: { times: 2, axis: 1 } },
      { inputs: [{ shape: [2, 3, 2] }], attrs: { times: 2, axis: 0 } },
    ],
  }),
  row<{ shift: number | readonly number[]; axes?: number | readonly number[] }>({
    op: "roll",
    apply: ([x], attrs) => OPS.roll(x!, attrs),
    reference: ([x], { shift, axes }) => {
      if (axes === undefined) return build(x!.shape, (index) => x!.data[modulo(index.reduce((flat, k, i) => flat * x!.shape[i]! + k, 0) - (shift as number), x!.data.length)]!);
      const list = [axes].flat();
      return build(x!.shape, (index) => get(x!, index.map((k, i) => (list.includes(i) ? modulo(k - [shift].flat()[list.indexOf(i)]!, x!.shape[i]!) : k))));
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [7] }], attrs: { shift: 3 } },
      { inputs: [{ shape: [3, 4] }], attrs: { shift: -1 } },
      { inputs: [{ shape: [3, 4] }], attrs: { shift: [2, -9], axes: [0, 1] } },
    ],
  }),
  row<{ padding: [number, number][]; mode: PadMode }>({
    op: "padMode",
    apply: ([x], attrs) => OPS.padMode(x!, attrs),
    reference: ([x], { padding, mode }) => picked(x!, x!.shape.map((dim, i) => padIndices(dim, ...padding[i]!, mode))),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [4] }], attrs: { padding: [[3, 2]], mode: "reflect" } },
      { inputs: [{ shape: [4, 3] }], attrs: { padding: [[2, 0], [3, 1]], mode: "symmetric" } },
      { inputs: [{ shape: [2, 3] }], attrs: { padding: [[5, 1], [0, 2]], mode: "edge" } },
      { inputs: [{ shape: [3, 2] }], attrs: { padding: [[3, 1], [1, 2]], mode: "wrap" } },
    ],
  }),
  row<{ diagonal?: number }>({
    op: "tril",
    apply: ([x], attrs) => OPS.tril(x!, attrs),
    reference: ([x], { diagonal = 0 }) => build(x!.shape, (index) => (index.at(-1)! - index.at(-2)! <= diagonal ? get(x!, index) : 0)),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [4, 5] }], attrs: {} },
      { inputs: [{ shape: [2, 4, 3] }], attrs: { diagonal: -1 } },
      { inputs: [{ shape: [3, 3] }], attrs: { diagonal: 1 } },
      { inputs: [{ shape: [2, 2], values: [NaN, NaN, 1, NaN] }], attrs: { diagonal: -1 } },
    ],
  }),
  row<{ diagonal?: number }>({
    op: "triu",
    apply: ([x], attrs) => OPS.triu(x!, attrs),
    reference: ([x], { diagonal = 0 }) => build(x!.shape, (index) => (index.at(-1)! - index.at(-2)! >= diagonal ? get(x!, index) : 0)),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [4, 5] }], attrs: { diagonal: 1 } },
      { inputs: [{ shape: [2, 5, 3] }], attrs: { diagonal: -2 } },
      { inputs: [{ shape: [2, 2], dtype: "int32", values: [1, 2, 3, 4] }], attrs: {} },
    ],
  }),
  row<{ offset?: number; axis1?: number; axis2?: number }>({
    op: "diagonal",
    apply: ([x], attrs) => OPS.diagonal(x!, attrs),
    reference: ([x], { offset = 0, axis1 }) =>
      axis1 === undefined
        ? build([...x!.shape.slice(0, -2), offset === -2 ? 2 : offset === 1 ? 4 : 3], (index) => get(x!, [...index.slice(0, -1), index.at(-1)! + Math.max(0, -offset), index.at(-1)! + Math.max(0, offset)]))
        : build([3, 2], ([j, i]) => get(x!, [i!, j!, i!])),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3, 3] }], attrs: {} },
      { inputs: [{ shape: [4, 5] }], attrs: { offset: 1 } },
      { inputs: [{ shape: [2, 4, 5] }], attrs: { offset: -2 } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { axis1: 0, axis2: 2 } },
    ],
  }),
  row<{ offset?: number; rows?: number; columns?: number }>({
    op: "diagEmbed",
    apply: ([x], attrs) => OPS.diagEmbed(x!, attrs),
    reference: ([x], { offset = 0, rows, columns }) => {
      const size = x!.shape.at(-1)! + Math.abs(offset);
      return build([...x!.shape.slice(0, -1), rows ?? size, columns ?? size], (index) => {
        const [i, j] = index.slice(-2) as [number, number];
        return j - i === offset ? get(x!, [...index.slice(0, -2), Math.min(i, j)]) : 0;
      });
    },
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [4] }], attrs: {} },
      { inputs: [{ shape: [2, 3] }], attrs: { offset: 1 } },
      { inputs: [{ shape: [3] }], attrs: { offset: -2, rows: 6, columns: 3 } },
      { inputs: [{ shape: [0] }], attrs: { rows: 0, columns: 3 } },
    ],
  }),
  row<{ offset?: number }>({
    op: "diag",
    apply: ([x], attrs) => OPS.diag(x!, attrs),
    reference: ([x], { offset = 0 }) =>
      x!.shape.length === 1
        ? build([x!.shape[0]! + offset, x!.shape[0]! + offset], ([i, j]) => (j! - i! === offset ? x!.data[i!]! : 0))
        : build([3 - offset], ([k]) => get(x!, [k!, k! + offset])),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3] }], attrs: { offset: 1 } },
      { inputs: [{ shape: [3, 3] }], attrs: { offset: 1 } },
    ],
  }),
  row<{ offset?: number }>({
    op: "trace",
    apply: ([x], attrs) => OPS.trace(x!, attrs),
    reference: ([x]) => build(x!.shape.slice(0, -2), (index) => range(0, 3).reduce((sum, k) => sum + get(x!, [...index, k, k]), 0)),
    tolerance: [3e-7, "three terms"],
    cases: [
      { inputs: [{ shape: [3, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 4] }], attrs: {} },
    ],
  }),
  row<{ indexing?: "xy" | "ij" }>({
    op: "meshgrid",
    apply: (xs, attrs) => OPS.meshgrid(xs, attrs),
    reference: ([x, y], { indexing }) => (indexing === "ij" ? [build([3, 4], ([i]) => x!.data[i!]!), build([3, 4], ([, j]) => y!.data[j!]!)] : [build([4, 3], ([, j]) => x!.data[j!]!), build([4, 3], ([i]) => y!.data[i!]!)]),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3] }, { shape: [4] }], attrs: {} },
      { inputs: [{ shape: [3] }, { shape: [4] }], attrs: { indexing: "ij" } },
    ],
  }),
  row<{ blockSize: number }>({
    op: "depthToSpace",
    apply: ([x], attrs) => OPS.depthToSpace(x!, attrs),
    reference: ([x], { blockSize: b }) => {
      const [n, h, w, channels] = x!.shape as [number, number, number, number];
      const c = channels / (b * b);
      return build([n, h * b, w * b, c], ([i, y, z, k]) => get(x!, [i!, Math.floor(y! / b), Math.floor(z! / b), ((y! % b) * b + (z! % b)) * c + k!]));
    },
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [2, 2, 3, 8] }], attrs: { blockSize: 2 } }],
  }),
  row<{ blockSize: number }>({
    op: "spaceToDepth",
    apply: ([x], attrs) => OPS.spaceToDepth(x!, attrs),
    reference: ([x], { blockSize: b }) => {
      const [n, h, w, c] = x!.shape as [number, number, number, number];
      return build([n, h / b, w / b, b * b * c], ([i, y, z, k]) => {
        const block = Math.floor(k! / c);
        return get(x!, [i!, y! * b + Math.floor(block / b), z! * b + (block % b), k! % c]);
      });
    },
    tolerance: EXACT,
    cases: [{ inputs: [{ shape: [2, 6, 3, 2] }], attrs: { blockSize: 3 } }],
  }),
  row<{ n: number; start?: number; step?: number }>({
    op: "iota",
    apply: (_inputs, attrs) => OPS.iota(attrs),
    reference: (_inputs, { n, start = 0, step = 1 }) => build([n], ([i]) => start + i! * step),
    tolerance: EXACT,
    gradient: "it has no inputs",
    cases: [
      { inputs: [], attrs: { n: 7 } },
      { inputs: [], attrs: { n: 3, start: 5, step: -2 } },
      { inputs: [], attrs: { n: 0 } },
    ],
  }),
];
