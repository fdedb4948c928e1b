// rfft: the discrete Fourier transform of real rows: the first half of the spectrum, of which the other is the mirror.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape, sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { fourBytes } from "./cast.js";
import { concat } from "./concat.js";
import { fftFlops, fftStep } from "./fftPlan.js";
import { irfftNode } from "./irfft.js";
import { moveAxis } from "./moveAxis.js";
import { mul } from "./mul.js";
import { op, at, type Op } from "./op.js";
import { pad } from "./pad.js";
import { slice } from "./slice.js";

/** x [..., n] real, out [..., n/2 + 1, 2]. */
const rfftOp: Op<[x: Value], { factor: number }> = op({
  name: "rfft",
  shape: ([x]) => ({ shape: [...x.shape.slice(0, -1), Math.floor(x.shape.at(-1)! / 2) + 1, 2], dtype: "float32" }),
  // irfft counts the numbers that have a mirror twice.
  vjp: (dy, _y, [x], { factor }) => [irfftNode(mirrored(dy, x.shape.at(-1)!, 0.5), { n: x.shape.at(-1)!, factor })],
  lower: ([out], [x], { factor }) =>
    sizeOf(x.shape) === 0
      ? { kernel: "fill", words: [at(out), 0, 0] }
      : fftStep(out, x, { kind: "fromReal", rows: sizeOf(x.shape.slice(0, -1)), n: x.shape.at(-1)!, sign: -1, factor }),
  heavy: true,
  flops: (_out, [x]) => fftFlops(sizeOf(x.shape) / 2, x.shape.at(-1)!),
});

/** The node itself, for rules. */
export function rfftNode(x: Value, attrs: { factor: number }): Value {
  return rfftOp(x, attrs);
}

/**
 * Σ x · e^(−2πi·jk/n) along `axis` for k = 0 … n/2: complex numbers [..., n/2 + 1, 2] with the parts as a new last axis. n cuts x or fills it with zeros.
 *
 * Throws DTypeError unless float32, ShapeError for an axis out of range or a length of 0.
 */
export function rfft(x: Value, { axis = -1, n }: { axis?: number; n?: number } = {}): Value {
  if (!isFloat(x.dtype)) throw new DTypeError(`rfft: takes float32, got ${x.dtype}. Cast to float32 first.`);
  const along = normalizeAxis(axis, x.shape.length, "rfft");
  const turned = moveAxis(padEnd(fourBytes(x), along, n ?? x.shape[along]!, "rfft"), { from: along, to: -1 });
  if (turned.shape.at(-1) === 0) throw new ShapeError(`rfft: axis ${along} of ${showShape(x.shape)} is empty, expected at least one number.`);
  return moveAxis(rfftOp(turned, { factor: 1 }), { from: -2, to: along });
}

/** x cut or filled with zeros to `n` elements along an axis. */
export function padEnd(x: Value, axis: number, n: number, where: string): Value {
  if (!Number.isInteger(n) || n < 1) throw new ShapeError(`${where}: the length must be a whole number from 1, got ${n}.`);
  const dim = x.shape[axis]!;
  if (n <= dim) return slice(x, { begin: x.shape.map(() => 0), size: x.shape.map((size, i) => (i === axis ? n : size)) });
  return pad(x, { padding: x.shape.map((_, i) => [0, i === axis ? n - dim : 0]) });
}

/** Half a spectrum [..., n/2 + 1, 2] with the numbers that have a mirror, all but the first and that of n/2, times `factor`. */
export function mirrored(y: Value, n: number, factor: number): Value {
  const half = Math.floor(n / 2) + 1;
  const inner = Math.ceil(n / 2) - 1;
  const of = (value: number, count: number): Value[] => (count > 0 ? [broadcastTo(constant(value), { shape: [count, 1] })] : []);
  return mul(y, concat([...of(1, 1), ...of(factor, inner), ...of(1, half - 1 - inner)]));
}
