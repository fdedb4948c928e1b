// laneRow: one number a channel as lanes see it, so that elementwise nodes read whole rows of it.
import { stridesOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { copyInto } from "./copyInto.js";
import { MADE_LATE, LANES } from "./laneConvolution.js";
import { at, op, type Op } from "./op.js";

/** Every element of x eight times.   x: [C], elements of four bytes   returns [C, 8] */
export const laneRow: Op<[x: Value]> = op({
  name: "laneRow",
  shape: ([x]) => ({ shape: [x.shape[0]!, LANES], dtype: x.dtype }),
  noGradient: MADE_LATE,
  lower: ([out], [x]) => copyInto(at(out), stridesOf(out.shape), { ...x, shape: out.shape, strides: [x.strides[0]!, 0] }),
  strided: true,
  flops: () => 0,
});
