// Vector math for functions that are rare: two float64 at a time, so that series with plain coefficients leave less than 1e-11 behind, and the
// rounding to float32 is the only error to speak of (0.501 units in the last place). NaN stays NaN.

/** 1/1, 1/3, 1/5 …: the series of atanh and atan. */
const ODD: usize = memory.data<f64>([
  1, 0.3333333333333333, 0.2, 0.14285714285714285, 0.1111111111111111, 0.09090909090909091, 0.07692307692307693, 0.06666666666666667,
  0.058823529411764705, 0.05263157894736842, 0.047619047619047616, 0.043478260869565216, 0.04, 0.037037037037037035, 0.034482758620689655,
], 8);

/** 1/0!, 1/1!, 1/2! … */
const FACTORIAL: usize = memory.data<f64>([
  1, 1, 0.5, 0.16666666666666666, 0.041666666666666664, 0.008333333333333333, 0.001388888888888889, 0.0001984126984126984, 2.48015873015873e-05,
  2.7557319223985893e-06, 2.755731922398589e-07, 2.505210838544172e-08, 2.08767569878681e-09, 1.6059043836821613e-10, 1.1470745597729725e-11,
  7.647163731819816e-13,
], 8);

/** erf⁻¹(x)/x in w − 3.125, w = −ln(1 − x²) < 6.25; relative error 2.2e-10. Interpolated at Chebyshev nodes, as the next. */
const ERFINV_NEAR: usize = memory.data<f64>([
  1.6536545627504364, 0.2401581823905672, -0.006033671544084242, -0.0007407021824193681, 0.00018673528439758794, -1.3883102114674188e-05,
  -1.366098269991623e-06, 4.2383731574351034e-07, -2.8903761243865016e-08, -4.21900210168652e-09, 1.0313216865427852e-09, -3.780363278701018e-11,
  -1.2396714980402452e-11, 1.3642498644590784e-12,
], 8);

/** The same in √w − 3.25, for w from 6.25 to 16, where the last float32 below 1 lies; relative error 1e-10. */
const ERFINV_FAR: usize = memory.data<f64>([
  3.0838856104922208, 1.005258971568844, 0.005370917476428626, -0.003751348601612108, 0.0024913388265205357, -0.0016868211634542168,
  0.0009543005893730655, -0.00036143798929837444, 2.006417222692882e-05, 8.157261329256633e-05, -4.084255567645907e-05,
], 8);

const LN2: f64 = 0.6931471805599453;
const LOG2_E: f64 = 1.4426950408889634;
const HALF_PI: f64 = 1.5707963267948966;

/** Σ c[k · step] · zᵏ for k < terms, by Horner's rule. */
function polynomial(z: v128, coefficients: usize, terms: usize, step: usize): v128 {
  const bytes = step << 3;
  let at = coefficients + (terms - 1) * bytes;
  let p = v128.load64_splat(at);
  while (at > coefficients) {
    at -= bytes;
    p = f64x2.add(f64x2.mul(p, z), v128.load64_splat(at));
  }
  return p;
}

// @ts-ignore: decorator
@inline
function signOf(x: v128): v128 {
  return v128.xor(x, f64x2.abs(x));
}

/** eʳ⁺ⁿ·ˡⁿ² − subtracted, for whole n and |r| ≤ ln 2 / 2; subtracted, 0 or 1, costs no digits. Series to r¹¹. */
function exponential(r: v128, n: v128, subtracted: f64): v128 {
  const p = f64x2.mul(polynomial(r, FACTORIAL + 8, 11, 1), r);
  const scale = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023)), 52);
  return f64x2.add(f64x2.mul(p, scale), f64x2.sub(scale, f64x2.splat(subtracted)));
}

/** eˣ, or eˣ − 1 with all its digits. Beyond ±700 as at ±700, where a float32 has long been 0 or infinite. */
function exp2x(x: v128, subtracted: f64): v128 {
  const inside = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-700)), f64x2.splat(700));
  const n = f64x2.nearest(f64x2.mul(inside, f64x2.splat(LOG2_E)));
  // ln 2 in two parts, the first so short that n times it is exact.
  const r = f64x2.sub(f64x2.sub(inside, f64x2.mul(n, f64x2.splat(0.6931471804855391))), f64x2.mul(n, f64x2.splat(7.440617110012397e-11)));
  return exponential(r, n, subtracted);
}

/** 2ˣ */
export function powerOfTwo(x: v128): v128 {
  const inside = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-1000)), f64x2.splat(1000));
  const n = f64x2.nearest(inside);
  return exponential(f64x2.mul(f64x2.sub(inside, n), f64x2.splat(LN2)), n, 0);
}

/** 2·atanh(s) = ln((1 + s)/(1 − s)) for |s| < 0.172: the series to s¹⁵. */
function logRatio(s: v128): v128 {
  return f64x2.mul(f64x2.add(s, s), polynomial(f64x2.mul(s, s), ODD, 8, 1));
}

/** log x to the base whose logarithms of 2 and e are given; exact at powers of two. */
export function logarithm(x: v128, ofTwo: f64, ofE: f64): v128 {
  const one = f64x2.splat(1);
  const exponents = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023));
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), one);
  const upper = f64x2.gt(mantissa, f64x2.splat(1.4142135623730951));
  const m = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, upper);
  const e = f64x2.add(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2)), v128.and(upper, one));
  const near = logRatio(f64x2.div(f64x2.sub(m, one), f64x2.add(m, one)));
  const y = f64x2.add(f64x2.mul(e, f64x2.splat(ofTwo)), f64x2.mul(near, f64x2.splat(ofE)));
  let special = v128.bitselect(f64x2.splat(-Infinity), f64x2.splat(NaN), f64x2.eq(x, f64x2.splat(0)));
  special = v128.bitselect(x, special, f64x2.gt(x, f64x2.splat(0)));
  return v128.bitselect(y, special, v128.and(f64x2.gt(x, f64x2.splat(0)), f64x2.lt(x, f64x2.splat(Infinity))));
}

/** ln(1 + x) with all its digits near 0. */
function log1p2(x: v128): v128 {
  const near = f64x2.lt(f64x2.abs(x), f64x2.splat(0.25));
  const far = logarithm(f64x2.add(x, f64x2.splat(1)), LN2, 1);
  return v128.bitselect(logRatio(f64x2.div(x, f64x2.add(x, f64x2.splat(2)))), far, near);
}

export function cubeRoot(x: v128): v128 {
  const root = exp2x(f64x2.mul(logarithm(f64x2.abs(x), LN2, 1), f64x2.splat(0.3333333333333333)), 0);
  return v128.or(v128.bitselect(x, root, f64x2.eq(x, f64x2.splat(0))), signOf(x));
}

/** sinh x = (E + E/(E + 1))/2 with E = e^|x| − 1. */
export function hyperbolicSine(x: v128): v128 {
  const e = exp2x(f64x2.abs(x), 1);
  const y = f64x2.mul(f64x2.add(e, f64x2.div(e, f64x2.add(e, f64x2.splat(1)))), f64x2.splat(0.5));
  return v128.or(y, signOf(x));
}

/** cosh x = (e^|x| + e^−|x|)/2 */
export function hyperbolicCosine(x: v128): v128 {
  const e = exp2x(f64x2.abs(x), 0);
  return f64x2.mul(f64x2.add(e, f64x2.div(f64x2.splat(1), e)), f64x2.splat(0.5));
}

/** asinh x = ln(a + √(a² + 1)), a = |x|, as ln(1 + a + a²/(1 + √(a² + 1))). */
export function areaSine(x: v128): v128 {
  const a = f64x2.abs(x);
  const one = f64x2.splat(1);
  const square = f64x2.mul(a, a);
  const y = log1p2(f64x2.add(a, f64x2.div(square, f64x2.add(one, f64x2.sqrt(f64x2.add(square, one))))));
  return v128.bitselect(x, v128.or(y, signOf(x)), f64x2.eq(a, f64x2.splat(Infinity)));
}

/** acosh x = ln(1 + d + √(d·(x + 1))), d = x − 1; NaN below 1. */
export function areaCosine(x: v128): v128 {
  const d = f64x2.sub(x, f64x2.splat(1));
  const y = log1p2(f64x2.add(d, f64x2.sqrt(f64x2.mul(d, f64x2.add(x, f64x2.splat(1))))));
  return v128.bitselect(f64x2.splat(NaN), y, f64x2.lt(x, f64x2.splat(1)));
}

/** atanh x = ln(1 + 2a/(1 − a))/2, a = |x|. */
export function areaTangent(x: v128): v128 {
  const a = f64x2.abs(x);
  const y = f64x2.mul(log1p2(f64x2.div(f64x2.add(a, a), f64x2.sub(f64x2.splat(1), a))), f64x2.splat(0.5));
  return v128.or(y, signOf(x));
}

/** tan x for |x| ≤ 1e6, reduced by multiples of π/2 in two parts; above, the reduction loses digits. Series to r¹⁵. */
export function tangent(x: v128): v128 {
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(0.6366197723675814)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.5707963267341256))), f64x2.mul(n, f64x2.splat(6.077100506506192e-11)));
  const z = f64x2.neg(f64x2.mul(r, r));
  const sine = f64x2.mul(r, polynomial(z, FACTORIAL + 8, 8, 2));
  const cosine = polynomial(z, FACTORIAL, 8, 2);
  const odd = f64x2.ne(f64x2.mul(f64x2.nearest(f64x2.mul(n, f64x2.splat(0.5))), f64x2.splat(2)), n);
  const y = f64x2.div(v128.bitselect(f64x2.neg(cosine), sine, odd), v128.bitselect(sine, cosine, odd));
  return v128.bitselect(x, y, f64x2.eq(x, f64x2.splat(0)));
}

/** The angle of the point (x, y), in (−π, π]. Series of atan to t²⁹, |t| ≤ tan(π/8). */
export function angle(y: v128, x: v128): v128 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const a = f64x2.abs(y), b = f64x2.abs(x);
  const low = f64x2.min(a, b), high = f64x2.max(a, b);
  let ratio = f64x2.div(low, high);
  ratio = v128.bitselect(one, ratio, v128.and(f64x2.eq(low, high), f64x2.ne(high, zero)));
  ratio = v128.bitselect(zero, ratio, f64x2.eq(high, zero));
  const beyond = f64x2.gt(ratio, f64x2.splat(0.41421356237309503));
  const t = v128.bitselect(f64x2.div(f64x2.sub(ratio, one), f64x2.add(ratio, one)), ratio, beyond);
  const near = f64x2.mul(t, polynomial(f64x2.neg(f64x2.mul(t, t)), ODD, 15, 1));
  let turn = f64x2.add(near, v128.and(beyond, f64x2.splat(0.7853981633974483)));
  turn = v128.bitselect(f64x2.sub(f64x2.splat(HALF_PI), turn), turn, f64x2.gt(a, b));
  const behind = i64x2.shr_s(x, 63);
  turn = v128.bitselect(f64x2.sub(f64x2.splat(3.141592653589793), turn), turn, behind);
  return v128.or(turn, signOf(y));
}

/** √(1 − x²), NaN outside [−1, 1]. */
export function legOf(x: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.sqrt(f64x2.mul(f64x2.sub(one, x), f64x2.add(one, x)));
}

/** √(x² + y²); infinite where either is, even beside NaN. */
export function hypotenuse(x: v128, y: v128): v128 {
  const infinity = f64x2.splat(Infinity);
  const infinite = v128.or(f64x2.eq(f64x2.abs(x), infinity), f64x2.eq(f64x2.abs(y), infinity));
  return v128.bitselect(infinity, f64x2.sqrt(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y))), infinite);
}

/** erf⁻¹ x; ±∞ at ±1, NaN beyond. */
export function inverseErf(x: v128): v128 {
  const w = f64x2.neg(log1p2(f64x2.neg(f64x2.mul(x, x))));
  const near = polynomial(f64x2.sub(w, f64x2.splat(3.125)), ERFINV_NEAR, 14, 1);
  const far = polynomial(f64x2.sub(f64x2.sqrt(w), f64x2.splat(3.25)), ERFINV_FAR, 11, 1);
  const y = f64x2.mul(x, v128.bitselect(near, far, f64x2.lt(w, f64x2.splat(6.25))));
  return v128.bitselect(f64x2.mul(x, f64x2.splat(Infinity)), y, f64x2.eq(f64x2.abs(x), f64x2.splat(1)));
}
