import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor, type TensorLike } from "../../engine/index.js";
import type { ChosenMetric } from "./metric.js";
import { getMetric } from "./named.js";

beforeAll(() => init());

/** Three examples of three classes; the second is read wrong. */
const READ = [[0.7, 0.2, 0.1], [0.2, 0.3, 0.5], [0.1, 0.1, 0.8]];
const ONE_HOT = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
/** Three yes-no questions, the last answered wrong. */
const GUESSED = [[0.9], [0.2], [0.6]];
const TRUE = [[1], [0], [0]];

const ROWS: readonly (readonly [name: string, yTrue: number[] | number[][], yPred: number[][], expected: number[]])[] = [
  ["categoricalAccuracy", ONE_HOT, READ, [1, 0, 1]],
  ["categorical_accuracy", ONE_HOT, READ, [1, 0, 1]],
  ["sparseCategoricalAccuracy", [0, 1, 2], READ, [1, 0, 1]],
  ["sparse_categorical_accuracy", [[0], [1], [2]], READ, [1, 0, 1]],
  ["binaryAccuracy", TRUE, GUESSED, [1, 1, 0]],
  ["accuracy", ONE_HOT, READ, [1, 0, 1]],
  ["accuracy", [0, 1, 2], READ, [1, 0, 1]],
  ["acc", TRUE, GUESSED, [1, 1, 0]],
  ["accuracy", [1, 0, 0], GUESSED, [1, 1, 0]],
  ["mse", TRUE, GUESSED, [0.01, 0.04, 0.36]],
];

/** The mean over examples that a metric gives, from the sums of one batch. */
function resultOf(metric: ChosenMetric, yTrue: TensorLike, yPred: TensorLike): number {
  return metric.result(Float64Array.from(metric.sums(tensor(yTrue), tensor(yPred)).dataSync()));
}

describe("metrics by name: means over examples", () => {
  it.each(ROWS)("%s", (name, yTrue, yPred, expected) => {
    const mean = expected.reduce((sum, value) => sum + value) / 3;
    expect(resultOf(getMetric(name), yTrue, yPred)).toBeCloseTo(mean, 6);
  });

  it("of logits, the border between two classes lies at 0", () => {
    expect(resultOf(getMetric("accuracy", "sigmoid"), [[1], [0]], [[0.1], [-0.1]])).toBe(1);
  });

  it("an unknown name is refused with the nearest that is known", () => {
    expect(() => getMetric("acuracy")).toThrow(/Did you mean "accuracy"/);
  });
});
