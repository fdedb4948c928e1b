// Rows of convolution and pooling.
import { OPS } from "../../src/ops/index.js";
import type { PoolAttrs } from "../../src/ops/pooling.js";
import type { WindowAttrs } from "../../src/ops/window.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

interface Full {
  readonly strides: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilations: readonly [number, number];
}

const pair = (x: number | readonly [number, number] | undefined): [number, number] => (typeof x === "number" ? [x, x] : x ? [x[0], x[1]] : [1, 1]);

/** Strides and explicit padding; TensorFlow's rule for "same", written out once more. */
function full({ strides, padding = "valid", dilations }: WindowAttrs, input: readonly number[], size: readonly number[]): Full {
  const [s, d] = [pair(strides), pair(dilations)];
  const side = (axis: 0 | 1): [number, number] => {
    if (padding === "valid") return [0, 0];
    if (padding !== "same") return typeof padding === "number" ? [padding, padding] : [padding[axis][0], padding[axis][1]];
    const reach = (size[axis]! - 1) * d[axis] + 1;
    const need = input[axis]! % s[axis] === 0 ? Math.max(reach - s[axis], 0) : Math.max(reach - (input[axis]! % s[axis]), 0);
    return [need >> 1, need - (need >> 1)];
  };
  return { strides: s, padding: [side(0), side(1)], dilations: d };
}

function outputs({ strides, padding, dilations }: Full, input: readonly number[], size: readonly number[]): [number, number] {
  const side = (axis: 0 | 1): number => Math.floor((input[axis]! + padding[axis][0] + padding[axis][1] - (size[axis]! - 1) * dilations[axis] - 1) / strides[axis]) + 1;
  return [side(0), side(1)];
}

function conv(x: Plain, w: Plain, f: Full): Plain {
  const [n, h, width, c] = x.shape as [number, number, number, number];
  const [kh, kw, , o] = w.shape as [number, number, number, number];
  return build([n, ...outputs(f, [h, width], [kh, kw]), o], ([b, i, j, out]) => {
    let sum = 0;
    for (let p = 0; p < kh; p++) {
      for (let q = 0; q < kw; q++) {
        const row = i! * f.strides[0] + p * f.dilations[0] - f.padding[0][0];
        const column = j! * f.strides[1] + q * f.dilations[1] - f.padding[1][0];
        for (let k = 0; k < c; k++) sum += get(x, [b!, row, column, k]) * get(w, [p, q, k, out!]);
      }
    }
    return sum;
  });
}

/** Gradient for x of Σ conv(x, w)·dy: what a transposed convolution computes. */
function convGradInput(dy: Plain, w: Plain, f: Full, [h, width]: readonly number[]): Plain {
  const [n, oh, ow, o] = dy.shape as [number, number, number, number];
  const [kh, kw, c] = w.shape as [number, number, number];
  const data = new Array<number>(n * h! * width! * c).fill(0);
  build([n, oh, ow, kh, kw], ([b, i, j, p, q]) => {
    const row = i! * f.strides[0] + p! * f.dilations[0] - f.padding[0][0];
    const column = j! * f.strides[1] + q! * f.dilations[1] - f.padding[1][0];
    if (row < 0 || row >= h! || column < 0 || column >= width!) return 0;
    for (let k = 0; k < c; k++) {
      for (let out = 0; out < o; out++) data[((b! * h! + row) * width! + column) * c + k]! += get(dy, [b!, i!, j!, out]) * get(w, [p!, q!, k, out]);
    }
    return 0;
  });
  return { shape: [n, h!, width!, c], data };
}

function convGradFilter(x: Plain, dy: Plain, f: Full, [kh, kw]: readonly number[]): Plain {
  const [n, , , c] = x.shape as [number, number, number, number];
  const [, oh, ow, o] = dy.shape as [number, number, number, number];
  return build([kh!, kw!, c, o], ([p, q, k, out]) => {
    let sum = 0;
    build([n, oh, ow], ([b, i, j]) => {
      const row = i! * f.strides[0] + p! * f.dilations[0] - f.padding[0][0];
      const column = j! * f.strides[1] + q! * f.dilations[1] - f.padding[1][0];
      sum += get(x, [b!, row, column, k!]) * get(dy, [b!, i!, j!, out!]);
      return 0;
    });
    return sum;
  });
}

function pool(x: Plain, attrs: PoolAttrs, f: (list: readonly number[]) => number): Plain {
  const [n, h, width, c] = x.shape as [number, number, number, number];
  const size = pair(attrs.poolSize);
  const window = full({ ...attrs, strides: attrs.strides ?? size }, [h, width], size);
  return build([n, ...outputs(window, [h, width], size), c], ([b, i, j, k]) => {
    const list: number[] = [];
    for (let p = 0; p < size[0]; p++) {
      for (let q = 0; q < size[1]; q++) {
        const row = i! * window.strides[0] + p - window.padding[0][0];
        const column = j! * window.strides[1] + q - window.padding[1][0];
        if (row >= 0 && row < h && column >= 0 && column < width) list.push(get(x, [b!, row, column, k!]));
      }
    }
    return f(list);
  });
}

const CONVS: (readonly [x: readonly number[], w: readonly number[], attrs: WindowAttrs])[] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], {}],
  [[2, 7, 6, 3], [3, 3, 3, 5], {}],
  [[2, 7, 6, 3], [3, 3, 3, 5], { padding: "same" }],
  [[1, 9, 8, 2], [3, 2, 2, 4], { strides: 2, padding: "same" }],
  [[2, 9, 9, 1], [5, 5, 1, 6], { padding: 2 }],
  [[1, 9, 9, 2], [3, 3, 2, 9], { dilations: 2 }],
  [[1, 8, 7, 4], [3, 3, 4, 4], { padding: [[0, 2], [1, 0]], strides: [2, 1] }],
  [[3, 4, 4, 5], [1, 1, 5, 17], {}],
  [[1, 12, 12, 8], [5, 5, 8, 16], {}],
];

const IMAGE = [2e-6, "up to 200 products in float32: √200 · 6e-8 of a sum of about that size"] as const;

const POOLS: (readonly [x: readonly number[], attrs: PoolAttrs])[] = [
  [[2, 6, 8, 3], { poolSize: 2 }],
  [[1, 7, 5, 6], { poolSize: [3, 2], strides: [2, 1], padding: "same" }],
  [[1, 7, 7, 5], { poolSize: 3, strides: 2 }],
  [[1, 5, 5, 2], { poolSize: 2, strides: 3, padding: [[1, 0], [0, 1]] }],
  [[1, 1, 1, 4], { poolSize: 1 }],
  [[1, 4, 4, 33], { poolSize: 4 }],
];

export const CONVOLUTION: readonly Row[] = [
  row<WindowAttrs>({
    op: "conv2d",
    apply: ([x, w], attrs) => OPS.conv2d(x!, w!, attrs),
    reference: ([x, w], attrs) => conv(x!, w!, full(attrs, x!.shape.slice(1, 3), w!.shape)),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: CONVS.map(([x, w, attrs]) => ({ inputs: [{ shape: x }, { shape: w }], attrs })),
  }),
  row<WindowAttrs>({
    op: "conv2d",
    variant: "relu(conv + bias): fused into the store",
    apply: ([x, w, bias], attrs) => OPS.relu(OPS.add(OPS.conv2d(x!, w!, attrs), bias!)),
    reference: ([x, w, bias], attrs) => {
      const y = conv(x!, w!, full(attrs, x!.shape.slice(1, 3), w!.shape));
      return build(y.shape, (index) => Math.max(get(y, index) + bias!.data[index[3]!]!, 0));
    },
    tolerance: IMAGE,
    domain: [0.1, 1],
    cases: [{ inputs: [{ shape: [2, 7, 6, 3] }, { shape: [3, 3, 3, 5] }, { shape: [5] }], attrs: { padding: "same" } }],
  }),
  row<Full & { inputSize: readonly [number, number] }>({
    op: "conv2dGradInput",
    apply: ([dy, w], attrs) => OPS.conv2dGradInput(dy!, w!, attrs),
    reference: ([dy, w], { inputSize, ...f }) => convGradInput(dy!, w!, f, inputSize),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: CONVS.map(([x, w, attrs]) => {
      const inputSize = [x[1]!, x[2]!] as const;
      const f = full(attrs, inputSize, w);
      return { inputs: [{ shape: [x[0]!, ...outputs(f, inputSize, w), w[3]!] }, { shape: w }], attrs: { ...f, inputSize } };
    }),
  }),
  row<Full & { filterSize: readonly [number, number] }>({
    op: "conv2dGradFilter",
    apply: ([x, dy], attrs) => OPS.conv2dGradFilter(x!, dy!, attrs),
    reference: ([x, dy], { filterSize, ...f }) => convGradFilter(x!, dy!, f, filterSize),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: CONVS.map(([x, w, attrs]) => {
      const f = full(attrs, x.slice(1, 3), w);
      return { inputs: [{ shape: x }, { shape: [x[0]!, ...outputs(f, x.slice(1, 3), w), w[3]!] }], attrs: { ...f, filterSize: [w[0]!, w[1]!] } };
    }),
  }),
  row<PoolAttrs>({
    op: "maxPool2d",
    apply: ([x], attrs) => OPS.maxPool2d(x!, attrs),
    reference: ([x], attrs) => pool(x!, attrs, (list) => (list.some(Number.isNaN) ? NaN : Math.max(...list))),
    tolerance: [0, "a pixel is picked, not computed"],
    domain: [-2, 2],
    second: "maxPool2dGrad says why it has no gradient",
    cases: [
      ...POOLS.map(([shape, attrs]) => ({ inputs: [{ shape }], attrs })),
      { inputs: [{ shape: [1, 2, 4, 1], values: [1, NaN, 3, -Infinity, 2, 0, 1, -Infinity] }], attrs: { poolSize: 2 }, special: true },
    ],
  }),
  row<PoolAttrs>({
    op: "averagePool2d",
    apply: ([x], attrs) => OPS.averagePool2d(x!, attrs),
    reference: ([x], attrs) => pool(x!, attrs, (list) => list.reduce((sum, value) => sum + value, 0) / list.length),
    tolerance: [5e-7, "up to 16 terms"],
    domain: [-2, 2],
    cases: POOLS.map(([shape, attrs]) => ({ inputs: [{ shape }], attrs })),
  }),
  row<PoolAttrs>({
    op: "maxPool2dGrad",
    apply: ([x, dy]) => OPS.maxPool2dGrad(x!, dy!, { poolSize: [2, 2], strides: [2, 2], padding: [[0, 0], [0, 0]], dilations: [1, 1] }),
    reference: ([x, dy]) => {
      const data = new Array<number>(x!.data.length).fill(0);
      dy!.data.forEach((d, j) => (data[[0, 3, 8, 10][j]!]! += d));
      return { shape: x!.shape, data };
    },
    tolerance: [0, "gradients are moved; windows do not overlap"],
    gradient: "it says why it has none",
    // Ties: the first pixel of a window in row-major order takes all; those are pixels 0, 3, 8 and 10.
    cases: [{ inputs: [{ shape: [1, 4, 4, 1], values: [5, 5, 1, 7, 5, 5, 7, 7, 9, 1, 4, 4, 1, 2, 4, 4] }, { shape: [1, 2, 2, 1], values: [1, 2, 3, 4] }], attrs: { poolSize: 2 } }],
  }),
  row<PoolAttrs & { inputSize: readonly [number, number] }>({
    op: "averagePool2dGrad",
    apply: ([dy], attrs) => OPS.averagePool2dGrad(dy!, { inputSize: attrs.inputSize, poolSize: [2, 2], strides: [2, 2], padding: [[0, 0], [0, 0]], dilations: [1, 1] }),
    reference: ([dy]) => build([1, 4, 6, 3], ([, i, j, k]) => get(dy!, [0, i! >> 1, j! >> 1, k!]) / 4),
    tolerance: [2e-7, "one division"],
    domain: [-2, 2],
    cases: [{ inputs: [{ shape: [1, 2, 3, 3] }], attrs: { poolSize: 2, inputSize: [4, 6] } }],
  }),
];
