// Statistics and comparisons of numbers over tensors, all of them compositions; what they do stands with the ops.
import { checkOptions } from "../base/options.js";
import { all } from "../ops/all.js";
import { corrcoef as corrcoefOp } from "../ops/corrcoef.js";
import { cov as covOp, type CovAttrs } from "../ops/cov.js";
import { diff as diffOp } from "../ops/diff.js";
import { interp as interpOp } from "../ops/interp.js";
import { isClose as isCloseOp, type CloseAttrs } from "../ops/isClose.js";
import { mean as meanOp } from "../ops/mean.js";
import { nanToNum as nanToNumOp, type NanToNumAttrs } from "../ops/nanToNum.js";
import { quantile as quantileOp } from "../ops/quantile.js";
import { variance as varianceOp } from "../ops/variance.js";
import { attrsOf, type ReduceOptions } from "./axes.js";
import { lift, lift2 } from "./functions.js";
import { Tensor, valueOf, type Axes, type TensorLike } from "./tensor.js";

/** The number below which a share q (0 to 1) of the elements over axes (all when absent) lies, linearly between neighbours; a list of q gives a first axis. NaN if an element is. */
export function quantile(x: TensorLike, q: number | readonly number[], axes?: Axes | ReduceOptions, keepDims = false): Tensor {
  return new Tensor(quantileOp(valueOf(x), { ...attrsOf(axes, keepDims), q }));
}

/** The middle one of the elements over axes (all when absent), or the mean of the two middle ones. NaN if an element is. */
export function median(x: TensorLike, axes?: Axes | ReduceOptions, keepDims = false): Tensor {
  return quantile(x, 0.5, axes, keepDims);
}

/** Mean and variance over axes (all when absent). */
export function moments(x: TensorLike, axes?: Axes | ReduceOptions, keepDims = false): { mean: Tensor; variance: Tensor } {
  const value = valueOf(x);
  const attrs = attrsOf(axes, keepDims);
  return { mean: new Tensor(meanOp(value, attrs)), variance: new Tensor(varianceOp(value, attrs)) };
}

/** Covariances of variables, x: [variables, observations] (rowvar: false: the other way round); correction: subtracted from the number of observations, 1. */
export const cov = /* @__PURE__ */ lift((x, options: CovAttrs = {}) => covOp(x, checkOptions(options, ["correction", "rowvar"], "cov")));
/** Pearson's correlations of variables, x: [variables, observations] (rowvar: false: the other way round). */
export const corrcoef = /* @__PURE__ */ lift((x, options: Pick<CovAttrs, "rowvar"> = {}) => corrcoefOp(x, checkOptions(options, ["rowvar"], "corrcoef")));
/** x[i + 1] − x[i] along an axis (the last when absent), n times over. */
export const diff = /* @__PURE__ */ lift((x, n: number = 1, axis: number = -1) => diffOp(x, { n, axis }));
/** x with finite numbers in place of NaN (0), ∞ (the largest float32) and −∞, elementwise. */
export const nanToNum = /* @__PURE__ */ lift((x, options: NanToNumAttrs = {}) => nanToNumOp(x, checkOptions(options, ["nan", "posinf", "neginf"], "nanToNum")));

const CLOSE_OPTIONS = ["rtol", "atol", "equalNan"];

/** |a − b| ≤ atol + rtol · |b|, bool; shapes broadcast. Options: rtol 1e-5, atol 1e-8, equalNan false. */
export const isClose = /* @__PURE__ */ lift2((a, b, options: CloseAttrs = {}) => isCloseOp(a, b, checkOptions(options, CLOSE_OPTIONS, "isClose")));
/** Whether all elements are close, a bool of rank 0: isClose() with the same options. */
export const allClose = /* @__PURE__ */ lift2((a, b, options: CloseAttrs = {}) => all(isCloseOp(a, b, checkOptions(options, CLOSE_OPTIONS, "allClose"))));

/** The value at x of the line through the points (xp, fp), xp rising; the first and last value outside. float32 in the shape of x. */
export function interp(x: TensorLike, xp: TensorLike, fp: TensorLike): Tensor {
  return new Tensor(interpOp(valueOf(x), valueOf(xp), valueOf(fp)));
}
