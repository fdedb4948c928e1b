// The public functions that pick, place, sort and count; those at the border; and what they refuse or report.
import { beforeAll, describe, expect, test } from "vitest";
import * as f from "../../src/index.js";

beforeAll(() => f.init());

describe("picking and placing", () => {
  test("gather and its options", () => {
    const x = f.tensor([[1, 2, 3], [4, 5, 6]]);
    expect(f.gather(x, [1, 0]).arraySync()).toEqual([[4, 5, 6], [1, 2, 3]]);
    expect(f.gather(x, [2], 1).arraySync()).toEqual([[3], [6]]);
    expect(f.gather(x, [[0], [2]], { batchDims: 1 }).arraySync()).toEqual([[1], [6]]);
    expect(f.take(x, 1, { axis: 1 }).arraySync()).toEqual([2, 5]);
  });

  test("putting and adding along an axis, by rows, and by index", () => {
    expect(f.putAlongAxis([1, 2, 3], [0, 2, 0], [7, 8, 9]).arraySync()).toEqual([9, 2, 8]);
    expect(f.scatterAddAlongAxis([[1, 2], [3, 4]], [[0], [1]], [[10], [20]]).arraySync()).toEqual([[11, 2], [3, 24]]);
    expect(f.scatterAdd([[0, 0, 0], [0, 0, 0]], [2, 0, 2], [[1, 2, 3], [4, 5, 6]], 1).arraySync()).toEqual([[2, 0, 4], [5, 0, 10]]);
    expect(f.scatterNd([[1], [3]], [5, 6], [4]).arraySync()).toEqual([0, 5, 0, 6]);
    expect(f.tensorScatterUpdate([1, 2, 3], [[1]], [9]).arraySync()).toEqual([1, 9, 3]);
    expect(f.tensorScatterAdd([[1, 2], [3, 4]], [[0], [0]], [[1, 1], [2, 2]]).arraySync()).toEqual([[4, 5], [3, 4]]);
    expect(f.segmentSum([1, 2, 3, 4], [1, 0, 1, 2], 3).arraySync()).toEqual([2, 4, 4]);
  });

  test("a base that is read again is not overwritten", () => {
    const x = f.tensor([1, 2, 3]).mul(2);
    const y = f.tensorScatterUpdate(x, [[0]], [0]);
    expect(f.add(y, x).arraySync()).toEqual([2, 8, 12]);
    const run = f.compile((a: f.Tensor) => {
      const twice = f.mul(a, 2);
      return [f.tensorScatterAdd(twice, [[1]], [1]), twice];
    });
    expect(run([1, 2, 3]).map((z) => z.arraySync())).toEqual([[2, 5, 6], [2, 4, 6]]);
  });
});

describe("sorting, searching, counting", () => {
  test("of equal elements the first, NaN last, either way", () => {
    const x = [2, NaN, 1, 2, 0];
    expect(f.argsort(x).arraySync()).toEqual([4, 2, 0, 3, 1]);
    expect(f.argsort(x, { descending: true }).arraySync()).toEqual([0, 3, 2, 4, 1]);
    expect(f.sort([[3, 1], [2, 5]], 0).arraySync()).toEqual([[2, 1], [3, 5]]);
    const { values, indices } = f.topK([1, 5, 5, 3], 3);
    expect([values.arraySync(), indices.arraySync()]).toEqual([[5, 5, 3], [1, 2, 3]]);
    expect(f.topk([1, 5, 5, 3], 1, { largest: false }).indices.arraySync()).toEqual([0]);
  });

  test("gradients of sorted elements go back where they came from", () => {
    const slope = f.grad((x: f.Tensor) => f.sum(f.mul(f.sort(x), [1, 10, 100])))([3, 1, 2]);
    expect(slope.arraySync()).toEqual([100, 1, 10]);
  });

  test("searchsorted, bincount, histogram", () => {
    expect(f.searchsorted([1, 2, 2, 3], [2, 0, 4]).arraySync()).toEqual([1, 0, 4]);
    expect(f.searchsorted([1, 2, 2, 3], 2, "right").arraySync()).toBe(3);
    expect(f.bincount([0, 2, 2], 3).arraySync()).toEqual([1, 0, 2]);
    expect(f.bincount([0, 2, 2], 3, [0.5, 1, 2]).arraySync()).toEqual([0.5, 0, 3]);
    expect(f.histogram([0, 0.5, 1, 2, 9], 2, [0, 2]).arraySync()).toEqual([2, 2]);
  });
});

describe("at the border: shapes that depend on values", () => {
  test("unique elements, where each came from, and how often", async () => {
    const { values, inverse, counts } = await f.unique([[3, 1], [NaN, 3]]);
    expect([values.arraySync(), inverse.arraySync(), counts.arraySync()]).toEqual([[1, 3, NaN], [[1, 0], [2, 1]], [1, 2, 1]]);
    expect(f.uniqueSync(f.tensor([true, false, true])).values.arraySync()).toEqual([false, true]);
    expect(f.uniqueSync(f.tensor([])).values.shape).toEqual([0]);
  });

  test("nonzero as vectors, argwhere as rows", async () => {
    const x = f.tensor([[0, 5], [NaN, 0]]);
    expect((await f.nonzero(x)).map((one) => one.arraySync())).toEqual([[0, 1], [1, 0]]);
    expect((await f.whereAsync(x)).arraySync()).toEqual([[0, 1], [1, 0]]);
    expect(f.argwhereSync([0, 0]).shape).toEqual([0, 1]);
  });

  test("booleanMask keeps the graph of what it picks from", async () => {
    const x = f.tensor([[1, 2], [3, 4], [5, 6]]);
    expect((await f.booleanMask(x, [true, false, true])).arraySync()).toEqual([[1, 2], [5, 6]]);
    expect(f.booleanMaskSync(x, [[true, false], [false, false], [true, true]]).arraySync()).toEqual([1, 5, 6]);
    expect(f.booleanMaskSync(x, [false, true], 1).arraySync()).toEqual([[2], [4], [6]]);
    const slope = f.grad((y: f.Tensor) => f.sum(f.booleanMaskSync(f.square(y), [true, false, true])))([1, 2, 3]);
    expect(slope.arraySync()).toEqual([2, 0, 6]);
  });

  test("inside compile() they say why not", () => {
    expect(() => f.compile((x: f.Tensor) => f.uniqueSync(x).values)([1, 2])).toThrow(/read inside compile/);
  });
});

const REPORTED: readonly [claim: string, attempt: () => f.Tensor, position: number][] = [
  ["takeAlongAxis", () => f.takeAlongAxis([[1, 2], [3, 4]], [[0, 1], [1, 2]]), 3],
  ["gatherNd", () => f.gatherNd([[1, 2], [3, 4]], [[0, 1], [1, -1]]), 1],
  ["scatterNd", () => f.scatterNd([[0], [4]], [1, 2], [4]), 1],
  ["scatterAdd", () => f.scatterAdd([1, 2], [0, 2], [1, 1]), 1],
  ["putAlongAxis", () => f.putAlongAxis([1, 2], [-1], [1]), 0],
  ["segmentSum", () => f.segmentSum([1, 2, 3], [0, 1, 2], 2), 2],
  ["bincount", () => f.bincount([0, 1, 5], 3), 2],
];

describe("an index out of range is reported with its position", () => {
  test.each(REPORTED)("%s", (_claim, attempt, position) => {
    expect(() => attempt().dataSync()).toThrow(new RegExp(`the index at position ${position} is out of range`));
  });
});

const REFUSED: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["float indices", () => f.takeAlongAxis([1, 2], [0.5]), /takeAlongAxis: indices must be integers, got float32/],
  ["bools as indices", () => f.gatherNd([1, 2], [[true]]), /gatherNd: indices must be integers, got bool/],
  ["ranks that differ", () => f.takeAlongAxis([[1, 2]], [0]), /x \[1, 2\] and indices \[1\] must have as many axes/],
  ["an index deeper than the tensor", () => f.gatherNd([1, 2], [[0, 1]]), /depth at most 1/],
  ["updates of another shape", () => f.scatterNd([[0], [1]], [1, 2, 3], [4]), /ask for updates/],
  ["batches that differ", () => f.gather([[1, 2]], [[0], [1]], { batchDims: 1 }), /must begin alike/],
  ["a k above the axis", () => f.topK([1, 2], 3), /topK: k must be a whole number from 0 to 2/],
  ["an axis out of range", () => f.sort([1, 2], 1), /argsort: axis 1 is out of range/],
  ["rows to search in that differ", () => f.searchsorted([[1, 2]], [1, 2, 3]), /searchsorted: sorted must be \[n\]/],
  ["a histogram without a range", () => f.histogram([1], 3, [1, 1]), /min 1 is not below max 1/],
  ["a mask that does not fit", () => f.booleanMaskSync([1, 2, 3], [true]), /the mask \[1\] must be the shape of x \[3\] from axis 0/],
  ["segments of another length", () => f.segmentSum([1, 2], [0], 1), /one number a row of x/],
];

describe("refused, by name", () => {
  test.each(REFUSED)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
