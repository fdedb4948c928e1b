// Rows of images in lanes. The layout pass alone makes these ops, so their rows go there and back again.
import { part, type Value } from "../../src/graph/value.js";
import type { LaneConvAttrs } from "../../src/ops/laneConv2d.js";
import { OPS } from "../../src/ops/index.js";
import type { WindowAttrs } from "../../src/ops/window.js";
import { conv, convGradFilter, convGradInput, full, outputs, type Full } from "./convolution.js";
import { build, get, map, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

const NO_GRADIENT = "made after gradients are taken";

interface ConvCase {
  readonly window: WindowAttrs;
  readonly activation?: "relu";
}

/** Images, filter, window: groups that are full and not, clipped and whole rows, every number of channels in a block. */
const CONVS: (readonly [x: readonly number[], w: readonly number[], window: WindowAttrs])[] = [
  [[8, 5, 5, 1], [3, 3, 1, 3], {}],
  [[16, 9, 8, 1], [5, 5, 1, 6], { padding: "same" }],
  [[11, 6, 7, 6], [5, 5, 6, 16], { padding: 1 }],
  [[9, 7, 5, 3], [2, 3, 3, 5], { padding: "same", strides: 2 }],
  [[3, 8, 9, 4], [3, 1, 4, 7], { padding: [[0, 2], [1, 0]], strides: [3, 2] }],
  [[8, 4, 4, 5], [1, 1, 5, 4], { strides: 2 }],
  [[8, 3, 3, 3], [3, 3, 3, 9], { padding: 3 }],
];

const BOUND = [2e-6, "up to 150 products in float32: √150 · 6e-8 of a sum of about that size"] as const;

function windowOf(x: { shape: readonly number[] }, size: readonly number[], window: WindowAttrs): Full {
  return full(window, [x.shape[1]!, x.shape[2]!], size);
}

function resultShape(x: readonly number[], w: readonly number[], window: WindowAttrs): number[] {
  return [x[0]!, ...outputs(windowOf({ shape: x }, w, window), [x[1]!, x[2]!], w), w[3]!];
}

function convolve([x, w, bias]: readonly Value[], { window, activation = undefined }: ConvCase, pool: LaneConvAttrs["pool"]): Value {
  return OPS.laneConv2d(OPS.toLanes(x!), w!, ...(bias ? [bias] : []), { ...windowOf(x!, w!.shape, window), activation: activation ?? "linear", pool });
}

function expectedConv([x, w, bias]: readonly Plain[], { window, activation }: ConvCase): Plain {
  const y = conv(x!, w!, windowOf(x!, w!.shape, window));
  return map((value, b) => (activation === "relu" ? Math.max(value + b, 0) : value + b), y, bias ?? { shape: [], data: [0] });
}

/** The four pixels of a 2×2 window. */
const fourOf = (y: Plain, [b, i, j, k]: readonly number[]): number[] => [0, 1, 2, 3].map((at) => get(y, [b!, 2 * i! + (at >> 1), 2 * j! + (at & 1), k!]));
const halved = ([n, h, w, c]: readonly number[]): number[] => [n!, h! >> 1, w! >> 1, c!];

const withBias = (activation?: "relu") =>
  CONVS.map(([x, w, window]) => ({ inputs: [{ shape: x }, { shape: w }, { shape: [w[3]!] }], attrs: { window, ...(activation && { activation }) } }));

export const LANES: readonly Row[] = [
  row<object>({
    op: "toLanes",
    apply: ([x]) => OPS.toLanes(x!),
    reference: ([x]) => build([Math.ceil(x!.shape[0]! / 8), ...x!.shape.slice(1), 8], (index) => {
      const image = index[0]! * 8 + index[index.length - 1]!;
      return image < x!.shape[0]! ? get(x!, [image, ...index.slice(1, -1)]) : 0;
    }),
    tolerance: [0, "moves elements"],
    gradient: NO_GRADIENT,
    cases: [[8, 4], [1, 3], [19, 2, 3, 5], [16, 7], [24]].map((shape) => ({ inputs: [{ shape }], attrs: {} })),
  }),
  row<{ images: number }>({
    op: "fromLanes",
    apply: ([x], attrs) => OPS.fromLanes(x!, attrs),
    reference: ([x], { images }) => build([images, ...x!.shape.slice(1, -1)], ([image, ...index]) => get(x!, [image! >> 3, ...index, image! & 7])),
    tolerance: [0, "moves elements"],
    gradient: NO_GRADIENT,
    cases: ([[[1, 4, 8], 8], [[1, 3, 8], 1], [[3, 2, 3, 5, 8], 19], [[2, 7, 8], 16], [[3, 8], 24]] as const).map(([shape, images]) => ({ inputs: [{ shape }], attrs: { images } })),
  }),
  row<object>({
    op: "laneRow",
    apply: ([x]) => OPS.laneRow(x!),
    reference: ([x]) => build([x!.shape[0]!, 8], ([channel]) => get(x!, [channel!])),
    tolerance: [0, "copies elements"],
    gradient: NO_GRADIENT,
    cases: [[1], [5], [48]].map((shape) => ({ inputs: [{ shape }], attrs: {} })),
  }),
  row<ConvCase>({
    op: "laneConv2d",
    apply: (inputs, attrs) => OPS.fromLanes(convolve(inputs, attrs, "none"), { images: inputs[0]!.shape[0]! }),
    reference: expectedConv,
    tolerance: BOUND,
    gradient: NO_GRADIENT,
    cases: [...CONVS.map(([x, w, window]) => ({ inputs: [{ shape: x }, { shape: w }], attrs: { window } })), ...withBias("relu")],
  }),
  row<ConvCase>({
    op: "laneConv2d",
    variant: "pooled",
    apply: (inputs, attrs) => OPS.fromLanes(convolve(inputs, attrs, "max"), { images: inputs[0]!.shape[0]! }),
    reference: (inputs, attrs) => ((y) => build(halved(y.shape), (at) => Math.max(...fourOf(y, at))))(expectedConv(inputs, attrs)),
    tolerance: BOUND,
    gradient: NO_GRADIENT,
    cases: withBias("relu").filter(({ attrs, inputs: [x, w] }) => resultShape(x!.shape, w!.shape, attrs.window).every((dim) => dim > 1)),
  }),
  row<ConvCase>({
    op: "laneConv2d",
    variant: "winners",
    apply: (inputs, attrs) => {
      const tuple = convolve(inputs, attrs, "winners");
      return [0, 1].map((i) => OPS.fromLanes(part(tuple, i), { images: inputs[0]!.shape[0]! }));
    },
    reference: (inputs, attrs) => {
      const y = expectedConv(inputs, attrs);
      const best = (list: readonly number[]): number => (list.some(Number.isNaN) ? list.findIndex(Number.isNaN) : list.indexOf(Math.max(...list)));
      return [build(halved(y.shape), (at) => Math.max(...fourOf(y, at))), build(halved(y.shape), (at) => best(fourOf(y, at)))];
    },
    tolerance: BOUND,
    gradient: NO_GRADIENT,
    cases: withBias("relu").filter(({ attrs, inputs: [x, w] }) => resultShape(x!.shape, w!.shape, attrs.window).every((dim) => dim > 1)),
  }),
  row<{ window: WindowAttrs; inputSize: readonly [number, number] }>({
    op: "laneConv2dGradInput",
    apply: ([dy, w], { window, inputSize }) => {
      const dx = OPS.laneConv2dGradInput(OPS.toLanes(dy!), w!, { ...full(window, inputSize, w!.shape), inputSize });
      return OPS.fromLanes(dx, { images: dy!.shape[0]! });
    },
    reference: ([dy, w], { window, inputSize }) => convGradInput(dy!, w!, full(window, inputSize, w!.shape), inputSize),
    tolerance: BOUND,
    gradient: NO_GRADIENT,
    cases: CONVS.filter(([, w]) => w[2]! >= 3).map(([x, w, window]) => ({ inputs: [{ shape: resultShape(x, w, window) }, { shape: w }], attrs: { window, inputSize: [x[1]!, x[2]!] } })),
  }),
  row<{ window: WindowAttrs; filterSize: readonly [number, number] }>({
    op: "laneConv2dGradFilter",
    apply: ([x, dy], { window, filterSize }) => {
      const parts = OPS.laneConv2dGradFilter(OPS.toLanes(x!), OPS.toLanes(dy!), { ...windowOf(x!, filterSize, window), filterSize, images: x!.shape[0]! });
      return OPS.sum(parts, { axes: 0 });
    },
    reference: ([x, dy], { window, filterSize }) => convGradFilter(x!, dy!, windowOf(x!, filterSize, window), filterSize),
    tolerance: [2e-6, "up to 16 · 72 products in float32, added up in shares"],
    gradient: NO_GRADIENT,
    cases: CONVS.map(([x, w, window]) => ({ inputs: [{ shape: x }, { shape: resultShape(x, w, window) }], attrs: { window, filterSize: [w[0]!, w[1]!] } })),
  }),
  row<{ inputSize: readonly [number, number] }>({
    op: "laneUnpool",
    apply: ([dy, winners], attrs) => OPS.fromLanes(OPS.laneUnpool(OPS.toLanes(dy!), OPS.toLanes(winners!), attrs), { images: dy!.shape[0]! }),
    reference: ([dy, winners], { inputSize: [h, w] }) => {
      const [n, rows, cols, c] = dy!.shape as [number, number, number, number];
      return build([n, h, w, c], ([b, i, j, k]) => {
        const at = [b!, i! >> 1, j! >> 1, k!];
        return i! >> 1 < rows && j! >> 1 < cols && get(winners!, at) === (i! & 1) * 2 + (j! & 1) ? get(dy!, at) : 0;
      });
    },
    tolerance: [0, "moves elements"],
    gradient: NO_GRADIENT,
    cases: ([[[9, 2, 3, 3], [4, 6]], [[8, 2, 2, 4], [5, 5]], [[1, 1, 1, 6], [3, 2]]] as const).map(([shape, inputSize]) => ({
      inputs: [{ shape }, { shape, dtype: "int32" as const, domain: [0, 4] as const }],
      attrs: { inputSize },
    })),
  }),
];
