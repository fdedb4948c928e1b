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
import { argsort } from "./argsort.js";
import { asin } from "./asin.js";
import { asinh } from "./asinh.js";
import { atan } from "./atan.js";
import { atan2 } from "./atan2.js";
import { atanh } from "./atanh.js";
import { averagePool1d } from "./averagePool1d.js";
import { averagePool2d } from "./averagePool2d.js";
import { averagePool2dGrad } from "./averagePool2dGrad.js";
import { averagePool3d } from "./averagePool3d.js";
import { batchGather } from "./batchGather.js";
import { batchNorm } from "./batchNorm.js";
import { batchNormalize } from "./batchNormalize.js";
import { bincount } from "./bincount.js";
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
import { cholesky } from "./cholesky.js";
import { clip } from "./clip.js";
import { cofactor } from "./cofactor.js";
import { complex } from "./complex.js";
import { complexAbs } from "./complexAbs.js";
import { complexMul } from "./complexMul.js";
import { concat } from "./concat.js";
import { cond } from "./cond.js";
import { conj } from "./conj.js";
import { conv1d } from "./conv1d.js";
import { conv1dTranspose } from "./conv1dTranspose.js";
import { conv2d } from "./conv2d.js";
import { conv2dGradFilter } from "./conv2dGradFilter.js";
import { conv2dGradInput } from "./conv2dGradInput.js";
import { conv2dTranspose } from "./conv2dTranspose.js";
import { conv3d } from "./conv3d.js";
import { conv3dTranspose } from "./conv3dTranspose.js";
import { corrcoef } from "./corrcoef.js";
import { cos } from "./cos.js";
import { cosh } from "./cosh.js";
import { countNonzero } from "./countNonzero.js";
import { cov } from "./cov.js";
import { cumprod } from "./cumprod.js";
import { cumsum } from "./cumsum.js";
import { depthToSpace } from "./depthToSpace.js";
import { depthwiseConv2d } from "./depthwiseConv2d.js";
import { det } from "./det.js";
import { diag } from "./diag.js";
import { diagEmbed } from "./diagEmbed.js";
import { diagonal } from "./diagonal.js";
import { diff } from "./diff.js";
import { div } from "./div.js";
import { dot } from "./dot.js";
import { dropout } from "./dropout.js";
import { eigh } from "./eigh.js";
import { einsum } from "./einsum.js";
import { elu } from "./elu.js";
import { equal } from "./equal.js";
import { erf } from "./erf.js";
import { erfinv } from "./erfinv.js";
import { exp } from "./exp.js";
import { exp2 } from "./exp2.js";
import { expandDims } from "./expandDims.js";
import { expm1 } from "./expm1.js";
import { fft } from "./fft.js";
import { flip } from "./flip.js";
import { floor } from "./floor.js";
import { floorDivide } from "./floorDivide.js";
import { frame } from "./frame.js";
import { fromLanes } from "./fromLanes.js";
import { gather } from "./gather.js";
import { gatherNd } from "./gatherNd.js";
import { gelu } from "./gelu.js";
import { geluTanh } from "./geluTanh.js";
import { globalAveragePool } from "./globalAveragePool.js";
import { globalMaxPool } from "./globalMaxPool.js";
import { glu } from "./glu.js";
import { greater } from "./greater.js";
import { greaterEqual } from "./greaterEqual.js";
import { groupNorm } from "./groupNorm.js";
import { guardFinite } from "./guardFinite.js";
import { hardShrink } from "./hardShrink.js";
import { hardSigmoid } from "./hardSigmoid.js";
import { hardSwish } from "./hardSwish.js";
import { hardTanh } from "./hardTanh.js";
import { histogram } from "./histogram.js";
import { hypot } from "./hypot.js";
import { imag } from "./imag.js";
import { inner } from "./inner.js";
import { instanceNorm } from "./instanceNorm.js";
import { interp } from "./interp.js";
import { inv } from "./inv.js";
import { iota } from "./iota.js";
import { irfft } from "./irfft.js";
import { isClose } from "./isClose.js";
import { isFinite } from "./isFinite.js";
import { isInf } from "./isInf.js";
import { isNaN } from "./isNaN.js";
import { kron } from "./kron.js";
import { laneConv2d } from "./laneConv2d.js";
import { laneConv2dGradFilter } from "./laneConv2dGradFilter.js";
import { laneConv2dGradInput } from "./laneConv2dGradInput.js";
import { laneRow } from "./laneRow.js";
import { laneUnpool } from "./laneUnpool.js";
import { layerNorm } from "./layerNorm.js";
import { leakyRelu } from "./leakyRelu.js";
import { less } from "./less.js";
import { lessEqual } from "./lessEqual.js";
import { linearScan } from "./linearScan.js";
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
import { lstsq } from "./lstsq.js";
import { matmul } from "./matmul.js";
import { matrixPower } from "./matrixPower.js";
import { matrixRank } from "./matrixRank.js";
import { max } from "./max.js";
import { maxout } from "./maxout.js";
import { maxPool1d } from "./maxPool1d.js";
import { maxPool2d } from "./maxPool2d.js";
import { maxPool2dGather } from "./maxPool2dGather.js";
import { maxPool2dGrad } from "./maxPool2dGrad.js";
import { maxPool3d } from "./maxPool3d.js";
import { maximum } from "./maximum.js";
import { mean } from "./mean.js";
import { meshgrid } from "./meshgrid.js";
import { min } from "./min.js";
import { minimum } from "./minimum.js";
import { mish } from "./mish.js";
import { momentumStep } from "./momentumStep.js";
import { moveAxis } from "./moveAxis.js";
import { mul } from "./mul.js";
import { nanToNum } from "./nanToNum.js";
import { neg } from "./neg.js";
import { norm } from "./norm.js";
import { normalCdf } from "./normalCdf.js";
import { normalizeRows } from "./normalizeRows.js";
import { normalizeRowsGrad } from "./normalizeRowsGrad.js";
import { normalizeRowsSums } from "./normalizeRowsSums.js";
import { notEqual } from "./notEqual.js";
import { oneHot } from "./oneHot.js";
import { outer } from "./outer.js";
import { overlapAdd } from "./overlapAdd.js";
import { pad } from "./pad.js";
import { padMode } from "./padMode.js";
import { pinv } from "./pinv.js";
import { place } from "./place.js";
import { pow } from "./pow.js";
import { prelu } from "./prelu.js";
import { prod } from "./prod.js";
import { qr } from "./qr.js";
import { quantile } from "./quantile.js";
import { random } from "./random.js";
import { real } from "./real.js";
import { reciprocal } from "./reciprocal.js";
import { relu } from "./relu.js";
import { relu6 } from "./relu6.js";
import { reluGrad } from "./reluGrad.js";
import { remainder } from "./remainder.js";
import { repeat } from "./repeat.js";
import { reshape } from "./reshape.js";
import { resize } from "./resize.js";
import { resizeBicubic } from "./resizeBicubic.js";
import { resizeGrad } from "./resizeGrad.js";
import { rfft } from "./rfft.js";
import { rmsNorm } from "./rmsNorm.js";
import { rmspropCenteredMomentumStep, rmspropCenteredStep, rmspropMomentumStep, rmspropStep } from "./rmspropStep.js";
import { roll } from "./roll.js";
import { round } from "./round.js";
import { rsqrt } from "./rsqrt.js";
import { scaledDotProductAttention } from "./scaledDotProductAttention.js";
import { scatterAdd } from "./scatterAdd.js";
import { scatterAlongAxis } from "./scatterAlongAxis.js";
import { scatterNd } from "./scatterNd.js";
import { searchsorted } from "./searchsorted.js";
import { segmentSum } from "./segmentSum.js";
import { selu } from "./selu.js";
import { separableConv2d } from "./separableConv2d.js";
import { sgdStep } from "./sgdStep.js";
import { sigmoid } from "./sigmoid.js";
import { sign } from "./sign.js";
import { silu } from "./silu.js";
import { sin } from "./sin.js";
import { sinh } from "./sinh.js";
import { slice } from "./slice.js";
import { sliceText } from "./sliceText.js";
import { slogdet } from "./slogdet.js";
import { softmax } from "./softmax.js";
import { softmaxCrossEntropy } from "./softmaxCrossEntropy.js";
import { softmaxCrossEntropyGrad } from "./softmaxCrossEntropyGrad.js";
import { softmaxGrad } from "./softmaxGrad.js";
import { softplus } from "./softplus.js";
import { softShrink } from "./softShrink.js";
import { softsign } from "./softsign.js";
import { solve } from "./solve.js";
import { sort } from "./sort.js";
import { spaceToDepth } from "./spaceToDepth.js";
import { sparsemax } from "./sparsemax.js";
import { split } from "./split.js";
import { sqrt } from "./sqrt.js";
import { square } from "./square.js";
import { squaredDifference } from "./squaredDifference.js";
import { squeeze } from "./squeeze.js";
import { stack } from "./stack.js";
import { std } from "./std.js";
import { step } from "./step.js";
import { stft } from "./stft.js";
import { stopGradient } from "./stopGradient.js";
import { stridedSlice } from "./stridedSlice.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { svd } from "./svd.js";
import { swapAxes } from "./swapAxes.js";
import { takeAlongAxis } from "./takeAlongAxis.js";
import { tan } from "./tan.js";
import { tanh } from "./tanh.js";
import { tanhShrink } from "./tanhShrink.js";
import { tensordot } from "./tensordot.js";
import { threshold } from "./threshold.js";
import { tile } from "./tile.js";
import { toLanes } from "./toLanes.js";
import { topK } from "./topK.js";
import { trace } from "./trace.js";
import { transpose } from "./transpose.js";
import { triangularSolve } from "./triangularSolve.js";
import { tril } from "./tril.js";
import { triu } from "./triu.js";
import { trunc } from "./trunc.js";
import { truncatedSvd } from "./truncatedSvd.js";
import { unstack } from "./unstack.js";
import { variance } from "./variance.js";
import { vdot } from "./vdot.js";
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
  argsort,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  averagePool1d,
  averagePool2d,
  averagePool2dGrad,
  averagePool3d,
  batchGather,
  batchNorm,
  batchNormalize,
  bincount,
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
  cholesky,
  clip,
  cofactor,
  complex,
  complexAbs,
  complexMul,
  concat,
  cond,
  conj,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dGradFilter,
  conv2dGradInput,
  conv2dTranspose,
  conv3d,
  conv3dTranspose,
  corrcoef,
  cos,
  cosh,
  countNonzero,
  cov,
  cumprod,
  cumsum,
  depthToSpace,
  depthwiseConv2d,
  det,
  diag,
  diagEmbed,
  diagonal,
  diff,
  div,
  dot,
  dropout,
  eigh,
  einsum,
  elu,
  equal,
  erf,
  erfinv,
  exp,
  exp2,
  expandDims,
  expm1,
  fft,
  flip,
  floor,
  floorDivide,
  frame,
  fromLanes,
  gather,
  gatherNd,
  gelu,
  geluTanh,
  globalAveragePool,
  globalMaxPool,
  glu,
  greater,
  greaterEqual,
  groupNorm,
  guardFinite,
  hardShrink,
  hardSigmoid,
  hardSwish,
  hardTanh,
  histogram,
  hypot,
  imag,
  inner,
  instanceNorm,
  interp,
  inv,
  iota,
  irfft,
  isClose,
  isFinite,
  isInf,
  isNaN,
  kron,
  laneConv2d,
  laneConv2dGradFilter,
  laneConv2dGradInput,
  laneRow,
  laneUnpool,
  layerNorm,
  leakyRelu,
  less,
  lessEqual,
  linearScan,
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
  lstsq,
  matmul,
  matrixPower,
  matrixRank,
  max,
  maxout,
  maxPool1d,
  maxPool2d,
  maxPool2dGather,
  maxPool2dGrad,
  maxPool3d,
  maximum,
  mean,
  meshgrid,
  min,
  minimum,
  mish,
  momentumStep,
  moveAxis,
  mul,
  nanToNum,
  neg,
  norm,
  normalCdf,
  normalizeRows,
  normalizeRowsGrad,
  normalizeRowsSums,
  notEqual,
  oneHot,
  outer,
  overlapAdd,
  pad,
  padMode,
  pinv,
  place,
  pow,
  prelu,
  prod,
  qr,
  quantile,
  random,
  real,
  reciprocal,
  relu,
  relu6,
  reluGrad,
  remainder,
  repeat,
  reshape,
  resize,
  resizeBicubic,
  resizeGrad,
  rfft,
  rmsNorm,
  rmspropStep,
  rmspropMomentumStep,
  rmspropCenteredStep,
  rmspropCenteredMomentumStep,
  roll,
  round,
  rsqrt,
  scaledDotProductAttention,
  scatterAdd,
  scatterAlongAxis,
  scatterNd,
  searchsorted,
  segmentSum,
  selu,
  separableConv2d,
  sgdStep,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  slice,
  sliceText,
  slogdet,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
  softmaxGrad,
  softplus,
  softShrink,
  softsign,
  solve,
  sort,
  spaceToDepth,
  sparsemax,
  split,
  sqrt,
  square,
  squaredDifference,
  squeeze,
  stack,
  std,
  step,
  stft,
  stopGradient,
  stridedSlice,
  sub,
  sum,
  svd,
  swapAxes,
  takeAlongAxis,
  tan,
  tanh,
  tanhShrink,
  tensordot,
  threshold,
  tile,
  toLanes,
  topK,
  trace,
  transpose,
  triangularSolve,
  tril,
  triu,
  trunc,
  truncatedSvd,
  unstack,
  variance,
  vdot,
  where,
  withGradient,
} as const;
