// copyInto: the words of the copy kernel, for ops that write their result piece by piece.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Address } from "../program/program.js";
import { rowUnits } from "../program/split.js";
import { at, type Lowering, type Operand } from "./op.js";

/** What the kernel's loops can hold, once axes that lie densely in both tensors are merged. */
const MAX_RANK = 6;

/** Copies x (any strides) to `target`, where its elements lie `strides` apart. Throws ShapeError when more than six axes remain. */
export function copyInto(target: Address, strides: readonly number[], x: Operand): Lowering {
  const axes: { size: number; to: number; from: number }[] = [];
  x.shape.forEach((size, i) => {
    if (size === 1) return;
    const axis = { size, to: strides[i]!, from: x.strides[i]! };
    const outer = axes[axes.length - 1];
    if (outer && outer.to === size * axis.to && outer.from === size * axis.from) {
      axes[axes.length - 1] = { ...axis, size: outer.size * size };
    } else axes.push(axis);
  });
  if (axes.length > MAX_RANK) throw new ShapeError(`copy: ${showShape(x.shape)} with these strides needs ${axes.length} loops, at most ${MAX_RANK} are possible.`);
  return {
    kernel: "copy",
    words: [
      target, at(x), axes.length,
      ...axes.map(({ size }) => size), ...axes.map(({ to }) => to), ...axes.map(({ from }) => from),
    ],
    split: { units: rowUnits(axes.map(({ size }) => size), x.dtype).units, outputs: [null], inputs: [null] },
  };
}
