// toLanes: images side by side in the lanes of vectors, eight to a group.
import { DTypeError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { laneShape, MADE_LATE, splitByGroups } from "./laneConvolution.js";
import { at, op, type Op } from "./op.js";

/** x with its images in lanes; the last group's lanes without an image hold 0.   x: [N, …], elements of four bytes   returns [⌈N/8⌉, …, 8] */
export const toLanes: Op<[x: Value]> = op({
  name: "toLanes",
  shape: ([x]) => {
    if (x.dtype !== "float32" && x.dtype !== "int32" && x.dtype !== "bool") throw new DTypeError(`toLanes: takes elements of four bytes, got ${x.dtype}.`);
    return { shape: laneShape(x.shape), dtype: x.dtype };
  },
  noGradient: MADE_LATE,
  lower: ([out], [x]) => ({
    kernel: "to_lanes",
    words: [at(out), at(x), x.shape[0]!, sizeOf(x.shape.slice(1))],
    // Where all groups are full, a group is as many bytes on both sides.
    split: { ...splitByGroups(out.shape[0]!, [out], [x]), inputs: [x.shape[0]! % 8 === 0 ? 4 * sizeOf(out.shape.slice(1)) : null] },
  }),
  flops: () => 0,
});
