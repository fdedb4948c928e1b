// Statistics as a NumPy user calls them; the numbers are what NumPy prints. The ops behind have rows of their own.
import { beforeAll, describe, expect, test } from "vitest";
import * as e from "../../src/index.js";

beforeAll(() => e.init({ threads: 1 }));

const list = (x: e.Tensor): readonly number[] => Array.from(x.dataSync(), (value) => Number(value.toFixed(5)));

describe("statistics", () => {
  const matrix = [[7, 1, 4], [2, 8, 5]];

  test.each<[string, () => e.Tensor, number[]]>([
    ["median of all", () => e.median(matrix), [4.5]],
    ["median along an axis", () => e.median(matrix, 1), [4, 5]],
    ["median, keepDims", () => e.median(matrix, { axis: 0, keepDims: true }), [4.5, 4.5, 4.5]],
    ["quantiles", () => e.quantile([1, 2, 3, 4], [0.25, 0.9]), [1.75, 3.7]],
    ["std of a sample", () => e.std([1, 2, 4], { correction: 1 }), [1.52753]],
    ["variance of a sample along an axis", () => e.variance(matrix, { axis: 1, correction: 1 }), [9, 9]],
    ["std of all", () => e.std([1, 3]), [1]],
    ["cov", () => e.cov([[1, 2, 3], [6, 4, 2]]), [1, -2, -2, 4]],
    ["cov of columns", () => e.cov([[1, 6], [2, 4], [3, 2]], { rowvar: false }), [1, -2, -2, 4]],
    ["corrcoef", () => e.corrcoef([[1, 2, 3], [6, 4, 2]]), [1, -1, -1, 1]],
    ["diff", () => e.diff([1, 4, 9, 16]), [3, 5, 7]],
    ["diff of diff", () => e.diff([1, 4, 9, 16], 2), [2, 2]],
    ["interp", () => e.interp([-1, 0.5, 1.5, 9], [0, 1, 2], [0, 10, 30]), [0, 5, 20, 30]],
    ["nanToNum", () => e.nanToNum([NaN, 1, -Infinity], { neginf: -9 }), [0, 1, -9]],
    ["isClose", () => e.isClose([1, 1, NaN], [1.000001, 1.1, NaN], { equalNan: true }), [1, 0, 1]],
    ["allClose", () => e.allClose([0.1, 0.2], [0.1, 0.2]), [1]],
    ["mean of bool: how many of all", () => e.mean(e.equal([1, 2, 3, 4], [1, 2, 0, 4])), [0.75]],
    ["matmul with transposes", () => e.matMul([[1, 2, 3]], [[4, 5, 6]], false, true), [32]],
    ["batchNorm by moments", () => e.batchNorm([[1], [3]], [2], [1], [10], [5], 0), [5, 15]],
    ["a Fourier transform of whole numbers", () => e.complexAbs([[3, 4], [6, 8]]), [5, 10]],
    ["real and imaginary parts", () => e.concat([e.real([[3, 4]]), e.imag([[3, 4]]), e.real(e.conj([[3, 4]]))]), [3, 4, 3]],
    ["a product of complex numbers", () => e.complexMul([[3, 4]], [[0, 1]]), [-4, 3]],
    ["a convolution of whole numbers", () => e.conv1d([[[1], [2], [3]]], [[[1]], [[1]]]), [3, 5]],
    ["a pool of whole numbers", () => e.maxPool2d([[[[1], [2]], [[3], [4]]]], { poolSize: 2 }), [4]],
  ])("%s", (_, run, expected) => {
    expect(list(run())).toEqual(expected);
  });

  test("moments gives both", () => {
    const { mean, variance } = e.moments(matrix, 0);
    expect([list(mean), list(variance)]).toEqual([[4.5, 4.5, 4.5], [6.25, 12.25, 0.25]]);
  });

  test("a list of quantiles is a first axis", () => {
    expect(e.quantile(matrix, [0.1, 0.5], 1).shape).toEqual([2, 2]);
  });

  test("the gradient of a median goes to the middle", () => {
    expect(list(e.grad((x) => e.median(x))([3, 1, 2, 9]))).toEqual([0.5, 0, 0.5, 0]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["a share above 1", () => e.quantile([1, 2], 50), /quantile: q must be numbers from 0 to 1, got 50/],
    ["no elements", () => e.median(e.zeros([0])), /quantile: no elements along the axes \[0\] of \[0\]/],
    ["observations of rank 3", () => e.cov(e.zeros([1, 2, 3])), /cov: takes \[variables, observations\] or \[observations\], got \[1, 2, 3\]/],
    ["points that are no pairs", () => e.interp([1], [1, 2], [1, 2, 3]), /interp: xp and fp must be vectors of one length from 2, got \[2\] and \[3\]/],
    ["more differences than elements", () => e.diff([1, 2], 3), /diff: axis 0 of \[2\] has fewer than n = 3 elements/],
    ["a correction that a sum has not", () => e.sum([1], { correction: 1 } as never), /option "correction" is not known; expected axis, axes, keepDims/],
    ["counts of unknown numbers", () => e.bincount([0, 1], undefined as never), /bincount: size must be a whole number from 0, one more than the largest/],
    ["no images", () => e.resizeBicubic([1, 2], [3, 3]), /resizeBicubic: takes images \[n, h, w, c\], got \[2\]/],
    ["half a pixel", () => e.resizeBicubic(e.zeros([1, 2, 2, 1]), [1.5, 2]), /resizeBicubic: size must be two whole numbers from 1/],
    ["an option that isClose does not know", () => e.isClose([1], [1], { tolerance: 1 } as object), /isClose: no option is called "tolerance"/],
  ])("refuses %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("resizeBicubic", () => {
  test("keeps parabolas, away from borders", () => {
    const row = Float32Array.from({ length: 10 }, (_, i) => i * i);
    const y = e.resizeBicubic(e.tensor(row, [1, 1, 10, 1]), [1, 20]).dataSync();
    for (let i = 4; i < 16; i++) expect(y[i]).toBeCloseTo(((i + 0.5) / 2 - 0.5) ** 2, 4);
  });

  test("overshoots beside an edge, as cubic curves do", () => {
    // Shares of pixels at distances 1.25, 0.25, 0.75 and 1.75: −0.0703125, 0.8671875, 0.2265625, −0.0234375.
    const y = e.resizeBicubic(e.tensor([0, 0, 0, 1, 1, 1], [1, 1, 6, 1], "float32"), [1, 12]).dataSync();
    expect(Array.from(y.slice(4, 8))).toEqual([-0.0703125 + 0, 0.203125, 0.796875, 1.0703125].map((value) => expect.closeTo(value, 5)));
  });
});
