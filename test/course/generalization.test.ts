// The course's generalisation: bias and variance, penalties, noise, early stopping, ensembles, pre-training. Small experiments, each with a fixed seed.
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { argMax, bernoulli, compile, gather, grad, init, linalg, matmul, mean, randomNormal, square, sub, sum, tanh, tensor, variable, variableGrads, type Tensor } from "../../src/engine/index.js";
import { generateDigits } from "../../src/data/digits/generate.js";
import { imageAugmenter } from "../../src/data/image.js";
import { adam, classics, earlyStopping, initializers, layers, losses, regularizers, sequential, sgd } from "../../src/nn/index.js";

beforeAll(() => init());

const floats = (x: Tensor): number[] => [...x.dataSync()];
const average = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0) / values.length;
const meanOf = (x: Tensor): number => mean(x).dataSync()[0]!;

/** Chebyshev's polynomials up to a degree at points of [−1, 1]: a basis in which float32 fits degree 25. */
const basis = (points: readonly number[], degree: number): Tensor =>
  tensor(points.map((x) => Array.from({ length: degree + 1 }, (_, k) => Math.cos(k * Math.acos(x)))), undefined, "float32");
const curve = (x: number): number => Math.sin(3 * x);
const spread = (count: number): number[] => Array.from({ length: count }, (_, i) => -0.99 + (1.98 * i) / (count - 1));

describe("bias and variance", () => {
  const SIGMA = 0.5;

  /** Fits of a degree to many noisy samples of one curve, at the samples' points: [points, fits]. */
  function fitted(points: readonly number[], degree: number, fits: number, seed: number): { noisy: Tensor; found: Tensor } {
    const A = basis(points, degree);
    const noisy = randomNormal([points.length, fits], 0, SIGMA, { seed }).add(tensor(points.map((x) => [curve(x)]), undefined, "float32"));
    return { noisy, found: matmul(A, linalg.lstsq(A, noisy)) };
  }

  test("[B1] of 500 samples, a line has much bias and little variance, degree 25 the reverse; error on new data = bias² + variance + σ²", () => {
    const points = spread(500);
    const truth = tensor(points.map((x) => [curve(x)]), undefined, "float32");
    const judged = [1, 25].map((degree) => {
      const { found } = fitted(points, degree, 200, 11);
      const middle = mean(found, { axes: [1], keepDims: true });
      const bias2 = meanOf(square(sub(middle, truth)));
      const variance = meanOf(square(sub(found, middle)));
      const fresh = randomNormal([500, 200], 0, SIGMA, { seed: 12 }).add(truth);
      return { bias2, variance, error: meanOf(square(sub(found, fresh))) };
    });
    const [line, wavy] = judged as [(typeof judged)[0], (typeof judged)[0]];
    expect(line.bias2).toBeGreaterThan(0.05);
    expect(wavy.bias2).toBeLessThan(0.001);
    expect(wavy.variance).toBeGreaterThan(5 * line.variance);
    // 100,000 draws of σ² = .25 have a mean within .0035 of it, three deviations out.
    for (const { bias2, variance, error } of judged) expect(Math.abs(error - (bias2 + variance + SIGMA ** 2))).toBeLessThan(0.005);
  });

  test("[B2] with the degree, the error on the training data only falls, that on new data falls and rises again", () => {
    const points = spread(40);
    const truth = tensor(points.map((x) => [curve(x)]), undefined, "float32");
    const degrees = [0, 1, 2, 3, 5, 8, 12, 18, 25];
    const errors = degrees.map((degree) => {
      const { noisy, found } = fitted(points, degree, 100, 21);
      return { train: meanOf(square(sub(found, noisy))), test: meanOf(square(sub(found, truth))) + SIGMA ** 2 };
    });
    errors.slice(1).forEach(({ train }, i) => expect(train).toBeLessThan(errors[i]!.train));
    const best = errors.reduce((least, { test: value }, i) => (value < errors[least]!.test ? i : least), 0);
    expect(degrees[best]).toBeGreaterThanOrEqual(2);
    expect(degrees[best]).toBeLessThanOrEqual(8);
    expect(errors[0]!.test).toBeGreaterThan(1.2 * errors[best]!.test);
    expect(errors.at(-1)!.test).toBeGreaterThan(1.2 * errors[best]!.test);
  });

  test("[B3] the error on new data exceeds that on the training data by 2σ²·p/n, for p coefficients of a linear fit", () => {
    const points = spread(50);
    const truth = tensor(points.map((x) => [curve(x)]), undefined, "float32");
    for (const degree of [3, 9]) {
      const { noisy, found } = fitted(points, degree, 2000, 31);
      const fresh = randomNormal([50, 2000], 0, SIGMA, { seed: 32 }).add(truth);
      const optimism = meanOf(square(sub(found, fresh))) - meanOf(square(sub(found, noisy)));
      expect(optimism / ((2 * SIGMA ** 2 * (degree + 1)) / 50)).toBeGreaterThan(0.9);
      expect(optimism / ((2 * SIGMA ** 2 * (degree + 1)) / 50)).toBeLessThan(1.1);
    }
  });
});

describe("penalties", () => {
  /** Trains a linear model on ten inputs of which two matter, with a penalty on its weights. */
  async function trained(penalty: ReturnType<typeof regularizers.l1> | undefined): Promise<number[]> {
    const random = createRandom(41);
    const x = Array.from({ length: 200 }, () => Array.from({ length: 10 }, () => random.normal()));
    const y = x.map((row) => [2 * row[0]! - row[1]! + 0.1 * random.normal()]);
    const model = sequential({ seed: 1, layers: [layers.dense({ units: 1, inputShape: [10], ...(penalty && { kernelRegularizer: penalty }) })] });
    model.compile({ optimizer: sgd({ learningRate: 0.02 }), loss: "meanSquaredError" });
    await model.fit(x, y, { epochs: 60, batchSize: 200, shuffle: false });
    return floats(model.weights[0]!);
  }

  test("[B5] λ·Σ|w| brings the weights of inputs that do not matter to 0, λ·Σw² only nearer to it", async () => {
    const [plain, lasso, ridge] = [await trained(undefined), await trained(regularizers.l1(0.3)), await trained(regularizers.l2(0.3))];
    // A step of size 0.02 · 0.3 goes back and forth over 0.
    const zeros = (weights: readonly number[]): number => weights.slice(2).filter((w) => Math.abs(w) <= 0.006).length;
    expect(zeros(lasso)).toBe(8);
    expect(zeros(ridge)).toBeLessThan(8);
    expect(Math.abs(ridge[0]!)).toBeLessThan(Math.abs(plain[0]!));
    expect(Math.abs(lasso[0]!)).toBeGreaterThan(1);
  });

  test("[B6] α/2·‖w‖² adds αw to the gradient, biases out, which for SGD is a decay by 1 − ηα", () => {
    const [alpha, rate] = [0.4, 0.1];
    const layer = layers.dense({ units: 2, kernelRegularizer: regularizers.l2(alpha / 2), inputShape: [3] });
    const model = sequential({ seed: 2, layers: [layer] });
    const [kernel, bias] = model.weights;
    bias!.assign([1, 2]);
    const x = tensor([[0.5, -1, 2]]);
    const data = (): Tensor => sum(square(model.apply(x)));
    expect(layer.penalties()).toHaveLength(1);
    const before = floats(kernel!);
    expect(layer.penalties()[0]!.dataSync()[0]).toBeCloseTo((alpha / 2) * before.reduce((total, w) => total + w * w, 0), 6);
    const plain = variableGrads(data, [kernel!, bias!]).grads;
    const both = variableGrads(() => data().add(layer.penalties()[0]!), [kernel!, bias!]).grads;
    const [g, penalized] = [floats(plain.get(kernel!)!), floats(both.get(kernel!)!)];
    penalized.forEach((value, i) => expect(value).toBeCloseTo(g[i]! + alpha * before[i]!, 5));
    expect(floats(both.get(bias!)!)).toEqual(floats(plain.get(bias!)!));
    sgd({ learningRate: rate }).apply(both);
    floats(kernel!).forEach((w, i) => expect(w).toBeCloseTo((1 - rate * alpha) * before[i]! - rate * g[i]!, 5));
  });

  /** A quadratic with eigenvalues 10 and .1 along axes turned by half a radian, and its minimum. */
  const turned = ([a, b]: readonly number[]): number[] => [Math.cos(0.5) * a! - Math.sin(0.5) * b!, Math.sin(0.5) * a! + Math.cos(0.5) * b!];
  const back = ([a, b]: readonly number[]): number[] => [Math.cos(0.5) * a! + Math.sin(0.5) * b!, -Math.sin(0.5) * a! + Math.cos(0.5) * b!];
  const STAR = turned([1, 1]);
  const H = [[1, 0], [0, 1]].map((axis) => turned([10 * back(axis)[0]!, 0.1 * back(axis)[1]!]));
  const quadratic = (w: Tensor): Tensor => {
    const off = sub(w, tensor(STAR, undefined, "float32")).reshape([1, 2]);
    return matmul(matmul(off, tensor(H, undefined, "float32")), off.transpose()).sum().mul(0.5);
  };

  test("[B7] α/2·‖w‖² shrinks along the eigenvectors by λ / (λ + α): .9090909 and .0909091", () => {
    const w = variable([0, 0]);
    const step = compile(() => {
      sgd({ learningRate: 0.15 }).apply(variableGrads(() => quadratic(w).add(sum(square(w)).mul(0.5)), [w]).grads);
      return [];
    });
    for (let i = 0; i < 200; i++) step();
    const along = back(floats(w));
    expect(along[0]).toBeCloseTo(0.9090909, 5);
    expect(along[1]).toBeCloseTo(0.0909091, 5);
  });

  test("[B13] stopping after 10 steps of η = .05 shrinks by 1 − (1 − ηλ)¹⁰: .9990234 and .0488899", () => {
    const w = variable([0, 0]);
    for (let i = 0; i < 10; i++) w.assign(sub(w, grad(quadratic)(w).mul(0.05)));
    const along = back(floats(w));
    expect(along[0]).toBeCloseTo(0.9990234, 5);
    expect(along[1]).toBeCloseTo(0.0488899, 5);
  });

  test("[B8] where the data's gradient vanishes, a step of ½‖θ‖² at rate 1 takes every parameter to 0", () => {
    const theta = [variable(1, { name: "w1" }), variable(1, { name: "w2" }), variable(10, { name: "b1" })] as const;
    const [w1, w2, b1] = theta;
    const loss = (): Tensor => {
      const output = tanh(w2.mul(w1.mul(1)).add(b1));
      return square(sub(1, output)).mul(0.5).add(theta.map((t) => square(t).mul(0.5)).reduce((a, b) => a.add(b)));
    };
    sgd({ learningRate: 1 }).apply(variableGrads(loss, [...theta]).grads);
    expect(Math.abs(theta.reduce((total, t) => total + t.dataSync()[0]!, 0))).toBeLessThan(1e-6);
  });
});

describe("noise", () => {
  test("[B10] noise on the inputs adds σ²·Σw² to the squared error: 4.5525, and as much in 400,000 draws", () => {
    const [w, x, y, sigma] = [tensor([[1], [-2], [0.5]], undefined, "float32"), [0.3, 0.7, -1], 0.2, 0.5];
    const exact = (0.3 - 1.4 - 0.5 - y) ** 2 + sigma ** 2 * (1 + 4 + 0.25);
    expect(exact).toBeCloseTo(4.5525, 10);
    const noisy = randomNormal([400_000, 3], 0, sigma, { seed: 5 }).add(tensor([x], undefined, "float32"));
    // Its standard error is .0069.
    expect(meanOf(square(sub(matmul(noisy, w), y)))).toBeCloseTo(exact, 1);
    expect(Math.abs(meanOf(square(sub(matmul(noisy, w), y))) - exact)).toBeLessThan(0.021);
  });

  test("[B11] noise on the labels: 1 − ε on the class and ε / (n − 1) on the others, which is Keras' smoothing by ε·n / (n − 1)", () => {
    const [n, epsilon] = [10, 0.1];
    const smooth = Array.from({ length: n }, (_, i) => (i === 3 ? 1 - epsilon : epsilon / (n - 1)));
    expect(smooth.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 12);
    const logits = tensor([Array.from({ length: n }, (_, i) => Math.sin(i))], undefined, "float32");
    const hard = tensor([Array.from({ length: n }, (_, i) => Number(i === 3))], undefined, "float32");
    const byHand = losses.categoricalCrossentropy(tensor([smooth], undefined, "float32"), logits, { fromLogits: true }).dataSync()[0]!;
    const p = Array.from({ length: n }, (_, i) => Math.exp(Math.sin(i)));
    const total = p.reduce((a, b) => a + b, 0);
    expect(byHand).toBeCloseTo(-smooth.reduce((value, target, i) => value + target * Math.log(p[i]! / total), 0), 5);
    const option = losses.categoricalCrossentropy(hard, logits, { fromLogits: true, labelSmoothing: (epsilon * n) / (n - 1) }).dataSync()[0]!;
    expect(option).toBeCloseTo(byHand, 5);
  });

  test("[B22] weights that all start at 0 give units that stay equal; random ones differ", async () => {
    const columns = async (kernelInitializer: ReturnType<typeof initializers.zeros>): Promise<number[][]> => {
      const model = sequential({ seed: 4, layers: [layers.dense({ units: 3, activation: "sigmoid", kernelInitializer, inputShape: [2] }), layers.dense({ units: 1, kernelInitializer })] });
      model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: "meanSquaredError" });
      await model.fit([[0, 1], [1, 0], [1, 1], [0, 0]], [[1], [1], [0], [0.5]], { epochs: 20, batchSize: 4 });
      const kernel = floats(model.weights[0]!);
      return [0, 1, 2].map((unit) => [kernel[unit]!, kernel[3 + unit]!]);
    };
    const equal = await columns(initializers.zeros());
    expect(equal[1]).toEqual(equal[0]);
    expect(equal[2]).toEqual(equal[0]);
    expect(equal[0]!.some((w) => w !== 0)).toBe(true);
    const different = await columns(initializers.glorotUniform());
    expect(different[1]).not.toEqual(different[0]);
  });
});

describe("dropout", () => {
  test("[B17] dropping outputs of a 4 × 3 weight by the mask (0, 0, 1) is W · diag(mask): only the last column is left", () => {
    const W = tensor(Array.from({ length: 4 }, (_, i) => Array.from({ length: 3 }, (__, j) => 3 * i + j + 1)), undefined, "float32");
    const mask = tensor([0, 0, 1], undefined, "float32");
    const diagonal = tensor([[0, 0, 0], [0, 0, 0], [0, 0, 1]], undefined, "float32");
    const x = tensor([[1, 2, 3, 4]], undefined, "float32");
    expect(matmul(W, diagonal).arraySync()).toEqual([[0, 0, 3], [0, 0, 6], [0, 0, 9], [0, 0, 12]]);
    expect(floats(matmul(x, W).mul(mask))).toEqual(floats(matmul(x, matmul(W, diagonal))));
  });

  test("[B18] a weight between two units that are each kept with .8 is trained in about 640 of 1,000 steps", () => {
    const [a, b] = [bernoulli([1000], 0.8, { seed: 6 }), bernoulli([1000], 0.8, { seed: 7 })];
    const count = floats(a).filter((kept, i) => kept === 1 && b.dataSync()[i] === 1).length;
    expect(Math.abs(count - 640)).toBeLessThanOrEqual(45);
  });
});

/** Digits as rows of 784 numbers in [0, 1], and their classes. */
function digits(count: number, first: number): { x: Tensor; images: Tensor; y: Uint8Array } {
  const { images, labels } = generateDigits({ count, seed: 9, first });
  const pixels = Float32Array.from(images, (value) => value / 255);
  return { x: tensor(pixels, [count, 784]), images: tensor(pixels, [count, 28, 28, 1]), y: labels };
}

describe("more data, more models, better starts", () => {
  test("[B9] images changed at random narrow the gap between training and test data", async () => {
    const [train, other] = [digits(300, 0), digits(600, 5000)];
    const scores = [];
    for (const augmented of [false, true]) {
      const model = sequential({ seed: 5, layers: [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 64, activation: "relu" }), layers.dense({ units: 10, activation: "softmax" })] });
      model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
      const augment = imageAugmenter({ height: 28, width: 28, seed: 1 });
      await model.fit(train.images, train.y, { epochs: 25, batchSize: 50, ...(augmented && { augment }) });
      const [seen, unseen] = [await model.evaluate(train.images, train.y), await model.evaluate(other.images, other.y)];
      scores.push({ gap: seen["accuracy"]! - unseen["accuracy"]!, test: unseen["accuracy"]! });
    }
    const [plain, changed] = scores as [(typeof scores)[0], (typeof scores)[0]];
    console.log(`augmentation: test accuracy ${plain.test.toFixed(3)} → ${changed.test.toFixed(3)}, gap ${plain.gap.toFixed(3)} → ${changed.gap.toFixed(3)}`);
    expect(changed.gap).toBeLessThan(plain.gap);
    expect(changed.test).toBeGreaterThan(plain.test);
  });

  test("[B12] patience 3: training ends three epochs after the best one, whose weights come back, and says so", async () => {
    const [train, other] = [digits(80, 0), digits(300, 5000)];
    const model = sequential({ seed: 6, layers: [layers.dense({ units: 64, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
    model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: "sparseCategoricalCrossentropy" });
    let said = "";
    const stopping = earlyStopping({ patience: 3, restoreBestWeights: true, verbose: 1, writer: { write: (text) => (said += text) } });
    const { history } = await model.fit(train.x, train.y, { epochs: 100, batchSize: 16, validationData: [other.x, other.y], callbacks: stopping });
    const values = history["val_loss"]!;
    const best = values.indexOf(Math.min(...values));
    expect(values).toHaveLength(best + 4);
    expect(said).toContain(`Epoch ${best + 4}: early stopping`);
    expect((await model.evaluate(other.x, other.y))["loss"]).toBeCloseTo(values[best]!, 5);
  });

  test("[B14] the mean of k estimates has error V/k + (k − 1)C/k: .28 for k = 10, V = 1, C = .2; V for C = V; V/k for C = 0", () => {
    const k = 10;
    for (const [C, expected] of [[0.2, 0.28], [1, 1], [0, 0.1]] as const) {
      const shared = randomNormal([200_000, 1], 0, Math.sqrt(C), { seed: 8 });
      const own = randomNormal([200_000, k], 0, Math.sqrt(1 - C), { seed: 9 });
      const errors = shared.add(own);
      const each = Array.from({ length: k }, (_, i) => errors.slice(`:, ${i}`));
      // The mean of 200,000 squares of a normal variable is off by .3 % of itself.
      expect(meanOf(square(classics.averageOf(each))) / expected).toBeGreaterThan(0.98);
      expect(meanOf(square(classics.averageOf(each))) / expected).toBeLessThan(1.02);
    }
  });

  test("[B14] bagging: the vote and the average of models trained on samples of the data beat the members' mean; [B15] a sample leaves out 1/e", async () => {
    const n = 400;
    const left = Array.from({ length: 50 }, (_, seed) => 1 - new Set(classics.bootstrap(1000, seed)).size / 1000);
    expect((1 - 1 / 1000) ** 1000).toBeCloseTo(Math.exp(-1), 3);
    expect(average(left)).toBeCloseTo(0.36788, 2);

    const [train, other] = [digits(n, 0), digits(600, 5000)];
    const right = (classes: Tensor): number => average([...classes.dataSync()].map((found, i) => Number(found === other.y[i])));
    const predictions: Tensor[] = [];
    for (let member = 0; member < 7; member++) {
      const rows = classics.bootstrap(n, member);
      const model = sequential({ seed: member, layers: [layers.dense({ units: 24, activation: "relu", inputShape: [784] }), layers.dense({ units: 10, activation: "softmax" })] });
      model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "sparseCategoricalCrossentropy" });
      await model.fit(gather(train.x, tensor(rows)), Uint8Array.from(rows, (row) => train.y[row]!), { epochs: 15 });
      predictions.push(await model.predict(other.x));
    }
    const members = predictions.map((prediction) => right(argMax(prediction, 1)));
    const [vote, mean1] = [right(classics.voteOf(predictions)), right(argMax(classics.averageOf(predictions), 1))];
    console.log(`bagging: members ${members.map((score) => score.toFixed(3)).join(" ")}, vote ${vote.toFixed(3)}, average ${mean1.toFixed(3)}`);
    expect(vote).toBeGreaterThan(average(members));
    expect(mean1).toBeGreaterThan(average(members));
  });

  test("[B20] layers that were trained to keep their input, one after the other, start lower than random ones", async () => {
    const train = digits(500, 0);
    const losses1 = [];
    for (const pretrained of [false, true]) {
      const model = sequential({
        seed: 7,
        layers: [
          layers.dense({ units: 96, activation: "sigmoid", inputShape: [784] }),
          ...[64, 64, 48].map((units) => layers.dense({ units, activation: "sigmoid" })),
          layers.dense({ units: 10, activation: "softmax" }),
        ],
      });
      if (pretrained) {
        const kept = await classics.pretrain(model, train.x, { epochs: 12, optimizer: () => adam({ learningRate: 0.005 }) });
        expect(kept).toHaveLength(4);
        expect(kept[0]).toBeLessThan(0.06);
      }
      model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "sparseCategoricalCrossentropy" });
      losses1.push((await model.fit(train.x, train.y, { epochs: 8 })).history["loss"]!);
    }
    const [random, stacked] = losses1 as [number[], number[]];
    console.log(`loss of the first epochs: random start ${random.map((x) => x.toFixed(3)).join(" ")}, pre-trained ${stacked.map((x) => x.toFixed(3)).join(" ")}`);
    // Four sigmoids in a row let little of the gradient through to the first layer, so random ones stay where they are.
    stacked.slice(1).forEach((loss, epoch) => expect(loss).toBeLessThan(random[epoch + 1]!));
    expect(stacked.at(-1)).toBeLessThan(0.8 * random.at(-1)!);
  });

  test("[B21] with more data, a network draws ahead of a linear classifier", async () => {
    const other = digits(600, 5000);
    const score = async (count: number, hidden: number): Promise<number> => {
      const train = digits(count, 0);
      const deep = hidden > 0 ? [layers.dense({ units: hidden, activation: "relu", inputShape: [784] })] : [];
      const model = sequential({ seed: 8, layers: [...deep, layers.dense({ units: 10, activation: "softmax", ...(hidden === 0 && { inputShape: [784] }) })] });
      model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
      await model.fit(train.x, train.y, { stepsPerEpoch: Math.ceil(count / 32), epochs: Math.ceil(12_000 / count) });
      return (await model.evaluate(other.x, other.y))["accuracy"]!;
    };
    const ahead = [];
    for (const count of [100, 3000]) ahead.push((await score(count, 128)) - (await score(count, 0)));
    console.log(`a hidden layer is ahead by ${ahead.map((x) => (100 * x).toFixed(1)).join(" and ")} points with 100 and 3,000 images`);
    expect(ahead[1]).toBeGreaterThan(0.02);
    expect(ahead[1]).toBeGreaterThan(ahead[0]!);
  });
});
