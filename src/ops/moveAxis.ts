// moveAxis: one axis, or several, to another place; the others keep their order. A transpose.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { transpose } from "./transpose.js";

/** x with axis `from` at place `to`, counted in the result; lists move axis by axis. Throws ShapeError for axes out of range, repeated or of unequal number. */
export function moveAxis(x: Value, { from, to }: { from: number | readonly number[]; to: number | readonly number[] }): Value {
  const rank = x.shape.length;
  const [sources, targets] = [from, to].map((axes) => (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(axis, rank, "moveAxis"))) as [number[], number[]];
  if (sources.length !== targets.length || new Set(sources).size !== sources.length || new Set(targets).size !== targets.length) {
    throw new ShapeError(`moveAxis: from [${sources.join(", ")}] and to [${targets.join(", ")}] must be as many axes, each once.`);
  }
  const rest = x.shape.map((_, i) => i).filter((axis) => !sources.includes(axis));
  const perm = x.shape.map((_, i) => (targets.includes(i) ? sources[targets.indexOf(i)]! : rest.shift()!));
  return transpose(x, { perm });
}
