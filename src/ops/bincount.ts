// bincount: how often each number from 0 occurs.
import { ValueError } from "../base/errors.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { integers } from "./indices.js";
import { reshape } from "./reshape.js";
import { scatterNd } from "./scatterNd.js";

/**
 * int32 counts of the numbers 0 … size − 1 in x, or the sums of their weights. A number out of range gives the status "index out of range".
 *
 * x: an integer dtype   weights: the shape of x   returns [size]   Throws ValueError for a size that is no whole number from 0.
 */
export function bincount(x: Value, { size, weights }: { size: number; weights?: Value }): Value {
  if (!Number.isInteger(size) || size < 0) throw new ValueError(`bincount: size must be a whole number from 0, one more than the largest number in x, got ${size}.`);
  const list = reshape(integers(x, "bincount"), { shape: [-1, 1] });
  const ones = broadcastTo(constant(1, "int32"), { shape: x.shape });
  const each = weights ? cast(broadcastTo(weights, { shape: x.shape }), { dtype: "float32" }) : ones;
  return scatterNd(list, reshape(each, { shape: [-1] }), { shape: [size] });
}
