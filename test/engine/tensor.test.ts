// Tensors made, shown and refused; variables before and after the engine starts.
import { beforeAll, describe, expect, it } from "vitest";
import type { DType } from "../../src/base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../../src/base/errors.js";
import {
  arange, compile, eye, fromPixels, full, fullLike, grad, init, linspace, logspace, ones, onesLike, relu, scalar, tensor, variable, zeros, zerosLike, type NestedArray, type Tensor,
} from "../../src/engine/index.js"; // prettier-ignore

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

describe("narrow dtypes", () => {
  it("are stored narrow, and computed in float32 and int32", () => {
    const half = tensor([1.5, 2049, 1e9], undefined, "float16");
    expect([half.dtype, half.dataSync(), `${half}`]).toEqual(["float16", Float32Array.of(1.5, 2048, Infinity), "Tensor([1.500e+00, 2.048e+03,       inf], shape [3], float16)"]);
    expect([half.add(1).dtype, half.add(1).arraySync()]).toEqual(["float32", [2.5, 2049, Infinity]]);
    const bytes = tensor([250, 3], undefined, "uint8");
    expect([bytes.add(10).dtype, bytes.add(10).arraySync()]).toEqual(["int32", [260, 13]]);
    expect([bytes.add(10).cast("uint8").dtype, bytes.add(10).cast("uint8").dataSync()]).toEqual(["uint8", Uint8Array.of(255, 13)]);
  });

  it("tensor() makes of numbers what cast() makes of them", () => {
    const numbers = [NaN, -1, 0.5, 3.7, 255.9, 300, 3e9, -3e9, Infinity];
    for (const dtype of ["int32", "uint8", "bool", "float16"] as const) {
      expect(tensor(numbers, undefined, dtype).dataSync(), dtype).toEqual(tensor(numbers).cast(dtype).dataSync());
    }
  });

  it("views and results of compiled functions keep them", () => {
    const x = tensor([[1, 2], [3, 4]]).cast("float16");
    expect(x.transpose().reshape([4]).arraySync()).toEqual([1, 3, 2, 4]);
    expect(x.slice([0, 1], [2, 1]).cast("uint8").dataSync()).toEqual(Uint8Array.of(2, 4));
    const f = compile((a: Tensor) => ({ half: a.mul(2).cast("float16"), bytes: a.cast("uint8"), turned: a.cast("uint8").transpose() }));
    const { half, bytes, turned } = f(tensor([[0.5, 1.7], [2, -3]]));
    expect([half.arraySync(), bytes.dataSync(), turned.dataSync()]).toEqual([[[1, 3.400390625], [4, -6]], Uint8Array.of(0, 1, 2, 0), Uint8Array.of(0, 2, 1, 0)]);
  });

  it("are kinds of variables, too, which take what is computed from them", () => {
    const w = variable([1, 2], { dtype: "float16" });
    w.assign(w.mul(1.0004)); // nearer to 1 than to the next half
    expect([w.dtype, w.arraySync()]).toEqual(["float16", [1, 2]]);
    w.assignAdd([0.5, 0.25]);
    expect([w.arraySync(), w.snapshot()]).toEqual([[1.5, 2.25], Uint16Array.of(0x3e00, 0x4080)]);
    const before = w.mul(1);
    const step = compile(() => {
      w.assign(w.mul(2));
      return w.sum();
    });
    expect(step().item()).toBe(7.5);
    expect([w.arraySync(), before.arraySync()]).toEqual([[3, 4.5], [1.5, 2.25]]);
    const other = variable(w.cast("float16"));
    const swap = compile(() => {
      const kept = w.cast("float16");
      w.assign(other);
      other.assign(kept);
      return [];
    });
    other.assign([7, 8]);
    swap();
    expect([w.arraySync(), other.arraySync()]).toEqual([[7, 8], [3, 4.5]]);
  });

  it("gradients flow through float16 as float32", () => {
    const g = grad((x) => x.cast("float16").square().sum())(tensor([1.0001, 3]));
    expect([g.dtype, g.arraySync()]).toEqual(["float32", [2, 6]]);
  });
});

describe("made from sizes and rules", () => {
  const rows: [string, Tensor, DType, unknown][] = [
    ["full", full([2], 2.5), "float32", [2.5, 2.5]],
    ["full of bytes", full([2], 300, "uint8"), "uint8", [255, 255]],
    ["zeros", zeros([2, 1], "int32"), "int32", [[0], [0]]],
    ["ones", ones([]), "float32", 1],
    ["zerosLike", zerosLike(tensor([1, 2])), "int32", [0, 0]],
    ["onesLike, of another dtype", onesLike([true], "float32"), "float32", [1]],
    ["fullLike", fullLike([[1.5]], 7), "float32", [[7]]],
    ["scalar", scalar(3), "int32", 3],
    ["eye", eye(2), "float32", [[1, 0], [0, 1]]],
    ["eye, wide, above", eye(2, 3, 1), "float32", [[0, 1, 0], [0, 0, 1]]],
    ["eye, tall, below", eye(3, 2, -1, "int32"), "int32", [[0, 0], [1, 0], [0, 1]]],
    ["arange", arange(3), "int32", [0, 1, 2]],
    ["arange downwards", arange(3, 0, -1), "int32", [3, 2, 1]],
    ["arange in quarters", arange(0, 0.75, 0.25), "float32", [0, 0.25, 0.5]],
    ["arange of a dtype", arange(0, 2, 1, "float32"), "float32", [0, 1]],
    ["arange of nothing", arange(0), "int32", []],
    ["linspace", linspace(0, 1, 5), "float32", [0, 0.25, 0.5, 0.75, 1]],
    ["linspace without its end", linspace(0, 1, 4, { endpoint: false }), "float32", [0, 0.25, 0.5, 0.75]],
    ["linspace of one", linspace(3, 9, 1), "float32", [3]],
    ["logspace", logspace(0, 3, 4), "float32", [1, 10, 100, 1000]],
    ["logspace of base 2", logspace(-1, 2, 4, { base: 2 }), "float32", [0.5, 1, 2, 4]],
    ["pixels", fromPixels({ width: 1, height: 2, data: Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8) }), "uint8", [[[1, 2, 3]], [[5, 6, 7]]]],
    ["an image as it is", tensor({ width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8) }), "uint8", [[[1, 2, 3, 4], [5, 6, 7, 8]]]],
    ["pixels with alpha", fromPixels({ width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4) }, 4), "uint8", [[[1, 2, 3, 4]]]],
  ];
  it.each(rows)("%s", (_, made, dtype, values) => expect([made.dtype, made.arraySync()]).toEqual([dtype, values]));

  const refused: [string, () => Tensor, RegExp][] = [
    ["a step of 0", () => arange(0, 1, 0), /step other than 0/],
    ["negative sizes", () => zeros([-1]), /full: a shape is a list of whole numbers from 0, got \[-1\]/],
    ["a size that is no list", () => ones(3 as never), /got 3/],
    ["more than the memory holds", () => zeros([50_000, 50_000]), /full: the result, float32 \[50000, 50000\], would take 10000000000 B; the memory ends at 4294967296/],
    ["a product larger than the memory", () => ones([70_000, 1]).mul(ones([70_000])), /mul: the result, float32 \[70000, 70000\], would take 19600000000 B/],
    ["zeros of an unknown dtype", () => zeros([2], "float64" as never), /full: dtype "float64" is not known; expected float32/],
    ["an identity of half a row", () => eye(1.5), /eye: a shape is a list of whole numbers from 0, got \[1.5, 1.5\]/],
    ["an identity larger than the memory", () => eye(1e6), /eye: the result, float32 \[1000000, 1000000\], would take/],
    ["numbers without end", () => arange(Infinity), /arange: expected finite numbers, got 0 and Infinity/],
    ["half a point", () => linspace(0, 1, 2.5), /whole number from 0, got 2.5/],
    ["an unknown dtype", () => tensor([1], [1], "float64" as never), /dtype "float64" is not known; expected float32, int32, uint8, bool, float16/],
    ["words", () => tensor(["1", 2] as never), /expected numbers or booleans, got "1" \(string\). Text has no dtype: convert it with Number\(\)/],
    ["nothing", () => tensor(undefined as never), /undefined \(undefined\). A tensor needs a value/],
  ];
  it.each(refused)("refuses %s", (_, make, message) => expect(make).toThrow(message));

  it("item gives the one element", () => {
    expect([tensor(2.5).item(), tensor([[3]]).item(), tensor(true).item()]).toEqual([2.5, 3, true]);
    expect(() => tensor([1, 2]).item()).toThrow(/item: a tensor of shape \[2\] has 2 elements, expected 1/);
  });
});
