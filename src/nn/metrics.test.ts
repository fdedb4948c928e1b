import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../engine/index.js";
import { getMetric } from "./metrics.js";

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

describe("metrics by name, example by example", () => {
  it.each(ROWS)("%s", (name, yTrue, yPred, expected) => {
    const result = getMetric(name).call(tensor(yTrue), tensor(yPred)).dataSync();
    expect(result.length).toBe(3);
    expected.forEach((value, i) => expect(result[i]).toBeCloseTo(value, 6));
  });

  it("of logits, the border between two classes lies at 0", () => {
    expect([...getMetric("accuracy", true).call(tensor([[1], [0]]), tensor([[0.1], [-0.1]])).dataSync()]).toEqual([1, 1]);
  });

  it("an unknown name is refused with the nearest that is known", () => {
    expect(() => getMetric("acuracy")).toThrow(/Did you mean "accuracy"/);
  });
});
