// scatterNd: rows placed or added up at indices of several axes. With "add" and no base, the gradient of gatherNd.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { gatherNd } from "./gatherNd.js";
import { integers } from "./indices.js";
import { iota } from "./iota.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";
import { reshape } from "./reshape.js";
import { baseOf, kindOf, type ScatterMode } from "./scattering.js";
import { where } from "./where.js";

const scatterOp: Op<[indices: Value, updates: Value, ...base: Value[]], { shape: Shape; mode: ScatterMode }> = op({
  name: "scatterNd",
  shape: ([, updates], { shape }) => ({ shape, dtype: updates.dtype }),
  vjp: (dy, _y, [indices, updates, base], { shape, mode }) => {
    const back = gatherNd(dy, indices);
    if (mode === "add") return base ? [null, back, dy] : [null, back];
    // Of rows with the same index the last one stays; only that one has an influence.
    const [depth, count] = [indices.shape.at(-1)!, indices.shape.slice(0, -1)];
    const numbers = reshape(iota({ n: sizeOf(count) }), { shape: count });
    const last = gatherNd(scatterOp(indices, numbers, { shape: shape.slice(0, depth), mode }), indices);
    const stays = reshape(equal(last, numbers), { shape: [...count, ...shape.slice(depth).map(() => 1)] });
    const zero = constant(0);
    const behind = base && scatterOp(indices, broadcastTo(zero, { shape: updates.shape }), dy, { shape, mode });
    return [null, where(stays, back, zero), ...(behind ? [behind] : [])];
  },
  lower: ([out], [indices, updates, base], { shape, mode }) => {
    const depth = indices.shape.at(-1)!;
    return [
      ...baseOf(out, base),
      {
        kernel: "scatter_nd",
        words: [
          at(out), at(updates), at(indices), sizeOf(indices.shape.slice(0, -1)), sizeOf(shape.slice(depth)), depth, kindOf(mode, updates.dtype),
          STATUS_ADDRESS, STEP_INDEX, ...shape.slice(0, depth),
        ],
      },
    ];
  },
  inPlace: [2],
  fails: true,
  heavy: true,
});

/**
 * Rows of `updates` at `indices` in a tensor of `shape` that is 0 elsewhere, or in `base`: added (rows with one index add up, in order), or put in their
 * place (the last of equal indices stays). An index out of range is left out and gives the status "index out of range".
 *
 * indices: [..., depth] of an integer dtype   updates: [..., ...shape from axis depth on]
 * Throws ShapeError when shapes do not fit, DTypeError for other dtypes.
 */
export function scatterNd(indices: Value, updates: Value, { shape, mode = "add", base }: { shape: Shape; mode?: ScatterMode; base?: Value }): Value {
  const list = integers(indices, "scatterNd");
  const depth = list.shape.at(-1);
  if (depth === undefined || depth > shape.length || !sameShape(updates.shape, [...list.shape.slice(0, -1), ...shape.slice(depth)])) {
    throw new ShapeError(
      `scatterNd: for ${showShape(shape)}, indices [..., depth] ask for updates [..., rest of the shape], got ${showShape(list.shape)} and ${showShape(updates.shape)}.`,
    );
  }
  if (mode !== "add" && mode !== "update") throw new ValueError(`scatterNd: mode "${String(mode)}" is not known; expected "add" or "update".`);
  if (updates.dtype === "bool") throw new DTypeError("scatterNd: does not take bool. Cast to int32 first.");
  const dtype = isFloat(updates.dtype) || (base !== undefined && isFloat(base.dtype)) ? "float32" : "int32";
  const values = cast(updates, { dtype });
  return base ? scatterOp(list, values, cast(base, { dtype }), { shape, mode }) : scatterOp(list, values, { shape, mode });
}
