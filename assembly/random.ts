// Counter-based random numbers: element i of a draw depends on (key, stream, i) only, so draws need no order and masks no memory.
// Philox 4×32-10, four counters at a time in the lanes: Salmon, Moraes, Dror & Shaw 2011.
import { storePart } from "./lanes";
import { cos4, log4, sin4 } from "./math";

export const UNIFORM: i32 = 0;
export const NORMAL: i32 = 1;
export const BERNOULLI: i32 = 2;
/** The generator's words themselves: what its published test vectors are compared with. */
export const RAW: i32 = 3;

const ROUNDS: i32 = 10;
const MULTIPLIER_0: i32 = 0xd2511f53;
const MULTIPLIER_1: i32 = 0xcd9e8d57;
const KEY_STEP_0: i32 = 0x9e3779b9;
const KEY_STEP_1: i32 = 0xbb67ae85;

/** 2⁻²⁴: the top 24 bits of a word make a float in [0, 1). */
const UNIT: f32 = 5.9604644775390625e-8;
const TWO_PI: f32 = 6.283185307179586;

/** Words: docs/kernels.md. */
export function f32_random(words: usize): void {
  const n = load<i32>(words, 12), unit = load<i32>(words, 28), first = begin(words, unit, n), skip = <usize>first << 2;
  draw(
    <usize>load<u32>(words) + skip, 0, <usize>load<u32>(words, 4), load<i32>(words, 8), first, end(words, unit, n), load<i32>(words, 16),
    load<f32>(words, 20), load<f32>(words, 24),
  );
}

/** out = x · mask / keep; the mask is f32_random's bernoulli(keep) for the same key and stream. A dropped NaN stays NaN. Words: docs/kernels.md. */
export function f32_dropout(words: usize): void {
  const n = load<i32>(words, 16), unit = load<i32>(words, 24), first = begin(words, unit, n), skip = <usize>first << 2;
  draw(
    <usize>load<u32>(words) + skip, <usize>load<u32>(words, 4) + skip, <usize>load<u32>(words, 8), load<i32>(words, 12), first, end(words, unit, n), BERNOULLI,
    load<f32>(words, 20), 0,
  );
}

/** The range's first element; a unit may have so many that their product needs 64 bits. */
function begin(words: usize, unit: i32, n: i32): i32 {
  return <i32>min(<i64>load<i32>(words - 8) * unit, <i64>n);
}

function end(words: usize, unit: i32, n: i32): i32 {
  return <i32>min(<i64>load<i32>(words - 4) * unit, <i64>n);
}

/**
 * out = what `kind` makes of the generator's words of elements [from, n), from a multiple of 4; with an x, x times that / a.
 * uniform: [a, b); normal: mean a, deviation b, |normal| ≤ 5.77 b; bernoulli: 1 with probability a.
 */
export function draw(out: usize, x: usize, key: usize, stream: i32, from: i32, n: i32, kind: i32, a: f32, b: f32): void {
  const masks = x != 0;
  const callLow = v128.load32_splat(key, 8), callHigh = v128.load32_splat(key, 12);
  const offset = f32x4.splat(a);
  const scale = f32x4.splat(kind == UNIFORM ? b - a : b);
  // a + (b − a) · u may round up to b.
  const highest = f32x4.splat(b > a ? max(a, below(b)) : Infinity);
  const one = f32x4.splat(masks ? 1 / a : 1);
  for (let i = from; i < n; i += 16, out += 64, x += 64) {
    let c0 = i32x4.add(i32x4.splat(i >> 2), i32x4(0, 1, 2, 3)), c1 = i32x4.splat(stream), c2 = callLow, c3 = callHigh;
    let key0 = v128.load32_splat(key), key1 = v128.load32_splat(key, 4);
    for (let round = 0; round < ROUNDS; round++) {
      const low0 = i64x2.extmul_low_i32x4_u(c0, i32x4.splat(MULTIPLIER_0)), high0 = i64x2.extmul_high_i32x4_u(c0, i32x4.splat(MULTIPLIER_0));
      const low1 = i64x2.extmul_low_i32x4_u(c2, i32x4.splat(MULTIPLIER_1)), high1 = i64x2.extmul_high_i32x4_u(c2, i32x4.splat(MULTIPLIER_1));
      c0 = v128.xor(v128.xor(v128.shuffle<i32>(low1, high1, 1, 3, 5, 7), c1), key0);
      c2 = v128.xor(v128.xor(v128.shuffle<i32>(low0, high0, 1, 3, 5, 7), c3), key1);
      c1 = v128.shuffle<i32>(low1, high1, 0, 2, 4, 6);
      c3 = v128.shuffle<i32>(low0, high0, 0, 2, 4, 6);
      key0 = i32x4.add(key0, i32x4.splat(KEY_STEP_0));
      key1 = i32x4.add(key1, i32x4.splat(KEY_STEP_1));
    }
    if (kind == BERNOULLI) {
      c0 = v128.and(f32x4.lt(unit(c0), offset), one);
      c1 = v128.and(f32x4.lt(unit(c1), offset), one);
      c2 = v128.and(f32x4.lt(unit(c2), offset), one);
      c3 = v128.and(f32x4.lt(unit(c3), offset), one);
    } else if (kind == UNIFORM) {
      c0 = f32x4.pmin(f32x4.add(offset, f32x4.mul(unit(c0), scale)), highest);
      c1 = f32x4.pmin(f32x4.add(offset, f32x4.mul(unit(c1), scale)), highest);
      c2 = f32x4.pmin(f32x4.add(offset, f32x4.mul(unit(c2), scale)), highest);
      c3 = f32x4.pmin(f32x4.add(offset, f32x4.mul(unit(c3), scale)), highest);
    } else if (kind == NORMAL) {
      // Box & Muller 1958: two pairs, the radius of each from one word, its angle from another.
      const radius0 = f32x4.mul(radius(c0), scale), radius1 = f32x4.mul(radius(c1), scale);
      const angle0 = f32x4.mul(unit(c2), f32x4.splat(TWO_PI)), angle1 = f32x4.mul(unit(c3), f32x4.splat(TWO_PI));
      c0 = f32x4.add(offset, f32x4.mul(radius0, cos4(angle0)));
      c1 = f32x4.add(offset, f32x4.mul(radius0, sin4(angle0)));
      c2 = f32x4.add(offset, f32x4.mul(radius1, cos4(angle1)));
      c3 = f32x4.add(offset, f32x4.mul(radius1, sin4(angle1)));
    }
    // A lane holds the four elements of one counter.
    const first = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), second = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
    const third = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), fourth = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
    const left = n - i;
    put(out, x, masks, v128.shuffle<i32>(first, second, 0, 1, 4, 5), left);
    if (left > 4) put(out + 16, x + 16, masks, v128.shuffle<i32>(first, second, 2, 3, 6, 7), left - 4);
    if (left > 8) put(out + 32, x + 32, masks, v128.shuffle<i32>(third, fourth, 0, 1, 4, 5), left - 8);
    if (left > 12) put(out + 48, x + 48, masks, v128.shuffle<i32>(third, fourth, 2, 3, 6, 7), left - 12);
  }
}

/** Words to floats in [0, 1). */
// @ts-ignore: decorator
@inline
function unit(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(words, 8)), f32x4.splat(UNIT));
}

/** √(−2 ln(1 − u)): 1 − u lies in (0, 1], so the logarithm is finite. */
function radius(words: v128): v128 {
  return f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(f32x4.sub(f32x4.splat(1), unit(words)))));
}

/** The largest float below a finite b. */
function below(b: f32): f32 {
  if (b == 0) return -f32.MIN_VALUE;
  const bits = reinterpret<i32>(b);
  return reinterpret<f32>(b > 0 ? bits - 1 : bits + 1);
}

// @ts-ignore: decorator
@inline
function put(out: usize, x: usize, masks: bool, value: v128, count: i32): void {
  storePart(out, masks ? f32x4.mul(v128.load(x), value) : value, <usize>count << 2);
}
