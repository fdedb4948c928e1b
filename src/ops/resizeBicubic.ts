// resizeBicubic: images in another height and width by cubic curves through sixteen pixels. A matrix product along each axis, with weights that are folded.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { iota } from "./iota.js";
import { less } from "./less.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { where } from "./where.js";

/**
 * x [n, h, w, c] as [n, height, width, c], float32: pixels are squares whose centres are compared, what lies outside has no weight, and nothing is smoothed
 * when the image shrinks. Throws ShapeError for another rank or an empty image.   Keys 1981, a = −1/2
 */
export function resizeBicubic(x: Value, { size: [height, width] }: { size: readonly [height: number, width: number] }): Value {
  if (x.shape.length !== 4 || x.shape[1] === 0 || x.shape[2] === 0) throw new ShapeError(`resizeBicubic: takes images [n, h, w, c], got ${showShape(x.shape)}.`);
  if (![height, width].every((dim) => Number.isInteger(dim) && dim > 0)) {
    throw new ShapeError(`resizeBicubic: size must be two whole numbers from 1, got ${showShape([height, width])}.`);
  }
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const down = matmul(weights(h, height), reshape(x, { shape: [n, h, w * c] }));
  const across = matmul(weights(w, width), reshape(down, { shape: [n * height, w, c] }));
  return reshape(across, { shape: [n, height, width, c] });
}

/** [to, from]: the share of each old pixel in each new one; rows add up to 1. */
function weights(from: number, to: number): Value {
  const place = sub(mul(add(floats(to), constant(0.5)), constant(from / to)), constant(0.5));
  const far = abs(sub(reshape(place, { shape: [to, 1] }), floats(from)));
  const inner = add(mul(mul(far, far), sub(mul(far, constant(1.5)), constant(2.5))), constant(1));
  const outer = add(mul(far, sub(mul(far, sub(constant(2.5), mul(far, constant(0.5)))), constant(4))), constant(2));
  const curve = where(less(far, constant(1)), inner, where(less(far, constant(2)), outer, constant(0)));
  return div(curve, sum(curve, { axes: 1, keepDims: true }));
}

function floats(n: number): Value {
  return cast(iota({ n }), { dtype: "float32" });
}
