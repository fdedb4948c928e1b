// Rows of convolution.
import type { Conv1dAttrs } from "../../src/ops/conv1d.js";
import type { Conv1dTransposeAttrs } from "../../src/ops/conv1dTranspose.js";
import type { ConvAttrs } from "../../src/ops/conv2d.js";
import type { Conv3dAttrs } from "../../src/ops/conv3d.js";
import { OPS } from "../../src/ops/index.js";
import type { TransposedAttrs } from "../../src/ops/transposed.js";
import type { WindowAttrs } from "../../src/ops/window.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

export interface Full {
  readonly strides: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilations: readonly [number, number];
}

const pair = (x: number | readonly [number, number] | undefined): [number, number] => (typeof x === "number" ? [x, x] : x ? [x[0], x[1]] : [1, 1]);

/** Strides and explicit padding; TensorFlow's rule for "same", written out once more. */
export function full({ strides, padding = "valid", dilations }: WindowAttrs, input: readonly number[], size: readonly number[]): Full {
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

export function outputs({ strides, padding, dilations }: Full, input: readonly number[], size: readonly number[]): [number, number] {
  const side = (axis: 0 | 1): number => Math.floor((input[axis]! + padding[axis][0] + padding[axis][1] - (size[axis]! - 1) * dilations[axis] - 1) / strides[axis]) + 1;
  return [side(0), side(1)];
}

export /** Windows over any number of axes. */
interface Windows {
  readonly strides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilations: readonly number[];
  readonly groups?: number;
}

/** Calls f with every pixel of a result and every tap of its window that lies in the image: where the three begin, in elements. */
function eachTap(
  { strides, padding, dilations }: Windows,
  image: readonly number[],
  window: readonly number[],
  result: readonly number[],
  f: (pixel: number, tap: number, out: number) => void,
): void {
  const place = (at: readonly number[], shape: readonly number[]): number => at.reduce((offset, k, axis) => offset * shape[axis]! + k, 0);
  build(result, ([n, ...at]) => {
    build(window, (tap) => {
      const pixel = tap.map((k, axis) => at[axis]! * strides[axis]! + k * dilations[axis]! - padding[axis]![0]);
      if (pixel.every((k, axis) => k >= 0 && k < image[axis + 1]!)) f(place([n!, ...pixel], image), place(tap, window), place([n!, ...at], result));
      return 0;
    });
    return 0;
  });
}

const product = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** x [N, …, C], w [window …, C / groups, O] to [N, …, O]. */
export function conv(x: Plain, w: Plain, f: Windows): Plain {
  const [window, [channels, o]] = [w.shape.slice(0, -2), w.shape.slice(-2) as [number, number]];
  const pixels = x.shape.slice(1, -1).map((size, i) => Math.floor((size + f.padding[i]![0] + f.padding[i]![1] - (window[i]! - 1) * f.dilations[i]! - 1) / f.strides[i]!) + 1);
  const groups = f.groups ?? 1;
  const [image, result] = [x.shape.slice(0, -1), [x.shape[0]!, ...pixels]];
  const data = new Array<number>(product(result) * o).fill(0);
  eachTap(f, image, window, result, (pixel, tap, out) => {
    for (let j = 0; j < o; j++) {
      const first = pixel * channels * groups + Math.floor((j * groups) / o) * channels;
      for (let k = 0; k < channels; k++) data[out * o + j]! += x.data[first + k]! * w.data[(tap * channels + k) * o + j]!;
    }
  });
  return { shape: [...result, o], data };
}

/** Gradient for x of Σ conv(x, w)·dy: what a transposed convolution computes. */
export function convGradInput(dy: Plain, w: Plain, f: Windows, size: readonly number[]): Plain {
  const [window, [channels, o]] = [w.shape.slice(0, -2), w.shape.slice(-2) as [number, number]];
  const groups = f.groups ?? 1;
  const image = [dy.shape[0]!, ...size];
  const data = new Array<number>(product(image) * channels * groups).fill(0);
  eachTap(f, image, window, dy.shape.slice(0, -1), (pixel, tap, out) => {
    for (let j = 0; j < o; j++) {
      const first = pixel * channels * groups + Math.floor((j * groups) / o) * channels;
      for (let k = 0; k < channels; k++) data[first + k]! += dy.data[out * o + j]! * w.data[(tap * channels + k) * o + j]!;
    }
  });
  return { shape: [...image, channels * groups], data };
}

/** Gradient for w of Σ conv(x, w)·dy. */
export function convGradFilter(x: Plain, dy: Plain, f: Windows, window: readonly number[]): Plain {
  const [c, o, groups] = [x.shape[x.shape.length - 1]!, dy.shape[dy.shape.length - 1]!, f.groups ?? 1];
  const channels = c / groups;
  const data = new Array<number>(product(window) * channels * o).fill(0);
  eachTap(f, x.shape.slice(0, -1), window, dy.shape.slice(0, -1), (pixel, tap, out) => {
    for (let j = 0; j < o; j++) {
      const first = pixel * c + Math.floor((j * groups) / o) * channels;
      for (let k = 0; k < channels; k++) data[(tap * channels + k) * o + j]! += x.data[first + k]! * dy.data[out * o + j]!;
    }
  });
  return { shape: [...window, channels, o], data };
}

/** w [KH, KW, C, M] as the filter of C groups. */
function grouped(w: Plain): Plain {
  const [kh, kw, c, m] = w.shape as [number, number, number, number];
  return { shape: [kh, kw, 1, c * m], data: w.data };
}

/** x with its channels moved to the end, or from there to their place behind the batch. */
function moved(x: Plain, last: boolean): Plain {
  const [n, ...rest] = x.shape as [number, ...number[]];
  const inner = last ? [...rest.slice(1), rest[0]!] : [rest[rest.length - 1]!, ...rest.slice(0, -1)];
  return build([n, ...inner], ([i, ...at]) => get(x, [i!, ...(last ? [at[at.length - 1]!, ...at.slice(0, -1)] : [...at.slice(1), at[0]!])]));
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
  [[2, 5, 4, 5], [1, 1, 5, 3], { strides: 2 }],
  [[1, 4, 3, 5], [1, 1, 5, 3], { padding: 1 }],
  [[1, 12, 12, 8], [5, 5, 8, 16], {}],
  [[1, 9, 8, 17], [3, 3, 17, 16], { padding: "same" }], // Winograd's
  [[1, 12, 12, 16], [3, 3, 16, 16], { padding: 1 }], // … in tiles of 4×4 where numerics are fast
];

const groupsOf = ({ groups }: ConvAttrs): { groups?: number } => (groups === undefined ? {} : { groups });

/** Strides and dilations of each of `axes` axes. */
function windows({ strides = 1, dilations = 1, groups = 1 }: { strides?: number | readonly number[]; dilations?: number | readonly number[]; groups?: number }, axes: number): Omit<Windows, "padding"> {
  const all = (x: number | readonly number[]): readonly number[] => (typeof x === "number" ? new Array<number>(axes).fill(x) : x);
  return { strides: all(strides), dilations: all(dilations), groups };
}

/** With more than one group; one of them has a channel a group. */
const GROUPED: (readonly [x: readonly number[], w: readonly number[], attrs: ConvAttrs & { groups: number }])[] = [
  [[2, 5, 6, 4], [3, 3, 2, 6], { groups: 2, padding: "same" }],
  [[1, 7, 7, 9], [2, 3, 3, 3], { groups: 3, strides: 2 }],
  [[1, 6, 5, 8], [3, 3, 4, 10], { groups: 2, dilations: 2, padding: 2 }],
  [[1, 5, 4, 3], [3, 2, 1, 6], { groups: 3, padding: [[1, 0], [0, 1]] }],
  [[1, 6, 5, 5], [3, 3, 1, 5], { groups: 5, strides: [2, 1], padding: "same" }],
];

const DEPTHWISE: (readonly [x: readonly number[], w: readonly number[], attrs: WindowAttrs])[] = [
  [[1, 1, 1, 1], [1, 1, 1, 1], {}],
  [[2, 5, 7, 5], [3, 3, 5, 1], { padding: "same" }],
  [[1, 8, 9, 4], [3, 2, 4, 1], { strides: 2, padding: "same" }],
  [[1, 7, 6, 3], [3, 3, 3, 2], { padding: 1 }],
  [[1, 9, 7, 8], [3, 3, 8, 1], { dilations: 2, padding: [[2, 0], [1, 2]] }],
];

interface TransposedCase {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly attrs: WindowAttrs & TransposedAttrs;
  readonly size: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

/** Sizes and paddings as Keras (names) and PyTorch (pixels) give them, written out. */
const TRANSPOSED: readonly TransposedCase[] = [
  { x: [1, 3, 4, 2], w: [3, 3, 5, 2], attrs: {}, size: [5, 6], padding: [[0, 0], [0, 0]] },
  { x: [2, 3, 4, 2], w: [3, 3, 5, 2], attrs: { strides: 2, padding: "same" }, size: [6, 8], padding: [[0, 1], [0, 1]] },
  { x: [1, 3, 4, 2], w: [2, 3, 1, 2], attrs: { strides: 3, padding: "valid" }, size: [9, 12], padding: [[0, 0], [0, 0]] },
  { x: [1, 3, 4, 2], w: [3, 3, 4, 2], attrs: { strides: 2, padding: 1, outputPadding: 1 }, size: [6, 8], padding: [[1, 0], [1, 0]] },
  { x: [1, 3, 4, 4], w: [3, 3, 3, 4], attrs: { strides: 2, padding: 1, outputPadding: [1, 0], dilations: 2, groups: 2 }, size: [8, 9], padding: [[1, 0], [1, 1]] },
  { x: [1, 3, 2, 4], w: [3, 3, 1, 4], attrs: { strides: 2, padding: "valid", outputShape: [1, 7, 6, 4], groups: 4 }, size: [7, 6], padding: [[0, 0], [0, 0]] },
];

interface VolumeCase {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly attrs: Conv3dAttrs & TransposedAttrs;
  readonly padding: readonly (readonly [number, number])[];
  /** Of a transposed one. */
  readonly size?: readonly number[];
}

const VOLUMES: readonly VolumeCase[] = [
  { x: [1, 3, 4, 3, 2], w: [2, 3, 2, 2, 3], attrs: {}, padding: [[0, 0], [0, 0], [0, 0]] },
  { x: [2, 4, 3, 5, 2], w: [3, 3, 3, 2, 2], attrs: { padding: "same", strides: [2, 1, 2] }, padding: [[0, 1], [1, 1], [1, 1]] },
  { x: [1, 5, 4, 4, 4], w: [2, 2, 2, 2, 2], attrs: { padding: [[1, 0], [0, 1], [1, 1]], dilations: [2, 1, 1], groups: 2 }, padding: [[1, 0], [0, 1], [1, 1]] },
];

const TRANSPOSED_VOLUMES: readonly VolumeCase[] = [
  { x: [1, 2, 3, 2, 2], w: [2, 3, 2, 3, 2], attrs: {}, padding: [[0, 0], [0, 0], [0, 0]], size: [3, 5, 3] },
  { x: [1, 3, 2, 2, 2], w: [3, 3, 3, 1, 2], attrs: { strides: 2, padding: 1, outputPadding: 1 }, padding: [[1, 0], [1, 0], [1, 0]], size: [6, 4, 4] },
];

const IMAGE = [2e-6, "up to 200 products in float32: √200 · 6e-8 of a sum of about that size"] as const;

export const CONVOLUTION: readonly Row[] = [
  row<WindowAttrs>({
    op: "conv2d",
    apply: ([x, w], attrs) => OPS.conv2d(x!, w!, attrs),
    reference: ([x, w], attrs) => conv(x!, w!, full(attrs, x!.shape.slice(1, 3), w!.shape)),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: CONVS.map(([x, w, attrs]) => ({ inputs: [{ shape: x }, { shape: w }], attrs })),
  }),
  row<ConvAttrs & { groups: number }>({
    op: "conv2d",
    variant: "groups",
    apply: ([x, w], attrs) => OPS.conv2d(x!, w!, attrs),
    reference: ([x, w], attrs) => conv(x!, w!, { ...full(attrs, x!.shape.slice(1, 3), w!.shape), groups: attrs.groups }),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: GROUPED.map(([x, w, attrs]) => ({ inputs: [{ shape: x }, { shape: w }], attrs })),
  }),
  row<ConvAttrs>({
    op: "conv2d",
    variant: "channels first",
    apply: ([x, w], attrs) => OPS.conv2d(x!, w!, attrs),
    reference: ([x, w], attrs) => moved(conv(moved(x!, true), w!, full(attrs, x!.shape.slice(2), w!.shape)), false),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: (["NCHW", "channelsFirst"] as const).map((dataFormat) => ({ inputs: [{ shape: [2, 3, 5, 4] }, { shape: [3, 2, 3, 5] }], attrs: { dataFormat, padding: "same" } })),
  }),
  row<ConvAttrs>({
    op: "conv2d",
    variant: "relu(conv + bias): fused into the store",
    apply: ([x, w, bias], attrs) => OPS.relu(OPS.add(OPS.conv2d(x!, w!, attrs), bias!)),
    reference: ([x, w, bias], attrs) => {
      const y = conv(x!, w!, { ...full(attrs, x!.shape.slice(1, 3), w!.shape), groups: attrs.groups ?? 1 });
      return build(y.shape, (index) => Math.max(get(y, index) + bias!.data[index[3]!]!, 0));
    },
    tolerance: IMAGE,
    domain: [0.1, 1],
    cases: [
      { inputs: [{ shape: [2, 7, 6, 3] }, { shape: [3, 3, 3, 5] }, { shape: [5] }], attrs: { padding: "same" } },
      { inputs: [{ shape: [1, 9, 9, 16] }, { shape: [3, 3, 16, 18] }, { shape: [18] }], attrs: { padding: "same" } },
      { inputs: [{ shape: [1, 5, 6, 6] }, { shape: [3, 3, 1, 6] }, { shape: [6] }], attrs: { padding: "same", groups: 6 } },
    ],
  }),
  row<Full & { inputSize: readonly [number, number]; groups?: number }>({
    op: "conv2dGradInput",
    apply: ([dy, w], attrs) => OPS.conv2dGradInput(dy!, w!, attrs),
    reference: ([dy, w], { inputSize, ...f }) => convGradInput(dy!, w!, f, inputSize),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: [...CONVS, ...GROUPED].map(([x, w, attrs]: (typeof CONVS)[number] | (typeof GROUPED)[number]) => {
      const inputSize = [x[1]!, x[2]!] as const;
      const f = full(attrs, inputSize, w);
      return { inputs: [{ shape: [x[0]!, ...outputs(f, inputSize, w), w[3]!] }, { shape: w }], attrs: { ...f, inputSize, ...groupsOf(attrs) } };
    }),
  }),
  row<Full & { filterSize: readonly [number, number]; groups?: number }>({
    op: "conv2dGradFilter",
    apply: ([x, dy], attrs) => OPS.conv2dGradFilter(x!, dy!, attrs),
    reference: ([x, dy], { filterSize, ...f }) => convGradFilter(x!, dy!, f, filterSize),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: [...CONVS, ...GROUPED].map(([x, w, attrs]: (typeof CONVS)[number] | (typeof GROUPED)[number]) => {
      const f = full(attrs, x.slice(1, 3), w);
      return { inputs: [{ shape: x }, { shape: [x[0]!, ...outputs(f, x.slice(1, 3), w), w[3]!] }], attrs: { ...f, filterSize: [w[0]!, w[1]!], ...groupsOf(attrs) } };
    }),
  }),
  row<ConvAttrs>({
    op: "depthwiseConv2d",
    apply: ([x, w], attrs) => OPS.depthwiseConv2d(x!, w!, attrs),
    reference: ([x, w], attrs) => conv(x!, grouped(w!), { ...full(attrs, x!.shape.slice(1, 3), w!.shape), groups: w!.shape[2]! }),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: DEPTHWISE.map(([x, w, attrs]) => ({ inputs: [{ shape: x }, { shape: w }], attrs })),
  }),
  row<WindowAttrs>({
    op: "separableConv2d",
    apply: ([x, depthwise, pointwise], attrs) => OPS.separableConv2d(x!, depthwise!, pointwise!, attrs),
    reference: ([x, depthwise, pointwise], attrs) => {
      const middle = conv(x!, grouped(depthwise!), { ...full(attrs, x!.shape.slice(1, 3), depthwise!.shape), groups: x!.shape[3]! });
      return conv(middle, pointwise!, { strides: [1, 1], padding: [[0, 0], [0, 0]], dilations: [1, 1] });
    },
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: [{ inputs: [{ shape: [2, 5, 4, 3] }, { shape: [3, 3, 3, 2] }, { shape: [1, 1, 6, 4] }], attrs: { strides: 2, padding: "same" } }],
  }),
  row<TransposedCase>({
    op: "conv2dTranspose",
    apply: ([x, w], { attrs }) => OPS.conv2dTranspose(x!, w!, attrs),
    reference: ([x, w], { attrs, size, padding }) => convGradInput(x!, w!, { ...windows(attrs, 2), padding }, size),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: TRANSPOSED.map((attrs) => ({ inputs: [{ shape: attrs.x }, { shape: attrs.w }], attrs })),
  }),
  row<Conv1dAttrs & { pads: readonly [number, number] }>({
    op: "conv1d",
    apply: ([x, w], attrs) => OPS.conv1d(x!, w!, attrs),
    reference: ([x, w], { pads, ...attrs }) => {
      const first = attrs.dataFormat === "NCW";
      const y = conv(first ? moved(x!, true) : x!, w!, { ...windows(attrs, 1), padding: [pads] });
      return first ? moved(y, false) : y;
    },
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: [
      { inputs: [{ shape: [2, 9, 3] }, { shape: [3, 3, 4] }], attrs: { pads: [0, 0] } },
      { inputs: [{ shape: [1, 10, 2] }, { shape: [4, 2, 3] }], attrs: { padding: "same", strides: 3, pads: [1, 2] } },
      { inputs: [{ shape: [1, 8, 4] }, { shape: [3, 2, 6] }], attrs: { padding: [2, 1], dilations: 2, groups: 2, pads: [2, 1] } },
      { inputs: [{ shape: [2, 3, 7] }, { shape: [2, 3, 5] }], attrs: { padding: 1, dataFormat: "NCW", pads: [1, 1] } },
    ],
  }),
  row<Conv1dTransposeAttrs & { pads: readonly [number, number]; size: number }>({
    op: "conv1dTranspose",
    apply: ([x, w], attrs) => OPS.conv1dTranspose(x!, w!, attrs),
    reference: ([x, w], { pads, size, ...attrs }) => convGradInput(x!, w!, { ...windows(attrs, 1), padding: [pads] }, [size]),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: [
      { inputs: [{ shape: [2, 5, 3] }, { shape: [3, 4, 3] }], attrs: { pads: [0, 0], size: 7 } },
      { inputs: [{ shape: [1, 5, 4] }, { shape: [4, 3, 4] }], attrs: { strides: 2, padding: 1, outputPadding: 1, groups: 2, pads: [1, 0], size: 11 } },
      { inputs: [{ shape: [1, 4, 2] }, { shape: [3, 2, 2] }], attrs: { strides: 2, padding: "same", outputShape: 7, pads: [1, 1], size: 7 } },
    ],
  }),
  row<VolumeCase>({
    op: "conv3d",
    apply: ([x, w], { attrs }) => OPS.conv3d(x!, w!, attrs),
    reference: ([x, w], { attrs, padding }) => conv(x!, w!, { ...windows(attrs, 3), padding }),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: VOLUMES.map((attrs) => ({ inputs: [{ shape: attrs.x }, { shape: attrs.w }], attrs })),
  }),
  row<VolumeCase>({
    op: "conv3dTranspose",
    apply: ([x, w], { attrs }) => OPS.conv3dTranspose(x!, w!, attrs),
    reference: ([x, w], { attrs, padding, size }) => convGradInput(x!, w!, { ...windows(attrs, 3), padding }, size!),
    tolerance: IMAGE,
    domain: [-1, 1],
    cases: TRANSPOSED_VOLUMES.map((attrs) => ({ inputs: [{ shape: attrs.x }, { shape: attrs.w }], attrs })),
  }),
];
