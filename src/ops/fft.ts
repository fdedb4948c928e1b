// fft: the discrete Fourier transform of complex rows of any length, in n log n, computed in float64.
import { ShapeError } from "../base/errors.js";
import { normalizeAxis, showShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { fourBytes } from "./cast.js";
import { checkComplex } from "./complex.js";
import { fftFlops, fftStep } from "./fftPlan.js";
import { moveAxis } from "./moveAxis.js";
import { at, like, op, type Op } from "./op.js";
import { padEnd } from "./rfft.js";

/** Over the axis before the last: z [..., n, 2]. */
const fftOp: Op<[z: Value], { inverse: boolean; factor: number }> = op({
  name: "fft",
  shape: ([z]) => like(z),
  // The adjoint of Σ x·e^(−iθ) is Σ y·e^(+iθ), times the same factor.
  vjp: (dy, _y, _z, { inverse, factor }) => [fftOp(dy, { inverse: !inverse, factor })],
  lower: ([out], [z], { inverse, factor }) =>
    sizeOf(z.shape) === 0
      ? { kernel: "fill", words: [at(out), 0, 0] }
      : fftStep(out, z, { kind: "complex", rows: sizeOf(z.shape.slice(0, -2)), n: z.shape.at(-2)!, sign: inverse ? 1 : -1, factor }),
  heavy: true,
  flops: (_out, [z]) => fftFlops(sizeOf(z.shape) / 2, z.shape.at(-2)!),
});

export interface FftAttrs {
  /** Axis to transform, of those without the parts; the last when absent. */
  readonly axis?: number;
  /** Length to cut or fill with zeros to; the axis' own when absent. */
  readonly n?: number;
  /** Σ z · e^(+2πi·jk/n) / n instead of Σ z · e^(−2πi·jk/n). */
  readonly inverse?: boolean;
}

/** The transform of complex numbers z [..., 2] along `axis`. Throws ShapeError unless the last axis has size 2 or for a length of 0, DTypeError unless float32. */
export function fft(z: Value, { axis = -1, n, inverse = false }: FftAttrs = {}): Value {
  checkComplex(z, "fft");
  const along = normalizeAxis(axis, z.shape.length - 1, "fft");
  const turned = moveAxis(padEnd(fourBytes(z), along, n ?? z.shape[along]!, "fft"), { from: along, to: -2 });
  const length = turned.shape.at(-2)!;
  if (length === 0) throw new ShapeError(`fft: axis ${along} of ${showShape(z.shape)} is empty, expected at least one number.`);
  return moveAxis(fftOp(turned, { inverse, factor: inverse ? 1 / length : 1 }), { from: -2, to: along });
}
