// The table of all ops and compositions, for tests and docs only: whoever needs one imports its file, so that bundles hold no others.
import { abs } from "./abs.js";
import { acos } from "./acos.js";
import { acosh } from "./acosh.js";
import { adamStep } from "./adamStep.js";
import { add } from "./add.js";
import { after } from "./after.js";
import { all } from "./all.js";
import { any } from "./any.js";
import { argMax } from "./argMax.js";
import { argMin } from "./argMin.js";
import { asin } from "./asin.js";
import { asinh } from "./asinh.js";
import { atan } from "./atan.js";
import { atan2 } from "./atan2.js";
import { atanh } from "./atanh.js";
import { averagePool2d } from "./averagePool2d.js";
import { averagePool2dGrad } from "./averagePool2dGrad.js";
import { batchNorm } from "./batchNorm.js";
import { batchNormalize } from "./batchNormalize.js";
import { bitwiseAnd } from "./bitwiseAnd.js";
import { bitwiseLeftShift } from "./bitwiseLeftShift.js";
import { bitwiseNot } from "./bitwiseNot.js";
import { bitwiseOr } from "./bitwiseOr.js";
import { bitwiseRightShift } from "./bitwiseRightShift.js";
import { bitwiseXor } from "./bitwiseXor.js";
import { bnGradSums } from "./bnGradSums.js";
import { bnStats } from "./bnStats.js";
import { broadcastTo } from "./broadcastTo.js";
import { cast } from "./cast.js";
import { cbrt } from "./cbrt.js";
import { ceil } from "./ceil.js";
import { celu } from "./celu.js";
import { clip } from "./clip.js";
import { concat } from "./concat.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { cos } from "./cos.js";
import { cosh } from "./cosh.js";
import { div } from "./div.js";
import { dot } from "./dot.js";
import { dropout } from "./dropout.js";
import { elu } from "./elu.js";
import { equal } from "./equal.js";
import { erf } from "./erf.js";
import { erfinv } from "./erfinv.js";
import { exp } from "./exp.js";
import { exp2 } from "./exp2.js";
import { expandDims } from "./expandDims.js";
import { expm1 } from "./expm1.js";
import { floor } from "./floor.js";
import { floorDivide } from "./floorDivide.js";
import { gather } from "./gather.js";
import { geluTanh } from "./geluTanh.js";
import { glu } from "./glu.js";
import { greater } from "./greater.js";
import { greaterEqual } from "./greaterEqual.js";
import { guardFinite } from "./guardFinite.js";
import { hardShrink } from "./hardShrink.js";
import { hardSigmoid } from "./hardSigmoid.js";
import { hardSwish } from "./hardSwish.js";
import { hardTanh } from "./hardTanh.js";
import { hypot } from "./hypot.js";
import { isFinite } from "./isFinite.js";
import { isInf } from "./isInf.js";
import { isNaN } from "./isNaN.js";
import { leakyRelu } from "./leakyRelu.js";
import { less } from "./less.js";
import { lessEqual } from "./lessEqual.js";
import { log } from "./log.js";
import { log10 } from "./log10.js";
import { log1p } from "./log1p.js";
import { log2 } from "./log2.js";
import { logAddExp } from "./logAddExp.js";
import { logicalXor } from "./logicalXor.js";
import { logSigmoid } from "./logSigmoid.js";
import { logSoftmax } from "./logSoftmax.js";
import { logSumExp } from "./logSumExp.js";
import { logicalAnd } from "./logicalAnd.js";
import { logicalNot } from "./logicalNot.js";
import { logicalOr } from "./logicalOr.js";
import { matmul } from "./matmul.js";
import { max } from "./max.js";
import { maxout } from "./maxout.js";
import { maxPool2d } from "./maxPool2d.js";
import { maxPool2dGrad } from "./maxPool2dGrad.js";
import { maximum } from "./maximum.js";
import { mean } from "./mean.js";
import { min } from "./min.js";
import { minimum } from "./minimum.js";
import { mish } from "./mish.js";
import { momentumStep } from "./momentumStep.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { notEqual } from "./notEqual.js";
import { oneHot } from "./oneHot.js";
import { pad } from "./pad.js";
import { place } from "./place.js";
import { pow } from "./pow.js";
import { prelu } from "./prelu.js";
import { prod } from "./prod.js";
import { random } from "./random.js";
import { reciprocal } from "./reciprocal.js";
import { relu } from "./relu.js";
import { relu6 } from "./relu6.js";
import { reluGrad } from "./reluGrad.js";
import { remainder } from "./remainder.js";
import { reshape } from "./reshape.js";
import { rmspropCenteredMomentumStep, rmspropCenteredStep, rmspropMomentumStep, rmspropStep } from "./rmspropStep.js";
import { round } from "./round.js";
import { rsqrt } from "./rsqrt.js";
import { scatterAdd } from "./scatterAdd.js";
import { selu } from "./selu.js";
import { sgdStep } from "./sgdStep.js";
import { sigmoid } from "./sigmoid.js";
import { sign } from "./sign.js";
import { silu } from "./silu.js";
import { sin } from "./sin.js";
import { sinh } from "./sinh.js";
import { slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { softmaxCrossEntropy } from "./softmaxCrossEntropy.js";
import { softmaxCrossEntropyGrad } from "./softmaxCrossEntropyGrad.js";
import { softmaxGrad } from "./softmaxGrad.js";
import { softplus } from "./softplus.js";
import { softShrink } from "./softShrink.js";
import { softsign } from "./softsign.js";
import { sqrt } from "./sqrt.js";
import { square } from "./square.js";
import { squaredDifference } from "./squaredDifference.js";
import { squeeze } from "./squeeze.js";
import { stack } from "./stack.js";
import { std } from "./std.js";
import { step } from "./step.js";
import { stopGradient } from "./stopGradient.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { tan } from "./tan.js";
import { tanh } from "./tanh.js";
import { tanhShrink } from "./tanhShrink.js";
import { threshold } from "./threshold.js";
import { transpose } from "./transpose.js";
import { trunc } from "./trunc.js";
import { variance } from "./variance.js";
import { where } from "./where.js";
import { withGradient } from "./withGradient.js";

/** Every public function of this folder by name. Functions that wrap an op (defaults, checks) stand for it. */
export const OPS = {
  abs,
  acos,
  acosh,
  adamStep,
  add,
  after,
  all,
  any,
  argMax,
  argMin,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  averagePool2d,
  averagePool2dGrad,
  batchNorm,
  batchNormalize,
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
  bnGradSums,
  bnStats,
  broadcastTo,
  cast,
  cbrt,
  ceil,
  celu,
  clip,
  concat,
  conv2d,
  conv2dGradFilter,
  conv2dGradInput,
  cos,
  cosh,
  div,
  dot,
  dropout,
  elu,
  equal,
  erf,
  erfinv,
  exp,
  exp2,
  expandDims,
  expm1,
  floor,
  floorDivide,
  gather,
  geluTanh,
  glu,
  greater,
  greaterEqual,
  guardFinite,
  hardShrink,
  hardSigmoid,
  hardSwish,
  hardTanh,
  hypot,
  isFinite,
  isInf,
  isNaN,
  leakyRelu,
  less,
  lessEqual,
  log,
  log10,
  log1p,
  log2,
  logAddExp,
  logicalXor,
  logSigmoid,
  logSoftmax,
  logSumExp,
  logicalAnd,
  logicalNot,
  logicalOr,
  matmul,
  max,
  maxout,
  maxPool2d,
  maxPool2dGrad,
  maximum,
  mean,
  min,
  minimum,
  mish,
  momentumStep,
  mul,
  neg,
  notEqual,
  oneHot,
  pad,
  place,
  pow,
  prelu,
  prod,
  random,
  reciprocal,
  relu,
  relu6,
  reluGrad,
  remainder,
  reshape,
  rmspropStep,
  rmspropMomentumStep,
  rmspropCenteredStep,
  rmspropCenteredMomentumStep,
  round,
  rsqrt,
  scatterAdd,
  selu,
  sgdStep,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  slice,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
  softmaxGrad,
  softplus,
  softShrink,
  softsign,
  sqrt,
  square,
  squaredDifference,
  squeeze,
  stack,
  std,
  step,
  stopGradient,
  sub,
  sum,
  tan,
  tanh,
  tanhShrink,
  threshold,
  transpose,
  trunc,
  variance,
  where,
  withGradient,
} as const;
