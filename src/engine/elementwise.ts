// The rarer elementwise functions over tensors, lifted from nodes as those in functions.ts; what they do stands with the op.
import { acos as acosOp } from "../ops/acos.js";
import { acosh as acoshOp } from "../ops/acosh.js";
import { asin as asinOp } from "../ops/asin.js";
import { asinh as asinhOp } from "../ops/asinh.js";
import { atan as atanOp } from "../ops/atan.js";
import { atan2 as atan2Op } from "../ops/atan2.js";
import { atanh as atanhOp } from "../ops/atanh.js";
import { bitwiseAnd as bitwiseAndOp } from "../ops/bitwiseAnd.js";
import { bitwiseLeftShift as bitwiseLeftShiftOp } from "../ops/bitwiseLeftShift.js";
import { bitwiseNot as bitwiseNotOp } from "../ops/bitwiseNot.js";
import { bitwiseOr as bitwiseOrOp } from "../ops/bitwiseOr.js";
import { bitwiseRightShift as bitwiseRightShiftOp } from "../ops/bitwiseRightShift.js";
import { bitwiseXor as bitwiseXorOp } from "../ops/bitwiseXor.js";
import { cbrt as cbrtOp } from "../ops/cbrt.js";
import { cosh as coshOp } from "../ops/cosh.js";
import { erfinv as erfinvOp } from "../ops/erfinv.js";
import { exp2 as exp2Op } from "../ops/exp2.js";
import { floorDivide as floorDivideOp } from "../ops/floorDivide.js";
import { hypot as hypotOp } from "../ops/hypot.js";
import { isInf as isInfOp } from "../ops/isInf.js";
import { isNaN as isNaNOp } from "../ops/isNaN.js";
import { log10 as log10Op } from "../ops/log10.js";
import { log2 as log2Op } from "../ops/log2.js";
import { logAddExp as logAddExpOp } from "../ops/logAddExp.js";
import { logicalXor as logicalXorOp } from "../ops/logicalXor.js";
import { remainder as remainderOp } from "../ops/remainder.js";
import { sign as signOp } from "../ops/sign.js";
import { sinh as sinhOp } from "../ops/sinh.js";
import { squaredDifference as squaredDifferenceOp } from "../ops/squaredDifference.js";
import { step as stepOp } from "../ops/step.js";
import { tan as tanOp } from "../ops/tan.js";
import { trunc as truncOp } from "../ops/trunc.js";
import { lift, lift2 } from "./functions.js";

/** The angle in [0, π] whose cosine is x, elementwise, in the shape of x; NaN outside [−1, 1]. */
export const acos = /* @__PURE__ */ lift((x) => acosOp(x));
/** The number ≥ 0 whose hyperbolic cosine is x, elementwise, in the shape of x; NaN below 1. */
export const acosh = /* @__PURE__ */ lift((x) => acoshOp(x));
/** The angle in [−π/2, π/2] whose sine is x, elementwise, in the shape of x; NaN outside [−1, 1]. */
export const asin = /* @__PURE__ */ lift((x) => asinOp(x));
/** The number whose hyperbolic sine is x, elementwise, in the shape of x. */
export const asinh = /* @__PURE__ */ lift((x) => asinhOp(x));
/** The angle in (−π/2, π/2) whose tangent is x, elementwise, in the shape of x. */
export const atan = /* @__PURE__ */ lift((x) => atanOp(x));
/** The number whose hyperbolic tangent is x, elementwise, in the shape of x; NaN outside [−1, 1]. */
export const atanh = /* @__PURE__ */ lift((x) => atanhOp(x));
/** All bits turned, elementwise, in the shape of x; for bool, the opposite. Throws DTypeError for floats. */
export const bitwiseNot = /* @__PURE__ */ lift((x) => bitwiseNotOp(x));
/** ∛x, elementwise, in the shape of x; keeps the sign. */
export const cbrt = /* @__PURE__ */ lift((x) => cbrtOp(x));
/** (eˣ + e⁻ˣ) / 2, elementwise, in the shape of x. */
export const cosh = /* @__PURE__ */ lift((x) => coshOp(x));
/** The number whose error function is x, elementwise, in the shape of x; NaN outside [−1, 1]. */
export const erfinv = /* @__PURE__ */ lift((x) => erfinvOp(x));
/** 2ˣ, elementwise, in the shape of x. */
export const exp2 = /* @__PURE__ */ lift((x) => exp2Op(x));
/** Whether x is ∞ or −∞, bool in the shape of x. */
export const isInf = /* @__PURE__ */ lift((x) => isInfOp(x));
/** Whether x is not a number, bool in the shape of x. */
export const isNaN = /* @__PURE__ */ lift((x) => isNaNOp(x));
/** The logarithm to base 10, elementwise, in the shape of x; NaN below 0, −∞ at 0. */
export const log10 = /* @__PURE__ */ lift((x) => log10Op(x));
/** The logarithm to base 2, elementwise, in the shape of x; NaN below 0, −∞ at 0. */
export const log2 = /* @__PURE__ */ lift((x) => log2Op(x));
/** (eˣ − e⁻ˣ) / 2, elementwise, in the shape of x. */
export const sinh = /* @__PURE__ */ lift((x) => sinhOp(x));
/** The tangent of x radians, elementwise, in the shape of x. */
export const tan = /* @__PURE__ */ lift((x) => tanOp(x));
/** x without its fraction, elementwise, in the shape of x. */
export const trunc = /* @__PURE__ */ lift((x) => truncOp(x));

/** −1, 0 or 1 by the sign of x; atZero: what it is at 0, 0 when absent. */
export const sign = /* @__PURE__ */ lift((x, options?: { readonly atZero?: number }) => signOp(x, options));
/** 1 where x > 0, else 0; atZero: what it is at 0, 0 when absent. */
export const step = /* @__PURE__ */ lift((x, options?: { readonly atZero?: number }) => stepOp(x, options));

/** The angle in [−π, π] of the point (y, x): first the ordinate, then the abscissa. Shapes broadcast. */
export const atan2 = /* @__PURE__ */ lift2((x, y) => atan2Op(x, y));
/** Bits that both have; shapes broadcast. Throws DTypeError for floats. */
export const bitwiseAnd = /* @__PURE__ */ lift2((x, y) => bitwiseAndOp(x, y));
/** x · 2ʸ for whole numbers, wrapping; 0 for shifts below 0 or above 31. Shapes broadcast. */
export const bitwiseLeftShift = /* @__PURE__ */ lift2((x, y) => bitwiseLeftShiftOp(x, y));
/** Bits that either has; shapes broadcast. Throws DTypeError for floats. */
export const bitwiseOr = /* @__PURE__ */ lift2((x, y) => bitwiseOrOp(x, y));
/** ⌊x / 2ʸ⌋ for whole numbers; 0 or −1, by the sign, for shifts below 0 or above 31. Shapes broadcast. */
export const bitwiseRightShift = /* @__PURE__ */ lift2((x, y) => bitwiseRightShiftOp(x, y));
/** Bits that one of both has; shapes broadcast. Throws DTypeError for floats. */
export const bitwiseXor = /* @__PURE__ */ lift2((x, y) => bitwiseXorOp(x, y));
/** ⌊x / y⌋; shapes broadcast, whole numbers stay whole, and by 0 they give 0. */
export const floorDivide = /* @__PURE__ */ lift2((x, y) => floorDivideOp(x, y));
/** √(x² + y²) without overflow on the way; shapes broadcast. */
export const hypot = /* @__PURE__ */ lift2((x, y) => hypotOp(x, y));
/** ln(eˣ + eʸ) without overflow on the way; shapes broadcast. */
export const logAddExp = /* @__PURE__ */ lift2((x, y) => logAddExpOp(x, y));
/** Whether one of both is not 0, bool; shapes broadcast. */
export const logicalXor = /* @__PURE__ */ lift2((x, y) => logicalXorOp(x, y));
/** What is left of x after dividing by y, with y's sign; shapes broadcast. Whole numbers by 0 give 0. */
export const remainder = /* @__PURE__ */ lift2((x, y) => remainderOp(x, y));
/** (x − y)²; shapes broadcast. */
export const squaredDifference = /* @__PURE__ */ lift2((x, y) => squaredDifferenceOp(x, y));
