// segmentSum: rows added up by the number of their segment.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { expandDims } from "./expandDims.js";
import { integers } from "./indices.js";
import { scatterNd } from "./scatterNd.js";

/**
 * out[s] = Σ of the rows of x whose segment is s, in order, sorted or not. A segment number out of range gives the status "index out of range".
 *
 * x: [n, ...row]   segments: [n] of an integer dtype   returns [count, ...row]   Throws ShapeError when the lengths differ.
 */
export function segmentSum(x: Value, segments: Value, { count }: { count: number }): Value {
  if (segments.shape.length !== 1 || segments.shape[0] !== x.shape[0]) {
    throw new ShapeError(`segmentSum: segments must be [${x.shape[0] ?? "n"}], one number a row of x ${showShape(x.shape)}, got ${showShape(segments.shape)}.`);
  }
  return scatterNd(expandDims(integers(segments, "segmentSum"), { axes: 1 }), x, { shape: [count, ...x.shape.slice(1)] });
}
