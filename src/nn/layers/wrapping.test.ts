import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../../engine/index.js";
import { sequential } from "../sequential.js";
import { sgd } from "../optimizers/sgd.js";
import { modelFromBytes, modelToBytes } from "../serialize.js";
import { conv2d, dense, dropout, flatten, spectralNormalization, timeDistributed } from "./index.js";

beforeAll(() => init());

const X = Array.from({ length: 8 }, (_, i) => Array.from({ length: 3 }, (_, t) => Array.from({ length: 4 }, (_, k) => Math.sin(i * 12 + t * 4 + k))));
const Y = X.map((_, i) => [i % 2]);

describe("timeDistributed", () => {
  it("gives each step what the layer gives it alone", () => {
    const layer = dense({ units: 2, activation: "tanh" });
    const whole = timeDistributed({ layer }).apply(tensor(X)).arraySync() as number[][][];
    const third = layer.apply(tensor(X.map((steps) => steps[2]!))).arraySync();
    expect(whole.map((steps) => steps[2])).toEqual(third);
  });

  it("trains in a model, beside another of its kind, and comes back from a file", async () => {
    const model = sequential({ seed: 1, layers: [timeDistributed({ layer: dense({ units: 3 }), inputShape: [3, 4] }), timeDistributed({ layer: dropout({ rate: 0.2 }) }), timeDistributed({ layer: dense({ units: 2 }) }), flatten(), dense({ units: 1, activation: "sigmoid" })] });
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
    const { history } = await model.fit(X, Y, { epochs: 30, verbose: 0 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
    expect(model.weights.map(({ name }) => name).slice(0, 4)).toEqual(["time_distributed/dense/kernel", "time_distributed/dense/bias", "time_distributed_2/dense/kernel", "time_distributed_2/dense/bias"]);
    const again = modelFromBytes(await modelToBytes(model));
    expect((await again.predict(X)).dataSync()).toEqual((await model.predict(X)).dataSync());
    await Promise.all([model, again].map((one) => one.fit(X, Y, { epochs: 1, verbose: 0 })));
    expect((await again.predict(X)).dataSync()).toEqual((await model.predict(X)).dataSync());
  });

  it("refuses what has no steps, and what is no single layer", () => {
    expect(() => timeDistributed({ layer: dense({ units: 1 }) }).outputShape([4])).toThrow(/expected \[batch, steps, …\] with at least one axis more, got \[batch, 4\]/);
    expect(() => timeDistributed({} as never)).toThrow(/layer: expected a layer, got undefined/);
    expect(() => timeDistributed({ layer: sequential([dense({ units: 1 })]).asLayer() })).toThrow(/expected a single layer, got the model "sequential"/);
  });
});

describe("spectralNormalization", () => {
  it("divides the kernel by its largest singular value after a step", () => {
    const inside = dense({ units: 2 });
    const layer = spectralNormalization({ layer: inside, powerIterations: 30 });
    layer.build([2]);
    const kernel = inside.weights[0]!;
    const after = (weight: number[][]): number[] => [...layer.constraintOf(kernel)!.call(tensor(weight)).dataSync()];
    // (3/4)⁶⁰ of the other direction is left: 3e-8.
    const [a, b, c, d] = after([[4, 0], [0, 3]]); // prettier-ignore
    for (const [value, expected] of [[a, 1], [b, 0], [c, 0], [d, 0.75]] as const) expect(value).toBeCloseTo(expected, 6);
    expect(after([[0, 0], [0, 0]])).toEqual([0, 0, 0, 0]); // prettier-ignore
    expect(layer.constraintOf(inside.weights[1]!)).toBeUndefined();
  });

  it("trains: the kernel stays a divided one", async () => {
    const model = sequential({ seed: 1, layers: [spectralNormalization({ layer: dense({ units: 3 }), powerIterations: 20, inputShape: [4] }), dense({ units: 1, activation: "sigmoid" })] });
    model.compile({ optimizer: sgd(0), loss: "binaryCrossentropy" });
    const [x, y] = [X.map((steps) => steps[0]!), Y];
    const kernel = (): number[][] => model.weights[0]!.arraySync() as number[][];
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    // Of a matrix with largest singular value 1, no vector is made longer, and one is kept: the sum of squares lies between 1 and 3.
    const squares = kernel().flat().reduce((sum, w) => sum + w * w, 0);
    expect(squares).toBeGreaterThan(1);
    expect(squares).toBeLessThan(3);
    model.compile({ optimizer: sgd(0.5), loss: "binaryCrossentropy" });
    const { history } = await model.fit(x, y, { epochs: 40, verbose: 0 });
    expect(history["loss"]!.at(-1)).toBeLessThan(history["loss"]![0]!);
    const again = modelFromBytes(await modelToBytes(model));
    await Promise.all([model, again].map((one) => one.fit(x, y, { epochs: 1, verbose: 0 })));
    expect((await again.predict(x)).dataSync()).toEqual((await model.predict(x)).dataSync());
  });

  it("refuses a layer without kernel", () => {
    expect(() => spectralNormalization({ layer: flatten() }).build([2, 2])).toThrow(/expected a layer with a kernel or embeddings, "flatten" \(Flatten\) has none/);
    expect(spectralNormalization({ layer: conv2d({ filters: 2, kernelSize: 3 }) }).outputShape([5, 5, 1])).toEqual([3, 3, 2]);
  });
});
