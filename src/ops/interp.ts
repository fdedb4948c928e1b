// interp: values between given points, linearly; a composition.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { clip } from "./clip.js";
import { div } from "./div.js";
import { gather } from "./gather.js";
import { mul } from "./mul.js";
import { searchsorted } from "./searchsorted.js";
import { sub } from "./sub.js";

/**
 * The value at x of the line through the points (xp, fp), in float32; the first and last value outside of them. Gradients flow to all three.
 *
 * xp, fp: [points], two or more, xp rising   returns the shape of x   Throws ShapeError for others.
 */
export function interp(x: Value, xp: Value, fp: Value): Value {
  const points = xp.shape[0] ?? 0;
  if (xp.shape.length !== 1 || !sameShape(xp.shape, fp.shape) || points < 2) {
    throw new ShapeError(`interp: xp and fp must be vectors of one length from 2, got ${showShape(xp.shape)} and ${showShape(fp.shape)}.`);
  }
  const [place, xs, ys] = [x, xp, fp].map((value) => cast(value, { dtype: "float32" })) as [Value, Value, Value];
  const left = clip(sub(searchsorted(xs, place, { side: "right" }), constant(1, "int32")), { min: 0, max: points - 2 });
  const right = add(left, constant(1, "int32"));
  const [x0, x1, y0, y1] = [gather(xs, left), gather(xs, right), gather(ys, left), gather(ys, right)];
  const share = clip(div(sub(place, x0), sub(x1, x0)), { min: 0, max: 1 });
  return add(y0, mul(share, sub(y1, y0)));
}
