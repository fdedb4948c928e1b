// fromLanes: images one after another again; the inverse of toLanes.
import type { Value } from "../graph/value.js";
import { sizeOf } from "../base/shape.js";
import { MADE_LATE, splitByGroups } from "./laneConvolution.js";
import { at, op, type Op } from "./op.js";

/** The first `images` images of x.   x: [⌈images/8⌉, …, 8]   returns [images, …] */
export const fromLanes: Op<[x: Value], { images: number }> = op({
  name: "fromLanes",
  shape: ([x], { images }) => ({ shape: [images, ...x.shape.slice(1, -1)], dtype: x.dtype }),
  noGradient: MADE_LATE,
  lower: ([out], [x], { images }) => ({
    kernel: "from_lanes",
    words: [at(out), at(x), images, sizeOf(out.shape.slice(1))],
    split: { ...splitByGroups(x.shape[0]!, [out], [x]), outputs: [images % 8 === 0 ? 4 * sizeOf(x.shape.slice(1)) : null] },
  }),
  flops: () => 0,
});
