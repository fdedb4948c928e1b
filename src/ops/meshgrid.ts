// meshgrid: coordinates of a grid, one tensor an axis. Views of the vectors.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { reshape } from "./reshape.js";

/** Each vector along an axis of its own, repeated along the others. "xy" (as NumPy): the first vector runs along axis 1; "ij": along axis 0. */
export function meshgrid(xs: readonly Value[], { indexing = "xy" }: { indexing?: "xy" | "ij" } = {}): Value[] {
  const odd = xs.find((x) => x.shape.length > 1);
  if (odd) throw new ShapeError(`meshgrid: takes vectors, got ${showShape(odd.shape)}.`);
  if (indexing !== "xy" && indexing !== "ij") throw new ShapeError(`meshgrid: indexing "${String(indexing)}" is not known; expected "xy" or "ij".`);
  const axisOf = (i: number): number => (indexing === "xy" && xs.length > 1 && i < 2 ? 1 - i : i);
  const shape = new Array<number>(xs.length).fill(1);
  xs.forEach((x, i) => (shape[axisOf(i)] = x.shape[0] ?? 1));
  return xs.map((x, i) => broadcastTo(reshape(x, { shape: shape.map((_, axis) => (axis === axisOf(i) ? -1 : 1)) }), { shape }));
}
