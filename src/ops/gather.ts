// gather: slices of a table picked by index.
import { DTypeError } from "../base/errors.js";
import { normalizeAxis, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast, fourBytes } from "./cast.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";
import { byRows } from "./cuts.js";
import { scatterAdd } from "./scatterAdd.js";
import { transpose } from "./transpose.js";

const gatherOp: Op<[table: Value, indices: Value]> = op({
  name: "gather",
  shape: ([table, indices]) => ({ shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype }),
  vjp: (dy, _y, [table, indices]) => [scatterAdd(dy, indices, { rows: table.shape[0]! }), null],
  lower: ([out], [table, indices]) => {
    const [count, row] = [sizeOf(indices.shape), sizeOf(table.shape.slice(1))];
    return {
      kernel: "gather",
      words: [at(out), at(table), at(indices), count, row, table.shape[0]!, STATUS_ADDRESS, STEP_INDEX],
      split: byRows(count, [row], [null, 1]),
    };
  },
  fails: true,
});

/**
 * The slices of `table` along `axis` (the first when absent) at `indices`. An index out of range gives zeros and the status "index out of range".
 *
 * table: [..., n, ...]   indices: any shape, an integer dtype   returns table's shape with n replaced by the shape of indices
 * Throws ShapeError for an axis out of range, DTypeError for indices that are no integers.
 */
export function gather(table: Value, indices: Value, { axis = 0 }: { axis?: number } = {}): Value {
  if (indices.dtype === "float32" || indices.dtype === "bool") {
    throw new DTypeError(`gather: indices must be integers, got ${indices.dtype}. Cast to int32 first.`);
  }
  const along = normalizeAxis(axis, table.shape.length, "gather");
  const axes = table.shape.map((_, i) => i);
  const front = transpose(table, { perm: [along, ...axes.filter((i) => i !== along)] });
  const picked = gatherOp(fourBytes(front), cast(indices, { dtype: "int32" }));
  // The axes of the indices come first now; those that stood before `axis` go back in front of them.
  const count = indices.shape.length;
  const result = picked.shape.map((_, i) => i);
  return transpose(picked, { perm: [...result.slice(count, count + along), ...result.slice(0, count), ...result.slice(count + along)] });
}
