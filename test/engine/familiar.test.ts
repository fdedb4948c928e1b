// Programs written for TensorFlow.js: its names that are more than another name of ours, and what must not go without a word.
import { beforeAll, describe, expect, test } from "vitest";
import * as tf from "../../src/index.js";

beforeAll(() => tf.init());

describe("tensors of a rank", () => {
  test("whole numbers are floats, booleans are booleans, a dtype that is given wins", () => {
    expect(tf.tensor1d([1, 2]).dtype).toBe("float32");
    expect(tf.tensor2d([[1, 2]]).dtype).toBe("float32");
    expect(tf.tensor1d([true, false]).dtype).toBe("bool");
    expect(tf.tensor1d([1, 2], "int32").dtype).toBe("int32");
    expect(tf.tensor1d(new Uint8Array(2)).dtype).toBe("uint8");
    expect(tf.tensor2d([[1, 2]], [2, 1], "int32")).toMatchObject({ shape: [2, 1], dtype: "int32" });
  });

  test("each makes its rank of flat numbers and a shape, and refuses another", () => {
    const made = [tf.tensor2d([1, 2], [1, 2]), tf.tensor3d([1, 2], [1, 1, 2]), tf.tensor4d([1], [1, 1, 1, 1]), tf.tensor5d([1], [1, 1, 1, 1, 1]), tf.tensor6d([1], [1, 1, 1, 1, 1, 1])];
    expect(made.map(({ rank }) => rank)).toEqual([2, 3, 4, 5, 6]);
    expect(() => tf.tensor1d([[1, 2]])).toThrow("tensor1d: expected 1 axis, got [1, 2]. tensor() takes any.");
  });
});

describe("scopes and backends", () => {
  test("tidy returns what its function returns, with and without a name; keep and dispose change nothing", () => {
    const x = tf.tensor1d([1, 2]);
    expect(tf.tidy(() => x.mul(2)).arraySync()).toEqual([2, 4]);
    expect(tf.tidy("named", () => tf.keep(x))).toBe(x);
    tf.dispose([x]);
    x.dispose();
    expect(x.arraySync()).toEqual([1, 2]);
    expect(() => tf.tidy("named")).toThrow("tidy: expected a function");
  });

  test("there is one backend, and another is refused with a word", async () => {
    await tf.ready();
    expect(await tf.setBackend("wasm")).toBe(true);
    expect(tf.getBackend()).toBe("wasm");
    await expect(tf.setBackend("webgl")).rejects.toThrow('setBackend: expected "wasm", got "webgl"');
  });

  test("nextFrame lets other tasks run", async () => {
    let ran = false;
    setTimeout(() => (ran = true), 0);
    await tf.nextFrame();
    expect(ran).toBe(true);
  });
});

test("divNoNan gives 0 for a division by 0, and gradients that are numbers", () => {
  expect(tf.divNoNan([1, 2, 0], [2, 0, 0]).arraySync()).toEqual([0.5, 0, 0]);
  const [dx, dy] = tf.grads((x, y) => tf.divNoNan(x, y).sum())([1, 2], [2, 0]);
  expect([dx!.arraySync(), dy!.arraySync()]).toEqual([[0.5, 0], [-0.25, 0]]);
});

test("pools take size, strides and padding in a row, and images without a batch", () => {
  const x = tf.range(0, 16).cast("float32").reshape([4, 4, 1]);
  expect(tf.flatten(tf.maxPool(x, 2, 2, "same")).arraySync()).toEqual([5, 7, 13, 15]);
  expect(tf.flatten(tf.avgPool(x, 2)).arraySync()).toEqual([2.5, 4.5, 10.5, 12.5]);
  expect(tf.maxPool(x.reshape([1, 4, 4, 1]), [3, 3], 1).shape).toEqual([1, 2, 2, 1]);
});

test("dtypes by methods' names, and a clone", () => {
  expect(tf.toInt([1.5]).dtype).toBe("int32");
  expect(tf.toFloat([1]).dtype).toBe("float32");
  expect(tf.toBool([2, 0]).arraySync()).toEqual([true, false]);
  expect(tf.clone([1]).arraySync()).toEqual([1]);
});

test("customGrad gives gradFunc what save() was given", () => {
  const f = tf.customGrad((...given) => {
    const [x, save] = given as [tf.Tensor, (tensors: readonly tf.Tensor[]) => void];
    save([x]);
    return { value: x.square(), gradFunc: (dy, saved) => dy.mul(saved[0]!.mul(10)) };
  });
  expect(tf.grad((x) => f(x).sum())([1, 2]).arraySync()).toEqual([10, 20]);
});

test("grads and valueAndGrads take their arguments as a list of tensors too", () => {
  const [a, b] = [tf.tensor(2.5), tf.tensor(3.5)];
  const product = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => x.mul(y);
  expect(tf.grads(product)([a, b]).map((g) => g.item())).toEqual([3.5, 2.5]);
  expect(tf.valueAndGrads(product)([a, b]).value.item()).toBe(8.75);
});

test("a number is the begin and size of the first axis of a slice", () => {
  const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
  expect(x.slice(1).arraySync()).toEqual([[3, 4], [5, 6]]);
  expect(x.slice(1, 1).arraySync()).toEqual([[3, 4]]);
  expect(tf.slice(x, 2).arraySync()).toEqual([[5, 6]]);
});

test("a dtype in place of a draw's options is refused: a seed behind it would be passed over", () => {
  const draw: (...args: never[]) => unknown = tf.randomNormal;
  expect(() => Reflect.apply(draw, undefined, [[2], 0, 1, "float32", 7])).toThrow('randomNormal: expected options { seed }, got "float32".');
  expect(() => Reflect.apply(tf.randomUniform, undefined, [[2], 0, 1, { sead: 1 }])).toThrow('no option is called "sead"');
});

test("trainable by its place is refused: false would leave the variable trainable", () => {
  expect(() => Reflect.apply(tf.variable, undefined, [1, false])).toThrow("variable: expected options { trainable, name, dtype }, got false.");
});

describe("images", () => {
  const x = tf.tensor3d([[[1, 2, 3], [4, 5, 6]]]);

  test("one, or a batch of them: mirrored, grey, coloured, resized", () => {
    expect(tf.image.flipLeftRight(x).arraySync()).toEqual([[[4, 5, 6], [1, 2, 3]]]);
    const grey = tf.image.rgbToGrayscale(x);
    expect(grey.shape).toEqual([1, 2, 1]);
    expect(grey.arraySync()).toEqual([[[expect.closeTo(0.2989 + 2 * 0.587 + 3 * 0.114, 5)], [expect.closeTo(4 * 0.2989 + 5 * 0.587 + 6 * 0.114, 5)]]]);
    expect(tf.image.grayscaleToRGB(grey).shape).toEqual([1, 2, 3]);
    expect(tf.image.resizeBilinear(x, [2, 4]).shape).toEqual([2, 4, 3]);
    expect(tf.image.resizeNearestNeighbor(x.reshape([1, 1, 2, 3]), [1, 4]).shape).toEqual([1, 1, 4, 3]);
    expect(() => tf.image.rgbToGrayscale(grey)).toThrow("rgbToGrayscale: expected [..., 3], got [1, 1, 2, 1]");
    expect(() => tf.image.grayscaleToRGB(x)).toThrow("grayscaleToRGB: expected [..., 1]");
  });
});

describe("nonMaxSuppression", () => {
  // The second overlaps the first by 0.9 / 1.1, the fourth the third by a half of its area, given by its other corners.
  const boxes = [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 5, 1, 6], [1, 6, 0.5, 5], [0, 10, 1, 11]];
  const scores = [0.8, 0.9, 0.6, 0.7, 0.1];

  test.each([
    ["of two that overlap, the better one stays", [5, 0.5], [1, 3, 2, 4]],
    ["as many as were asked for", [2, 0.5], [1, 3]],
    ["a lower threshold takes more away", [5, 0.4], [1, 3, 4]],
    ["a higher one fewer", [5, 1], [1, 0, 3, 2, 4]],
    ["scores must be above theirs", [5, 0.5, 0.6], [1, 3]],
  ] as const)("%s", async (_, [most, ...thresholds], expected) => {
    expect(tf.image.nonMaxSuppression(boxes, scores, most, ...thresholds).arraySync()).toEqual(expected);
    expect(await (await tf.image.nonMaxSuppressionAsync(boxes, scores, most, ...thresholds)).array()).toEqual(expected);
  });

  test("wrong shapes and thresholds are refused", () => {
    expect(() => tf.image.nonMaxSuppression(boxes, [1], 2)).toThrow("expected boxes [n, 4] and scores [n], got [5, 4] and [1]");
    expect(() => tf.image.nonMaxSuppression(boxes, scores, 2, 1.5)).toThrow("expected an iouThreshold of 0 to 1, got 1.5");
  });
});
