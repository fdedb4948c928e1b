// Other names of the same functions: those of the array API standard in JavaScript's spelling, and those of TensorFlow.js.
export {
  argMax as argmax, argMin as argmin, cast as astype, clip as clipByValue, div as divide, isFinite as isfinite, matmul as matMul, mul as multiply, neg as negative, sub as subtract,
  transpose as permuteDims,
} from "./functions.js"; // prettier-ignore
export {
  bitwiseNot as bitwiseInvert, floorDivide as floorDiv, isInf as isinf, isNaN as isnan, logAddExp as logaddexp, remainder as mod,
} from "./elementwise.js"; // prettier-ignore
export { arange as range, full as fill } from "./create.js";
export { cumprod as cumulativeProd, cumsum as cumulativeSum } from "./reductions.js";
export { allClose as allclose, isClose as isclose } from "./statistics.js";
export { categorical as multinomial } from "./random.js";
/** Constants are tensors: they have values from the start, and no assign(). */
export { tensor as constant } from "./tensor.js";
export { argwhere as whereAsync, booleanMask as booleanMaskAsync } from "./border.js";
export {
  gather as embedding, gather as take, gatherNd as gatherND, scatterNd as scatterND, segmentSum as unsortedSegmentSum, topK as topk,
} from "./indexing.js"; // prettier-ignore
export {
  flip as reverse, moveAxis as moveaxis, pad as mirrorPad, resizeNearest as resizeNearestNeighbor, swapAxes as swapaxes, unstack as unbind,
} from "./shapes.js"; // prettier-ignore
