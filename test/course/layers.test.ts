// The course's claims on layers: batches as matrices, saturation, zig-zag, dead relus, normalisation, and what convolutions are.
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { generateDigits } from "../../src/data/digits/generate.js";
import { compile, conv1d, conv2d, dot, init, matmul, setRandomSeed, sigmoid, sum, tensor, variable, variableGrads, type Tensor } from "../../src/engine/index.js";
import { adam, layers, sequential, sgd, type Sequential } from "../../src/nn/index.js";

beforeAll(() => init({ threads: 1 }));

const { batchNormalization, dense } = layers;

function expectClose(actual: ArrayLike<number>, expected: readonly number[], bound: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value), `element ${i}: ${actual[i]} and ${value}`).toBeLessThanOrEqual(bound));
}

function normals(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

const norm = (x: Tensor): number => Math.sqrt(x.square().sum().dataSync()[0]!);

describe("feed-forward", () => {
  it("[A5] H = σ(WH + b) of a batch, samples as columns or as rows, equals the loop over samples, and is faster", () => {
    const [features, units, samples] = [64, 128, 256];
    const layer = dense({ units, activation: "sigmoid" });
    layer.build([features]);
    const [kernel, bias] = layer.weights;
    const x = tensor(normals(samples * features, 1), [samples, features]);
    const rows = layer.apply(x);
    const columns = sigmoid(matmul(kernel!.transpose(), x.transpose()).add(bias!.reshape([units, 1])));
    expectClose(rows.dataSync(), [...columns.transpose().dataSync()], 1e-6);

    const batch = compile((all: Tensor) => layer.apply(all));
    const one = compile((sample: Tensor) => layer.apply(sample));
    const data = x.dataSync() as Float32Array;
    const each = Array.from({ length: samples }, (_, i) => tensor(data.slice(i * features, (i + 1) * features), [1, features]));
    const loop = (): Float32Array[] => each.map((sample) => one(sample).dataSync() as Float32Array);
    expectClose(loop().flatMap((row) => [...row]), [...batch(x).dataSync()], 1e-6);
    const best = (run: () => unknown): number => Math.min(...Array.from({ length: 5 }, () => { const start = performance.now(); run(); return performance.now() - start; }));
    expect(best(() => batch(x).dataSync()) * 2).toBeLessThan(best(loop));
  });
});

describe("activations that stand in the way", () => {
  /** Norms of the kernels' gradients of a deep network, first layer first. */
  function gradientNorms(activation: string, depth: number): number[] {
    const model = sequential({ seed: 4, layers: Array.from({ length: depth }, (_, i) => dense({ units: 16, activation, ...(i === 0 && { inputDim: 16 }) })) });
    const x = tensor(normals(32 * 16, 2), [32, 16]);
    const { grads } = variableGrads(() => model.apply(x).square().mean());
    return model.weights.filter(({ name }) => name.endsWith("kernel")).map((weight) => norm(grads.get(weight)!));
  }

  it("[A24] σ′ is below a quarter, nothing beyond ±5, and vanishes over layers as .25ⁿ at most: 9.5e-7 after ten", () => {
    const slope = (x: number): number => {
      const s = 1 / (1 + Math.exp(-x));
      return s * (1 - s);
    };
    expect(slope(0)).toBe(0.25);
    expectClose([slope(5), slope(-5)], [0.00664806, 0.00664806], 1e-8);
    expect((0.25 ** 10).toExponential(1)).toBe("9.5e-7");
    // A chain of ten sigmoids, each fed 0 by a bias that takes away what comes in: every slope is a quarter.
    const x = variable(tensor([0], undefined, "float32"));
    const { grads } = variableGrads(() => sum(Array.from({ length: 10 }).reduce<Tensor>((h) => sigmoid(h).sub(0.5), x)));
    expectClose([...grads.get(x)!.dataSync()], [0.25 ** 10], 1e-12);
    const [sigmoids, relus] = [gradientNorms("sigmoid", 10), gradientNorms("relu", 10)];
    expect(sigmoids[0]! / sigmoids[9]!, sigmoids.join(", ")).toBeLessThan(1e-5);
    expect(relus[0]! / relus[9]!, relus.join(", ")).toBeGreaterThan(1e-2);
  });

  it("[A25] after sigmoids all inputs of a unit are positive, and its weights' gradients share one sign for every sample; after tanh about half of them do", () => {
    const agreement = (activation: string): number => {
      const model = sequential({ seed: 6, layers: [dense({ units: 32, activation, inputDim: 8 }), dense({ units: 16, activation }), dense({ units: 1 })] });
      let [same, pairs] = [0, 0];
      for (let sample = 0; sample < 20; sample++) {
        const x = tensor(normals(8, 100 + sample), [1, 8]);
        const { grads } = variableGrads(() => model.apply(x).sub(1).square().mean());
        const columns = grads.get(model.weights[2]!)!.arraySync() as number[][];
        for (let unit = 0; unit < 16; unit++) {
          for (let i = 1; i < 32; i++) {
            pairs++;
            if (Math.sign(columns[i]![unit]!) === Math.sign(columns[i - 1]![unit]!)) same++;
          }
        }
      }
      return same / pairs;
    };
    expect(agreement("sigmoid")).toBe(1);
    expect(agreement("tanh")).toBeGreaterThan(0.4);
    expect(agreement("tanh")).toBeLessThan(0.6);
  });

  it("[A26] a large learning rate drives relus to where they never fire again, however long training goes on; .01 does not", async () => {
    const x = Array.from({ length: 128 }, (_, i) => [...normals(4, 200 + i)]);
    const y = x.map(([a, b, c, d]) => [Math.abs(a!) + b! * c! - d!]);
    const train = async (rate: number): Promise<{ dead: number; after: number }> => {
      const model = sequential({ seed: 2, layers: [dense({ units: 32, activation: "relu", inputDim: 4 }), dense({ units: 1 })] });
      model.compile({ optimizer: sgd({ learningRate: rate }), loss: "meanSquaredError" });
      const dead = (): number => {
        const fired = (model.layers[0]!.apply(tensor(x)) as Tensor).max(0).dataSync();
        return [...fired].filter((most) => most === 0).length;
      };
      await model.fit(x, y, { epochs: 5, batchSize: 16, verbose: 0 } as object);
      const before = dead();
      model.compile({ optimizer: sgd({ learningRate: 0.01 }), loss: "meanSquaredError" });
      await model.fit(x, y, { epochs: 5, batchSize: 16, verbose: 0 } as object);
      return { dead: before, after: dead() };
    };
    const [slow, fast] = [await train(0.01), await train(0.6)];
    expect(slow.dead).toBe(0);
    expect(fast.dead).toBeGreaterThan(3);
    expect(fast.after).toBeGreaterThanOrEqual(fast.dead);
  });
});

describe("batch normalisation", () => {
  it("[A30] before the activation, on Z, or after it, on H, and not on the output layer: both train a deep network whose weights start so small that without it nothing comes through", async () => {
    const x = Array.from({ length: 96 }, (_, i) => [...normals(3, 300 + i)]);
    const y = x.map(([a, b]) => [a! > 0 !== b! > 0 ? 1 : 0]);
    const small = { units: 16, kernelInitializer: "randomNormal" };
    const hidden = {
      plain: () => [dense({ ...small, activation: "relu" })],
      onZ: () => [dense({ ...small, useBias: false }), batchNormalization(), layers.activation("relu")],
      onH: () => [dense({ ...small, activation: "relu" }), batchNormalization()],
    };
    const losses: Record<string, number[]> = {};
    for (const [name, block] of Object.entries(hidden)) {
      const model = sequential({ seed: 5, layers: [layers.rescaling({ scale: 1, inputShape: [3] }), ...block(), ...block(), ...block(), ...block(), dense({ units: 1, activation: "sigmoid" })] });
      model.compile({ optimizer: sgd({ learningRate: 0.3 }), loss: "binaryCrossentropy" });
      const { history } = await model.fit(x, y, { epochs: 40, batchSize: 32, verbose: 0 } as object);
      losses[name] = history["loss"] as number[];
    }
    // ln 2 = 0.693 is what knows nothing.
    for (const name of ["onZ", "onH"]) expect(Math.min(...losses[name]!), name).toBeLessThan(0.3);
    expect(Math.min(...losses["plain"]!)).toBeGreaterThan(0.68);
  });
});

describe("convolutions", () => {
  it("[C1] in time: (x * w)ₜ = Σ xₜ₋ₐ wₐ, a weighted average of what was", () => {
    const x = [1, 4, 2, 8, 5, 7];
    const w = [0.5, 0.3, 0.2];
    const layer = layers.conv1d({ filters: 1, kernelSize: 3, padding: "causal", useBias: false });
    layer.build([6, 1]);
    // Layers correlate, as everywhere in deep learning: the newest element meets the last weight.
    layer.weights[0]!.assign(tensor([...w].reverse()).reshape([3, 1, 1]));
    const expected = x.map((_, t) => w.reduce((total, weight, a) => total + weight * (x[t - a] ?? 0), 0));
    expectClose(layer.apply(tensor(x).cast("float32").reshape([1, 6, 1])).dataSync(), expected, 1e-6);
    expectClose([expected[2]!], [0.5 * 2 + 0.3 * 4 + 0.2 * 1], 1e-12);
  });

  it("[C2] ones blur, a heavy centre sharpens, differences find edges: shown on a digit", () => {
    const pixels = Float32Array.from(generateDigits({ count: 1, seed: 1 }).images);
    const filter = (kernel: readonly number[], image: Tensor): Float32Array => conv2d(image, tensor(kernel, [3, 3, 1, 1], "float32"), {}).dataSync() as Float32Array;
    const digit = tensor(pixels, [1, 28, 28, 1]);
    const flat = tensor(new Float32Array(784).fill(3), [1, 28, 28, 1]);
    const [blur, sharpen, edges] = [Array<number>(9).fill(1 / 9), [0, -1, 0, -1, 5, -1, 0, -1, 0], [-1, -1, -1, -1, 8, -1, -1, -1, -1]];
    const roughness = (image: Float32Array): number => image.reduce((total, value, i) => total + (i % 26 === 0 ? 0 : (value - image[i - 1]!) ** 2), 0);
    const plain = roughness(filter([0, 0, 0, 0, 1, 0, 0, 0, 0], digit));
    expect(roughness(filter(blur, digit))).toBeLessThan(0.7 * plain);
    expect(roughness(filter(sharpen, digit))).toBeGreaterThan(1.5 * plain);
    expectClose(filter(blur, flat), Array<number>(676).fill(3), 1e-6);
    expectClose(filter(sharpen, flat), Array<number>(676).fill(3), 1e-6);
    expectClose(filter(edges, flat), Array<number>(676).fill(0), 1e-5);
    expect(filter(edges, digit).some((value) => Math.abs(value) > 100)).toBe(true);
  });

  it("[C3] a filter as deep as its input gives one map, K filters K of them: of signals, images and volumes", () => {
    for (const [make, pixels] of [[layers.conv1d, [9]], [layers.conv2d, [9, 8]], [layers.conv3d, [9, 8, 7]]] as const) {
      for (const [channels, filters] of [[1, 1], [3, 1], [3, 5]] as const) {
        const layer = make({ filters, kernelSize: 3 });
        const input = [...pixels, channels];
        layer.build(input);
        expect(layer.weights[0]!.shape).toEqual([...pixels.map(() => 3), channels, filters]);
        expect(layer.outputShape(input)).toEqual([...pixels.map((size) => size - 2), filters]);
      }
    }
  });

  it("[C5] a convolution is a dense layer of few, tied weights", () => {
    const kernel = [2, -3, 5];
    const filter = tensor(kernel).cast("float32").reshape([3, 1, 1]);
    const identity = tensor(Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0)), [8, 8, 1], "float32");
    // Row i is what element i of the input does.
    const matrix = conv1d(identity, filter).reshape([8, 6]);
    const rows = matrix.arraySync() as number[][];
    const entries = rows.flat().filter((entry) => entry !== 0);
    expect(entries).toHaveLength(6 * 3);
    expect(new Set(entries)).toEqual(new Set(kernel));
    rows.forEach((row, i) => row.forEach((entry, j) => expect(entry).toBe(kernel[i - j] ?? 0)));
    const x = tensor([1, 2, 3, 4, 3, 2, 1, 0]).cast("float32");
    expect([...conv1d(x.reshape([1, 8, 1]), filter).dataSync()]).toEqual([...dot(x, matrix).dataSync()]);
  });

  it("[C9] the network of 55×55×3: 27²×10, 760, 7290, conv1d to 720, 101, 7210; 8071 parameters", () => {
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 10, kernelSize: 5, strides: 2, padding: 1, inputShape: [55, 55, 3] }),
        layers.reshape({ targetShape: [-1, 1] }),
        layers.conv1d({ filters: 1, kernelSize: 100, strides: 10 }),
        layers.flatten(),
        dense({ units: 10 }),
      ],
    });
    const lines: string[] = [];
    model.summary((line) => lines.push(line));
    const table = lines.flatMap((line) => {
      const [, shape, parameters] = /\(None, ([\d, ]+)\)\s+([\d,]+)/.exec(line) ?? [];
      return shape === undefined ? [] : [[shape, Number(parameters!.replaceAll(",", ""))]];
    });
    expect(table).toEqual([["27, 27, 10", 760], ["7290, 1", 0], ["720, 1", 101], ["720", 0], ["10", 7210]]);
    expect(model.countParams()).toBe(8071);
  });

  it("[C10] the worked backpropagation through a convolution: every number to seven digits", () => {
    const image = tensor([1, -1, 2, -2, 1, -1, 2, -2], [1, 2, 4, 1], "float32");
    const convolution = layers.conv2d({ filters: 1, kernelSize: [1, 2], strides: [1, 2], useBias: false, inputShape: [2, 4, 1] });
    const model = sequential({ layers: [convolution, layers.activation("sigmoid"), layers.flatten(), dense({ units: 1, useBias: false, kernelInitializer: "ones" }), layers.activation("sigmoid")] });
    const [kernel] = model.weights;
    kernel!.assign(tensor([0.6, -0.2], [1, 2, 1, 1]));
    const through = (count: number): Float32Array => model.layers.slice(0, count).reduce<Tensor>((x, layer) => layer.apply(x), image).dataSync() as Float32Array;
    expectClose(through(1), [0.8, 1.6, 0.8, 1.6], 1e-7);
    expectClose(through(2), [0.6899745, 0.8320184, 0.6899745, 0.8320184], 1e-7);
    expectClose(through(4), [3.0439857], 5e-7);
    expectClose(through(5), [0.9545222], 1e-7);
    const loss = (): Tensor => sum(model.apply(image).sub(0.1).square()).mul(0.5);
    expectClose(loss().reshape([1]).dataSync(), [0.3651041], 1e-7);
    const { grads } = variableGrads(loss, [kernel!]);
    expectClose(grads.get(kernel!)!.dataSync(), [0.0366076, -0.0366076], 1e-7);
    sgd({ learningRate: 1 }).apply(grads);
    expectClose(kernel!.dataSync(), [0.5633924, -0.1633924], 1e-7);
  });

  it("[C11] of LeNet-5's 61,684 parameters the fully connected part has 59,134, 96 %", () => {
    const model = lenet();
    const connected = model.layers.filter(({ type }) => type === "Dense").reduce((total, layer) => total + layer.countParams(), 0);
    expect([connected, model.countParams(), Math.round((100 * connected) / model.countParams())]).toEqual([59_134, 61_684, 96]);
  });

  it("[C12] classical features, edges summed over patches, with a hinge loss know most digits; a network of convolutions knows more", async () => {
    setRandomSeed(1);
    const { images, labels } = generateDigits({ count: 1200, seed: 3 });
    const pixels = tensor(Float32Array.from(images, (value) => value / 255), [1200, 28, 28, 1]);
    // Four directions of edges, both signs apart, and how much of each lies in each of 4×4 patches.
    const sobel = [[-1, 0, 1, -2, 0, 2, -1, 0, 1], [-1, -2, -1, 0, 0, 0, 1, 2, 1], [0, 1, 2, -1, 0, 1, -2, -1, 0], [2, 1, 0, 1, 0, -1, 0, -1, -2]];
    const kernel = tensor(Array.from({ length: 72 }, (_, i) => (i % 8 < 4 ? 1 : -1) * sobel[i % 4]![Math.floor(i / 8)]!), [3, 3, 1, 8], "float32");
    const edges = layers.averagePooling2d({ poolSize: 7 }).apply(conv2d(pixels, kernel, { padding: "same" }).relu()).reshape([1200, 128]);
    const one = Array.from({ length: 1200 }, (_, i) => Array.from({ length: 10 }, (__, digit) => (digit === labels[i] ? 1 : 0)));
    const accuracy = async (model: Sequential, x: Tensor, loss: string, epochs: number): Promise<number> => {
      const part = (from: number, count: number): Tensor => x.slice([from, ...x.shape.slice(1).map(() => 0)], [count, ...x.shape.slice(1)]);
      model.compile({ optimizer: adam({ learningRate: 0.003 }), loss, metrics: ["categoricalAccuracy"] });
      await model.fit(part(0, 900), tensor(one.slice(0, 900), undefined, "float32"), { epochs, batchSize: 30, verbose: 0 } as object);
      const y = (await model.predict(part(900, 300))).arraySync() as number[][];
      return y.filter((row, i) => row.indexOf(Math.max(...row)) === labels[900 + i]).length / 300;
    };
    const classical = await accuracy(sequential({ seed: 1, layers: [dense({ units: 10, inputDim: 128, kernelRegularizer: "l2" })] }), edges, "categoricalHinge", 15);
    const network = await accuracy(
      sequential({
        seed: 1,
        layers: [
          layers.conv2d({ filters: 8, kernelSize: 5, activation: "relu", inputShape: [28, 28, 1] }), layers.maxPooling2d(),
          layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }), layers.maxPooling2d(), layers.flatten(), dense({ units: 10, activation: "softmax" }),
        ],
      }),
      pixels, "categoricalCrossentropy", 10,
    ); // prettier-ignore
    console.table({ "edges, hinge": classical, "network of convolutions": network });
    expect(classical).toBeGreaterThan(0.7);
    expect(network).toBeGreaterThan(classical);
  });
});

function lenet(): Sequential {
  return sequential({
    layers: [
      layers.conv2d({ filters: 6, kernelSize: 5, padding: "same", useBias: false, inputShape: [28, 28, 1] }), layers.maxPooling2d(),
      layers.conv2d({ filters: 16, kernelSize: 5, useBias: false }), layers.maxPooling2d(), layers.flatten(),
      dense({ units: 120 }), dense({ units: 84 }), dense({ units: 10, activation: "softmax" }),
    ],
  }); // prettier-ignore
}
