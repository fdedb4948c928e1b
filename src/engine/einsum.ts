// The public functions for sums of products over named axes, over tensors. All take integers as float32.
import { einsum as einsumOp } from "../ops/einsum.js";
import { inner as innerOp } from "../ops/inner.js";
import { kron as kronOp } from "../ops/kron.js";
import { outer as outerOp } from "../ops/outer.js";
import { tensordot as tensordotOp, type TensordotAxes } from "../ops/tensordot.js";
import { vdot as vdotOp } from "../ops/vdot.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";

/**
 * Sums of products by the labels of axes: einsum("bhqd,bhkd->bhqk", q, k). Any number of operands, repeated labels (diagonals), "..." and NumPy's rule
 * for a missing right side. Carried out as matrix products, the cheapest pair first.
 *
 * Throws ShapeError for an equation that does not fit its operands.
 */
export function einsum(equation: string, ...xs: readonly TensorLike[]): Tensor {
  return new Tensor(einsumOp(xs.map((x) => valueOf(x)), { equation }));
}

/** Σ a · b over the last `axes` axes of a and the first of b (2), or over pairs of axes [ofA, ofB]. */
export function tensordot(a: TensorLike, b: TensorLike, axes: TensordotAxes = 2): Tensor {
  return new Tensor(tensordotOp(valueOf(a), valueOf(b), { axes }));
}

/** Every element of a times every element of b, both flattened. */
export function outer(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(outerOp(valueOf(a), valueOf(b)));
}

/** Σ over the last axis of both. */
export function inner(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(innerOp(valueOf(a), valueOf(b)));
}

/** Σ a · b over all elements. */
export function vdot(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(vdotOp(valueOf(a), valueOf(b)));
}

/** The Kronecker product: blocks of b scaled by the elements of a. */
export function kron(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(kronOp(valueOf(a), valueOf(b)));
}
