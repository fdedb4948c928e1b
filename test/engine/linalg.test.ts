// Linear algebra on matrices of some size: products of the factors give the matrix back, bases are orthonormal, and what has no result is named.
// Bounds: computed in float64 and rounded once to float32 (6e-8 of an element), then multiplied in float32 sums of n terms.
import { beforeAll, describe, expect, test } from "vitest";
import * as f from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

beforeAll(() => {
  f.setRandomSeed(7);
  return f.init();
});

const { linalg, matmul, transpose } = f;
const random = (...shape: number[]): Tensor => f.tensor(f.randomUniform(shape, -1, 1).dataSync(), shape);
const turned = (x: Tensor): Tensor => transpose(x, [...x.shape.keys()].map((axis) => (axis < x.rank - 2 ? axis : 2 * x.rank - 3 - axis)));
const distance = (a: Tensor, b: Tensor): number => f.max(f.abs(f.sub(a, b))).dataSync()[0]!;
const scaledColumns = (u: Tensor, s: Tensor): Tensor => f.mul(u, f.expandDims(s, -2));

/** n terms of at most 1, each rounded to 6e-8, as they add up at random. */
const bound = (n: number): number => 1e-7 * (4 + Math.sqrt(n));

describe("factors give the matrix back", () => {
  test.each([[1, 1], [5, 5], [40, 40], [64, 20], [20, 64], [33, 1], [1, 33]])("qr of [%i, %i]", (m, n) => {
    const a = random(m, n);
    for (const mode of ["reduced", "complete"] as const) {
      const { q, r } = linalg.qr(a, mode);
      expect(distance(matmul(q, r), a)).toBeLessThan(bound(n) * 4);
      expect(distance(matmul(turned(q), q), f.eye(q.shape[1]!))).toBeLessThan(bound(m));
      expect(distance(f.tril(r, -1), f.zeros(r.shape))).toBe(0);
    }
  });

  test.each([[1, 1], [4, 4], [50, 50], [60, 12], [12, 60], [7, 1], [1, 7]])("svd of [%i, %i]", (m, n) => {
    const a = random(m, n);
    for (const fullMatrices of [false, true]) {
      const { u, s, vt } = linalg.svd(a, { fullMatrices });
      const k = Math.min(m, n);
      expect(distance(matmul(scaledColumns(u.slice([0, 0], [m, k]), s), vt.slice([0, 0], [k, n])), a)).toBeLessThan(bound(k) * 4);
      expect(distance(matmul(turned(u), u), f.eye(u.shape[1]!))).toBeLessThan(bound(m));
      expect(distance(matmul(vt, turned(vt)), f.eye(vt.shape[0]!))).toBeLessThan(bound(n));
      expect([...s.dataSync()]).toEqual([...s.dataSync()].sort((x, y) => y - x));
    }
  });

  test.each([1, 2, 3, 10, 60])("eigh of [%i, %i]", (n) => {
    const b = random(n, n);
    const a = f.add(b, turned(b));
    const { eigenvalues, eigenvectors } = linalg.eigh(a);
    expect(distance(matmul(scaledColumns(eigenvectors, eigenvalues), turned(eigenvectors)), a)).toBeLessThan(bound(n) * 16);
    expect(distance(matmul(turned(eigenvectors), eigenvectors), f.eye(n))).toBeLessThan(bound(n));
    expect([...eigenvalues.dataSync()]).toEqual([...eigenvalues.dataSync()].sort((x, y) => x - y));
  });

  test("cholesky, solve, inv and det of a positive definite matrix of 50 rows", () => {
    const b = random(50, 50);
    const a = f.add(matmul(b, turned(b)), f.mul(f.eye(50), 5));
    const l = linalg.cholesky(a);
    expect(distance(matmul(l, turned(l)), a)).toBeLessThan(bound(50) * 20);
    expect(distance(matmul(a, linalg.inv(a)), f.eye(50))).toBeLessThan(bound(50) * 20);
    const x = random(50, 3);
    expect(distance(linalg.solve(a, matmul(a, x)), x)).toBeLessThan(1e-5);
    const logs = 2 * [...f.diagonal(l).dataSync()].reduce((sum, value) => sum + Math.log(value), 0);
    expect(linalg.slogdet(a).logabsdet.dataSync()[0]).toBeCloseTo(logs, 4);
    expect(linalg.det(f.mul(a, 0.1)).dataSync()[0]! / Math.exp(logs - 50 * Math.log(10))).toBeCloseTo(1, 3);
  });

  test("batches are their matrices one by one, bit by bit", () => {
    const a = random(3, 2, 4, 4);
    const { u, s, vt } = linalg.svd(a);
    const one = linalg.svd(a.slice("1, 1"));
    expect(u.slice("1, 1").dataSync()).toEqual(one.u.dataSync());
    expect(s.slice("1, 1").dataSync()).toEqual(one.s.dataSync());
    expect(vt.slice("1, 1").dataSync()).toEqual(one.vt.dataSync());
    expect(linalg.inv(a).slice("2, 0").dataSync()).toEqual(linalg.inv(a.slice("2, 0")).dataSync());
    expect(linalg.eigh(a).eigenvalues.slice("0, 1").dataSync()).toEqual(linalg.eigh(a.slice("0, 1")).eigenvalues.dataSync());
  });
});

describe("awkward matrices", () => {
  test("of rank 1, of zeros, with equal singular values", () => {
    const { u, s, vt } = linalg.svd([[1, 2], [2, 4], [3, 6]], { fullMatrices: true });
    expect(s.dataSync()[0]).toBeCloseTo(Math.sqrt(70), 5);
    expect(s.dataSync()[1]).toBeLessThan(1e-7);
    expect(distance(matmul(turned(u), u), f.eye(3))).toBeLessThan(1e-6);
    expect(distance(matmul(vt, turned(vt)), f.eye(2))).toBeLessThan(1e-6);
    const zero = linalg.svd(f.zeros([3, 2]));
    expect([...zero.s.dataSync()]).toEqual([0, 0]);
    expect(distance(matmul(turned(zero.u), zero.u), f.eye(2))).toBe(0);
    expect([...linalg.svdvals(f.mul(f.eye(4), 3)).dataSync()]).toEqual([3, 3, 3, 3]);
    expect([...linalg.eigvalsh(f.zeros([3, 3])).dataSync()]).toEqual([0, 0, 0]);
    expect([...linalg.eigvalsh([[0, 1], [1, 0]]).dataSync()].map((x) => Math.round(x * 1e6))).toEqual([-1e6, 1e6]);
  });

  test("very large and very small numbers: rows may differ by 2⁶⁰ and the matrix still has its inverse", () => {
    const inverse = linalg.inv([[1e20, 2e20], [1e-20, -1e-20]]).dataSync();
    [1e-20 / 3, 2e20 / 3, 1e-20 / 3, -1e20 / 3].forEach((x, i) => expect(inverse[i]! / x).toBeCloseTo(1, 6));
    expect([...linalg.inv([[1, 0], [0, 1e-30]]).dataSync()]).toEqual([1, 0, 0, Math.fround(1e30)]);
    expect(linalg.slogdet(f.mul(f.eye(60), 1e-20)).logabsdet.dataSync()[0]).toBeCloseTo(60 * Math.log(1e-20), 2);
  });

  test("NaN stays NaN", () => {
    for (const x of [linalg.inv([[NaN, 0], [0, 1]]), linalg.svdvals([[NaN, 1]]), linalg.eigvalsh([[NaN]]), linalg.cholesky([[NaN]])]) expect([...x.dataSync()].some(Number.isNaN)).toBe(true);
  });

  test("without rows or columns", () => {
    expect(linalg.det(f.zeros([0, 0])).arraySync()).toBe(1);
    expect(linalg.inv(f.zeros([0, 0])).shape).toEqual([0, 0]);
    expect(linalg.svd(f.zeros([3, 0])).u.shape).toEqual([3, 0]);
    expect(linalg.qr(f.zeros([0, 2])).r.shape).toEqual([0, 2]);
  });
});

describe("gradients where formulas need care", () => {
  test("of a determinant at a singular matrix: the cofactors", () => {
    const slope = f.grad((a: Tensor) => linalg.det(a))([[1, 2], [2, 4]]);
    expect(slope.arraySync()).toEqual([[4, -2], [-2, 1]]);
  });

  test("of a nuclear norm: u · vt", () => {
    const a = random(5, 3);
    const { u, vt } = linalg.svd(a);
    expect(distance(f.grad((x: Tensor) => linalg.norm(x, "nuc"))(a), matmul(u, vt))).toBeLessThan(1e-6);
  });

  test("of the 2-norm at 0: 0", () => {
    expect(f.grad((x: Tensor) => linalg.norm(x))([0, 0]).arraySync()).toEqual([0, 0]);
  });
});

const FAILING: readonly [claim: string, attempt: () => Tensor, message: RegExp][] = [
  ["inv of a singular matrix", () => linalg.inv([[1, 2], [2, 4]]), /inv: matrix 0 of the batch is singular\. Use pinv/],
  ["inv of one that is singular but for rounding", () => linalg.inv([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), /matrix 0 of the batch is singular/],
  ["solve names the matrix of the batch", () => linalg.solve([[[1, 0], [0, 1]], [[1, 1], [1, 1]]], [[1], [2]]), /solve: matrix 1 of the batch is singular/],
  ["triangularSolve with a 0 on the diagonal", () => linalg.triangularSolve([[1, 0], [1, 0]], [[1], [1]]), /matrix 0 of the batch is singular/],
  ["cholesky of a matrix that is not positive definite", () => linalg.cholesky([[1, 2], [2, 1]]), /matrix 0 of the batch is not positive definite/],
];

describe("what has no result is named when it is looked at", () => {
  test.each(FAILING)("%s", (_claim, attempt, message) => expect(() => attempt().dataSync()).toThrow(message));
});

const ints = f.tensor([[1, 2], [3, 4]], [2, 2], "int32");
const REFUSED: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["integers", () => linalg.inv(ints), /inv: takes float32, got int32\. Cast to float32 first/],
  ["integers by det", () => linalg.det(ints), /det: takes float32, got int32/],
  ["a matrix that is not square", () => linalg.inv(f.zeros([2, 3])), /inv: takes square matrices, got \[2, 3\]/],
  ["a vector", () => linalg.svd(f.zeros([3])), /svd: takes matrices \[\.\.\., m, n\], got \[3\]/],
  ["right sides that do not fit", () => linalg.solve(f.zeros([2, 2]), f.zeros([3, 1])), /a \[2, 2\] has 2 rows, b \[3, 1\] has 3/],
  ["an order that matrices do not have", () => linalg.norm(f.zeros([2, 2]), 3), /order 3 is not one of matrices/],
  ["an order that vectors do not have", () => linalg.norm(f.zeros([2]), "nuc"), /order nuc is not one of vectors/],
  ["three axes", () => linalg.norm(f.zeros([2, 2, 2]), 1, [0, 1, 2]), /takes one or two axes, got 3/],
  ["more singular values than there are", () => linalg.truncatedSvd(f.zeros([3, 2]), 3), /k must be a whole number from 0 to 2/],
  ["a fraction as a power", () => linalg.matrixPower(f.eye(2), 0.5), /power must be a whole number/],
];

describe("refused, by name", () => {
  test.each(REFUSED)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
