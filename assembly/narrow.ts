// Narrow elements: uint8 and float16 in memory, float32 where they are computed with. Four at a time, the last ones one by one.

/** n bytes from `source` as float32 at d. */
export function widenBytes(d: usize, source: usize, n: i32): void {
  const end = d + (<usize>(n & ~3) << 2);
  for (; d < end; d += 16, source += 4) {
    v128.store(d, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(source)))));
  }
  for (let i = n & ~3; i < n; i++, d += 4, source++) store<f32>(d, <f32>load<u8>(source));
}

/** n float32 from `source` as bytes at d. Fractions are cut off, values outside 0 … 255 stop there, NaN is 0. */
export function narrowBytes(d: usize, source: usize, n: i32): void {
  const end = d + <usize>(n & ~3);
  for (; d < end; d += 4, source += 16) v128.store32_lane(d, bytes4(v128.load(source)), 0);
  if ((n & 3) == 0) return;
  const last = bytes4(v128.load(source));
  store<u8>(d, i8x16.extract_lane_u(last, 0));
  if ((n & 3) > 1) store<u8>(d, i8x16.extract_lane_u(last, 1), 1);
  if ((n & 3) > 2) store<u8>(d, i8x16.extract_lane_u(last, 2), 2);
}

/** n halves from `source` as float32 at d. */
export function widenHalves(d: usize, source: usize, n: i32): void {
  const end = d + (<usize>(n & ~3) << 2);
  for (; d < end; d += 16, source += 8) v128.store(d, fromHalf4(i32x4.extend_low_i16x8_u(v128.load64_zero(source))));
  for (let i = n & ~3; i < n; i++, d += 4, source += 2) store<f32>(d, f32x4.extract_lane(fromHalf4(i32x4.splat(load<u16>(source))), 0));
}

/** n float32 from `source` as halves at d. */
export function narrowHalves(d: usize, source: usize, n: i32): void {
  const end = d + (<usize>(n & ~3) << 1);
  for (; d < end; d += 8, source += 16) {
    const halves = toHalf4(v128.load(source));
    v128.store64_lane(d, v128.shuffle<i16>(halves, halves, 0, 2, 4, 6, 0, 2, 4, 6), 0);
  }
  for (let i = n & ~3; i < n; i++, d += 2, source += 4) store<u16>(d, <u16>i32x4.extract_lane(toHalf4(v128.load32_splat(source)), 0));
}

/** Four float32 as whole numbers in 0 … 255, in the lowest four bytes. */
// @ts-ignore: decorator
@inline
function bytes4(x: v128): v128 {
  const whole = i32x4.trunc_sat_f32x4_s(x);
  const words = i16x8.narrow_i32x4_s(whole, whole);
  return i8x16.narrow_i16x8_u(words, words);
}

/** Four float16 in the low halves of their lanes as float32: their exponent is put right by a product with 2¹¹², which also normalizes denormals. */
// @ts-ignore: decorator
@inline
function fromHalf4(h: v128): v128 {
  const magnitude = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
  const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
  const special = v128.and(i32x4.ge_s(magnitude, i32x4.splat(0x0f800000)), i32x4.splat(0x7f800000));
  return v128.or(v128.or(f32x4.mul(magnitude, f32x4.splat(5.192296858534828e33)), special), sign);
}

/** Four float32 as float16, halves to even, in the low halves of their lanes. Above 65520 infinity; NaN stays one. */
// @ts-ignore: decorator
@inline
function toHalf4(x: v128): v128 {
  const a = v128.and(x, i32x4.splat(0x7fffffff));
  // Adding 2⁻¹ puts the last bit of a denormal half where a float32 is rounded.
  const denormal = i32x4.sub(f32x4.add(a, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  const odd = v128.and(i32x4.shr_u(a, 13), i32x4.splat(1));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(a, i32x4.splat(0xc8000fff)), odd), 13);
  let h = v128.bitselect(denormal, normal, i32x4.lt_s(a, i32x4.splat(0x38800000)));
  h = v128.bitselect(i32x4.splat(0x7c00), h, i32x4.ge_s(a, i32x4.splat(0x47800000)));
  h = v128.bitselect(i32x4.splat(0x7e00), h, i32x4.gt_s(a, i32x4.splat(0x7f800000)));
  return v128.or(h, i32x4.shr_u(v128.and(x, i32x4.splat(0x80000000)), 16));
}

/** Four float32 rounded to what float16 can hold. */
export function roundToHalf4(x: v128): v128 {
  return fromHalf4(toHalf4(x));
}

/** Four float32 as uint8 would hold them. */
export function roundToByte4(x: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.min_s(i32x4.max_s(i32x4.trunc_sat_f32x4_s(x), i32x4.splat(0)), i32x4.splat(255)));
}
