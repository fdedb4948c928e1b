import { beforeAll, describe, expect, it } from "vitest";
import { init, tensor } from "../../engine/index.js";
import { batchNormalization, groupNormalization, layerNormalization, rmsNormalization, unitNormalization } from "./index.js";

beforeAll(() => init());

function expectClose(actual: ArrayLike<number>, expected: readonly number[], bound: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => expect(Math.abs(actual[i]! - x), `element ${i}: ${actual[i]}, not ${x}`).toBeLessThanOrEqual(bound));
}

/** (x − mean) / √(variance + epsilon) of a list, in float64. */
function normalized(list: readonly number[], epsilon: number): number[] {
  const mean = list.reduce((a, b) => a + b) / list.length;
  const variance = list.reduce((total, x) => total + (x - mean) ** 2, 0) / list.length;
  return list.map((x) => (x - mean) / Math.sqrt(variance + epsilon));
}

const x = [[[1, 2, 4], [-3, 0, 5]], [[2, 2, 8], [1, -1, 3]]]; // prettier-ignore
/** Results of size up to 2 from three roundings: 1e-6 is about 8 ulps. */
const TOLERANCE = 1e-6;

describe("layers that normalise each example", () => {
  it("layerNormalization: over the last axis, or several; epsilon 0.001", () => {
    const last = layerNormalization().apply(tensor(x)).dataSync();
    expectClose(last, x.flat().flatMap((row) => normalized(row, 1e-3)), TOLERANCE);
    const all = layerNormalization({ axis: [1, 2], epsilon: 0.1 }).apply(tensor(x)).dataSync();
    expectClose(all, x.flatMap((example) => normalized(example.flat(), 0.1)), TOLERANCE);
  });

  it("scales by gamma and shifts by beta", () => {
    const layer = layerNormalization({ gammaInitializer: { name: "constant", config: { value: 3 } }, betaInitializer: "ones" });
    expectClose(layer.apply(tensor(x)).dataSync(), x.flat().flatMap((row) => normalized(row, 1e-3).map((y) => 3 * y + 1)), 4 * TOLERANCE);
  });

  it("rmsNormalization and rmsScaling divide by the root of the mean square", () => {
    const expected = (epsilon: number): number[] => x.flat().flatMap((row) => row.map((y) => y / Math.sqrt(row.reduce((total, z) => total + z * z, 0) / 3 + epsilon)));
    expectClose(rmsNormalization().apply(tensor(x)).dataSync(), expected(1e-6), TOLERANCE);
    const layer = layerNormalization({ rmsScaling: true });
    expectClose(layer.apply(tensor(x)).dataSync(), expected(1e-3), TOLERANCE);
    expect(layer.weights.map(({ name }) => name)).toEqual(["layer_normalization/gamma"]);
  });

  it("groupNormalization takes pixels and a group of channels together; −1: each channel alone", () => {
    const pairs = [[[1, 2, 4, 0], [-3, 0, 5, 2]]]; // prettier-ignore
    const groups = [[1, 2, -3, 0], [4, 0, 5, 2]].map((group) => normalized(group, 1e-3)); // prettier-ignore
    const expected = [0, 2].flatMap((at) => [...groups[0]!.slice(at, at + 2), ...groups[1]!.slice(at, at + 2)]);
    expectClose(groupNormalization({ groups: 2 }).apply(tensor(pairs)).dataSync(), expected, TOLERANCE);
    const columns = [0, 1, 2, 3].map((j) => normalized(pairs[0]!.map((row) => row[j]!), 1e-3));
    expectClose(groupNormalization({ groups: -1 }).apply(tensor(pairs)).dataSync(), [0, 1].flatMap((i) => columns.map((column) => column[i]!)), TOLERANCE);
  });

  it("unitNormalization gives length 1, and 0 for 0", () => {
    expectClose(unitNormalization().apply(tensor([[3, 4], [0, 0]])).dataSync(), [0.6, 0.8, 0, 0], 1e-7); // prettier-ignore
  });
});

describe("batch normalisation", () => {
  it("takes the channels from any axis", () => {
    const channelsLast = batchNormalization().apply(tensor(x), { training: true }).arraySync() as number[][][];
    const turned = x.map((example) => [0, 1, 2].map((channel) => example.map((row) => row[channel]!)));
    const first = batchNormalization({ axis: 1 }).apply(tensor(turned), { training: true }).arraySync() as number[][][];
    expect(first.map((example) => [0, 1].map((i) => example.map((row) => row[i]!)))).toEqual(channelsLast);
  });

  it("counts only what a mask says is there, for results and moving averages", () => {
    const layer = batchNormalization({ momentum: 0 });
    const mask = tensor([[true, false], [true, true]]); // prettier-ignore
    const y = layer.apply(tensor(x), { training: true, mask }).arraySync() as number[][][];
    const present = [x[0]![0]!, x[1]![0]!, x[1]![1]!];
    const columns = [0, 1, 2].map((j) => present.map((row) => row[j]!));
    columns.forEach((column, j) => {
      expectClose([y[0]![0]![j]!, y[1]![0]![j]!, y[1]![1]![j]!], normalized(column, 1e-3), TOLERANCE);
      const mean = column.reduce((a, b) => a + b) / 3;
      expect(layer.weights[2]!.dataSync()[j]).toBeCloseTo(mean, 6);
      expect(layer.weights[3]!.dataSync()[j]).toBeCloseTo(column.reduce((total, value) => total + (value - mean) ** 2, 0) / 3, 5);
    });
  });

  it("penalises and bounds gamma and beta when asked to, and not by default", () => {
    const plain = batchNormalization();
    plain.build([3]);
    expect(plain.penalties()).toEqual([]);
    const layer = batchNormalization({ gammaRegularizer: "l2", betaConstraint: "nonNeg" });
    layer.build([3]);
    expect(layer.penalties()[0]!.dataSync()[0]).toBeCloseTo(0.03, 7);
    expect(layer.constraintOf(layer.weights[1]!)?.name).toBe("nonNeg");
  });
});

describe("bad options of normalising layers", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["an axis that is not there", () => layerNormalization({ axis: 3 }).build([4, 5]), /expected one of 1 … 2 or -2 … -1, since 0 is the batch, got 3 for inputs \[batch, 4, 5\]/],
    ["the batch axis", () => batchNormalization({ axis: 0 }).build([4]), /0 is the batch/],
    ["an axis twice", () => rmsNormalization({ axis: [1, -1] }).build([4]), /each axis once/],
    ["groups that do not divide the channels", () => groupNormalization({ groups: 3 }).build([4]), /expected a divisor of the 4 channels, got 3/],
    ["32 groups of 4 channels", () => groupNormalization().build([4]), /got 32/],
    ["momentum beyond 1", () => batchNormalization({ momentum: 1.5 }), /momentum: expected a number in \[0, 1\], got 1.5/],
    ["a negative epsilon", () => layerNormalization({ epsilon: -1 }), /epsilon/],
    ["no channels", () => batchNormalization().outputShape([]), /expected \[batch, …, channels\]/],
  ])("refuses %s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
