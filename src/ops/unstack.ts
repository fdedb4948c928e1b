// unstack: the slices of a tensor along an axis, which goes. The opposite of stack; views.
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { split } from "./split.js";
import { squeeze } from "./squeeze.js";

/** As many tensors as `axis` is long. Throws ShapeError for an axis out of range. */
export function unstack(x: Value, { axis = 0 }: { axis?: number } = {}): Value[] {
  const along = normalizeAxis(axis, x.shape.length, "unstack");
  const size = x.shape[along]!;
  return size === 0 ? [] : split(x, { parts: size, axis: along }).map((one) => squeeze(one, { axes: along }));
}
