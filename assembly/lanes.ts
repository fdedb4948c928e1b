// The lanes of a vector: masks and stores for what lies past the end of a row, and exact sums across.

const MASKS: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0], 16);

/** All bits set in the first `count` lanes, 0 to 4. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return v128.load(MASKS + 16 - (<usize>count << 2));
}

/** Sum of the four floats in float64: (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f64 {
  return addPair(f64x2.add(lowHalf(x), highHalf(x)));
}

/** sumLanes of four vectors as four floats, over `divisor` (two float64). */
// @ts-ignore: decorator
@inline
export function sumRows(a: v128, b: v128, c: v128, d: v128, divisor: v128): v128 {
  const a2 = f64x2.add(lowHalf(a), highHalf(a)), b2 = f64x2.add(lowHalf(b), highHalf(b));
  const c2 = f64x2.add(lowHalf(c), highHalf(c)), d2 = f64x2.add(lowHalf(d), highHalf(d));
  const low = f64x2.add(v128.shuffle<i64>(a2, b2, 0, 2), v128.shuffle<i64>(a2, b2, 1, 3));
  const high = f64x2.add(v128.shuffle<i64>(c2, d2, 0, 2), v128.shuffle<i64>(c2, d2, 1, 3));
  return narrow(f64x2.div(low, divisor), f64x2.div(high, divisor));
}

/** Lanes 0 and 1 in float64. */
// @ts-ignore: decorator
@inline
export function lowHalf(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** Lanes 2 and 3 in float64. */
// @ts-ignore: decorator
@inline
export function highHalf(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}

// @ts-ignore: decorator
@inline
export function addPair(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Two pairs of float64 as four floats. */
// @ts-ignore: decorator
@inline
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Stores as much of x as there are bytes left: whole floats, at least one. */
// @ts-ignore: decorator
@inline
export function storePart(address: usize, x: v128, bytes: usize): void {
  if (bytes >= 16) v128.store(address, x);
  else storeFirst(address, x, bytes);
}

function storeFirst(address: usize, x: v128, bytes: usize): void {
  v128.store32_lane(address, x, 0);
  if (bytes > 4) v128.store32_lane(address, x, 1, 4);
  if (bytes > 8) v128.store32_lane(address, x, 2, 8);
}

/** One lane of x in all four; `lane` must be a constant. */
// @ts-ignore: decorator
@inline
export function splatLane(x: v128, lane: u8): v128 {
  if (lane == 0) return v128.shuffle<i32>(x, x, 0, 0, 0, 0);
  if (lane == 1) return v128.shuffle<i32>(x, x, 1, 1, 1, 1);
  if (lane == 2) return v128.shuffle<i32>(x, x, 2, 2, 2, 2);
  return v128.shuffle<i32>(x, x, 3, 3, 3, 3);
}
