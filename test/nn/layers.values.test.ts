// What layers give, beside loops and identities of mathematics: the table of layers.table.test.ts holds shapes and slopes.
import { beforeAll, describe, expect, it, test } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { sizeOf, type Shape } from "../../src/base/shape.js";
import { concat, init, matmul, sum, tensor, transpose, type Tensor } from "../../src/engine/index.js";
import { constraints, layers, regularizers, sequential, type Layer } from "../../src/nn/index.js";
import { WeightSource } from "../../src/nn/layer.js";
import { SPACE } from "./layers/space.rows.js";

beforeAll(() => init());

function draw(shape: Shape, seed = 1): Tensor {
  const random = createRandom(seed);
  return tensor(Float32Array.from({ length: sizeOf(shape) }, () => random.normal()), shape);
}

/** Sums of up to 60 products of normal numbers: √60 roundings of 6e-8 at a magnitude of 10. */
function expectClose(actual: Tensor, expected: readonly number[] | Tensor, bound = 5e-6): void {
  const [a, b] = [actual.dataSync(), Array.isArray(expected) ? (expected as readonly number[]) : (expected as Tensor).dataSync()];
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!), `element ${i}: ${a[i]} and ${b[i]}`).toBeLessThanOrEqual(bound);
}

/** A layer with weights of its own, biases included. */
function built<L extends Layer>(layer: L, input: Shape): L {
  layer.build(input, new WeightSource(3));
  layer.weights.forEach((weight, i) => weight.assign(draw(weight.shape, i + 10)));
  return layer;
}

describe("channels-first", () => {
  type Options = { readonly dataFormat?: string };
  const rows = SPACE.filter(({ options, layer }) => (options as Options).dataFormat?.endsWith("irst") && layer !== "flatten");

  test.each(rows.map((row) => [`${row.layer} ${JSON.stringify(row.options)}`, row] as const))("%s is channels-last, turned", (_title, { layer, options, inputs: [input] }) => {
    const make = (layers as Readonly<Record<string, unknown>>)[layer] as (options: object) => Layer;
    const pixels = input!.slice(1);
    const first = built(make(options!), input!);
    const last = built(make({ ...options, dataFormat: "channelsLast" }), [...pixels, input![0]!]);
    const x = draw([2, ...input!]);
    const axes = pixels.map((_, i) => i + 2);
    const y = last.apply(transpose(x, [0, ...axes, 1]));
    const back = y.shape.length === 2 ? y : transpose(y, [0, y.shape.length - 1, ...pixels.map((_, i) => i + 1)]);
    expect(first.apply(x).shape).toEqual(back.shape);
    expectClose(first.apply(x), back, 1e-6);
  });
});

it("channels-first networks run channels-last: the same steps, and one that turns the input", () => {
  const steps = (dataFormat: "channelsLast" | "channelsFirst", inputShape: Shape): readonly string[] => {
    const [{ conv2d, dense, flatten, maxPooling2d }, filters] = [layers, 8];
    const model = sequential([
      conv2d({ filters, kernelSize: 3, activation: "relu", dataFormat, inputShape }), maxPooling2d({ dataFormat }),
      conv2d({ filters, kernelSize: 3, activation: "relu", dataFormat }), maxPooling2d({ dataFormat }), flatten({ dataFormat }), dense({ units: 4 }),
    ]); // prettier-ignore
    return model.predictionStep.programFor(draw([1, ...inputShape])).steps.flatMap((step) => ("kernel" in step ? [step.kernel] : []));
  };
  const last = steps("channelsLast", [16, 16, 3]);
  expect(last).toEqual(["f32_conv2d", "f32_max_pool2d", "f32_conv2d", "f32_max_pool2d", "f32_gemm"]);
  expect(steps("channelsFirst", [3, 16, 16])).toEqual(["copy", ...last]);
});

describe("convolutions", () => {
  /** Σ over taps and channels of a group, with zeros outside: positions and taps as lists of indices. */
  function naive(x: Tensor, kernel: Tensor, bias: Tensor, strides: number, dilation: number, before: number, output: readonly number[], groups: number): number[] {
    const [pixels, channels] = [x.shape.slice(1, -1), x.shape.at(-1)!];
    const [size, [taps, filters]] = [kernel.shape.slice(0, -2), kernel.shape.slice(-2) as [number, number]];
    const [data, weights, biases] = [x.dataSync(), kernel.dataSync(), bias.dataSync()];
    const results: number[] = [];
    for (let n = 0; n < x.shape[0]!; n++) {
      for (const at of grid(output)) {
        for (let f = 0; f < filters; f++) {
          let total = biases[f]!;
          const firstChannel = Math.floor(f / (filters / groups)) * taps;
          for (const tap of grid(size)) {
            const place = tap.map((t, i) => at[i]! * strides + t * dilation - before);
            if (place.some((p, i) => p < 0 || p >= pixels[i]!)) continue;
            for (let c = 0; c < taps; c++) {
              const from = place.reduce((flat, p, i) => flat * pixels[i]! + p, n) * channels + firstChannel + c;
              const to = (tap.reduce((flat, t, i) => flat * size[i]! + t, 0) * taps + c) * filters + f;
              total += data[from]! * weights[to]!;
            }
          }
          results.push(total);
        }
      }
    }
    return results;
  }

  const grid = (sizes: readonly number[]): number[][] => sizes.reduce<number[][]>((rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, i) => [...row, i])), [[]]);

  const ROWS = [
    { layer: layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, groups: 2 }), input: [9, 4], strides: 2, dilation: 1, before: 0, groups: 2 },
    { layer: layers.conv1d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: "causal" }), input: [6, 3], strides: 1, dilation: 2, before: 4, groups: 1 },
    { layer: layers.conv2d({ filters: 3, kernelSize: 3, padding: "same" }), input: [5, 4, 2], strides: 1, dilation: 1, before: 1, groups: 1 },
    { layer: layers.conv2d({ filters: 6, kernelSize: 2, strides: 2, dilationRate: 2, groups: 3, padding: 1 }), input: [6, 6, 3], strides: 2, dilation: 2, before: 1, groups: 3 },
    { layer: layers.conv3d({ filters: 2, kernelSize: [2, 3, 2] }), input: [3, 4, 3, 2], strides: 1, dilation: 1, before: 0, groups: 1 },
    { layer: layers.conv3d({ filters: 2, kernelSize: 3, strides: 2, padding: 1 }), input: [3, 4, 3, 2], strides: 2, dilation: 1, before: 1, groups: 1 },
  ] as const;
  test.each(ROWS.map((row) => [`${row.layer.type} of [${row.input.join(", ")}]`, row] as const))("%s is its sum", (_title, { layer, input, strides, dilation, before, groups }) => {
    built<Layer>(layer, input);
    const [kernel, bias] = layer.weights;
    const x = draw([2, ...input]);
    const y = layer.apply(x);
    expectClose(y, naive(x, kernel!, bias!, strides, dilation, before, y.shape.slice(1, -1), groups));
  });

  const PAIRS = [
    [layers.conv1d({ filters: 3, kernelSize: 3, strides: 2, useBias: false }), layers.conv1dTranspose({ filters: 2, kernelSize: 3, strides: 2, useBias: false }), [9, 2]],
    [layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", useBias: false }), layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same", useBias: false }), [6, 4, 2]],
    [layers.conv3d({ filters: 3, kernelSize: 2, strides: 2, useBias: false }), layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2, useBias: false }), [4, 2, 4, 2]],
  ] as const;
  test.each(PAIRS.map((pair) => [pair[1].type, pair] as const))("%s leads back: ⟨conv(x), y⟩ = ⟨x, transposed(y)⟩", (_type, [forward, back, input]) => {
    built<Layer>(forward, input);
    const x = draw([2, ...input]);
    const y = draw(forward.apply(x).shape, 2);
    built<Layer>(back, y.shape.slice(1));
    back.weights[0]!.assign(forward.weights[0]!);
    expect(back.apply(y).shape).toEqual(x.shape);
    // Two sums of up to 100 products of numbers of magnitude 5.
    expectClose(sum(forward.apply(x).mul(y)).sub(sum(x.mul(back.apply(y)))).reshape([1]), [0], 2e-4);
  });

  it("a separable one is a depthwise one and a product over channels", () => {
    const x = draw([2, 6, 5, 3]);
    const separable = built(layers.separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same" }), [6, 5, 3]);
    const [depthwise, pointwise, bias] = separable.weights;
    const first = built(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same", useBias: false }), [6, 5, 3]);
    first.weights[0]!.assign(depthwise!);
    expectClose(separable.apply(x), matmul(first.apply(x), pointwise!.reshape([6, 4])).add(bias!));
    expect(separable.weights.map(({ name }) => name.split("/")[1])).toEqual(["depthwise_kernel", "pointwise_kernel", "bias"]);
  });

  it("a depthwise one is a convolution of every channel alone", () => {
    for (const [make, alone, pixels] of [
      [layers.depthwiseConv1d({ kernelSize: 3, useBias: false }), layers.conv1d, [6]],
      [layers.depthwiseConv2d({ kernelSize: 3, useBias: false }), layers.conv2d, [5, 4]],
    ] as const) {
      const x = draw([2, ...pixels, 3]);
      const layer = built<Layer>(make, [...pixels, 3]);
      const [kernel] = layer.weights;
      const channel = (of: Tensor, axis: number, c: number): Tensor => of.slice(of.shape.map((_, i) => (i === axis ? c : 0)), of.shape.map((size, i) => (i === axis ? 1 : size)));
      const each = [0, 1, 2].map((c) => {
        const one = built<Layer>(alone({ filters: 1, kernelSize: 3, useBias: false }), [...pixels, 1]);
        one.weights[0]!.assign(channel(kernel!, pixels.length, c));
        return one.apply(channel(x, pixels.length + 1, c));
      });
      expectClose(layer.apply(x), concat(each, -1));
    }
  });

  it("a causal one sees nothing that comes later", () => {
    const layer = built(layers.conv1d({ filters: 2, kernelSize: 3, padding: "causal", dilationRate: 2 }), [8, 1]);
    const x = draw([1, 8, 1]);
    const later = x.dataSync().slice();
    later[5] = 100;
    const [y, changed] = [layer.apply(x).dataSync(), layer.apply(tensor(later, [1, 8, 1])).dataSync()];
    expect(changed.slice(0, 10)).toEqual(y.slice(0, 10));
    expect(changed.slice(10)).not.toEqual(y.slice(10));
  });
});

describe("layers that change sizes", () => {
  const square = (): Tensor => tensor([[1, 2], [3, 4]], undefined, "float32").reshape([1, 2, 2, 1]);
  const ROWS: readonly (readonly [what: string, layer: () => Layer, x: () => Tensor, expected: readonly number[]])[] = [
    ["zeroPadding1d", () => layers.zeroPadding1d({ padding: [1, 2] }), () => tensor([1, 2]).cast("float32").reshape([1, 2, 1]), [0, 1, 2, 0, 0]],
    ["zeroPadding2d", () => layers.zeroPadding2d({ padding: [[1, 0], [0, 1]] }), square, [0, 0, 0, 1, 2, 0, 3, 4, 0]],
    ["cropping2d", () => layers.cropping2d({ cropping: [[1, 0], [0, 1]] }), square, [3]],
    ["upSampling1d", () => layers.upSampling1d({ size: 3 }), () => tensor([1, 2]).cast("float32").reshape([1, 2, 1]), [1, 1, 1, 2, 2, 2]],
    ["upSampling2d", () => layers.upSampling2d(), square, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]],
    // Pixels of the result lie at −¼, ¼, ¾, 1¼ of those of the input, clamped at the border.
    ["upSampling2d bilinear", () => layers.upSampling2d({ interpolation: "bilinear" }), square, [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4]],
    ["permute", () => layers.permute({ dims: [2, 1, 3] }), square, [1, 3, 2, 4]],
    ["repeatVector", () => layers.repeatVector({ n: 2 }), () => tensor([[1, 2], [3, 4]]).cast("float32"), [1, 2, 1, 2, 3, 4, 3, 4]],
    ["reshape", () => layers.reshape({ targetShape: [-1] }), square, [1, 2, 3, 4]],
    ["flatten channels-first", () => layers.flatten({ dataFormat: "channelsFirst" }), () => tensor([[[1, 2], [3, 4]]]).cast("float32"), [1, 3, 2, 4]],
  ];
  test.each(ROWS)("%s", (_what, layer, x, expected) => expect([...layer().apply(x()).dataSync()]).toEqual(expected));
});

describe("pools", () => {
  it("adaptive pools: windows overlap where sizes do not divide", () => {
    const x = tensor([[1, 2, 3, 4, 6]], undefined, "float32").reshape([1, 5, 1]);
    // Of five steps the three windows are 0-1, 1-3 and 3-4.
    expect(layers.adaptiveAveragePooling1d({ outputSize: 3 }).apply(x).arraySync()).toEqual([[[1.5], [3], [5]]]);
    expect(layers.adaptiveMaxPooling1d({ outputSize: 3 }).apply(x).arraySync()).toEqual([[[2], [4], [6]]]);
    const image = tensor(Array.from({ length: 16 }, (_, i) => i), [1, 4, 4, 1], "float32");
    expect(layers.adaptiveAveragePooling2d({ outputSize: [2, 1] }).apply(image).arraySync()).toEqual([[[[3.5]], [[11.5]]]]);
  });

  it("global averages leave out the steps that a mask leaves out, and give 0 where it leaves none", () => {
    const x = tensor([[[1, 10], [2, 20], [6, 60]], [[1, 1], [1, 1], [1, 1]]]).cast("float32");
    const mask = tensor([[true, false, true], [false, false, false]]);
    expect(layers.globalAveragePooling1d().apply(x, { mask }).arraySync()).toEqual([[3.5, 35], [0, 0]]);
    expect(layers.globalAveragePooling1d({ keepDims: true }).apply(x, { mask }).shape).toEqual([2, 1, 2]);
    expect(layers.globalAveragePooling1d({ dataFormat: "channelsFirst" }).apply(transpose(x, [0, 2, 1]), { mask }).arraySync()).toEqual([[3.5, 35], [0, 0]]);
    expect(layers.globalAveragePooling1d().apply(x).arraySync()).toEqual([[3, 30], [1, 1]]);
  });

  it("averages at the border do not count the padding, as Keras", () => {
    const y = layers.averagePooling1d({ poolSize: 3, strides: 1, padding: "same" }).apply(tensor([3, 6, 9]).cast("float32").reshape([1, 3, 1]));
    expect([...y.dataSync()]).toEqual([4.5, 6, 7.5]);
  });
});

describe("dense layers", () => {
  it("einsumDense over several axes is its sum", () => {
    const layer = built(layers.einsumDense({ equation: "abc,cde->abde", outputShape: [null, 2, 3], biasAxes: "e" }), [4, 5]);
    const [kernel, bias] = layer.weights;
    expect(kernel!.shape).toEqual([5, 2, 3]);
    expect(bias!.shape).toEqual([3]);
    const x = draw([2, 4, 5]);
    expectClose(layer.apply(x), matmul(x, kernel!.reshape([5, 6])).reshape([2, 4, 2, 3]).add(bias!));
  });

  it("dense goes over the last axis, whatever lies before it", () => {
    const layer = built(layers.dense({ units: 3 }), [4, 5]);
    const x = draw([2, 4, 5]);
    expectClose(layer.apply(x).reshape([8, 3]), matmul(x.reshape([8, 5]), layer.weights[0]!).add(layer.weights[1]!));
  });

  it("maxout is the largest of its pieces", () => {
    const layer = layers.maxout({ units: 1, pieces: 4 });
    layer.build([1]);
    layer.weights[0]!.assign(tensor([[0.5, -0.5, 1, -1]]));
    layer.weights[1]!.assign(tensor([0, 0, 0, -0.2]));
    expectClose(layer.apply(tensor([[-1], [-0.4], [-0.2], [0], [1]], undefined, "float32")), [0.8, 0.2, 0.1, 0, 1], 1e-7);
  });
});

describe("what the options of weights do", () => {
  it("penalise kernels and, when told to, biases and results; nothing else", () => {
    const layer = built(layers.dense({ units: 2, kernelRegularizer: "l2", activityRegularizer: regularizers.l1(0.5) }), [3]);
    const x = draw([4, 3]);
    expect(layer.penalties()).toHaveLength(1);
    expectClose(layer.penalties()[0]!.reshape([1]), layer.weights[0]!.square().sum().mul(0.01).reshape([1]), 1e-6);
    const told: Tensor[] = [];
    const y = layer.apply(x, { addLoss: (penalty) => void told.push(penalty) });
    expectClose(told[0]!.reshape([1]), [0.5 * [...y.dataSync()].reduce((total, value) => total + Math.abs(value), 0)], 1e-5);
    expect(built(layers.dense({ units: 2, biasRegularizer: "l1" }), [3]).penalties()).toHaveLength(1);
    expect(built(layers.dense({ units: 2 }), [3]).penalties()).toHaveLength(0);
  });

  it("bound the weights they name", () => {
    const layer = built(layers.conv2d({ filters: 2, kernelSize: 3, kernelConstraint: constraints.maxNorm({ axis: [0, 1, 2] }), biasConstraint: "nonNeg" }), [5, 5, 1]);
    expect(layer.weights.map((weight) => layer.constraintOf(weight)?.name)).toEqual(["maxNorm", "nonNeg"]);
    const twice = built(layers.separableConv1d({ filters: 2, kernelSize: 3, pointwiseConstraint: "unitNorm" }), [5, 1]);
    expect(twice.weights.map((weight) => twice.constraintOf(weight)?.name)).toEqual([undefined, "unitNorm", undefined]);
  });
});

describe("activations with options", () => {
  const X = [-3, -1, -0.25, 0, 0.25, 0.5, 1, 3];
  const ROWS: readonly (readonly [what: string, layer: () => Layer, f: (x: number) => number])[] = [
    ["reLU", () => layers.reLU(), (x) => Math.max(x, 0)],
    ["reLU of all options", () => layers.reLU({ maxValue: 2, negativeSlope: 0.1, threshold: 0.5 }), (x) => (x >= 2 ? 2 : x >= 0.5 ? x : 0.1 * (x - 0.5))],
    ["leakyReLU", () => layers.leakyReLU(), (x) => (x >= 0 ? x : 0.3 * x)],
    ["thresholdedReLU", () => layers.thresholdedReLU(), (x) => (x > 1 ? x : 0)],
    ["elu", () => layers.elu({ alpha: 2 }), (x) => (x > 0 ? x : 2 * Math.expm1(x))],
    ["celu", () => layers.celu({ alpha: 2 }), (x) => (x > 0 ? x : 2 * Math.expm1(x / 2))],
    ["silu", () => layers.silu({ beta: 2 }), (x) => x / (1 + Math.exp(-2 * x))],
    ["gelu with tanh", () => layers.gelu({ approximate: true }), (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
    ["softShrink", () => layers.softShrink(), (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0)],
    ["hardShrink", () => layers.hardShrink(), (x) => (Math.abs(x) > 0.5 ? x : 0)],
    ["squareplus", () => layers.squareplus({ b: 1 }), (x) => (x + Math.sqrt(x * x + 1)) / 2],
  ];
  // A few roundings of float32 at a magnitude of 3.
  test.each(ROWS)("%s", (_what, layer, f) => expectClose(layer().apply(tensor([X]).cast("float32")), X.map(f), 1e-6));

  it("softmax leaves out what a mask of its shape leaves out", () => {
    const y = layers.softmax().apply(tensor([[1, 2, 3]]).cast("float32"), { mask: tensor([[true, false, true]]) });
    expectClose(y, [1 / (1 + Math.exp(2)), 0, 1 / (1 + Math.exp(-2))], 1e-7);
  });
});

/** What a caller without types may give. */
const given = (value: unknown): never => value as never;

describe("bad input is named", () => {
  const ROWS: readonly (readonly [what: string, run: () => unknown, message: string])[] = [
    ["signals into a layer of images", () => layers.conv2d({ filters: 1, kernelSize: 3 }).build([28, 28], undefined, 'layer "a" (Reshape)'), 'layer "conv2d" (Conv2D): expected images [batch, height, width, channels], got [batch, 28, 28] from layer "a" (Reshape). Add an axis for the channels: inputShape [height, width, 1].'],
    ["channels-first", () => layers.maxPooling3d({ dataFormat: "channelsFirst" }).build([1, 2, 3]), "expected volumes [batch, channels, depth, height, width], got [batch, 1, 2, 3] from the input."],
    ["a kernel larger than the image", () => layers.conv2d({ filters: 1, kernelSize: 5 }).build([4, 9, 1]), 'layer "conv2d" (Conv2D): a window of 5 pixels does not fit height 4 with padding [0, 0]. Use padding "same" or a smaller window? The image [4, 9] comes from the input.'],
    ["groups that do not divide", () => layers.conv1d({ filters: 4, kernelSize: 2, groups: 2 }).build([9, 3]), 'layer "conv1d" (Conv1D): expected channels that 2 groups divide, got 3 in [batch, 9, 3]. The signal [9] comes from the input.'],
    ["an unknown padding", () => layers.conv2d({ filters: 1, kernelSize: 3, padding: "causal" as "same" }), 'conv2d "conv2d": padding: expected one of "valid", "same"; got "causal".'],
    ["sizes for other axes", () => layers.conv3d({ filters: 1, kernelSize: given([3, 3]) }), 'conv3d "conv3d": kernelSize: expected a whole number for all axes or a list of three, [depth, height, width], got [3,3].'],
    ["output padding as large as the stride", () => layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, outputPadding: 2 }).build([4, 4, 1]), "outputPadding must be a whole number from 0, smaller than the stride 2"],
    ["cropping that leaves nothing", () => layers.cropping1d({ cropping: 2 }).build([4, 1]), 'layer "cropping1d" (Cropping1D): cropping [[2,2]] leaves nothing. The signal [4] comes from the input.'],
    ["a shape of another size", () => layers.reshape({ targetShape: [3, -1] }).build([4]), 'layer "reshape" (Reshape): expected as many elements as targetShape [3, -1] has, got [batch, 4] from the input.'],
    ["an axis twice", () => layers.permute({ dims: [1, 1] }), 'permute "permute": dims: expected every axis from 1 on once, as [2, 1], got [1,1].'],
    ["a matrix to repeat", () => layers.repeatVector({ n: 2 }).build([3, 4]), 'layer "repeat_vector" (RepeatVector): expected vectors [batch, features], got [batch, 3, 4] from the input.'],
    ["an equation that is none", () => layers.einsumDense({ equation: "ab,bc", outputShape: 3 }), 'einsum_dense "einsum_dense": equation: expected labels of x, kernel and result, as in "abc,cd->abd", got "ab,bc".'],
    ["an equation of another rank", () => layers.einsumDense({ equation: "ab,bc->ac", outputShape: 3 }).build([4, 5]), '"ab,bc->ac" takes 2 axes, the batch included; got [batch, 4, 5] from the input.'],
    ["a size that x has otherwise", () => layers.einsumDense({ equation: "abc,cd->abd", outputShape: [7, 3] }).build([4, 5]), '"abc,cd->abd" has size 7 for b in outputShape, 4 in x'],
    ["an odd axis for glu", () => layers.activation("glu").build([5]), 'layer "activation" (Activation): glu: axis 1 of [1, 5] must be even to have two halves. It got [batch, 5] from the input.'],
    ["a negative slope that is negative", () => layers.leakyReLU({ negativeSlope: -1 }), 'leaky_re_lu "leaky_re_lu": negativeSlope: expected a number in [0, Infinity], got -1.'],
    ["an unknown regularizer", () => layers.dense({ units: 1, kernelRegularizer: "l3" }), 'dense "dense": kernelRegularizer: expected one of l1, l2, l1l2, orthogonal; got "l3".'],
  ];
  test.each(ROWS)("%s", (_what, run, message) => expect(run).toThrow(message));
});
