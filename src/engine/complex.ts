// Complex numbers over tensors: float32 tensors with a last axis of size 2, real and imaginary part. What is elementwise over all axes (add, sub, a real
// factor with the axis added) works on them as it is; the Fourier transforms stand in fft.ts.
import { complex as complexOp } from "../ops/complex.js";
import { complexAbs as complexAbsOp } from "../ops/complexAbs.js";
import { complexMul as complexMulOp } from "../ops/complexMul.js";
import { conj as conjOp } from "../ops/conj.js";
import { imag as imagOp } from "../ops/imag.js";
import { real as realOp } from "../ops/real.js";
import { floats } from "./floats.js";
import { Tensor, type TensorLike } from "./tensor.js";

/** real + i·imaginary as [..., 2]; the shapes broadcast, 0 when the imaginary part is absent. */
export function complex(real: TensorLike, imaginary: TensorLike = 0): Tensor {
  return new Tensor(complexOp(floats(real), floats(imaginary)));
}

/** Real parts, a view without the last axis. */
export function real(z: TensorLike): Tensor {
  return new Tensor(realOp(floats(z)));
}

/** Imaginary parts, a view without the last axis. */
export function imag(z: TensorLike): Tensor {
  return new Tensor(imagOp(floats(z)));
}

/** Complex conjugates. */
export function conj(z: TensorLike): Tensor {
  return new Tensor(conjOp(floats(z)));
}

/** Complex products; the axes in front broadcast. */
export function complexMul(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(complexMulOp(floats(a), floats(b)));
}

/** Magnitudes [...] of complex numbers [..., 2]: what abs() is for real ones. */
export function complexAbs(z: TensorLike): Tensor {
  return new Tensor(complexAbsOp(floats(z)));
}
