// Vector math: four float32 at a time, to stated error bounds, the same bits on every engine. NaN stays NaN.
import {
  CDF_0, CDF_1, CDF_2, CDF_3, CDF_4, CDF_5, CDF_6, CDF_7, CDF_8, CDF_LIMIT, COS_0, COS_1, COS_2, ERFC_0, ERFC_1, ERFC_2, ERFC_3, ERFC_4, ERFC_5, ERFC_6, ERFC_7, ERF_0, ERF_1, ERF_2, ERF_3, ERF_4, ERF_5, ERF_6, ERF_7, ERF_LIMIT, EXPM1_0, EXPM1_1,
  EXPM1_2, EXPM1_3, EXPM1_4, EXPM1_5, EXPM1_6, EXP_0, EXP_1, EXP_2, EXP_3, EXP_4, EXP_HIGH, EXP_LOW, HALF, INFINITY, LN2_HIGH, LN2_LOW, LOG2E, LOG_0, LOG_1, LOG_2, LOG_3,
  LOG_4, LOG_5, LOG_6, LOG_7, LOG_8, MINUS_INFINITY, NOT_A_NUMBER, NUMBERS, ONE, ROOT_HALF, ROUND, SIN_0, SIN_1, SIN_2, SMALLEST, TANH_0, TANH_1, TANH_2, TANH_3, TANH_4, TANH_LIMIT,
  TANH_SPLIT, TWO, TWO_23, ZERO,
} from "./numbers";

// @ts-ignore: decorator
@inline
function number(offset: usize): v128 {
  return v128.load(NUMBERS + offset);
}

// @ts-ignore: decorator
@inline
function signOf(x: v128): v128 {
  return v128.xor(x, f32x4.abs(x));
}

/** One step of Horner's rule: p · x + c. Rounded twice in every build, so that bits do not depend on it. */
// @ts-ignore: decorator
@inline
function horner(p: v128, x: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(p, x), c);
}

/** eˣ, relative error < 1.0e-7. Below −86.98 it is 0 (no denormals), above 88.7228 infinity. Polynomial: minimax, 3.1e-9. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return expInside(f32x4.pmin(f32x4.pmax(x, number(EXP_LOW)), number(EXP_HIGH)));
}

/** eˣ of what cannot overflow: x ≤ 88. Otherwise as exp4. */
// @ts-ignore: decorator
@inline
export function expBelow4(x: v128): v128 {
  return expInside(f32x4.pmax(x, number(EXP_LOW)));
}

/** eˣ for −87.5 ≤ x ≤ 89, as 2eʳ · 2ⁿ⁻¹ with r = x − n·ln 2: the first factor in [√2, 2√2], so that the second reaches 2¹²⁷, infinity and 0 by itself. */
// @ts-ignore: decorator
@inline
function expInside(x: v128): v128 {
  // Adding 1.5 · 2²³ rounds to an integer and leaves it in the low bits; with the 126 that is added besides they are the exponent of 2ⁿ⁻¹.
  const rounded = f32x4.add(f32x4.mul(x, number(LOG2E)), number(ROUND));
  const n = f32x4.sub(rounded, number(ROUND));
  let r = f32x4.sub(x, f32x4.mul(n, number(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, number(LN2_LOW)));
  // Two halves side by side: one chain of steps would take longer than the engine can look ahead.
  const square = f32x4.mul(r, r);
  const high = f32x4.add(f32x4.mul(number(EXP_0), square), horner(number(EXP_1), r, number(EXP_2)));
  const p = f32x4.add(f32x4.mul(high, square), horner(number(EXP_3), r, number(EXP_4)));
  const y = f32x4.add(f32x4.add(f32x4.mul(p, square), f32x4.add(r, r)), number(TWO));
  return f32x4.mul(y, i32x4.shl(rounded, 23));
}

/** ln x, error < 1.2 ulp. ln 0 = −∞, NaN below 0; denormals are taken as they are. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, number(SMALLEST));
  const scaled = v128.bitselect(f32x4.mul(x, number(TWO_23)), x, tiny);
  let y = logOfNormal(scaled, i32x4.add(i32x4.splat(126), v128.and(tiny, i32x4.splat(23))));
  y = v128.bitselect(number(INFINITY), y, f32x4.eq(x, number(INFINITY)));
  y = v128.bitselect(number(NOT_A_NUMBER), y, f32x4.lt(x, number(ZERO)));
  y = v128.bitselect(number(MINUS_INFINITY), y, f32x4.eq(x, number(ZERO)));
  return v128.bitselect(x, y, f32x4.ne(x, x));
}

/** ln(x · 2^(126 − bias)) of a positive, normal, finite x. Polynomial: Cephes logf. */
// @ts-ignore: decorator
@inline
function logOfNormal(x: v128, bias: v128): v128 {
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), bias));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const lower = f32x4.lt(m, number(ROOT_HALF));
  e = f32x4.sub(e, v128.and(lower, number(ONE)));
  m = f32x4.sub(f32x4.add(m, v128.and(lower, m)), number(ONE));
  const z = f32x4.mul(m, m);
  let p = horner(number(LOG_0), m, number(LOG_1));
  p = horner(p, m, number(LOG_2));
  p = horner(p, m, number(LOG_3));
  p = horner(p, m, number(LOG_4));
  p = horner(p, m, number(LOG_5));
  p = horner(p, m, number(LOG_6));
  p = horner(p, m, number(LOG_7));
  p = horner(p, m, number(LOG_8));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = f32x4.add(p, f32x4.mul(e, number(LN2_LOW)));
  p = f32x4.sub(p, f32x4.mul(z, number(HALF)));
  return f32x4.add(f32x4.add(m, p), f32x4.mul(e, number(LN2_HIGH)));
}

/** eˣ − 1, relative error < 4e-7. Near 0 by its series (to x⁸/8!), elsewhere by exp4. */
// @ts-ignore: decorator
@inline
export function expm14(x: v128): v128 {
  let p = horner(number(EXPM1_0), x, number(EXPM1_1));
  p = horner(p, x, number(EXPM1_2));
  p = horner(p, x, number(EXPM1_3));
  p = horner(p, x, number(EXPM1_4));
  p = horner(p, x, number(EXPM1_5));
  p = horner(p, x, number(EXPM1_6));
  const series = f32x4.add(f32x4.mul(f32x4.mul(x, x), p), x);
  const near = f32x4.lt(f32x4.abs(x), number(HALF));
  return v128.or(v128.bitselect(series, f32x4.sub(exp4(x), number(ONE)), near), signOf(x));
}

/** ln(1 + x), relative error < 4e-7. */
// @ts-ignore: decorator
@inline
export function log1p4(x: v128): v128 {
  let y = log1pInside(x);
  y = v128.bitselect(x, y, f32x4.eq(x, number(INFINITY)));
  y = v128.bitselect(number(MINUS_INFINITY), y, f32x4.eq(x, f32x4.splat(-1)));
  return v128.bitselect(number(NOT_A_NUMBER), y, f32x4.lt(x, f32x4.splat(-1)));
}

/** ln(1 + x) of a NaN or a finite x above −1: what rounding 1 + x lost is put back as a factor (Kahan). */
// @ts-ignore: decorator
@inline
function log1pInside(x: v128): v128 {
  const u = f32x4.add(x, number(ONE));
  const lost = f32x4.sub(u, number(ONE));
  const y = f32x4.mul(logOfNormal(u, i32x4.splat(126)), f32x4.div(x, lost));
  return v128.bitselect(x, y, f32x4.eq(lost, number(ZERO)));
}

/** tanh x, error < 2 ulp; exactly ±1 beyond ±9.1. Polynomial below 0.625: Cephes tanhf; above by exp4. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = horner(number(TANH_0), z, number(TANH_1));
  p = horner(p, z, number(TANH_2));
  p = horner(p, z, number(TANH_3));
  p = horner(p, z, number(TANH_4));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  const a = f32x4.abs(x);
  const e = exp4(f32x4.mul(f32x4.pmin(a, number(TANH_LIMIT)), number(TWO)));
  const magnitude = f32x4.sub(number(ONE), f32x4.div(number(TWO), f32x4.add(e, number(ONE))));
  return v128.or(v128.bitselect(near, magnitude, f32x4.lt(a, number(TANH_SPLIT))), signOf(x));
}

/** 1 / (1 + e⁻ˣ), relative error < 3e-7; exactly 0 below −88.8 and 1 above 17. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(number(ONE), f32x4.add(number(ONE), exp4(f32x4.neg(x))));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), relative error < 4e-7. */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, number(ZERO)), log1pInside(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** The error function, error < 3 ulp below 1, < 1.2e-7 above. Polynomials fitted by least squares at Chebyshev nodes: erf(x)/x in x², and ln erfc(x). */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = horner(number(ERF_0), z, number(ERF_1));
  p = horner(p, z, number(ERF_2));
  p = horner(p, z, number(ERF_3));
  p = horner(p, z, number(ERF_4));
  p = horner(p, z, number(ERF_5));
  p = horner(p, z, number(ERF_6));
  p = horner(p, z, number(ERF_7));
  const near = f32x4.mul(p, x);
  const a = f32x4.abs(x);
  const t = f32x4.pmin(a, number(ERF_LIMIT));
  let q = horner(number(ERFC_0), t, number(ERFC_1));
  q = horner(q, t, number(ERFC_2));
  q = horner(q, t, number(ERFC_3));
  q = horner(q, t, number(ERFC_4));
  q = horner(q, t, number(ERFC_5));
  q = horner(q, t, number(ERFC_6));
  q = horner(q, t, number(ERFC_7));
  const far = v128.or(f32x4.sub(number(ONE), exp4(q)), signOf(x));
  return v128.bitselect(near, far, f32x4.lt(a, number(ONE)));
}

/**
 * The normal distribution function Φ(x) = (1 + erf(x/√2))/2, error < 1.3e-7, above −3 also < 3e-6 of its value; 0 below −11. ln Φ(−|x|) by a
 * polynomial fitted to x ≤ 6.2 (it falls ever faster behind), then exp: one formula on both sides of 0.
 */
// @ts-ignore: decorator
@inline
export function normalCdf4(x: v128): v128 {
  const t = f32x4.pmin(f32x4.abs(x), number(CDF_LIMIT)), t2 = f32x4.mul(t, t), t4 = f32x4.mul(t2, t2);
  const low = f32x4.add(f32x4.mul(horner(number(CDF_3), t, number(CDF_2)), t2), horner(number(CDF_1), t, number(CDF_0)));
  const high = f32x4.add(f32x4.mul(horner(number(CDF_7), t, number(CDF_6)), t2), horner(number(CDF_5), t, number(CDF_4)));
  const below = expBelow4(f32x4.add(f32x4.mul(f32x4.add(high, f32x4.mul(number(CDF_8), t4)), t4), low));
  return v128.bitselect(below, f32x4.sub(number(ONE), below), f32x4.lt(x, number(ZERO)));
}

/** sin x, absolute error < 1e-7 for |x| ≤ 1e6. NaN for ±∞. The argument is reduced by multiples of π/2 in float64. Polynomials: Cephes sinf, cosf. */
// @ts-ignore: decorator
@inline
export function sin4(x: v128): v128 {
  // The reduction loses the sign of −0.
  return v128.bitselect(x, sine(x, 0), f32x4.eq(x, number(ZERO)));
}

/** cos x, as sin4. */
// @ts-ignore: decorator
@inline
export function cos4(x: v128): v128 {
  return sine(x, 1);
}

/** sin(x + turns · π/2). */
function sine(x: v128, turns: i32): v128 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
  const nLow = f64x2.nearest(f64x2.mul(low, f64x2.splat(0.6366197723675814)));
  const nHigh = f64x2.nearest(f64x2.mul(high, f64x2.splat(0.6366197723675814)));
  const n = v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(nLow), i32x4.trunc_sat_f64x2_s_zero(nHigh), 0, 1, 4, 5);
  const rLow = f32x4.demote_f64x2_zero(f64x2.sub(low, f64x2.mul(nLow, f64x2.splat(1.5707963267948966))));
  const rHigh = f32x4.demote_f64x2_zero(f64x2.sub(high, f64x2.mul(nHigh, f64x2.splat(1.5707963267948966))));
  const r = v128.shuffle<i32>(rLow, rHigh, 0, 1, 4, 5);
  const z = f32x4.mul(r, r);
  const s = f32x4.add(f32x4.mul(f32x4.mul(horner(horner(number(SIN_0), z, number(SIN_1)), z, number(SIN_2)), z), r), r);
  let c = f32x4.mul(f32x4.mul(horner(horner(number(COS_0), z, number(COS_1)), z, number(COS_2)), z), z);
  c = f32x4.add(f32x4.sub(c, f32x4.mul(z, number(HALF))), number(ONE));
  const quarter = i32x4.add(n, i32x4.splat(turns));
  const odd = i32x4.eq(v128.and(quarter, i32x4.splat(1)), i32x4.splat(1));
  const y = v128.bitselect(c, s, odd);
  return v128.xor(y, i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30));
}

/** xʸ, error < 1 ulp, lane by lane. As JavaScript's: ±1 to the power ±∞ and 1 to the power NaN are NaN. */
// @ts-ignore: decorator
@inline
export function pow4(x: v128, y: v128): v128 {
  let z = f32x4.splat(Mathf.pow(f32x4.extract_lane(x, 0), f32x4.extract_lane(y, 0)));
  z = f32x4.replace_lane(z, 1, Mathf.pow(f32x4.extract_lane(x, 1), f32x4.extract_lane(y, 1)));
  z = f32x4.replace_lane(z, 2, Mathf.pow(f32x4.extract_lane(x, 2), f32x4.extract_lane(y, 2)));
  return f32x4.replace_lane(z, 3, Mathf.pow(f32x4.extract_lane(x, 3), f32x4.extract_lane(y, 3)));
}
