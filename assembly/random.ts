// Counter-based random numbers: element i of a draw depends on (key, stream, i) only, so draws need no order and masks no memory.
// Philox 4×32-10: Salmon, Moraes, Dror & Shaw 2011.
import { cos4, log4, sin4 } from "./math";

const UNIFORM: i32 = 0;
const NORMAL: i32 = 1;

const ROUNDS: i32 = 10;
/** 2⁻²⁴: the top 24 bits make a float in [0, 1). */
const UNIT: f32 = 5.9604644775390625e-8;
const TWO_PI: f32 = 6.283185307179586;

/** Four words of the generator for one counter: Philox 4×32-10. */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): v128 {
  for (let round = 0; round < ROUNDS; round++) {
    const p0 = <u64>c0 * 0xd2511f53;
    const p1 = <u64>c2 * 0xcd9e8d57;
    const high0 = <u32>(p0 >> 32), high1 = <u32>(p1 >> 32);
    c0 = high1 ^ c1 ^ k0;
    c1 = <u32>p1;
    c2 = high0 ^ c3 ^ k1;
    c3 = <u32>p0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  let words = i32x4.splat(<i32>c0);
  words = i32x4.replace_lane(words, 1, <i32>c1);
  words = i32x4.replace_lane(words, 2, <i32>c2);
  return i32x4.replace_lane(words, 3, <i32>c3);
}

/** Words to floats in [0, 1). */
// @ts-ignore: decorator
@inline
function unit(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(UNIT));
}

/** Two normal pairs from four words (Box & Muller 1958): radius from the first two, angle from the last two. */
function normal(words: v128): v128 {
  const u = unit(words);
  // 1 − u lies in (0, 1]: its logarithm is finite.
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(f32x4.sub(f32x4.splat(1), u))));
  const angle = f32x4.mul(u, f32x4.splat(TWO_PI));
  const r = v128.shuffle<i32>(radius, radius, 0, 0, 1, 1);
  const c = cos4(angle), s = sin4(angle);
  return f32x4.mul(r, v128.shuffle<i32>(c, s, 2, 6, 3, 7));
}

/** Words: docs/kernels.md. */
export function f32_random(words: usize): void {
  const out = <usize>load<u32>(words);
  const key = <usize>load<u32>(words, 4);
  const stream = load<u32>(words, 8);
  const n = load<i32>(words, 12);
  const kind = load<i32>(words, 16);
  const a = f32x4.splat(load<f32>(words, 20));
  const b = f32x4.splat(load<f32>(words, 24));
  for (let i = 0; i < n; i += 4) {
    const bits = wordsAt(key, stream, i);
    let value: v128;
    if (kind == UNIFORM) value = f32x4.add(a, f32x4.mul(unit(bits), f32x4.sub(b, a)));
    else if (kind == NORMAL) value = f32x4.add(a, f32x4.mul(normal(bits), b));
    else value = v128.and(f32x4.lt(unit(bits), a), f32x4.splat(1));
    storeSome(out + (<usize>i << 2), value, n - i);
  }
}

/** out = x · mask / keep; the mask is f32_random's bernoulli(keep) for the same key and stream. Words: docs/kernels.md. */
export function f32_dropout(words: usize): void {
  const out = <usize>load<u32>(words);
  const x = <usize>load<u32>(words, 4);
  const key = <usize>load<u32>(words, 8);
  const stream = load<u32>(words, 12);
  const n = load<i32>(words, 16);
  const keep = load<f32>(words, 20);
  const threshold = f32x4.splat(keep);
  const scale = f32x4.splat(<f32>1 / keep);
  for (let i = 0; i < n; i += 4) {
    const offset = <usize>i << 2;
    const kept = f32x4.lt(unit(wordsAt(key, stream, i)), threshold);
    // A dropped NaN or infinity is 0: the mask works on bits, not by multiplying.
    storeSome(out + offset, v128.and(f32x4.mul(v128.load(x + offset), scale), kept), n - i);
  }
}

// @ts-ignore: decorator
@inline
function wordsAt(key: usize, stream: u32, i: i32): v128 {
  return philox(<u32>i >> 2, stream, load<u32>(key, 8), load<u32>(key, 12), load<u32>(key), load<u32>(key, 4));
}

// @ts-ignore: decorator
@inline
function storeSome(address: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(address, value);
  else {
    v128.store32_lane(address, value, 0);
    if (count > 1) v128.store32_lane(address, value, 1, 4);
    if (count > 2) v128.store32_lane(address, value, 2, 8);
  }
}
