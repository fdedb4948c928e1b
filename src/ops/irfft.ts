// irfft: real rows from the first half of their spectrum, the opposite of rfft.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { checkComplex } from "./complex.js";
import { fftFlops, fftStep } from "./fftPlan.js";
import { moveAxis } from "./moveAxis.js";
import { at, op, type Op } from "./op.js";
import { mirrored, padEnd, rfftNode } from "./rfft.js";

/** y [..., n/2 + 1, 2], out [..., n]. */
const irfftOp: Op<[y: Value], { n: number; factor: number }> = op({
  name: "irfft",
  shape: ([y], { n }) => ({ shape: [...y.shape.slice(0, -2), n], dtype: "float32" }),
  vjp: (dx, _x, _y, { n, factor }) => [mirrored(rfftNode(dx, { factor }), n, 2)],
  lower: ([out], [y], { n, factor }) =>
    sizeOf(y.shape) === 0
      ? { kernel: "fill", words: [at(out), 0, 0] }
      : fftStep(out, y, { kind: "toReal", rows: sizeOf(y.shape.slice(0, -2)), n, sign: 1, factor }),
  heavy: true,
  flops: (out) => fftFlops(sizeOf(out.shape) / 2, out.shape.at(-1)!),
});

/** The node itself, for rules. */
export function irfftNode(y: Value, attrs: { n: number; factor: number }): Value {
  return irfftOp(y, attrs);
}

/**
 * The real rows of n numbers whose rfft is y [..., n/2 + 1, 2] along `axis` (of those without the parts). n is 2 · (size − 1) when absent: give it where it was odd.
 * Imaginary parts of the first number and of that of n/2 do not count.
 *
 * Throws ShapeError unless the last axis has size 2, DTypeError unless float32.
 */
export function irfft(y: Value, { axis = -1, n }: { axis?: number; n?: number } = {}): Value {
  checkComplex(y, "irfft");
  const along = normalizeAxis(axis, y.shape.length - 1, "irfft");
  const length = n ?? 2 * (y.shape[along]! - 1);
  if (!Number.isInteger(length) || length < 1) throw new ShapeError(`irfft: n must be a whole number from 1, got ${length} for ${showShape(y.shape)}.`);
  const half = padEnd(fourBytes(y), along, Math.floor(length / 2) + 1, "irfft");
  return moveAxis(irfftOp(moveAxis(half, { from: along, to: -2 }), { n: length, factor: 1 / length }), { from: -1, to: along });
}
