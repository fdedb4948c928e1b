// Linear algebra over tensors, exported as `linalg`. All take float32 (int32 tensors are refused: a rounded result would be wrong) and batches over
// leading axes, and compute in float64 inside. A matrix that has no result (singular, not positive definite) is a ValueError, with its number in the batch,
// when the result is looked at.
import { cholesky as choleskyOp } from "../ops/cholesky.js";
import { cond as condOp } from "../ops/cond.js";
import { det as detOp } from "../ops/det.js";
import { eigh as eighOp } from "../ops/eigh.js";
import { inv as invOp } from "../ops/inv.js";
import { lstsq as lstsqOp } from "../ops/lstsq.js";
import { matrixPower as matrixPowerOp } from "../ops/matrixPower.js";
import { matrixRank as matrixRankOp } from "../ops/matrixRank.js";
import { norm as normOp, type NormAttrs, type NormOrder } from "../ops/norm.js";
import { pinv as pinvOp } from "../ops/pinv.js";
import { qr as qrOp, type QrMode } from "../ops/qr.js";
import { slogdet as slogdetOp } from "../ops/slogdet.js";
import { solve as solveOp } from "../ops/solve.js";
import { svd as svdOp } from "../ops/svd.js";
import { triangularSolve as triangularSolveOp, type TriangularAttrs } from "../ops/triangularSolve.js";
import { truncatedSvd as truncatedSvdOp } from "../ops/truncatedSvd.js";
import { floats } from "./floats.js";
import { Tensor, type Axes, type TensorLike } from "./tensor.js";

/** Inverses of square matrices. */
export function inv(a: TensorLike): Tensor {
  return new Tensor(invOp(floats(a)));
}

/** Determinants of square matrices. The gradient is right for singular matrices too. */
export function det(a: TensorLike): Tensor {
  return new Tensor(detOp(floats(a)));
}

/** sign · e^logabsdet is the determinant; 0 and −∞ for singular matrices. */
export function slogdet(a: TensorLike): { sign: Tensor; logabsdet: Tensor } {
  const [sign, logabsdet] = slogdetOp(floats(a));
  return { sign: new Tensor(sign), logabsdet: new Tensor(logabsdet) };
}

/** The x with a · x = b; b a vector, or matrices whose columns are solved for. */
export function solve(a: TensorLike, b: TensorLike): Tensor {
  return new Tensor(solveOp(floats(a), floats(b)));
}

/** The same for one triangle of a: { lower: true, transposed: false, unit: false }. */
export function triangularSolve(a: TensorLike, b: TensorLike, options: TriangularAttrs = {}): Tensor {
  return new Tensor(triangularSolveOp(floats(a), floats(b), options));
}

/** The lower triangular L with L · Lᵀ = (a + aᵀ)/2, a positive definite. */
export function cholesky(a: TensorLike): Tensor {
  return new Tensor(choleskyOp(floats(a)));
}

/** q · r = a with orthonormal columns of q and upper triangular r. "reduced": as many columns as r has rows that count; "complete": all. */
export function qr(a: TensorLike, mode: QrMode = "reduced"): { q: Tensor; r: Tensor } {
  const [q, r] = qrOp(floats(a), { mode });
  return { q: new Tensor(q), r: new Tensor(r) };
}

/** A singular value decomposition, a = u · diag(s) · vt. */
export interface Svd {
  readonly u: Tensor;
  /** Falling. */
  readonly s: Tensor;
  readonly vt: Tensor;
}

/** u · diag(s) · vt = a. fullMatrices: whole bases u [m, m] and vt [n, n] instead of the first min(m, n) vectors. */
export function svd(a: TensorLike, options: { readonly fullMatrices?: boolean } = {}): Svd {
  return decomposition(svdOp(floats(a), options));
}

/** The first k singular values and vectors: u · diag(s) · vt is the best approximation of rank k. */
export function truncatedSvd(a: TensorLike, k: number): Svd {
  return decomposition(truncatedSvdOp(floats(a), { k }));
}

function decomposition([u, s, vt]: ReturnType<typeof svdOp>): Svd {
  return { u: new Tensor(u), s: new Tensor(s), vt: new Tensor(vt) };
}

/** Singular values, falling. */
export function svdvals(a: TensorLike): Tensor {
  return svd(a).s;
}

/** Eigenvalues, rising, and eigenvectors (columns) of the symmetric part of a. */
export function eigh(a: TensorLike): { eigenvalues: Tensor; eigenvectors: Tensor } {
  const [values, vectors] = eighOp(floats(a));
  return { eigenvalues: new Tensor(values), eigenvectors: new Tensor(vectors) };
}

/** Eigenvalues of the symmetric part of a, rising. */
export function eigvalsh(a: TensorLike): Tensor {
  return eigh(a).eigenvalues;
}

/**
 * Norms of vectors (one axis, or all of x) and of matrices (two axes): a number p, ±Infinity, "fro", "nuc". The 2-norm of all elements when absent.
 *
 * Throws ValueError for an order that these axes do not have.
 */
export function norm(x: TensorLike, ordOrOptions?: NormOrder | NormAttrs, axes?: Axes, keepDims = false): Tensor {
  const options: NormAttrs = typeof ordOrOptions === "object" ? ordOrOptions : { ...(ordOrOptions !== undefined && { ord: ordOrOptions }), ...(axes !== undefined && { axes }), keepDims };
  return new Tensor(normOp(floats(x), options));
}

/** int32: how many singular values are above rtol times the largest (max(m, n) · 2⁻²³ when absent). */
export function matrixRank(a: TensorLike, rtol?: number): Tensor {
  return new Tensor(matrixRankOp(floats(a), rtol === undefined ? {} : { rtol }));
}

/** Pseudo-inverses; singular values up to rcond times the largest count as 0 (max(m, n) · 2⁻²³ when absent). */
export function pinv(a: TensorLike, rcond?: number): Tensor {
  return new Tensor(pinvOp(floats(a), rcond === undefined ? {} : { rcond }));
}

/** The shortest x that makes |a · x − b| least. */
export function lstsq(a: TensorLike, b: TensorLike, rcond?: number): Tensor {
  return new Tensor(lstsqOp(floats(a), floats(b), rcond === undefined ? {} : { rcond }));
}

/** A square matrix to a whole power, negative ones by the inverse. */
export function matrixPower(a: TensorLike, power: number): Tensor {
  return new Tensor(matrixPowerOp(floats(a), { power }));
}

/** Condition numbers: largest by smallest singular value, or |a| · |a⁻¹| in another norm. */
export function cond(a: TensorLike, ord: NormOrder = 2): Tensor {
  return new Tensor(condOp(floats(a), { ord }));
}
