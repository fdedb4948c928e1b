// The course's linear algebra: inverses and their errors, the best approximation of a rank, the eigenvectors of a Hessian, norms and their unit balls.
import { beforeAll, describe, expect, test } from "vitest";
import { add, argsort, eye, hessian, init, linalg, matmul, mul, norm, randomNormal, setRandomSeed, square, sub, sum, tensor, transpose, type Tensor } from "../../src/index.js";

beforeAll(() => {
  setRandomSeed(17);
  return init();
});

const number = (x: Tensor): number => x.dataSync()[0]!;
const squares = (x: Tensor): number => number(sum(square(x)));

describe("[T16] inverse, determinant, solution, norms", () => {
  const a = tensor([[2, 1], [1, 3]], undefined, "float32");
  test("their values", () => {
    expect(linalg.inv(a).arraySync()).toEqual([[0.6, -0.2], [-0.2, 0.4]].map((row) => row.map(Math.fround)));
    expect(number(linalg.det(a))).toBe(5);
    expect(linalg.solve(a, [3, 5]).arraySync()).toEqual([0.8, 1.4].map(Math.fround));
    expect(number(linalg.norm(a))).toBeCloseTo(Math.sqrt(15), 6);
  });
  test("a singular matrix has no inverse, and the error says so", () => {
    expect(() => linalg.inv([[1, 2], [2, 4]]).dataSync()).toThrow(/singular/);
  });
  test("shapes that do not go together are named", () => {
    expect(() => linalg.solve(a, [1, 2, 3])).toThrow(/a \[2, 2\] has 2 rows, b \[3, 1\] has 3/);
    expect(() => linalg.inv([[1, 2, 3]])).toThrow(/takes square matrices, got \[1, 3\]/);
  });
  test("whole numbers are refused", () => {
    expect(() => linalg.inv(tensor([[2, 1], [1, 3]]))).toThrow(/takes float32, got int32/);
  });
});

describe("[T17] the singular value decomposition, cut off at rank k", () => {
  const m = 12;
  const n = 8;
  let x: Tensor;
  beforeAll(() => {
    x = tensor(randomNormal([m, n]).dataSync(), [m, n]);
  });
  const approximation = (k: number): Tensor => {
    const { u, s, vt } = linalg.truncatedSvd(x, k);
    return matmul(mul(u, s), vt);
  };

  test("the squared error is the sum of the squares of what was cut off", () => {
    const values = [...linalg.svdvals(x).dataSync()];
    for (let k = 0; k <= n; k++) {
      const rest = values.slice(k).reduce((total, s) => total + s * s, 0);
      expect(squares(sub(x, approximation(k)))).toBeCloseTo(rest, 3);
    }
  });

  test("none of a hundred random matrices of rank 2 comes nearer, not even with the best scale", () => {
    const least = squares(sub(x, approximation(2)));
    for (let i = 0; i < 100; i++) {
      const other = matmul(randomNormal([m, 2]), randomNormal([2, n]));
      const scale = number(sum(mul(x, other))) / squares(other);
      expect(squares(sub(x, mul(other, scale)))).toBeGreaterThan(least);
    }
  });
});

test("[T18] a Hessian is Q·Λ·Qᵀ to 1e-6, and its eigenvectors are the directions of its curvatures", () => {
  const bowl = (x: Tensor): Tensor => {
    const [a, b, c] = [x.slice("0"), x.slice("1"), x.slice("2")];
    return add(add(mul(square(a), 2), mul(square(add(a, b)), 0.5)), mul(mul(b, c), 0.25));
  };
  const h = hessian(bowl)(tensor([0.3, -0.2, 0.5]));
  const { eigenvalues, eigenvectors } = linalg.eigh(h);
  const back = matmul(mul(eigenvectors, eigenvalues), transpose(eigenvectors));
  expect(Math.max(...sub(back, h).dataSync().map(Math.abs))).toBeLessThan(1e-6);
  expect(Math.max(...sub(matmul(transpose(eigenvectors), eigenvectors), eye(3)).dataSync().map(Math.abs))).toBeLessThan(1e-6);
  const first = eigenvectors.slice(":, 2");
  expect(number(sum(mul(first, matmul(h, first.reshape([3, 1])).reshape([3]))))).toBeCloseTo(number(eigenvalues.slice("2")), 5);
});

describe("[T20] norms", () => {
  test("of (3, −4): 7, 5, 4, and Lp between them", () => {
    const x = tensor([3, -4]);
    expect([1, 2, Infinity].map((p) => number(norm(x, p)))).toEqual([7, 5, 4]);
    expect(number(norm(x, 3))).toBeCloseTo((27 + 64) ** (1 / 3), 5);
  });

  test("unit balls grow from a square on its corner (area 2) over a circle (π) to a square (4)", () => {
    const side = 201;
    const line = Array.from({ length: side }, (_, i) => (2 * i) / (side - 1) - 1);
    const points = tensor(line.flatMap((x) => line.map((y) => [x, y])));
    const area = (p: number): number => (4 * norm(points, p, 1).dataSync().filter((length) => length <= 1 + 1e-6).length) / side ** 2;
    expect(area(1)).toBeCloseTo(2, 1);
    expect(area(2)).toBeCloseTo(Math.PI, 1);
    expect(area(Infinity)).toBeCloseTo(4, 5);
    expect([...argsort([area(1), area(2), area(3), area(Infinity)]).dataSync()]).toEqual([0, 1, 2, 3]);
  });
});
