// Other names of the same functions: those of the array API standard in JavaScript's spelling, and those of TensorFlow.js.
export {
  argMax as argmax, argMin as argmin, cast as astype, clip as clipByValue, div as divide, isFinite as isfinite, mul as multiply, neg as negative, sub as subtract,
  transpose as permuteDims,
} from "./functions.js"; // prettier-ignore
export {
  bitwiseNot as bitwiseInvert, floorDivide as floorDiv, isInf as isinf, isNaN as isnan, logAddExp as logaddexp, remainder as mod,
} from "./elementwise.js"; // prettier-ignore
