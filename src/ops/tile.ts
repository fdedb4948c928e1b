// tile: a tensor repeated as a whole along its axes. A broadcast, which is copied once when it is read as one tensor.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { reshape } from "./reshape.js";

/**
 * x, `reps[i]` times along axis i. Fewer reps than axes count from the last axis, more add axes in front. uint8 becomes int32.
 *
 * Throws ShapeError for reps that are no whole numbers from 0.
 */
export function tile(x: Value, { reps }: { reps: readonly number[] }): Value {
  if (!reps.every((n) => Number.isInteger(n) && n >= 0)) throw new ShapeError(`tile: reps must be whole numbers from 0, got ${showShape(reps)}.`);
  const rank = Math.max(reps.length, x.shape.length);
  const shape = [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape];
  const times = [...new Array<number>(rank - reps.length).fill(1), ...reps];
  // An axis that is repeated becomes two: the repetitions, and itself.
  const apart = shape.flatMap((dim, i) => (times[i] === 1 ? [dim] : [1, dim]));
  const repeated = shape.flatMap((dim, i) => (times[i] === 1 ? [dim] : [times[i]!, dim]));
  return reshape(broadcastTo(reshape(fourBytes(x), { shape: apart }), { shape: repeated }), { shape: shape.map((dim, i) => dim * times[i]!) });
}
