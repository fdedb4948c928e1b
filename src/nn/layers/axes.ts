// Axes as layers' options name them: counted with the batch, which is axis 0 and never meant.
import { ValueError } from "../../base/errors.js";
import { showBatch } from "../layer.js";
import type { Shape } from "../../base/shape.js";

/** The axis in [1, rank] of tensors [batch, ...input] that `axis` names. where: a layer, for the error   Throws ValueError for the batch axis and for those that are not there. */
export function axisOf(axis: number, input: Shape, where: string): number {
  const rank = input.length + 1;
  const found = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && found >= 1 && found < rank) return found;
  throw new ValueError(`${where}: axis: expected one of 1 … ${rank - 1} or ${1 - rank} … -1, since 0 is the batch, got ${axis} for inputs ${showBatch(input)}.`);
}

/** The same for one axis or several, rising. Throws ValueError also for an axis named twice. */
export function axesOf(axes: number | readonly number[], input: Shape, where: string): readonly number[] {
  const found = (typeof axes === "number" ? [axes] : axes).map((axis) => axisOf(axis, input, where)).sort((a, b) => a - b);
  if (new Set(found).size < found.length) throw new ValueError(`${where}: axis: expected each axis once, got [${String(axes)}].`);
  return found;
}
