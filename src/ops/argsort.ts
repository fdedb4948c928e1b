// argsort: the order of the elements along an axis. Stable, in linear time; NaN comes last either way.
import { DTypeError } from "../base/errors.js";
import { normalizeAxis, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { flat } from "./elementwise.js";
import { moveAxis } from "./moveAxis.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { reshape } from "./reshape.js";

/** Four tables of 256 counts: assembly/sort.ts. */
const TABLE_BYTES = 4096;

/** Along the last axis. */
const argsortOp: Op<[x: Value], { descending: boolean }> = op({
  name: "argsort",
  shape: ([x]) => ({ shape: x.shape, dtype: "int32" }),
  vjp: flat,
  lower: ([out], [x], { descending }) => {
    const n = x.shape.at(-1)!;
    return {
      kernel: "argsort",
      // Keys twice, and the order once more.
      workspace: 12 * n + TABLE_BYTES,
      words: [at(out), at(x), WORKSPACE, sizeOf(x.shape.slice(0, -1)), n, Number(descending), Number(x.dtype !== "float32")],
    };
  },
  heavy: true,
});

export interface SortAttrs {
  /** Axis to sort, the last when absent. */
  readonly axis?: number;
  /** Largest first; equal elements keep their order all the same. */
  readonly descending?: boolean;
}

/** int32 indices that sort x along `axis`. Throws DTypeError for bool, ShapeError for an axis out of range. */
export function argsort(x: Value, { axis = -1, descending = false }: SortAttrs = {}): Value {
  if (x.dtype === "bool") throw new DTypeError("argsort: does not take bool. Cast to int32 first.");
  if (x.shape.length === 0) return reshape(argsort(reshape(x, { shape: [1] }), { descending }), { shape: [] });
  const along = normalizeAxis(axis, x.shape.length, "argsort");
  const values = fourBytes(x);
  const order = argsortOp(moveAxis(values, { from: along, to: -1 }), { descending });
  return moveAxis(order, { from: -1, to: along });
}
