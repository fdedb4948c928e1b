// scatterAlongAxis: elements placed or added up by index along one axis. With "add" and no base, the gradient of takeAlongAxis.
import { promote } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { broadcastShapes, normalizeAxis, sameShape, showShape, sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { equal } from "./equal.js";
import { integers } from "./indices.js";
import { iota } from "./iota.js";
import { op, STATUS_ADDRESS, STEP_INDEX, at, type Op } from "./op.js";
import { reshape } from "./reshape.js";
import { baseOf, kindOf, type ScatterMode } from "./scattering.js";
import { takeAlongAxis } from "./takeAlongAxis.js";
import { where } from "./where.js";

interface ScatterAttrs {
  readonly axis: number;
  /** Length of the axis in the result. */
  readonly size: number;
  readonly mode: ScatterMode;
}

const scatterOp: Op<[indices: Value, updates: Value, ...base: Value[]], ScatterAttrs> = op({
  name: "scatterAlongAxis",
  shape: ([, updates], { axis, size }) => ({ shape: updates.shape.map((dim, i) => (i === axis ? size : dim)), dtype: updates.dtype }),
  vjp: (dy, y, [indices, updates, base], { axis, mode }) => {
    const back = takeAlongAxis(dy, indices, { axis });
    if (mode === "add") return base ? [null, back, dy] : [null, back];
    // Of elements with the same index the last one stays; only that one has an influence.
    const numbers = broadcastTo(
      reshape(iota({ n: indices.shape[axis]! }), { shape: indices.shape.map((dim, i) => (i === axis ? dim : 1)) }),
      { shape: indices.shape },
    );
    const last = takeAlongAxis(scatterAlong([indices, numbers], { axis, size: y.shape[axis]!, mode: "update" }), indices, { axis });
    const zero = constant(0);
    const behind = base && scatterAlong([indices, broadcastTo(zero, { shape: updates.shape }), dy], { axis, size: y.shape[axis]!, mode });
    return [null, where(equal(last, numbers), back, zero), ...(behind ? [behind] : [])];
  },
  lower: ([out], [indices, updates, base], { axis, size, mode }) => [
    ...baseOf(out, base),
    {
      kernel: "scatter_along",
      words: [
        at(out), at(updates), at(indices), sizeOf(out.shape.slice(0, axis)), size, indices.shape[axis]!, sizeOf(out.shape.slice(axis + 1)),
        kindOf(mode, updates.dtype), STATUS_ADDRESS, STEP_INDEX,
      ],
    },
  ],
  inPlace: [2],
  fails: true,
  heavy: true,
});

/** The node itself, for rules: operands fit. */
export function scatterAlong([indices, updates, base]: readonly [Value, Value, Value?], attrs: ScatterAttrs): Value {
  return base ? scatterOp(indices, updates, base, attrs) : scatterOp(indices, updates, attrs);
}

/**
 * x with `updates` at `indices` along `axis`: added (repeated indices add up, in order), or put in their place (the last of equal indices stays).
 * An index out of range is left out and gives the status "index out of range".
 *
 * x: [..., n, ...]   indices, updates: of x's rank, broadcast against each other; as long as x along the other axes   returns the shape of x
 * Throws ShapeError when they are not, DTypeError for indices that are no integers.
 */
export function scatterAlongAxis(x: Value, indices: Value, updates: Value, { axis = -1, mode = "add" }: { axis?: number; mode?: ScatterMode } = {}): Value {
  const along = normalizeAxis(axis, x.shape.length, "scatterAlongAxis");
  const list = integers(indices, "scatterAlongAxis");
  const shape = broadcastShapes(indices.shape, updates.shape, "scatterAlongAxis");
  if (!sameShape(shape.map((dim, i) => (i === along ? x.shape[along]! : dim)), x.shape)) {
    throw new ShapeError(`scatterAlongAxis: indices ${showShape(indices.shape)} and updates ${showShape(updates.shape)} must agree with x ${showShape(x.shape)} besides axis ${along}.`);
  }
  const dtype = promote(x.dtype, updates.dtype);
  if (dtype === "bool") throw new DTypeError("scatterAlongAxis: does not take bool. Cast to int32 first.");
  return scatterAlong(
    [broadcastTo(list, { shape }), broadcastTo(cast(updates, { dtype }), { shape }), cast(x, { dtype })],
    { axis: along, size: x.shape[along]!, mode },
  );
}
