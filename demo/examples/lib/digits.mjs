// What the examples with pictures of digits share: bytes as numbers from 0 to 1, those as tensors, and numbers as pictures.
import { tensor } from "edgegrad";

/** `count` images from number `from` on as [count, 784], or as images [count, 28, 28, 1]. */
export function imagesOf({ images, labels }, { count = labels.length, from = 0, shape = [784] } = {}) {
  return tensor(Float32Array.from(images.subarray(from * 784, (from + count) * 784), (value) => value / 255), [count, ...shape]);
}

/** Numbers from 0, paper, to 1, ink, as a picture of a page. */
export function inked(values, label) {
  return { pixels: Array.from(values, (value) => 255 * (1 - value)), width: 28, height: 28, label };
}

/** Row i of a matrix with 784 columns. */
export function rowOf(values, i) {
  return values.subarray(i * 784, (i + 1) * 784);
}

/** Numbers of any size as a picture: the least white, the most black. */
export function stretched(values, width, height, label) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { pixels: Array.from(values, (value) => (255 * (most - value)) / (most - least || 1)), width, height, label };
}
