// The public convolutions' own doings, beyond the ops they lift: options by name and in a row, formats of data, what is refused and how.
import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "../../src/base/errors.js";
import {
  conv1d, conv1dTranspose, conv2d, conv2dTranspose, conv3d, conv3dTranspose, depthwiseConv2d, grad, init, reshape, separableConv2d, sum, tensor, transpose, type Tensor,
} from "../../src/engine/index.js"; // prettier-ignore

beforeAll(() => init());

function numbers(...shape: number[]): Tensor {
  return tensor(Float32Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, i) => ((i * 7) % 11) - 5), shape);
}

const image = numbers(2, 5, 6, 4);
const signal = numbers(2, 7, 3);
const volume = numbers(1, 3, 4, 4, 2);

describe("options in TensorFlow.js's row mean what they mean by name", () => {
  const pairs: readonly (readonly [string, Tensor, Tensor])[] = [
    ["conv2d", conv2d(image, numbers(3, 3, 4, 5), [2, 1], "same", "NHWC", [1, 1]), conv2d(image, numbers(3, 3, 4, 5), { strides: [2, 1], padding: "same" })],
    ["conv1d", conv1d(signal, numbers(2, 3, 4), 1, "valid", "NWC", 2), conv1d(signal, numbers(2, 3, 4), { dilations: 2 })],
    ["conv3d", conv3d(volume, numbers(2, 3, 3, 2, 2), 1, "same"), conv3d(volume, numbers(2, 3, 3, 2, 2), { padding: "same" })],
    ["depthwiseConv2d", depthwiseConv2d(image, numbers(3, 3, 4, 2), 2, "same"), depthwiseConv2d(image, numbers(3, 3, 4, 2), { strides: 2, padding: "same" })],
    [
      "separableConv2d",
      separableConv2d(image, numbers(3, 3, 4, 1), numbers(1, 1, 4, 3), 1, "valid", [2, 1], "NHWC"),
      separableConv2d(image, numbers(3, 3, 4, 1), numbers(1, 1, 4, 3), { dilations: [2, 1] }),
    ],
    [
      "conv2dTranspose",
      conv2dTranspose(image, numbers(3, 3, 2, 4), [2, 10, 11, 2], 2, "same"),
      conv2dTranspose(image, numbers(3, 3, 2, 4), { outputShape: [10, 11], strides: 2, padding: "same" }),
    ],
    [
      "conv3dTranspose",
      conv3dTranspose(volume, numbers(2, 2, 2, 3, 2), [1, 6, 8, 8, 3], 2, "same"),
      conv3dTranspose(volume, numbers(2, 2, 2, 3, 2), { strides: 2, padding: "same" }),
    ],
    ["conv1dTranspose", conv1dTranspose(signal, numbers(3, 2, 3), 14, 2, "same"), conv1dTranspose(signal, numbers(3, 2, 3), { strides: [2], padding: "same" })],
  ];
  it.each(pairs)("%s", async (_, inRow, named) => {
    expect(inRow.shape).toEqual(named.shape);
    expect(await inRow.array()).toEqual(await named.array());
  });
});

it("a convolution leads back to the shape its transpose came from, whatever the stride leaves open", () => {
  for (const [size, strides, padding] of [[7, 2, "same"], [8, 2, "same"], [9, 3, "valid"], [8, 3, 1]] as const) {
    const x = numbers(1, size, size, 2);
    const y = conv2d(x, numbers(3, 3, 2, 3), { strides, padding });
    expect(conv2dTranspose(y, numbers(3, 3, 2, 3), { strides, padding, outputShape: x.shape }).shape).toEqual(x.shape);
  }
});

it("channels first is channels last turned, gradient included", async () => {
  const w = numbers(3, 3, 4, 2);
  const turned = transpose(image, [0, 3, 1, 2]);
  const y = conv2d(turned, w, { dataFormat: "NCHW" });
  expect(await y.array()).toEqual(await transpose(conv2d(image, w), [0, 3, 1, 2]).array());
  const first = grad((x: Tensor) => sum(conv2d(x, w, { dataFormat: "channelsFirst" })))(turned);
  const last = grad((x: Tensor) => sum(conv2d(x, w)))(image);
  expect(await first.array()).toEqual(await transpose(last, [0, 3, 1, 2]).array());
});

it("as many groups as channels is a depthwise convolution, by its kernel too", async () => {
  const w = numbers(3, 3, 4, 2);
  expect(await conv2d(image, reshape(w, [3, 3, 1, 8]), { groups: 4, padding: "same" }).array()).toEqual(await depthwiseConv2d(image, w, { padding: "same" }).array());
});

describe("what cannot be is refused by name, with what was given", () => {
  const misspelt: object = { pad: "same" };
  const refused: readonly (readonly [string, () => Tensor, new (...args: never[]) => Error, RegExp])[] = [
    ["an unknown option", () => conv2d(image, numbers(3, 3, 4, 2), misspelt), ValueError, /conv2d: option "pad" is not known; expected strides, padding/],
    ["groups that do not divide", () => conv2d(image, numbers(3, 3, 2, 3), { groups: 2 }), ShapeError, /groups must be a whole number that divides 4 channels and 3 filters, got 2/],
    ["channels that differ", () => conv2d(image, numbers(3, 3, 3, 2)), ShapeError, /axis 3 of \[2, 5, 6, 4\] and axis 2 of \[3, 3, 3, 2\] differ, 4 and 3/],
    ["channels that differ by groups", () => conv2d(image, numbers(3, 3, 4, 2), { groups: 2 }), ShapeError, /times 2 groups differ, 4 and 8/],
    ["a format of another rank", () => conv2d(image, numbers(3, 3, 4, 2), { dataFormat: "NWC" }), ValueError, /dataFormat of \[2, 5, 6, 4\] must be "NHWC", "NCHW"/],
    ["a signal for an image", () => conv2d(signal, numbers(3, 3, 3, 2)), ShapeError, /rank 4/],
    ["an image for a signal", () => conv1d(image, numbers(3, 4, 2)), ShapeError, /conv1d: expected signals \[N, W, C\]/],
    ["an image for a volume", () => conv3d(image, numbers(3, 3, 3, 4, 2)), ShapeError, /conv3d: expected volumes/],
    ["a size no stride gives", () => conv2dTranspose(image, numbers(3, 3, 2, 4), { strides: 2, padding: "same", outputShape: [14, 12] }), ShapeError, /do not give 14 pixels/],
    ["an output padding as large as the stride", () => conv2dTranspose(image, numbers(3, 3, 2, 4), { strides: 2, outputPadding: 2 }), ValueError, /outputPadding must be .* smaller than the stride 2/],
    ["a filter of other channels, depthwise", () => depthwiseConv2d(image, numbers(3, 3, 3, 1)), ShapeError, /depthwiseConv2d: expected images/],
  ];
  it.each(refused)("%s", (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
