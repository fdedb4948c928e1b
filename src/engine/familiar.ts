// Functions as TensorFlow.js has them that are more than another name of ours: arguments in its order, results in its form. All take a tensor first.
import { averagePool2d, div, equal, expandDims, maxPool2d, squeeze, where } from "./functions.js";
import { tensorOf, type Tensor, type TensorLike } from "./tensor.js";

type Windows = number | readonly [height: number, width: number];

/** The largest element of each window, of images [batch, height, width, channels] or one [height, width, channels]. */
export function maxPool(x: TensorLike, poolSize: Windows, strides: Windows = poolSize, padding: "valid" | "same" = "valid"): Tensor {
  return images(x, (batch) => maxPool2d(batch, { poolSize, strides, padding }));
}

/** The mean of each window, of images [batch, height, width, channels] or one [height, width, channels]. */
export function avgPool(x: TensorLike, poolSize: Windows, strides: Windows = poolSize, padding: "valid" | "same" = "valid"): Tensor {
  return images(x, (batch) => averagePool2d(batch, { poolSize, strides, padding }));
}

/** A function of a batch of images, of which there may be one alone. */
export function images(x: TensorLike, fn: (batch: Tensor) => Tensor): Tensor {
  const given = tensorOf(x);
  return given.rank === 3 ? squeeze(fn(expandDims(given, 0)), 0) : fn(given);
}

/** x / y, and 0 where y is 0; shapes broadcast. */
export function divNoNan(x: TensorLike, y: TensorLike): Tensor {
  const divisor = tensorOf(y);
  const isZero = equal(divisor, 0);
  // The divisor is replaced too, so that no gradient is NaN.
  return where(isZero, 0, div(x, where(isZero, 1, divisor)));
}

/** All elements in one axis. */
export function flatten(x: TensorLike): Tensor {
  return tensorOf(x).reshape([-1]);
}

/** The elements as int32; fractions are cut off. */
export function toInt(x: TensorLike): Tensor {
  return tensorOf(x).cast("int32");
}

/** The elements as float32. */
export function toFloat(x: TensorLike): Tensor {
  return tensorOf(x).cast("float32");
}

/** The elements as booleans: all but 0 is true. */
export function toBool(x: TensorLike): Tensor {
  return tensorOf(x).cast("bool");
}

/** x itself: tensors never change. */
export function clone(x: TensorLike): Tensor {
  return tensorOf(x);
}
