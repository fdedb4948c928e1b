// The public functions that move, cut and repeat: their spellings, the names they share with NumPy and TensorFlow.js, and what they refuse.
import { beforeAll, describe, expect, test } from "vitest";
import * as f from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

beforeAll(() => f.init());

const counted = (...shape: number[]): Tensor => f.reshape(f.arange(shape.reduce((size, dim) => size * dim, 1)), shape);
const arrays = (xs: readonly Tensor[]): unknown[] => xs.map((x) => x.arraySync());

describe("slices in NumPy's notation", () => {
  test("[T13] three spellings of the same digits, and crops from both ends", () => {
    const images = counted(60, 28, 28);
    const [a, b, c] = [images.slice("10:50"), images.slice("10:50, :, :"), images.slice("10:50, 0:28, 0:28")];
    expect(a.shape).toEqual([40, 28, 28]);
    expect(b.dataSync()).toEqual(a.dataSync());
    expect(c.dataSync()).toEqual(a.dataSync());
    expect(images.slice(":, 14:, 14:").shape).toEqual([60, 14, 14]);
    const crop = images.slice(":, 7:-7, 7:-7");
    expect(crop.shape).toEqual([60, 14, 14]);
    expect(crop.slice("0, 0, 0").dataSync()[0]).toBe(7 * 28 + 7);
    expect(images.slice([10], [40]).dataSync()).toEqual(a.dataSync());
  });

  test("steps, dots, new axes and single indices", () => {
    const x = counted(3, 4);
    expect(x.slice("::-1, ::2").arraySync()).toEqual([[8, 10], [4, 6], [0, 2]]);
    expect(x.slice("-1").arraySync()).toEqual([8, 9, 10, 11]);
    expect(x.slice("..., None, 1").shape).toEqual([3, 1]);
    expect(f.slice([1, 2, 3], "5:").shape).toEqual([0]);
    expect(f.stridedSlice(x, [null, 3], [null, 0], [1, -2]).arraySync()).toEqual([[3, 1], [7, 5], [11, 9]]);
  });
});

test("names of NumPy and TensorFlow.js", () => {
  const x = counted(2, 3);
  expect(f.reverse(x, 0).arraySync()).toEqual([[3, 4, 5], [0, 1, 2]]);
  expect(f.mirrorPad([1, 2, 3], [[2, 2]], "reflect").arraySync()).toEqual([3, 2, 1, 2, 3, 2, 1]);
  expect(f.pad([1, 2], [[1, 0]]).arraySync()).toEqual([0, 1, 2]);
  expect(arrays(f.split(x, 3, 1))).toEqual([[[0], [3]], [[1], [4]], [[2], [5]]]);
  expect(arrays(f.unstack(x))).toEqual([[0, 1, 2], [3, 4, 5]]);
  expect(f.repeat([1, 2], [0, 3]).arraySync()).toEqual([2, 2, 2]);
  expect(f.tile([1, 2], 2).arraySync()).toEqual([1, 2, 1, 2]);
  expect(arrays(f.meshgrid([1, 2], [3, 4, 5]))).toEqual([[[1, 2], [1, 2], [1, 2]], [[3, 3], [4, 4], [5, 5]]]);
  expect(f.meshgrid([1, 2], [3], { indexing: "ij" })[0]!.shape).toEqual([2, 1]);
  expect(f.roll([1, 2, 3], 1).arraySync()).toEqual([3, 1, 2]);
  expect(f.trace(counted(3, 3)).arraySync()).toBe(12);
  expect(f.diag([1, 2]).arraySync()).toEqual([[1, 0], [0, 2]]);
  expect(f.moveAxis(counted(2, 3, 4), 0, -1).shape).toEqual([3, 4, 2]);
});

test("views cost nothing: a slice, backwards, of a transpose is one copy at most", () => {
  const x = counted(4, 5, 6);
  const y = f.flip(f.transpose(x.slice("1:, ::2"), [2, 0, 1]), 0);
  expect(y.shape).toEqual([6, 3, 3]);
  expect(y.slice("0, 0").arraySync()).toEqual([35, 47, 59]);
});

test("bytes are moved as the numbers they are", () => {
  const bytes = f.tensor(Uint8Array.of(1, 2, 3, 4, 5, 255), [2, 3]);
  expect(f.flip(bytes, 1).arraySync()).toEqual([[3, 2, 1], [255, 5, 4]]);
  expect(bytes.slice("::-1, 1").arraySync()).toEqual([5, 2]);
  expect(f.roll(bytes, 1, 0).arraySync()).toEqual([[4, 5, 255], [1, 2, 3]]);
  expect(f.diagonal(bytes).arraySync()).toEqual([1, 5]);
  expect(f.concat(f.split(bytes, [1, 2], 1), 1).arraySync()).toEqual([[1, 2, 3], [4, 5, 255]]);
});

const REFUSED: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["text that is no slice", () => f.slice(counted(3), "1:2:3:4"), /slice: "1:2:3:4" in "1:2:3:4" is no slice/],
  ["a border on one side alone", () => f.pad(counted(1), [[1]] as never), /pad: padding for \[1\] must be 1 pairs of whole numbers from 0, got \[\[1\]\]/],
  ["a part too many", () => f.slice(counted(3), "1, 2"), /"1, 2" names 2 axes, \[3\] has 1/],
  ["two times dots", () => f.slice(counted(3, 4), "..., ..."), /At most one/],
  ["an index out of range", () => f.slice(counted(3), "-4"), /index -4 in "-4" is out of range for axis 0, which has size 3/],
  ["a step of 0", () => f.slice(counted(3), "::0"), /other than 0, got 0/],
  ["an axis out of range of flip", () => f.flip(counted(3), 1), /flip: axis 1 is out of range for rank 1/],
  ["an axis out of range of swapAxes", () => f.swapAxes(counted(3), 0, 1), /swapAxes: axis 1/],
  ["a split that does not divide", () => f.split(counted(5), 2), /axis 0 of \[5\] cannot be cut into 2 equal parts/],
  ["a split into sizes that do not add up", () => f.split(counted(5), [1, 2]), /cannot be cut into \[1, 2\]/],
  ["moves of unequal number", () => f.moveAxis(counted(2, 3), [0, 1], [0]), /must be as many axes/],
  ["a reflection longer than the axis", () => f.pad(counted(3), [[3, 0]], "reflect"), /can add at most 2 elements along axis 0 of \[3\], asked for 3/],
  ["a mode that is none", () => f.pad(counted(3), [[1, 0]], "mirror" as never), /mode "mirror" is not known; expected constant, reflect/],
  ["repetitions below 0", () => f.tile(counted(3), [-1]), /reps must be whole numbers from 0/],
  ["a number for each slice that is missing", () => f.repeat(counted(3), [1, 2]), /expected 3 numbers/],
  ["a triangle of a vector", () => f.tril(counted(3)), /tril: takes matrices, got \[3\]/],
  ["equal axes of a diagonal", () => f.diagonal(counted(3, 3), { axis1: 0, axis2: -2 }), /axis1 and axis2 are both 0/],
  ["channels that do not divide", () => f.depthToSpace(counted(1, 2, 2, 3), 2), /divide by blockSize²/],
  ["an image without pixels", () => f.resizeBilinear(counted(1, 0, 2, 1), [2, 2]), /takes images \[n, h, w, c\], got \[1, 0, 2, 1\]/],
  ["two ways to place pixels", () => f.resizeNearest(counted(1, 2, 2, 1), [2, 2], { alignCorners: true, halfPixelCenters: true }), /exclude each other/],
  ["a grid of matrices", () => f.meshgrid(counted(2, 2)), /takes vectors, got \[2, 2\]/],
];

describe("refused, by name", () => {
  test.each(REFUSED)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
