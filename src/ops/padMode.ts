// padMode: a border made of the tensor itself: mirrored, repeated, or from the other side. Slices side by side.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { concat } from "./concat.js";
import { fourBytes } from "./cast.js";
import { flip } from "./flip.js";
import { slice } from "./slice.js";

/** [1 2 3] with 2 on each side. reflect: 3 2 [1 2 3] 2 1; symmetric: 2 1 [1 2 3] 3 2; edge: 1 1 [1 2 3] 3 3; wrap: 2 3 [1 2 3] 1 2. */
export type PadMode = "reflect" | "symmetric" | "edge" | "wrap";

/** The border before and behind x along an axis of `dim` elements: where each begins, and whether it lies backwards. Edges are one element, repeated. */
const BORDERS: Readonly<Record<PadMode, (dim: number, before: number, after: number) => readonly [number, number]>> = {
  reflect: (dim, _before, after) => [1, dim - 1 - after],
  symmetric: (dim, _before, after) => [0, dim - after],
  edge: (dim) => [0, dim - 1],
  wrap: (dim, before) => [dim - before, 0],
};

/**
 * x with `padding[i]` = [before, after] elements of itself along axis i, axis after axis. uint8 becomes int32.
 *
 * Throws ShapeError for an unknown mode, a padding that is none, and one that needs more elements than the axis has (reflect: all but one).
 */
export function padMode(x: Value, { padding, mode }: { padding: readonly (readonly [number, number])[]; mode: PadMode }): Value {
  if (!Object.hasOwn(BORDERS, mode)) throw new ShapeError(`pad: mode "${String(mode)}" is not known; expected constant, ${Object.keys(BORDERS).join(", ")}.`);
  if (padding.length !== x.shape.length || !padding.every((pair) => pair.every((n) => Number.isInteger(n) && n >= 0))) {
    throw new ShapeError(`pad: padding for ${showShape(x.shape)} must be ${x.shape.length} pairs of whole numbers from 0, got ${JSON.stringify(padding)}.`);
  }
  return padding.reduce((y, [before, after], axis) => padAxis(y, axis, before, after, mode), fourBytes(x));
}

function padAxis(x: Value, axis: number, before: number, after: number, mode: PadMode): Value {
  if (before + after === 0) return x;
  const dim = x.shape[axis]!;
  const most = mode === "edge" ? (dim > 0 ? Infinity : 0) : mode === "reflect" ? dim - 1 : dim;
  if (Math.max(before, after) > most) {
    throw new ShapeError(`pad: mode "${mode}" can add at most ${Math.max(0, most)} elements along axis ${axis} of ${showShape(x.shape)}, asked for ${Math.max(before, after)}.`);
  }
  const [first, second] = BORDERS[mode](dim, before, after);
  const border = (begin: number, count: number): Value[] => {
    if (count === 0) return [];
    const sized = (n: number): number[] => x.shape.map((size, i) => (i === axis ? n : size));
    const part = slice(x, { begin: x.shape.map((_, i) => (i === axis ? begin : 0)), size: sized(mode === "edge" ? 1 : count) });
    if (mode === "edge") return [broadcastTo(part, { shape: sized(count) })];
    return [mode === "wrap" ? part : flip(part, { axes: axis })];
  };
  return concat([...border(first, before), x, ...border(second, after)], { axis });
}
