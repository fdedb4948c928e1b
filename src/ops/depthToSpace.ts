// depthToSpace: blocks of channels become blocks of pixels (sub-pixel convolution, Shi et al. 2016). Moves elements only.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/** x [n, h, w, b·b·c] as [n, h·b, w·b, c], b being `blockSize`. Throws ShapeError when the channels do not divide. */
export function depthToSpace(x: Value, { blockSize: b }: { blockSize: number }): Value {
  const [n, h, w, channels] = x.shape;
  if (x.shape.length !== 4 || !Number.isInteger(b) || b < 1 || channels! % (b * b) !== 0) {
    throw new ShapeError(`depthToSpace: takes [n, h, w, channels] whose channels divide by blockSize², got ${showShape(x.shape)} and ${b}.`);
  }
  const c = channels! / (b * b);
  const blocks = transpose(reshape(x, { shape: [n!, h!, w!, b, b, c] }), { perm: [0, 1, 3, 2, 4, 5] });
  return reshape(blocks, { shape: [n!, h! * b, w! * b, c] });
}
