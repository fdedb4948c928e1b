// Fourier transforms over tensors, exported as `fft`. Any length, in n log n, computed in float64 inside.
// A complex tensor is a float32 tensor with one axis more, the last, of size 2: real and imaginary part. `axis` counts the axes without it.
import { fft as fftOp } from "../ops/fft.js";
import { irfft as irfftOp } from "../ops/irfft.js";
import { rfft as rfftOp } from "../ops/rfft.js";
import { stft as stftOp, type StftAttrs } from "../ops/stft.js";
import { square } from "../ops/square.js";
import { sum } from "../ops/sum.js";
import type { Value } from "../graph/value.js";
import { floats } from "./floats.js";
import { Tensor, type TensorLike } from "./tensor.js";

/** Options of the Fourier transforms. */
export interface FftOptions {
  /** Axis to transform, of those without the parts; the last when absent. */
  readonly axis?: number;
  /** Length to cut or fill with zeros to; the axis' own when absent. */
  readonly n?: number;
}

/** Σ z · e^(−2πi·jk/n) of complex numbers [..., n, 2]. Throws ShapeError unless the last axis has size 2. */
export function fft(z: TensorLike, options: FftOptions = {}): Tensor {
  return new Tensor(fftOp(floats(z), options));
}

/** The inverse of fft: Σ z · e^(+2πi·jk/n) / n. */
export function ifft(z: TensorLike, options: FftOptions = {}): Tensor {
  return new Tensor(fftOp(floats(z), { ...options, inverse: true }));
}

/** fft of real rows: the numbers 0 … n/2, [..., n/2 + 1, 2]; the others are their mirror. */
export function rfft(x: TensorLike, options: FftOptions = {}): Tensor {
  return new Tensor(rfftOp(floats(x), options));
}

/** The inverse of rfft: real rows of n numbers, 2 · (size − 1) when absent; give n where it was odd. */
export function irfft(y: TensorLike, options: FftOptions = {}): Tensor {
  return new Tensor(irfftOp(floats(y), options));
}

/** fft over the last two axes (without the parts): [..., m, n, 2]. */
export function fft2(z: TensorLike): Tensor {
  return new Tensor(overTwo(floats(z), false));
}

/** The inverse of fft2. */
export function ifft2(z: TensorLike): Tensor {
  return new Tensor(overTwo(floats(z), true));
}

function overTwo(z: Value, inverse: boolean): Value {
  return fftOp(fftOp(z, { axis: -1, inverse }), { axis: -2, inverse });
}

/** rfft over the last axis, then fft over the one before it: [..., m, n/2 + 1, 2]. */
export function rfft2(x: TensorLike): Tensor {
  return new Tensor(fftOp(rfftOp(floats(x)), { axis: -2 }));
}

/** The inverse of rfft2. */
export function irfft2(y: TensorLike, options: Pick<FftOptions, "n"> = {}): Tensor {
  return new Tensor(irfftOp(fftOp(floats(y), { axis: -2, inverse: true }), options));
}

/** Spectra of windows of a signal [..., n], one after another: complex numbers [..., windows, fftLength/2 + 1, 2]. */
export function stft(x: TensorLike, options: StftAttrs): Tensor {
  return new Tensor(stftOp(floats(x), options));
}

/** How much of each frequency sounds when: |stft|², [..., windows, fftLength/2 + 1]. */
export function spectrogram(x: TensorLike, options: StftAttrs): Tensor {
  return new Tensor(sum(square(stftOp(floats(x), options)), { axes: -1 }));
}
