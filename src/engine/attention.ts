// Attention over tensors; the formula and its kernel stand with the op.
import { scaledDotProductAttention as attentionOp } from "../ops/scaledDotProductAttention.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";

/** Options of scaledDotProductAttention(). */
export interface AttentionOptions {
  /** Added to the scores, or bool: true where a query may look. Broadcasts to [..., time, source]. */
  readonly mask?: TensorLike;
  /** Query i sees the first i + 1 positions only. */
  readonly causal?: boolean;
  /** Factor of q · kᵀ; 1/√d when absent. */
  readonly scale?: number;
}

/** softmax(q·kᵀ·scale + mask)·v. q: [..., time, d], k: [..., source, d], v: [..., source, e]. Throws ShapeError when sizes differ. */
export function scaledDotProductAttention(q: TensorLike, k: TensorLike, v: TensorLike, { mask, ...options }: AttentionOptions = {}): Tensor {
  return new Tensor(attentionOp(valueOf(q), valueOf(k), valueOf(v), { ...options, ...(mask !== undefined && { mask: valueOf(mask) }) }));
}
