// The course's tensors: what they are, how they are made, printed and combined.
import { beforeAll, describe, expect, it } from "vitest";
import {
  add, arange, broadcastTo, compile, constant, div, divide, dot, expandDims, full, init, isNaN, matmul, maximum, memory, mul, multiply, ones, randomUniform, relu, sub, subtract, tensor, tile,
  variable, zeros, type Tensor,
} from "../../src/index.js";

beforeAll(() => init());

it("[T1] tensors of rank 0 to 5 have a rank, a shape and a dtype", () => {
  const rows: [Tensor, number, number[], string][] = [
    [tensor(12), 0, [], "int32"],
    [tensor([12, 3, 6, 14]), 1, [4], "int32"],
    [tensor([[5, 78, 2, 34, 0], [6, 79, 3, 35, 1], [7, 80, 4, 36, 2]]), 2, [3, 5], "int32"],
    [full([3, 3, 5], 0.5), 3, [3, 3, 5], "float32"],
    [zeros([10, 3, 3, 5], "uint8"), 4, [10, 3, 3, 5], "uint8"],
    [zeros([2, 10, 3, 3, 5], "bool"), 5, [2, 10, 3, 3, 5], "bool"],
  ];
  for (const [x, rank, shape, dtype] of rows) expect([x.rank, x.shape, x.dtype]).toEqual([rank, shape, dtype]);
});

it("[T2] a tensor of nested lists prints its values, shape and dtype; a list five times over is a tile", () => {
  const x = tensor([[[0, 1], [2, 3], [4, 5]]], undefined, "float32");
  expect(`${x}`).toBe("Tensor([[[0., 1.],\n         [2., 3.],\n         [4., 5.]]], shape [1, 3, 2], float32)");
  expect([tensor([1, 2, 3, 4, 5]).shape, tensor([[1, 2], [3, 4], [5, 6]]).shape, tile(x, [5, 1, 1]).shape]).toEqual([[5], [3, 2], [5, 3, 2]]);
  expect(tile(x, [5, 1, 1]).slice([4], [1]).arraySync()).toEqual(x.arraySync());
});

describe("[T3] dtypes", () => {
  it("whole numbers are int32, mixtures float32; a dtype given wins; text is an error", () => {
    expect([tensor([1, 2]).dtype, tensor([1, 2.5]).dtype, tensor([1, 2], [2], "float32").dtype, tensor([true]).dtype]).toEqual(["int32", "float32", "float32", "bool"]);
    expect(() => tensor([1.5, "a"] as never)).toThrow(/expected numbers or booleans, got "a" \(string\)/);
  });

  it("operands meet in the later of bool, int32, float32; bytes are computed as int32, halves as float32; a true division gives floats", () => {
    const of = { bool: tensor([true]), uint8: tensor([1]).cast("uint8"), int32: tensor([1]), float16: tensor([1]).cast("float16"), float32: tensor([1.5]) };
    const wanted: [keyof typeof of, keyof typeof of, string][] = [
      ["bool", "bool", "int32"], ["bool", "uint8", "int32"], ["uint8", "uint8", "int32"], ["uint8", "int32", "int32"], ["int32", "float32", "float32"], ["float16", "float16", "float32"],
      ["float16", "int32", "float32"], ["bool", "float32", "float32"],
    ];
    for (const [a, b, dtype] of wanted) expect([add(of[a], of[b]).dtype, add(of[b], of[a]).dtype], `${a} + ${b}`).toEqual([dtype, dtype]);
    expect([div(of.int32, tensor([2])).dtype, div(of.int32, tensor([2])).item()]).toEqual(["float32", 0.5]);
  });

  it("int32 wraps around, as in NumPy", () => {
    expect(add(tensor([2147483647]), 1).arraySync()).toEqual([-2147483648]);
    expect(mul(tensor([65536]), tensor([65536])).arraySync()).toEqual([0]);
  });
});

it("[T4] a constant needs a value and has no assign; a variable is assigned, and what read it before keeps the old value", () => {
  const c = constant([1, 2]);
  expect(() => constant(undefined as never)).toThrow(/A tensor needs a value/);
  expect("assign" in c).toBe(false);
  const v = variable([1, 2]);
  const old = v.mul(10);
  v.assign([5, 6]);
  expect([v.arraySync(), old.arraySync(), c.arraySync()]).toEqual([[5, 6], [10, 20], [1, 2]]);
  expect(v.dataSync()).toEqual(Float32Array.of(5, 6));
  v.assignAdd([1, 1]).assignSub([0, 7]);
  expect(v.arraySync()).toEqual([6, 0]);
});

it("[T5] the table from NumPy to tensors", () => {
  const [a, b] = [zeros([2, 2]), ones([2, 2])];
  expect(b.mul(5).add(1).arraySync()).toEqual([[6, 6], [6, 6]]);
  expect(b.sum(1).arraySync()).toEqual([2, 2]);
  expect([a.shape, a.reshape([1, 4]).arraySync()]).toEqual([[2, 2], [[0, 0, 0, 0]]]);
  expect(matmul(b, b).arraySync()).toEqual([[2, 2], [2, 2]]);
  const m = tensor([[1, 2], [3, 4]]);
  expect([m.slice("0, 0").item(), m.slice(":, 0").arraySync(), m.slice("0, :").arraySync(), m.slice(":, 0").shape]).toEqual([1, [1, 3], [1, 2], [2]]);
});

it("[T6] operators by name and by method give the same bits", () => {
  const [x, y] = [randomUniform([100], -2, 2, { seed: 1 }), randomUniform([100], 1, 3, { seed: 2 })];
  const rows: [Tensor, Tensor, Tensor][] = [
    [x.add(y), add(x, y), add(x, y)],
    [x.sub(y), sub(x, y), subtract(x, y)],
    [x.mul(y), mul(x, y), multiply(x, y)],
    [x.div(y), div(x, y), divide(x, y)],
  ];
  for (const [method, name, longer] of rows) {
    expect(name.dataSync()).toEqual(method.dataSync());
    expect(longer.dataSync()).toEqual(method.dataSync());
  }
});

it("[T7] dividing by zero gives ∞, −∞ or NaN, and no exception", () => {
  expect([...div([1, -1, 0], 0).dataSync()]).toEqual([Infinity, -Infinity, NaN]);
  expect(isNaN(div([1, 0], 0)).arraySync()).toEqual([false, true]);
});

it("[T8] a product takes [x, n] and [n, y] to [x, y], two vectors to a scalar; else an error names both shapes", () => {
  expect(matmul(ones([3, 4]), ones([4, 2])).arraySync()).toEqual([[4, 4], [4, 4], [4, 4]]);
  expect([dot([1, 2, 3], [4, 5, 6]).shape, dot([1, 2, 3], [4, 5, 6]).item()]).toEqual([[], 32]);
  expect(() => matmul(ones([3, 4]), ones([3, 2]))).toThrow(/\[3, 4\] \(k = 4\).*\[3, 2\] \(k = 3\)/);
  expect(() => dot([1, 2], [1, 2, 3])).toThrow(/\[2\].*\[3\]/);
});

it("[T9] a transpose swaps rows and columns; it is no reshape", () => {
  const x = tensor([[1, 2, 3], [4, 5, 6]]);
  expect(x.transpose().arraySync()).toEqual([[1, 4], [2, 5], [3, 6]]);
  expect(x.reshape([3, 2]).arraySync()).toEqual([[1, 2], [3, 4], [5, 6]]);
  expect(zeros([300, 20]).transpose().shape).toEqual([20, 300]);
});

it("[T10] reshape reads row by row: [3, 2] → [6, 1] → [2, 3]; −1 is found out; another count is an error", () => {
  const x = tensor([[0, 1], [2, 3], [4, 5]]);
  expect(x.reshape([6, 1]).arraySync()).toEqual([[0], [1], [2], [3], [4], [5]]);
  expect(x.reshape([2, 3]).arraySync()).toEqual([[0, 1, 2], [3, 4, 5]]);
  const y = zeros([3, 4]);
  expect([[4, 3], [6, 2], [12, 1], [2, -1]].map((shape) => y.reshape(shape).shape)).toEqual([[4, 3], [6, 2], [12, 1], [2, 6]]);
  expect(() => y.reshape([4, 4])).toThrow(/\[3, 4\] has 12 elements, which do not fit \[4, 4\]/);
});

describe("[T11] broadcasting", () => {
  it("adds axes in front, then repeats: as if the smaller operand were repeated by hand", () => {
    const rows: [number[], number[], number[]][] = [
      [[32, 10], [10], [32, 10]],
      [[64, 3, 32, 10], [32, 10], [64, 3, 32, 10]],
      [[1], [3, 3], [3, 3]],
    ];
    for (const [a, b, shape] of rows) {
      const [x, y] = [randomUniform(a, -1, 1, { seed: 1 }), randomUniform(b, -1, 1, { seed: 2 })];
      expect(add(x, y).shape).toEqual(shape);
      expect(add(x, y).dataSync()).toEqual(add(broadcastTo(x, shape), broadcastTo(y, shape)).dataSync());
      expect(maximum(x, y).dataSync()).toEqual(maximum(broadcastTo(x, shape), broadcastTo(y, shape)).dataSync());
    }
    expect(() => add(ones([3]), ones([4]))).toThrow(/\[3\] and \[4\] do not broadcast/);
  });

  it("copies nothing: adding a row to a matrix of 4 MB takes the memory of the result only", () => {
    const add4MB = compile((x: Tensor, row: Tensor) => add(x, row));
    const { slots } = add4MB.programFor(zeros([1024, 1024]), zeros([1024]));
    const scratch = slots.filter(({ space }) => space === "scratch").reduce((sum, { bytes }) => sum + bytes, 0);
    expect(scratch).toBeLessThan(64 * 1024);
    expect(memory().programs).toBeGreaterThanOrEqual(0);
  });
});

it("[T12] expandDims adds an axis, not an element", () => {
  const x = arange(10);
  expect([expandDims(x).shape, expandDims(x, 1).shape, expandDims(x).size]).toEqual([[1, 10], [10, 1], 10]);
  expect(expandDims(x).dataSync()).toEqual(x.dataSync());
});

it("[T13] three spellings of one slice are equal; negative indices count from the end", () => {
  const images = tensor(Uint8Array.from({ length: 120 * 28 * 28 }, (_, i) => i % 251), [120, 28, 28]);
  const [a, b, c] = ["10:100", "10:100, :, :", "10:100, 0:28, 0:28"].map((text) => images.slice(text)) as [Tensor, Tensor, Tensor];
  expect([a.shape, b.shape, c.shape]).toEqual([[90, 28, 28], [90, 28, 28], [90, 28, 28]]);
  expect(b.dataSync()).toEqual(a.dataSync());
  expect(c.dataSync()).toEqual(a.dataSync());
  expect(images.slice(":, 14:, 14:").shape).toEqual([120, 14, 14]);
  const middle = images.slice(":, 7:-7, 7:-7");
  expect(middle.shape).toEqual([120, 14, 14]);
  expect(middle.slice("3, 0, 0").item()).toBe((3 * 784 + 7 * 28 + 7) % 251);
});

it("[T14] relu and add by two loops in JavaScript equal the tensor ops, which are quicker", () => {
  const [rows, cols] = [400, 500];
  const [x, y] = [randomUniform([rows, cols], -1, 1, { seed: 1 }), randomUniform([rows, cols], -1, 1, { seed: 2 })];
  const [a, b] = [x.arraySync() as number[][], y.arraySync() as number[][]];
  const naive = (): number[][] => {
    const z = a.map((row) => [...row]);
    for (let i = 0; i < z.length; i++) {
      for (let j = 0; j < z[i]!.length; j++) {
        z[i]![j]! += b[i]![j]!;
        z[i]![j] = Math.max(Math.fround(z[i]![j]!), 0);
      }
    }
    return z;
  };
  const vectorised = compile((p: Tensor, q: Tensor) => relu(add(p, q)));
  const time = (f: () => unknown): number => {
    f();
    const start = performance.now();
    for (let i = 0; i < 10; i++) f();
    return (performance.now() - start) / 10;
  };
  expect(vectorised(x, y).arraySync()).toEqual(naive());
  const [loops, op] = [time(naive), time(() => vectorised(x, y))];
  console.log(`[T14] ${rows} × ${cols}: loops ${loops.toFixed(2)} ms, tensor op ${op.toFixed(2)} ms, ${(loops / op).toFixed(1)} times as fast`);
});

it("[T15] maximum broadcasts: (64, 3, 32, 10) and (32, 10)", () => {
  const [x, y] = [randomUniform([64, 3, 32, 10], -1, 1, { seed: 3 }), zeros([32, 10])];
  const z = maximum(x, y);
  expect(z.shape).toEqual([64, 3, 32, 10]);
  expect(z.dataSync()).toEqual(relu(x).dataSync());
});
