// The public functions over tensors: every op, lifted from nodes to tensors. A line an op; what they do stands with the op.
import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { abs as absOp } from "../ops/abs.js";
import { add as addOp } from "../ops/add.js";
import { all as allOp } from "../ops/all.js";
import { any as anyOp } from "../ops/any.js";
import { argMax as argMaxOp } from "../ops/argMax.js";
import { argMin as argMinOp } from "../ops/argMin.js";
import { averagePool2d as averagePool2dOp } from "../ops/averagePool2d.js";
import { broadcastTo as broadcastToOp } from "../ops/broadcastTo.js";
import { cast as castOp } from "../ops/cast.js";
import { ceil as ceilOp } from "../ops/ceil.js";
import { clip as clipOp } from "../ops/clip.js";
import { concat as concatOp } from "../ops/concat.js";
import { cos as cosOp } from "../ops/cos.js";
import { div as divOp } from "../ops/div.js";
import { dot as dotOp } from "../ops/dot.js";
import { equal as equalOp } from "../ops/equal.js";
import { erf as erfOp } from "../ops/erf.js";
import { exp as expOp } from "../ops/exp.js";
import { expandDims as expandDimsOp } from "../ops/expandDims.js";
import { expm1 as expm1Op } from "../ops/expm1.js";
import { floor as floorOp } from "../ops/floor.js";
import { greater as greaterOp } from "../ops/greater.js";
import { greaterEqual as greaterEqualOp } from "../ops/greaterEqual.js";
import { isFinite as isFiniteOp } from "../ops/isFinite.js";
import { less as lessOp } from "../ops/less.js";
import { lessEqual as lessEqualOp } from "../ops/lessEqual.js";
import { log as logOp } from "../ops/log.js";
import { log1p as log1pOp } from "../ops/log1p.js";
import { logSoftmax as logSoftmaxOp } from "../ops/logSoftmax.js";
import { logSumExp as logSumExpOp } from "../ops/logSumExp.js";
import { logicalAnd as logicalAndOp } from "../ops/logicalAnd.js";
import { logicalNot as logicalNotOp } from "../ops/logicalNot.js";
import { logicalOr as logicalOrOp } from "../ops/logicalOr.js";
import { matmul as matmulOp } from "../ops/matmul.js";
import { max as maxOp } from "../ops/max.js";
import { maxPool2d as maxPool2dOp } from "../ops/maxPool2d.js";
import { maximum as maximumOp } from "../ops/maximum.js";
import { mean as meanOp } from "../ops/mean.js";
import { min as minOp } from "../ops/min.js";
import { minimum as minimumOp } from "../ops/minimum.js";
import { mul as mulOp } from "../ops/mul.js";
import { neg as negOp } from "../ops/neg.js";
import { notEqual as notEqualOp } from "../ops/notEqual.js";
import { oneHot as oneHotOp } from "../ops/oneHot.js";
import { pow as powOp } from "../ops/pow.js";
import { prod as prodOp } from "../ops/prod.js";
import { reciprocal as reciprocalOp } from "../ops/reciprocal.js";
import { relu as reluOp } from "../ops/relu.js";
import { reshape as reshapeOp } from "../ops/reshape.js";
import { round as roundOp } from "../ops/round.js";
import { rsqrt as rsqrtOp } from "../ops/rsqrt.js";
import { sigmoid as sigmoidOp } from "../ops/sigmoid.js";
import { sin as sinOp } from "../ops/sin.js";
import { softmax as softmaxOp } from "../ops/softmax.js";
import { softmaxCrossEntropy as softmaxCrossEntropyOp } from "../ops/softmaxCrossEntropy.js";
import { softplus as softplusOp } from "../ops/softplus.js";
import { sqrt as sqrtOp } from "../ops/sqrt.js";
import { square as squareOp } from "../ops/square.js";
import { squeeze as squeezeOp } from "../ops/squeeze.js";
import { stack as stackOp } from "../ops/stack.js";
import { std as stdOp } from "../ops/std.js";
import { sub as subOp } from "../ops/sub.js";
import { sum as sumOp } from "../ops/sum.js";
import { turned } from "../ops/swapAxes.js";
import { tanh as tanhOp } from "../ops/tanh.js";
import { transpose as transposeOp } from "../ops/transpose.js";
import { variance as varianceOp, type VarianceAttrs } from "../ops/variance.js";
import { where as whereOp } from "../ops/where.js";
import type { ReduceAttrs } from "../ops/reduction.js";
import { attrsOf, isOptions, SPREAD_OPTIONS, type ReduceOptions, type SpreadOptions } from "./axes.js";
import { liftFloats } from "./floats.js";
import { Tensor, valueOf, type Axes, type TensorLike } from "./tensor.js";

export type { ReduceOptions, SpreadOptions } from "./axes.js";

/**
 * Makes a function over tensors from one over nodes: (…tensors, attrs). For ops of your own, too.
 * Bundlers drop what is lifted and not used. @__NO_SIDE_EFFECTS__
 */
export function lift<A extends readonly unknown[]>(fn: (x: Value, ...attrs: A) => Value): (x: TensorLike, ...attrs: A) => Tensor {
  return (x, ...attrs) => new Tensor(fn(valueOf(x), ...attrs));
}

/** The same for two operands; a bare number takes the dtype of the other. @__NO_SIDE_EFFECTS__ */
export function lift2<A extends readonly unknown[]>(fn: (x: Value, y: Value, ...attrs: A) => Value): (x: TensorLike, y: TensorLike, ...attrs: A) => Tensor {
  return (x, y, ...attrs) => {
    const a = valueOf(x, y instanceof Tensor ? y.dtype : undefined);
    return new Tensor(fn(a, valueOf(y, a.dtype), ...attrs));
  };
}

/** A reduction: axes as a number, a list or { axis, keepDims }; all axes when absent. Throws ValueError for other options. @__NO_SIDE_EFFECTS__ */
function reduce(fn: (x: Value, attrs: ReduceAttrs) => Value): (x: TensorLike, axes?: Axes | ReduceOptions, keepDims?: boolean) => Tensor {
  return (x, given, keepDims) => new Tensor(fn(valueOf(x), attrsOf(given, keepDims)));
}

/** The same with a correction. @__NO_SIDE_EFFECTS__ */
function spread(fn: (x: Value, attrs: VarianceAttrs) => Value): (x: TensorLike, axes?: Axes | SpreadOptions, keepDims?: boolean) => Tensor {
  return (x, given, keepDims) => {
    const { correction = 0 }: SpreadOptions = isOptions(given) ? given : {};
    return new Tensor(fn(valueOf(x), { ...attrsOf(given, keepDims, SPREAD_OPTIONS), correction }));
  };
}

/** |x|, elementwise, in the shape of x. Of complex numbers [..., 2] it takes both parts by themselves: their magnitude is complexAbs(). */
export const abs = lift((x) => absOp(x));
/** The smallest whole number that is not below x, elementwise, in the shape of x. */
export const ceil = lift((x) => ceilOp(x));
/** The cosine of x radians, elementwise, in the shape of x. */
export const cos = lift((x) => cosOp(x));
/** The error function, 2/√π ∫₀ˣ exp(−t²) dt, elementwise, in the shape of x. */
export const erf = lift((x) => erfOp(x));
/** eˣ, elementwise, in the shape of x. */
export const exp = lift((x) => expOp(x));
/** eˣ − 1, exact near 0, elementwise, in the shape of x. */
export const expm1 = lift((x) => expm1Op(x));
/** The largest whole number that is not above x, elementwise, in the shape of x. */
export const floor = lift((x) => floorOp(x));
/** Whether x is a number and not infinite, bool in the shape of x. */
export const isFinite = lift((x) => isFiniteOp(x));
/** The natural logarithm, elementwise, in the shape of x; NaN below 0, −∞ at 0. */
export const log = lift((x) => logOp(x));
/** ln(1 + x), exact near 0, elementwise, in the shape of x. */
export const log1p = lift((x) => log1pOp(x));
/** Whether x is 0, bool in the shape of x. */
export const logicalNot = lift((x) => logicalNotOp(x));
/** −x, elementwise, in the shape of x. */
export const neg = lift((x) => negOp(x));
/** 1 / x, elementwise, in the shape of x. */
export const reciprocal = lift((x) => reciprocalOp(x));
/** max(x, 0), elementwise, in the shape of x; keeps NaN. Its gradient at 0 is 0. */
export const relu = lift((x) => reluOp(x));
/** The nearest whole number, halves to the even one, elementwise, in the shape of x. */
export const round = lift((x) => roundOp(x));
/** 1 / √x, elementwise, in the shape of x. */
export const rsqrt = lift((x) => rsqrtOp(x));
/** 1 / (1 + e⁻ˣ), elementwise, in the shape of x. */
export const sigmoid = lift((x) => sigmoidOp(x));
/** The sine of x radians, elementwise, in the shape of x. */
export const sin = lift((x) => sinOp(x));
/** ln(1 + eˣ) without overflow, elementwise, in the shape of x. */
export const softplus = lift((x) => softplusOp(x));
/** √x, elementwise, in the shape of x; NaN below 0. */
export const sqrt = lift((x) => sqrtOp(x));
/** x², elementwise, in the shape of x. */
export const square = lift((x) => squareOp(x));
/** (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), elementwise, in the shape of x. */
export const tanh = lift((x) => tanhOp(x));

/** x + y; shapes broadcast. int32 wraps. */
export const add = lift2((x, y) => addOp(x, y));
/** x / y as a float, for whole numbers too; shapes broadcast. By 0: ±∞ or NaN. */
export const div = lift2((x, y) => divOp(x, y));
/** Whether x = y, bool; shapes broadcast. NaN equals nothing. */
export const equal = lift2((x, y) => equalOp(x, y));
/** Whether x > y, bool; shapes broadcast. */
export const greater = lift2((x, y) => greaterOp(x, y));
/** Whether x ≥ y, bool; shapes broadcast. */
export const greaterEqual = lift2((x, y) => greaterEqualOp(x, y));
/** Whether x < y, bool; shapes broadcast. */
export const less = lift2((x, y) => lessOp(x, y));
/** Whether x ≤ y, bool; shapes broadcast. */
export const lessEqual = lift2((x, y) => lessEqualOp(x, y));
/** Whether neither is 0, bool; shapes broadcast. */
export const logicalAnd = lift2((x, y) => logicalAndOp(x, y));
/** Whether one of both is not 0, bool; shapes broadcast. */
export const logicalOr = lift2((x, y) => logicalOrOp(x, y));
/** The larger of both, NaN if one is; shapes broadcast. */
export const maximum = lift2((x, y) => maximumOp(x, y));
/** The smaller of both, NaN if one is; shapes broadcast. */
export const minimum = lift2((x, y) => minimumOp(x, y));
/** x · y; shapes broadcast. int32 wraps. */
export const mul = lift2((x, y) => mulOp(x, y));
/** Whether x ≠ y, bool; shapes broadcast. */
export const notEqual = lift2((x, y) => notEqualOp(x, y));
/** x to the power of y; shapes broadcast. NaN for fractions of negative numbers. */
export const pow = lift2((x, y) => powOp(x, y));
/** x − y; shapes broadcast. int32 wraps. */
export const sub = lift2((x, y) => subOp(x, y));

/** Whether no element is 0, bool, over axes (all when absent). */
export const all = reduce(allOp);
/** Whether some element is not 0, bool, over axes (all when absent). */
export const any = reduce(anyOp);
/** The largest element over axes (all when absent), NaN if one is; −∞ of none, or the smallest int32. */
export const max = reduce(maxOp);
/** The mean over axes (all when absent), as a float; of bool, the share that is true. */
export const mean = reduce(meanOp);
/** The smallest element over axes (all when absent), NaN if one is; ∞ of none, or the largest int32. */
export const min = reduce(minOp);
/** The product over axes (all when absent); 1 of none. */
export const prod = reduce(prodOp);
/** The sum over axes (all when absent); 0 of none. The order of additions depends on the shape only. */
export const sum = reduce(sumOp);
/** The standard deviation over axes (all when absent); divides by the count, less a correction that options may give. */
export const std = spread(stdOp);
/** The variance over axes (all when absent); divides by the count, less a correction that options may give. */
export const variance = spread(varianceOp);
/** ln Σ eˣ over axes (all when absent) without overflow. */
export const logSumExp = reduce(logSumExpOp);
/** Where the largest element stands along an axis (the last when absent), int32; the first of equals. */
export const argMax = lift((x, axis: number = -1) => argMaxOp(x, { axis }));
/** Where the smallest element stands along an axis (the last when absent), int32; the first of equals. */
export const argMin = lift((x, axis: number = -1) => argMinOp(x, { axis }));
/** x kept within [min, max], elementwise, in the shape of x; keeps NaN. */
export const clip = lift((x, min?: number, max?: number) => clipOp(x, { min, max }));
/** exp(x) / Σ exp(x) along an axis (the last when absent): positive numbers that add up to 1. */
export const softmax = lift((x, axis: number = -1) => softmaxOp(x, { axis }));
/** x − ln Σ exp(x) along an axis (the last when absent): the logarithm of softmax, exact. */
export const logSoftmax = lift((x, axis: number = -1) => logSoftmaxOp(x, { axis }));
/** x without axes of size 1: those given, or all. Throws ShapeError for an axis of another size. */
export const squeeze = lift((x, axes?: Axes) => squeezeOp(x, { axes }));
/** x with new axes of size 1 at these places of the result (in front when absent). */
export const expandDims = lift((x, axes: Axes = 0) => expandDimsOp(x, { axes }));
/** The same elements, row by row, in another shape; one size may be −1. Throws ShapeError when the count differs. */
export const reshape = lift((x, shape: Shape) => reshapeOp(x, { shape }));
/** x with its axes in the order `perm`; turned round when absent. */
export const transpose = lift((x, perm?: readonly number[]) => transposeOp(x, { perm }));
/** The largest element of each window. x: [batch, height, width, channels]; options: poolSize, strides, padding, dilations, ceilMode. */
export const maxPool2d = liftFloats(maxPool2dOp);
/** The mean of each window. x: [batch, height, width, channels]; options: poolSize, strides, padding, dilations, ceilMode, countIncludePad. */
export const averagePool2d = liftFloats(averagePool2dOp);
/** x repeated along axes of size 1, and new ones in front, to fill a shape. Throws ShapeError when it does not fit. */
export const broadcastTo = lift((x, shape: Shape) => broadcastToOp(x, { shape }));

/** Σ x · y over the last axis of x and the first of y (the last but one for matrices): as NumPy. */
export const dot = lift2((x, y) => dotOp(x, y));
/** −Σ labels · ln softmax(logits) over the last axis. logits: [..., classes]; labels: the same shape, or class numbers [...]. Throws ShapeError for others. */
export const softmaxCrossEntropy = lift2((logits, labels) => softmaxCrossEntropyOp(logits, labels));

/** a · b over the last two axes, each of which may be taken transposed; leading axes broadcast. Throws ShapeError when the inner sizes differ. */
export const matmul = lift2((a, b, transposeA: boolean = false, transposeB: boolean = false) => matmulOp(transposeA ? turned(a) : a, transposeB ? turned(b) : b));

/** 1 at the index, 0 elsewhere, along a new last axis of size depth. */
export const oneHot = lift((indices, depth: number, onValue: number = 1, offValue: number = 0) => oneHotOp(indices, { depth, onValue, offValue }));

/** a where the condition holds, else b; all three broadcast. */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  const first = valueOf(a, b instanceof Tensor ? b.dtype : undefined);
  return new Tensor(whereOp(valueOf(condition), first, valueOf(b, first.dtype)));
}

/** x in another dtype. */
export function cast(x: TensorLike, dtype: DType): Tensor {
  return new Tensor(castOp(valueOf(x), { dtype }));
}

/** Tensors side by side along an axis they may differ in. */
export function concat(xs: readonly TensorLike[], axis = 0): Tensor {
  return new Tensor(concatOp(xs.map((x) => valueOf(x)), { axis }));
}

/** Tensors of one shape along a new axis. */
export function stack(xs: readonly TensorLike[], axis = 0): Tensor {
  return new Tensor(stackOp(xs.map((x) => valueOf(x)), { axis }));
}
