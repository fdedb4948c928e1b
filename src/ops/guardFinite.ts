// guardFinite: whether tensors hold neither infinities nor NaN; the first that does is reported in the program's status.
import { DTypeError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { flat } from "./elementwise.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type Op } from "./op.js";

/** int32 scalar: 1 when all elements of all tensors are finite, else 0 and the status "not finite". Throws DTypeError for other than float32. */
export const guardFinite: Op<[...tensors: Value[]]> = op({
  name: "guardFinite",
  shape: (tensors) => {
    const odd = tensors.find((x) => x.dtype !== "float32");
    if (odd) throw new DTypeError(`guardFinite: takes float32, got ${odd.dtype}.`);
    return { shape: [], dtype: "int32" };
  },
  vjp: flat,
  lower: ([condition], tensors) => ({
    kernel: "guard_finite",
    words: [at(condition), STATUS_ADDRESS, STEP_INDEX, tensors.length, ...tensors.flatMap((x) => [at(x), sizeOf(x.shape)])],
  }),
  heavy: true,
});
