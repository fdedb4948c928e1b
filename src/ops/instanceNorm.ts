// instanceNorm: normalisation over the pixels of each channel of each example, a composition.
import type { Value } from "../graph/value.js";
import { inFormat, normalizeGroups, type GroupNormAttrs } from "./groupNorm.js";

/**
 * groupNorm with a group for each channel.   Ulyanov et al. 2016
 *
 * x: [N, ..., C]   scale, offset: [C]   returns the shape of x   Throws ShapeError when rows have another length.
 */
export function instanceNorm(x: Value, { dataFormat, ...attrs }: Omit<GroupNormAttrs, "groups"> = {}): Value {
  return inFormat(x, dataFormat, "instanceNorm", (image) => normalizeGroups(image, { ...attrs, groups: image.shape[image.shape.length - 1] ?? 1 }, "instanceNorm"));
}
