// repeat: every element several times in a row along an axis. A broadcast, which is copied once when it is read as one tensor.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { reshape } from "./reshape.js";

/** Each slice of x along `axis` `times` times; of the flattened x when there is no axis. uint8 becomes int32. Throws ShapeError for an axis out of range. */
export function repeat(x: Value, { times, axis }: { times: number; axis?: number }): Value {
  if (!Number.isInteger(times) || times < 0) throw new ShapeError(`repeat: times must be a whole number from 0, got ${times}.`);
  if (axis === undefined) return repeat(reshape(x, { shape: [-1] }), { times, axis: 0 });
  const along = normalizeAxis(axis, x.shape.length, "repeat");
  const [before, after] = [x.shape.slice(0, along + 1), x.shape.slice(along + 1)];
  const apart = reshape(fourBytes(x), { shape: [...before, 1, ...after] });
  return reshape(broadcastTo(apart, { shape: [...before, times, ...after] }), { shape: x.shape.map((dim, i) => (i === along ? dim * times : dim)) });
}
