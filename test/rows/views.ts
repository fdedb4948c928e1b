// Rows of the ops that only look at a tensor otherwise, and of those that lay tensors side by side.
import { OPS } from "../../src/ops/index.js";
import type { SliceAttrs } from "../../src/ops/slice.js";
import { build, count, get, map, withShape, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "elements are moved, not computed"] as const;

function sliceOf(x: Plain, { begin, size = [], steps = [] }: SliceAttrs): Plain {
  const first = x.shape.map((dim, i) => ((begin[i] ?? 0) < 0 ? begin[i]! + dim : (begin[i] ?? 0)));
  const step = x.shape.map((_, i) => steps[i] ?? 1);
  const shape = x.shape.map((dim, i) => ((size[i] ?? -1) === -1 ? Math.ceil((dim - first[i]!) / step[i]!) : size[i]!));
  return build(shape, (index) => get(x, index.map((k, i) => first[i]! + k * step[i]!)));
}

function transposed(x: Plain, perm: readonly number[]): Plain {
  return build(perm.map((axis) => x.shape[axis]!), (index) => get(x, x.shape.map((_, axis) => index[perm.indexOf(axis)]!)));
}

function concatOf(xs: readonly Plain[], axis: number): Plain {
  const shape = xs[0]!.shape.map((dim, i) => (i === axis ? xs.reduce((sum, x) => sum + x.shape[axis]!, 0) : dim));
  return build(shape, (index) => {
    let k = index[axis]!;
    for (const x of xs) {
      if (k < x.shape[axis]!) return get(x, index.map((n, i) => (i === axis ? k : n)));
      k -= x.shape[axis]!;
    }
    return NaN;
  });
}

export const VIEWS: readonly Row[] = [
  row<{ shape: readonly number[] }>({
    op: "reshape",
    apply: ([x], attrs) => OPS.reshape(x!, attrs),
    reference: ([x], { shape }) => withShape(x!, shape.map((dim) => (dim === -1 ? -count(x!.shape) / count(shape) : dim))),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [4, 6] }], attrs: { shape: [3, 8] } },
      { inputs: [{ shape: [4, 6] }], attrs: { shape: [2, 1, 2, -1] } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { shape: [6, 4] } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { shape: [2, 12] } },
      { inputs: [{ shape: [1] }], attrs: { shape: [] } },
      { inputs: [{ shape: [] }], attrs: { shape: [1, 1] } },
      { inputs: [{ shape: [0, 3] }], attrs: { shape: [6, 0] } },
      { inputs: [{ shape: [6], dtype: "int32", values: [1, 2, 3, 4, 5, 6] }], attrs: { shape: [2, 3] } },
    ],
  }),
  row<{ perm?: readonly number[] }>({
    op: "transpose",
    apply: ([x], attrs) => OPS.transpose(x!, attrs),
    reference: ([x], { perm }) => transposed(x!, perm ? perm.map((axis) => (axis + x!.shape.length) % x!.shape.length) : x!.shape.map((_, i) => x!.shape.length - 1 - i)),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [5, 7] }], attrs: {} },
      { inputs: [{ shape: [2, 3, 4, 5] }], attrs: { perm: [0, 2, 1, -1] } },
      { inputs: [{ shape: [2, 3, 4] }], attrs: { perm: [2, 0, 1] } },
      { inputs: [{ shape: [3] }], attrs: {} },
      { inputs: [{ shape: [0, 3] }], attrs: {} },
    ],
  }),
  row<{ shape: readonly number[] }>({
    op: "broadcastTo",
    apply: ([x], attrs) => OPS.broadcastTo(x!, attrs),
    reference: ([x], { shape }) => map((a) => a, x!, build(shape, () => 0)),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3] }], attrs: { shape: [4, 3] } },
      { inputs: [{ shape: [4, 1] }], attrs: { shape: [2, 4, 3] } },
      { inputs: [{ shape: [] }], attrs: { shape: [5] } },
      { inputs: [{ shape: [2, 3] }], attrs: { shape: [2, 3] } },
    ],
  }),
  row<{ axes: number | readonly number[] }>({
    op: "expandDims",
    apply: ([x], attrs) => OPS.expandDims(x!, attrs),
    reference: ([x], { axes }) => withShape(x!, axes === 0 ? [1, ...x!.shape] : axes === -1 ? [...x!.shape, 1] : [1, x!.shape[0]!, 1, x!.shape[1]!]),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [2, 3] }], attrs: { axes: 0 } },
      { inputs: [{ shape: [2, 3] }], attrs: { axes: -1 } },
      { inputs: [{ shape: [2, 3] }], attrs: { axes: [0, 2] } },
    ],
  }),
  row<{ axes?: number | readonly number[] }>({
    op: "squeeze",
    apply: ([x], attrs) => OPS.squeeze(x!, attrs),
    reference: ([x], { axes }) => withShape(x!, axes === undefined ? [2, 3] : [2, 3, 1]),
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [1, 2, 1, 3, 1] }], attrs: {} },
      { inputs: [{ shape: [1, 2, 1, 3, 1] }], attrs: { axes: [0, -3] } },
    ],
  }),
  row<SliceAttrs>({
    op: "slice",
    apply: ([x], attrs) => OPS.slice(x!, attrs),
    reference: ([x], attrs) => sliceOf(x!, attrs),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [7] }], attrs: { begin: [2], size: [3] } },
      { inputs: [{ shape: [7] }], attrs: { begin: [-3] } },
      { inputs: [{ shape: [7, 5] }], attrs: { begin: [1, 1], size: [3, 2], steps: [2, 2] } },
      { inputs: [{ shape: [7, 5] }], attrs: { begin: [0, 1], steps: [3] } },
      { inputs: [{ shape: [4, 5, 6] }], attrs: { begin: [3], size: [1] } },
      { inputs: [{ shape: [4, 5] }], attrs: { begin: [4], size: [0] } },
      { inputs: [{ shape: [4, 5] }], attrs: { begin: [0, 0] } },
    ],
  }),
  row<{ shape: number[]; begin: number[]; steps: number[]; value: number }>({
    op: "place",
    apply: ([x], attrs) => OPS.place(x!, attrs),
    reference: ([x], { shape, begin, steps, value }) =>
      build(shape, (index) => {
        const at = index.map((k, i) => (k - begin[i]!) / steps[i]!);
        return at.every((k, i) => Number.isInteger(k) && k >= 0 && k < x!.shape[i]!) ? get(x!, at) : value;
      }),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3] }], attrs: { shape: [9], begin: [1], steps: [3], value: 0 } },
      { inputs: [{ shape: [3, 2, 2] }], attrs: { shape: [5, 6, 2], begin: [2, 1, 0], steps: [1, 3, 1], value: -0.5 } },
      { inputs: [{ shape: [0, 2] }], attrs: { shape: [3, 2], begin: [0, 0], steps: [1, 1], value: 0 } },
    ],
  }),
  row<{ padding: [number, number][]; value?: number }>({
    op: "pad",
    apply: ([x], attrs) => OPS.pad(x!, attrs),
    reference: ([x], { padding, value = 0 }) =>
      build(x!.shape.map((dim, i) => dim + padding[i]![0] + padding[i]![1]), (index) => {
        const at = index.map((k, i) => k - padding[i]![0]);
        return at.every((k, i) => k >= 0 && k < x!.shape[i]!) ? get(x!, at) : value;
      }),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [3, 4] }], attrs: { padding: [[1, 2], [0, 3]] } },
      { inputs: [{ shape: [2, 3, 4, 2] }], attrs: { padding: [[0, 0], [1, 1], [2, 0], [0, 0]], value: 7 } },
      { inputs: [{ shape: [3], dtype: "int32", values: [1, 2, 3] }], attrs: { padding: [[1, 1]], value: -1 } },
      { inputs: [{ shape: [] }], attrs: { padding: [] } },
    ],
  }),
  row<{ axis?: number }>({
    op: "concat",
    apply: (xs, attrs) => OPS.concat(xs, attrs),
    reference: (xs, { axis = 0 }) => concatOf(xs, axis < 0 ? axis + xs[0]!.shape.length : axis),
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [2, 3] }, { shape: [4, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 1] }, { shape: [2, 5] }], attrs: { axis: -1 } },
      { inputs: [{ shape: [2, 0, 3] }, { shape: [2, 2, 3] }], attrs: { axis: 1 } },
      { inputs: [{ shape: [2, 3] }], attrs: {} },
      { inputs: [{ shape: [3], dtype: "int32", values: [1, 2, 3] }, { shape: [2], dtype: "bool", values: [1, 0] }], attrs: {} },
    ],
  }),
  row<{ axis?: number }>({
    op: "stack",
    apply: (xs, attrs) => OPS.stack(xs, attrs),
    reference: (xs, { axis = 0 }) => {
      const at = axis < 0 ? axis + xs[0]!.shape.length + 1 : axis;
      return concatOf(xs.map((x) => withShape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])), at);
    },
    tolerance: EXACT,
    domain: [-4, 4],
    cases: [
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], attrs: {} },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 3] }], attrs: { axis: -1 } },
      { inputs: [{ shape: [] }, { shape: [] }], attrs: {} },
    ],
  }),
];
