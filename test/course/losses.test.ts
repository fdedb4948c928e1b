// The course's losses, by its own numbers.
import { beforeAll, describe, expect, it } from "vitest";
import { compile, gradients, init, sigmoid, softmax, sum, tensor, type Tensor } from "../../src/engine/index.js";
import { losses } from "../../src/nn/index.js";

beforeAll(() => init());

const { binaryCrossentropy, categoricalCrossentropy, meanAbsoluteError, meanSquaredError, sparseCategoricalCrossentropy } = losses;

/** Output of the course's 2-3-3-1 network: σ(z3). */
const Z3 = 2.9429932643;
const P = 1 / (1 + Math.exp(-Z3));

function floats(values: number[] | number[][]): Tensor {
  return tensor(values, undefined, "float32");
}

describe("losses", () => {
  it("[J1] mean squared error: (0.94993 − 1)² = 0.00250688; the mean runs over the last axis", () => {
    expect(meanSquaredError(floats([[1]]), floats([[P]])).dataSync()[0]).toBeCloseTo(0.00250688, 8);
    expect(meanSquaredError(floats([[1, 2], [0, 0]]), floats([[3, 2], [1, 3]])).arraySync()).toEqual([2, 5]);
    expect(meanAbsoluteError(floats([[1, 2], [0, 0]]), floats([[3, 2], [1, 3]])).arraySync()).toEqual([1, 2]);
  });

  it("[J5] binary cross-entropy: 0.0513656 for that network; probabilities of 0 and 1 are safe", () => {
    expect(binaryCrossentropy(floats([[1]]), floats([[P]])).dataSync()[0]).toBeCloseTo(0.0513656, 6);
    expect(binaryCrossentropy(floats([[1]]), sigmoid(floats([[Z3]]))).dataSync()[0]).toBeCloseTo(0.0513656, 7);
    expect(binaryCrossentropy(floats([[1]]), floats([[Z3]]), { fromLogits: true }).dataSync()[0]).toBeCloseTo(0.0513656, 7);
    // The wrong side costs −ln 1e-7 = 16.1, the right side nothing.
    const edge = binaryCrossentropy(floats([[1], [0], [1], [0]]), floats([[1], [0], [0], [1]])).dataSync();
    expect(edge[0]).toBeLessThan(2e-7);
    expect(edge[1]).toBeLessThan(2e-7);
    expect(edge[2]).toBeCloseTo(16.118, 2);
    expect(edge[3]).toBeCloseTo(15.942, 2); // 1 − 1e-7 is 1 − 1.19e-7 in float32.
  });

  it("[J5] from logits it stays exact where probabilities would round to 1: z = 100 costs 100 on the wrong side", () => {
    const wrong = binaryCrossentropy(floats([[0], [1]]), sigmoid(floats([[100], [-100]]))).dataSync();
    expect([...wrong]).toEqual([100, 100]);
  });

  it("[J6] categorical cross-entropy is −ln of the true class' probability", () => {
    const p = floats([[0.1, 0.7, 0.2], [0.25, 0.25, 0.5]]);
    const y = floats([[0, 1, 0], [0, 0, 1]]);
    const loss = categoricalCrossentropy(y, p).dataSync();
    expect(loss[0]).toBeCloseTo(-Math.log(0.7), 6);
    expect(loss[1]).toBeCloseTo(Math.LN2, 6);
    expect(categoricalCrossentropy(floats([[1, 0]]), floats([[0, 1]])).dataSync()[0]).toBeCloseTo(16.118, 2);
  });

  it("[J6] behind a softmax it works on the logits: finite at 1,000 apart, with gradient p − y", () => {
    const run = compile((z: Tensor) => {
      const loss = categoricalCrossentropy(floats([[1, 0, 0], [0, 0, 1]]), softmax(z));
      return { loss, gradient: gradients(sum(loss), [z])[0]! };
    });
    const { loss, gradient } = run(floats([[0, 1000, 0], [1, 2, 3]]));
    const data = loss.dataSync();
    expect(data[0]).toBe(1000);
    expect(data[1]).toBeCloseTo(-Math.log(0.665241), 6);
    const wanted = [-1, 1, 0, 0.0900306, 0.2447285, -0.334759];
    gradient.dataSync().forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 6));
  });

  it("[J7] sparse categorical cross-entropy of class numbers equals the categorical one of one-hot labels", () => {
    const z = floats([[0.5, -1, 2], [3, 0, -2], [1, 1, 1]]);
    const y = floats([[0, 0, 1], [1, 0, 0], [0, 1, 0]]);
    const classes = tensor([2, 0, 1]);
    expect(sparseCategoricalCrossentropy(classes, softmax(z)).arraySync()).toEqual(categoricalCrossentropy(y, softmax(z)).arraySync());
    const p = tensor(softmax(z).dataSync(), [3, 3]);
    expect(sparseCategoricalCrossentropy(classes, p).arraySync()).toEqual(categoricalCrossentropy(y, p).arraySync());
    expect(sparseCategoricalCrossentropy(tensor([[2], [0], [1]]), p).shape).toEqual([3]);
  });

  it("labels of another shape are refused, with the loss that would take them", () => {
    const p = softmax(floats([[1, 2, 3]]));
    expect(() => categoricalCrossentropy(tensor([2]), p)).toThrow('For class numbers use "sparseCategoricalCrossentropy".');
    expect(() => sparseCategoricalCrossentropy(floats([[0, 0, 1]]), p)).toThrow('For one-hot labels use "categoricalCrossentropy".');
  });
});
