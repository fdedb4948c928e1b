// gatherNd: rows picked by indices of several axes.
import { ShapeError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { integers } from "./indices.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";
import { scatterNd } from "./scatterNd.js";

const gatherOp: Op<[x: Value, indices: Value]> = op({
  name: "gatherNd",
  shape: ([x, indices]) => ({ shape: [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1)!)], dtype: x.dtype }),
  vjp: (dy, _y, [x, indices]) => [scatterNd(indices, dy, { shape: x.shape }), null],
  lower: ([out], [x, indices]) => {
    const depth = indices.shape.at(-1)!;
    return {
      kernel: "gather_nd",
      words: [
        at(out), at(x), at(indices), sizeOf(indices.shape.slice(0, -1)), sizeOf(x.shape.slice(depth)), depth, STATUS_ADDRESS, STEP_INDEX,
        ...x.shape.slice(0, depth),
      ],
    };
  },
  fails: true,
  heavy: true,
});

/**
 * out[...] = x[indices[..., 0], indices[..., 1], …]: an element, or a row where indices name fewer axes than x has. An index out of range gives zeros
 * and the status "index out of range".
 *
 * indices: [..., depth] of an integer dtype   returns [..., ...x from axis depth on]
 * Throws ShapeError when depth is more than x has axes, DTypeError for indices that are no integers.
 */
export function gatherNd(x: Value, indices: Value): Value {
  const list = integers(indices, "gatherNd");
  const depth = list.shape.at(-1);
  if (depth === undefined || depth > x.shape.length) {
    throw new ShapeError(`gatherNd: indices must be [..., depth] with depth at most ${x.shape.length} for x ${showShape(x.shape)}, got ${showShape(list.shape)}.`);
  }
  return gatherOp(fourBytes(x), list);
}
