// Tensors made, shown and refused; variables before and after the engine starts.
import { beforeAll, describe, expect, it } from "vitest";
import type { DType } from "../../src/base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../src/base/errors.js";
import { init, relu, tensor, variable, type NestedArray, type Tensor } from "../../src/engine/index.js";

beforeAll(() => init());

describe("tensor()", () => {
  const rows: readonly (readonly [string, NestedArray, DType, readonly number[]])[] = [
    ["a whole number", 3, "int32", []],
    ["a fraction", 0.5, "float32", []],
    ["a boolean", true, "bool", []],
    ["whole numbers", [1, 2, 3], "int32", [3]],
    ["one fraction among whole numbers", [1, 2.5], "float32", [2]],
    ["NaN", [1, NaN], "float32", [2]],
    ["infinity", [Infinity], "float32", [1]],
    ["−0, which int32 has not", [-0, 1], "float32", [2]],
    ["whole numbers beyond int32", [2 ** 31, 1], "float32", [2]],
    ["the ends of int32", [2 ** 31 - 1, -(2 ** 31)], "int32", [2]],
    ["booleans", [[true], [false]], "bool", [2, 1]],
    ["booleans and numbers", [true, 2], "int32", [2]],
    ["nested arrays", [[[1], [2]], [[3], [4]]], "int32", [2, 2, 1]],
    ["nothing", [], "float32", [0]],
    ["rows of nothing", [[], []], "float32", [2, 0]],
  ];
  it.each(rows)("%s", (_, values, dtype, shape) => {
    const made = tensor(values);
    expect([made.dtype, made.shape]).toEqual([dtype, shape]);
    const back = dtype === "bool" || !JSON.stringify(values).includes("true") ? values : [1, 2];
    expect(made.arraySync()).toEqual(back);
  });

  it("keeps the dtype of typed arrays, and copies them", () => {
    const typed = [Float32Array.of(1.5), Int32Array.of(-2), Uint8Array.of(255), Float64Array.of(0.1), Uint8ClampedArray.of(9)] as const;
    expect(typed.map((data) => tensor(data as Float32Array).dtype)).toEqual(["float32", "int32", "uint8", "float32", "uint8"]);
    const data = Float32Array.of(1, 2);
    const made = tensor(data);
    data[0] = 9;
    expect([...made.dataSync()]).toEqual([1, 2]);
    made.dataSync()[0] = 9;
    expect([...made.dataSync()]).toEqual([1, 2]);
  });

  it("takes shape and dtype", () => {
    expect(tensor([1, 2, 3, 4], [2, 2], "float32").arraySync()).toEqual([[1, 2], [3, 4]]);
    expect(tensor(tensor([1, 0]), [2, 1], "bool").arraySync()).toEqual([[true], [false]]);
  });

  const refused: readonly (readonly [string, () => Tensor, new (message: string) => Error, RegExp])[] = [
    ["rows of different lengths", () => tensor([[1, 2], [3]]), ShapeError, /ragged array, an item along axis 1 has 1 elements, expected 2/],
    ["a number among rows", () => tensor([[1], 2]), ShapeError, /ragged array, a number stands where 1 elements are expected/],
    ["a row among numbers", () => tensor([1, [2]]), ShapeError, /ragged array, an item along axis 1 has 1 elements, expected a number/],
    ["a shape that does not fit", () => tensor([1, 2, 3], [2, 2]), ShapeError, /3 values do not fill the shape \[2, 2\]/],
    ["text", () => tensor(["1"] as never), DTypeError, /"1"/],
    ["null", () => tensor([null] as never), DTypeError, /null/],
    ["BigInts", () => tensor(new BigInt64Array(1) as never), DTypeError, /BigInt64Array is not supported/],
  ];
  it.each(refused)("refuses %s", (_, make, error, message) => {
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});

describe("as text", () => {
  const rows: readonly (readonly [Tensor, string])[] = [
    [tensor(5), "Tensor(5, shape [], int32)"],
    [tensor([1, 2.5]), "Tensor([1. , 2.5], shape [2], float32)"],
    [tensor([[1, -20], [300, 4]]), "Tensor([[  1, -20],\n        [300,   4]], shape [2, 2], int32)"],
    [tensor([NaN, Infinity, -Infinity]), "Tensor([ nan,  inf, -inf], shape [3], float32)"],
    [tensor([true, false]), "Tensor([ true, false], shape [2], bool)"],
    [tensor(Array.from({ length: 1001 }, (_, i) => i)), "Tensor([   0,    1,    2, ...,  998,  999, 1000], shape [1001], int32)"],
    [tensor([[[1], [2]], [[3], [4]]]), "Tensor([[[1],\n         [2]],\n\n        [[3],\n         [4]]], shape [2, 2, 1], int32)"],
    [tensor(new Float32Array(0)), "Tensor([], shape [0], float32)"],
  ];
  it.each(rows)("looks like NumPy: %s", (made, text) => {
    expect(made.toString()).toBe(text);
  });

  it("shows values that were pending, and joins texts", () => {
    expect(`${tensor([1, 2]).add(1)}`).toBe("Tensor([2, 3], shape [2], int32)");
  });

  it("is no number: operators throw instead of giving NaN", () => {
    expect(() => Number(tensor(2)) * 3).toThrow(ValueError);
    expect(() => (tensor(2) as Tensor & number) * 3).toThrow(/do not compute with tensors. Use add, mul/);
  });
});

describe("values", () => {
  it("relu keeps NaN", () => {
    expect([...relu([NaN, -1, 2, -Infinity]).dataSync()]).toEqual([NaN, 0, 2, 0]);
    expect([...tensor([NaN, -1.5]).relu().mul(2).dataSync()]).toEqual([NaN, 0]);
  });

  it("bytes that were turned, sliced or repeated come back as bytes", () => {
    const x = tensor(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    expect(x.transpose().dataSync()).toEqual(Uint8Array.of(1, 4, 2, 5, 3, 6));
    expect(x.slice([0, 1], [2, 2]).dataSync()).toEqual(Uint8Array.of(2, 3, 5, 6));
    expect(x.reshape([3, 2]).arraySync()).toEqual([[1, 2], [3, 4], [5, 6]]);
    expect(x.transpose().cast("float32").sum(0).arraySync()).toEqual([6, 15]);
  });

  it("a matrix product takes whole numbers as float32, as a division does", () => {
    const product = tensor([[1, 2], [3, 4]]).matmul([[5], [6]]);
    expect([product.dtype, product.arraySync()]).toEqual(["float32", [[17], [39]]]);
    expect(tensor(Uint8Array.of(200, 100), [1, 2]).matmul([[2], [1]]).arraySync()).toEqual([[500]]);
  });

  it("a bare number takes the dtype of its partner where it fits", () => {
    expect(tensor([1, 2]).add(1).dtype).toBe("int32");
    expect(tensor([1, 2]).mul(0.5).arraySync()).toEqual([0.5, 1]);
    expect(tensor([1, 2]).div(2).arraySync()).toEqual([0.5, 1]);
  });
});

describe("variables", () => {
  it("of bare numbers are float32, to be trained; others keep their dtype", () => {
    expect([variable([1, 2]), variable(0), variable([true]), variable(tensor([1, 2])), variable(Int32Array.of(1)), variable([1], { dtype: "int32" })].map(({ dtype }) => dtype)).toEqual(
      ["float32", "float32", "bool", "int32", "int32", "int32"],
    );
    expect(() => variable(Uint8Array.of(1))).toThrow(/uint8 exists only where data comes in/);
    expect(() => variable(tensor([1, 2]), { dtype: "float32" })).toThrow(DTypeError);
  });

  it("copy what they start from, and give copies", () => {
    const start = Float32Array.of(1, 2);
    const w = variable(start);
    start[0] = 9;
    w.dataSync()[1] = 9;
    w.snapshot()[1] = 9;
    expect(w.arraySync()).toEqual([1, 2]);
  });
});
