// The layout pass: what it makes of a graph, and that programs compute the same with and without it.
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.js";
import { printGraph, type Graph } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import { constant, type Value } from "../graph/value.js";
import { OPS } from "../ops/index.js";
import type { Program } from "../program/program.js";
import { count } from "../../test/rows/plain.js";
import { input, kernelsOf, newExecutor, runGraph, state } from "../../test/runGraph.js";
import { epilogue } from "./epilogue.js";
import { gradients } from "./grad.js";
import type { PassName } from "./index.js";
import { layout, prefersLanes } from "./layout.js";
import { SEED } from "../../test/seed.js";

const { add, averagePool2d, batchNormalize, conv2d, dropout, maxPool2d, mul, relu, reshape, sum, tanh } = OPS;
const executor = await newExecutor();

const numbers = (length: number, seed: number): Float32Array => Float32Array.from({ length }, (_, i) => (((i + 31 * seed) * 7919) % 1009) / 504.5 - 1);
const tensor = (shape: readonly number[], seed: number): Value => input(numbers(count(shape), seed), shape);
const weight = (name: string, shape: readonly number[], seed: number): Value => state(name, numbers(count(shape), seed).map((x) => x / 4), shape);

describe("the rule", () => {
  const sizes = { n: 128, h: 28, w: 28, c: 1, kh: 5, kw: 5, o: 6, oh: 28, ow: 28, strideH: 1, strideW: 1, padTop: 2, padLeft: 2, dilationH: 1, dilationW: 1, groups: 1 };
  it.each([
    ["LeNet's first layer at batch 128", {}, true],
    ["its second", { h: 14, w: 14, c: 6, o: 16, oh: 10, ow: 10, padTop: 0, padLeft: 0 }, true],
    ["one image", { n: 1 }, false],
    ["nine images: seven lanes of the second group would be empty", { n: 9 }, false],
    ["fifteen images", { n: 15 }, true],
    ["32 channels to 64", { c: 32, o: 64 }, true],
    ["64 channels", { c: 64, o: 64 }, false],
    ["3×3 with channels enough for Winograd's tiles", { kh: 3, kw: 3, c: 8, o: 8, padTop: 1, padLeft: 1 }, false],
    ["3×3 with fewer", { kh: 3, kw: 3, c: 4, o: 8, padTop: 1, padLeft: 1 }, true],
    ["3×3 with stride 2", { kh: 3, kw: 3, c: 16, o: 16, strideH: 2, strideW: 2, oh: 14, ow: 14, padTop: 1, padLeft: 1 }, true],
    ["a filter as large as the image", { kh: 28, kw: 28, oh: 1, ow: 1, padTop: 0, padLeft: 0 }, false],
    ["two output channels", { o: 2 }, false],
    ["a 1×1 filter, which is a plain product", { kh: 1, kw: 1 }, false],
    ["dilation", { dilationW: 2 }, false],
    ["groups", { c: 6, groups: 2 }, false],
  ])("%s", (_claim, changes, expected) => expect(prefersLanes({ ...sizes, ...changes })).toBe(expected));
});

describe("the graph", () => {
  it("convolution, bias, relu, pooling and their gradients: one node each way", () => {
    const x = tensor([8, 6, 6, 1], 1);
    const [w, b] = [weight("w", [3, 3, 1, 4], 2), weight("b", [4], 3)];
    const y = maxPool2d(relu(add(conv2d(x, w), b)), { poolSize: 2 });
    const grads = gradients(sum(y), [w, b]) as Value[];
    const after = layout(epilogue({ outputs: [y, ...grads], updates: [] }));
    verifyGraph(after, "layout");
    expect(printGraph(after).replaceAll(/ \{.*?\}+(?= (float32|int32)\[)/g, "").split("\n")).toEqual([
      "%0 = input() float32[8, 6, 6, 1]",
      "%1 = toLanes(%0) float32[1, 6, 6, 1, 8]",
      "%2 = state() float32[3, 3, 1, 4]",
      "%3 = state() float32[4]",
      "%4 = laneConv2d(%1, %2, %3) float32[1, 2, 2, 4, 8] × int32[1, 2, 2, 4, 8]",
      "%5 = part(%4) float32[1, 2, 2, 4, 8]",
      "%6 = fromLanes(%5) float32[8, 2, 2, 4]",
      "%7 = constant(1) float32[]",
      "%8 = reshape(%7) float32[1, 1, 1, 1]",
      "%9 = broadcastTo(%8) float32[8, 2, 2, 4]",
      "%10 = toLanes(%9) float32[1, 2, 2, 4, 8]",
      "%11 = reluGrad(%10, %5) float32[1, 2, 2, 4, 8]",
      "%12 = part(%4) int32[1, 2, 2, 4, 8]",
      // Which unpools as it goes.
      "%13 = laneConv2dGradFilter(%1, %11, %12) float32[1, 3, 3, 1, 4]",
      "%14 = sum(%13) float32[1, 3, 3, 1, 4]",
      "%15 = reshape(%14) float32[3, 3, 1, 4]",
      // The bias: over what was pooled, a quarter of the pixels.
      "%16 = sum(%11) float32[1, 1, 1, 4, 8]",
      "%17 = reshape(%16) float32[1, 4, 8]",
      "%18 = fromLanes(%17) float32[8, 4]",
      "%19 = sum(%18) float32[1, 4]",
      "%20 = reshape(%19) float32[4]",
      "%21 = reshape(%20) float32[1, 1, 1, 4]",
      "%22 = reshape(%21) float32[4]",
      "return %6, %15, %22",
    ]);
  });

  it("is left alone where no convolution prefers lanes", () => {
    const graph: Graph = { outputs: [conv2d(tensor([1, 6, 6, 1], 1), weight("w", [3, 3, 1, 4], 2))], updates: [] };
    expect(layout(graph)).toBe(graph);
  });
});

/** Networks of x and weights made on the way; the result's elements are weighted and summed. */
interface Net {
  readonly claim: string;
  readonly x: readonly number[];
  readonly make: (x: Value, weight: (...shape: number[]) => Value) => Value;
  /** Kernels that must be among the program's, or (with "no ") must not. */
  readonly kernels: readonly string[];
}

const pooled = (x: Value): Value => maxPool2d(x, { poolSize: 2 });
const POOL = ["f32_lane_conv2d", "f32_lane_conv2d_grad_filter", "no f32_lane_unpool", "no f32_max_pool2d", "no f32_max_pool2d_grad", "no f32_conv2d"];

const NETS: readonly Net[] = [
  { claim: "LeNet's convolutions", x: [16, 16, 16, 1], make: (x, w) => pooled(relu(add(conv2d(pooled(relu(add(conv2d(x, w(5, 5, 1, 6), { padding: "same" }), w(6)))), w(5, 5, 6, 16)), w(16)))), kernels: ["f32_lane_conv2d", "f32_lane_conv2d_grad_filter", "f32_lane_conv2d_grad_input", "no f32_max_pool2d", "no f32_max_pool2d_grad", "no f32_conv2d"] },
  { claim: "13 images: lanes without one", x: [13, 9, 9, 3], make: (x, w) => pooled(relu(add(conv2d(x, w(3, 3, 3, 5)), w(5)))), kernels: POOL },
  { claim: "odd sizes that pooling cuts off", x: [8, 9, 8, 3], make: (x, w) => pooled(relu(conv2d(x, w(2, 2, 3, 4)))), kernels: POOL },
  { claim: "stride and padding", x: [8, 9, 10, 4], make: (x, w) => tanh(conv2d(x, w(3, 3, 4, 7), { strides: 2, padding: [[1, 0], [2, 1]] })), kernels: ["f32_lane_conv2d", "f32_lane_conv2d_grad_input"] },
  { claim: "no pooling, two in a row, a bias in two ways", x: [14, 7, 7, 3], make: (x, w) => mul(add(conv2d(relu(add(conv2d(x, w(3, 3, 3, 5)), w(1, 1, 5))), w(3, 3, 5, 3)), w(1)), constant(3)), kernels: ["f32_lane_conv2d", "f32_lane_conv2d_grad_input", "no f32_lane_unpool"] },
  { claim: "average pooling", x: [15, 8, 8, 3], make: (x, w) => averagePool2d(relu(conv2d(x, w(3, 3, 3, 4))), { poolSize: 2 }), kernels: ["f32_lane_conv2d", "f32_average_pool2d", "f32_average_pool2d_grad"] },
  { claim: "max pooling of other windows", x: [13, 9, 9, 3], make: (x, w) => maxPool2d(relu(conv2d(x, w(2, 2, 3, 4))), { poolSize: 3, strides: 2, padding: 1 }), kernels: ["f32_lane_conv2d", "f32_max_pool2d", "f32_max_pool2d_grad"] },
  { claim: "max pooling without relu", x: [8, 6, 6, 3], make: (x, w) => pooled(conv2d(x, w(3, 3, 3, 4))), kernels: ["f32_lane_conv2d", "f32_max_pool2d"] },
  { claim: "an image gradient of two channels, which only rows have", x: [8, 7, 6, 2], make: (x, w) => pooled(relu(conv2d(x, w(3, 3, 2, 4)))), kernels: ["f32_lane_conv2d", "f32_lane_conv2d_grad_filter", "f32_lane_unpool", "no f32_lane_conv2d_grad_input"] },
  { claim: "wide enough for pairs, forward and back", x: [8, 12, 12, 6], make: (x, w) => relu(conv2d(relu(conv2d(x, w(5, 5, 6, 8), { padding: "same" })), w(5, 5, 8, 6), { padding: "same" })), kernels: ["f32_lane_conv2d", "f32_lane_conv2d_grad_input"] },
  { claim: "pooled, and read elsewhere too", x: [8, 7, 7, 3], make: (x, w) => ((y) => add(sum(pooled(y), { axes: [1, 2] }), sum(tanh(y), { axes: [1, 2] })))(relu(conv2d(x, w(2, 2, 3, 4)))), kernels: ["f32_lane_conv2d", "f32_max_pool2d"] },
  { claim: "a residual, and the same value flattened", x: [16, 6, 6, 3], make: (x, w) => ((y) => add(OPS.matmul(reshape(y, { shape: [16, 108] }), w(108, 1)), sum(add(x, y), { axes: [1, 2] })))(relu(conv2d(x, w(3, 3, 3, 3), { padding: "same" }))), kernels: ["f32_lane_conv2d"] },
  { claim: "batch normalisation between convolution and relu", x: [16, 8, 8, 1], make: (x, w) => pooled(relu(batchNormalize(conv2d(x, w(5, 5, 1, 6), { padding: "same" }), w(6), w(6), { epsilon: 1e-3 }))), kernels: ["f32_lane_conv2d", "f32_bn_stats", "f32_bn_grad_sums"] },
  { claim: "batch normalisation of 15 images", x: [15, 6, 6, 1], make: (x, w) => relu(batchNormalize(conv2d(x, w(3, 3, 1, 4)), w(4), w(4), { epsilon: 1e-3 })), kernels: ["f32_lane_conv2d", "f32_bn_stats"] },
  { claim: "a scale for each image, one for each pixel", x: [8, 6, 6, 3], make: (x, w) => mul(mul(relu(conv2d(x, w(3, 3, 3, 4))), w(8, 1, 1, 1)), w(1, 4, 4, 1)), kernels: ["f32_lane_conv2d"] },
  { claim: "elementwise chains with comparison and constants", x: [8, 6, 6, 3], make: (x, w) => ((y) => OPS.where(OPS.greater(y, constant(0)), y, mul(y, constant(0.1, "float32", [8, 4, 4, 4]))))(conv2d(x, w(3, 3, 3, 4))), kernels: ["f32_lane_conv2d"] },
];

/** Results with these passes off are those without lanes, within 1e-5 of the largest. Returns the first program. */
function expectSame(graph: Graph, offs: readonly (readonly PassName[])[]): Program {
  const plain = runGraph(executor, graph, { off: new Set(["LAYOUT"]) });
  const programs = offs.map((off) => {
    const { outputs, program } = runGraph(executor, graph, { off: new Set(off) }, 2);
    outputs.forEach((got, i) => {
      const expected = plain.outputs[i]!;
      const scale = Math.max(1, ...expected.map(Math.abs));
      const worst = got.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k]!) / scale), 0);
      expect(worst, `result ${i}, off ${off}`).toBeLessThan(1e-5);
    });
    return program;
  });
  return programs[0]!;
}

describe("results with and without the pass differ by less than 1e-5 of the largest", () => {
  it.each(NETS)("$claim", ({ x: shape, make, kernels }) => {
    const x = tensor(shape, 1);
    const weights: Value[] = [];
    const y = make(x, (...size) => {
      const w = weight(`w${weights.length}`, size, weights.length + 2);
      weights.push(w);
      return w;
    });
    const loss = sum(mul(y, tensor(y.shape, 99)));
    const graph: Graph = { outputs: [y, ...(gradients(loss, [x, ...weights]) as Value[])], updates: [] };
    const used = kernelsOf(expectSame(graph, [[], ["FUSE"], ["PLAN"]]).steps);
    for (const kernel of kernels) expect([kernel, kernel.startsWith("no ") ? !used.includes(kernel.slice(3)) : used.includes(kernel)]).toEqual([kernel, true]);
  });

  it("prediction stores no winners, and keeps values in lanes to the end of the convolutions", () => {
    const y = pooled(relu(conv2d(pooled(relu(conv2d(tensor([8, 12, 12, 1], 1), weight("a", [3, 3, 1, 4], 2)))), weight("b", [2, 2, 4, 3], 3))));
    expect(kernelsOf(runGraph(executor, { outputs: [y], updates: [] }).program.steps)).toEqual(["to_lanes", "f32_lane_conv2d", "f32_lane_conv2d", "from_lanes"]);
  });
});

it("dropout draws by an element's place in the images as they were traced, whatever the layout", () => {
  const y = dropout(add(relu(conv2d(tensor([8, 6, 6, 3], 1), weight("w", [3, 3, 3, 4], 2))), constant(1)), input([1, 2, 3, 4], [4], "int32"), { rate: 0.5, stream: 7 });
  const [inLanes, inRow] = [[], ["LAYOUT"]].map((off) => runGraph(executor, { outputs: [y], updates: [] }, { off: new Set(off as "LAYOUT"[]) }).outputs[0]!);
  expect(inLanes!.map((value) => value === 0)).toEqual(inRow!.map((value) => value === 0));
  expect(inRow!.filter((value) => value === 0).length).toBeGreaterThan(100);
});

it("a NaN in one image stays in that image, through pooling and its gradient", () => {
  const data = numbers(8 * 6 * 6, 1);
  data[2 * 36 + 14] = NaN;
  const w = weight("w", [3, 3, 1, 4], 2);
  const x = input(data, [8, 6, 6, 1]);
  const y = pooled(relu(conv2d(x, w)));
  const { outputs } = runGraph(executor, { outputs: [y, gradients(sum(y), [w])[0]!], updates: [] });
  expect([...new Set(outputs[0]!.flatMap((value, i) => (Number.isNaN(value) ? [Math.floor(i / 16)] : [])))]).toEqual([2]);
  expect(outputs[1]!.every(Number.isNaN)).toBe(true);
});

describe("random convolutions with and without the pass", () => {
  const random = new Random(20240610 + SEED);
  const between = (from: number, to: number): number => from + (random.bits() % (to - from + 1));
  const rows = Array.from({ length: 24 }, () => {
    const [n, c, o] = [[8, 12, 16, 21][between(0, 3)]!, between(1, 7), between(3, 9)];
    const [kh, kw] = [between(1, 5), between(2, 5)];
    const [h, w] = [kh + between(0, 6), kw + between(1, 6)];
    const strides = between(0, 2) > 0 ? ([1, 1] as const) : ([between(1, 3), between(1, 3)] as const);
    const padding = [[between(0, 2), between(0, 2)], [between(0, 2), between(0, 2)]] as const;
    return { n, h, w, c, o, kh, kw, strides, padding, pool: between(0, 1) === 1 };
  });
  it.each(rows.map((row) => [JSON.stringify(row), row] as const))(`SEED=${SEED}: %s`, (_name, { n, h, w, c, o, kh, kw, strides, padding, pool }) => {
    const [x, filter, bias] = [tensor([n, h, w, c], 1), weight("w", [kh, kw, c, o], 2), weight("b", [o], 3)];
    const y = relu(add(conv2d(x, filter, { strides, padding }), bias));
    const result = pool && y.shape[1]! > 1 && y.shape[2]! > 1 ? pooled(y) : y;
    const loss = sum(mul(result, tensor(result.shape, 99)));
    expectSame({ outputs: [result, ...(gradients(loss, [x, filter, bias]) as Value[])], updates: [] }, [[]]);
  });
});
