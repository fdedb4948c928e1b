// spaceToDepth: blocks of pixels become blocks of channels, the opposite of depthToSpace. Moves elements only.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/** x [n, h·b, w·b, c] as [n, h, w, b·b·c], b being `blockSize`. Throws ShapeError when height or width do not divide. */
export function spaceToDepth(x: Value, { blockSize: b }: { blockSize: number }): Value {
  const [n, h, w, c] = x.shape;
  if (x.shape.length !== 4 || !Number.isInteger(b) || b < 1 || h! % b !== 0 || w! % b !== 0) {
    throw new ShapeError(`spaceToDepth: takes [n, h, w, channels] whose height and width divide by blockSize, got ${showShape(x.shape)} and ${b}.`);
  }
  const blocks = transpose(reshape(x, { shape: [n!, h! / b, b, w! / b, b, c!] }), { perm: [0, 1, 3, 2, 4, 5] });
  return reshape(blocks, { shape: [n!, h! / b, w! / b, b * b * c!] });
}
