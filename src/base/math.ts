// Transcendentals for host code: exp, log, pow, sin, cos, tanh in float64 from + − × ÷ alone.
// The platform's own Math functions differ in the last bits between engines; these do not, so schedules, 1 − βᵗ,
// augmentation and generators give the same numbers everywhere. (Math.sqrt, floor and round are exact by IEEE 754.)
import { ValueError } from "./errors.js";

const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts; the first has 32 bits, so its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** π/2 in three parts; the first two have 33 bits, so their products with n ≤ 2²⁰ are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
const TWO_OVER_PI = 0.6366197723675814;
const LARGEST_ANGLE = 1e6;

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/**
 * eˣ. Relative error < 4e-16 where the result is a normal number; 0 below −745.2, Infinity above 709.79.
 *
 * x = k·ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series to r¹³ (the next term is below 2⁻⁵⁷).
 */
export function exp(x: number): number {
  return expOfSum(x, 0);
}

/** e^(x + rest), |rest| far below the last place of x. */
function expOfSum(x: number, rest: number): number {
  if (x !== x) return x;
  if (x > 709.79) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x * LOG2_E);
  const r = x - k * LN2_HIGH - (k * LN2_LOW - rest);
  const tail =
    1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 +
    r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r / 6227020800))))))))));
  return scale(1 + (r + r * r * tail), k);
}

/** Natural logarithm. Relative error < 3e-16; NaN below 0, −Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x === Infinity ? x : NaN;
  return logParts(x)[0];
}

/**
 * xʸ. Relative error < 4e-16 where the result is a normal number, whole powers below 2⁵³ are exact; special values as ECMAScript's `**`.
 *
 * exp(y · ln x) with ln x and the product carried in two float64 each, so that a large y does not magnify rounding.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (x !== x || y !== y) return NaN;
  const size = Math.abs(x);
  const odd = Math.abs(y) % 2 === 1;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (size === 1 && Math.abs(y) === Infinity) return NaN;
  if (x < 0 && size !== Infinity && !Number.isInteger(y) && Math.abs(y) !== Infinity) return NaN;
  if (size === 0 || size === Infinity) return sign * ((size === 0) === y < 0 ? Infinity : 0);
  if (size === 1) return sign;
  // |ln x| > 1e-16 for every x ≠ 1, so past 2⁶⁴ the result has left the range of float64.
  if (Math.abs(y) > 18446744073709551616) return sign * (size > 1 === y > 0 ? Infinity : 0);
  const [high, low] = logParts(size);
  const product = y * high;
  return sign * expOfSum(product, productError(y, high, product) + y * low);
}

/** Hyperbolic tangent. Relative error < 8e-16. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size > 20) return x > 0 ? 1 : -1;
  if (size >= 1) {
    const tail = 2 / (exp(2 * size) + 1);
    return x > 0 ? 1 - tail : tail - 1;
  }
  // Below 1, sinh/cosh by their series (all terms positive): e²ˣ − 1 would cancel.
  const z = x * x;
  const sinh =
    1 + z * (1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800 +
    z * (1 / 1307674368000 + z / 355687428096000)))))));
  const cosh =
    1 + z * (1 / 2 + z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600 +
    z * (1 / 87178291200 + z / 20922789888000)))))));
  return (x * sinh) / cosh;
}

/** Sine of an angle in radians. Error < 3e-16. Throws ValueError when |x| > 10⁶ (the reduction's range). */
export function sin(x: number): number {
  return x === 0 ? x : quarter(x, 0, "sin"); // keeps the sign of −0
}

/** Cosine of an angle in radians. Error < 3e-16. Throws ValueError when |x| > 10⁶ (the reduction's range). */
export function cos(x: number): number {
  return quarter(x, 1, "cos");
}

/** sin(x + turn·π/2). x = n·π/2 + r with |r| ≤ π/4; n and turn choose between ±sin r and ±cos r. */
function quarter(x: number, turn: number, name: string): number {
  if (Math.abs(x) > LARGEST_ANGLE && Math.abs(x) !== Infinity) {
    throw new ValueError(`${name}: takes angles up to ±${LARGEST_ANGLE} radians, got ${x}. Reduce it by its period first.`);
  }
  const n = Math.round(x * TWO_OVER_PI);
  const r = x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3;
  const place = (n + turn) & 3;
  const value = place & 1 ? cosSeries(r) : sinSeries(r);
  return place & 2 ? -value : value;
}

/** Taylor series to r¹⁷; for |r| ≤ π/4 the next term is below 2⁻⁶³. */
function sinSeries(r: number): number {
  const z = r * r;
  const tail =
    -1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880 + z * (-1 / 39916800 + z * (1 / 6227020800 +
    z * (-1 / 1307674368000 + z / 355687428096000))))));
  return r + r * z * tail;
}

/** Taylor series to r¹⁶; for |r| ≤ π/4 the next term is below 2⁻⁵⁸. */
function cosSeries(r: number): number {
  const z = r * r;
  const tail =
    1 / 24 + z * (-1 / 720 + z * (1 / 40320 + z * (-1 / 3628800 + z * (1 / 479001600 + z * (-1 / 87178291200 +
    z / 20922789888000)))));
  return 1 - (z / 2 - z * z * tail);
}

/** y·2ᵏ; in two steps where 2ᵏ alone would leave the normal numbers. */
function scale(y: number, k: number): number {
  if (k > 1023) return y * 2 * powerOfTwo(k - 1);
  if (k < -1022) return y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return y * powerOfTwo(k);
}

/** 2ᵏ for −1022 ≤ k ≤ 1023, built from its bits. */
function powerOfTwo(k: number): number {
  bits.setUint32(0, (k + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/**
 * ln x of a positive finite x as an unevaluated sum of two float64, good to about 2⁻⁵⁸.
 *
 * x = m·2ᵏ with √½ ≤ m < √2; ln m = 2·artanh(s) with s = (m − 1)/(m + 1), |s| < 0.172, by its series to s²¹.
 */
function logParts(x: number): [high: number, low: number] {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2⁵⁴ lifts a subnormal number into the normal ones.
    k = -54;
  }
  bits.setFloat64(0, x);
  const top = bits.getUint32(0);
  k += (top >>> 20) - 1023;
  bits.setUint32(0, (top & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m >= Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const f = m - 1;
  const sum = m + 1;
  const sumRest = m - (sum - 1);
  const s = f / sum;
  const product = s * sum;
  const sRest = (f - product - productError(s, sum, product) - s * sumRest) / sum;
  const z = s * s;
  const series =
    1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 +
    z * (1 / 19 + z / 21))))))));
  // |k·ln 2| is either 0 or the larger one, so the fast two-sum is exact.
  const whole = k * LN2_HIGH;
  const big = whole + 2 * s;
  const rest = (k === 0 ? 0 : 2 * s - (big - whole)) + (2 * sRest + 2 * s * z * series + k * LN2_LOW);
  const high = big + rest;
  return [high, rest - (high - big)];
}

/** a·b − product without rounding, when product = fl(a·b): Dekker 1971, with Veltkamp's splitting. */
function productError(a: number, b: number, product: number): number {
  const a1 = splitHigh(a);
  const a2 = a - a1;
  const b1 = splitHigh(b);
  const b2 = b - b1;
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
}

function splitHigh(a: number): number {
  const c = 134217729 * a; // 2²⁷ + 1
  return c - (c - a);
}
