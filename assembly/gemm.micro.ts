// Micro-kernels of the matrix product: four rows of A times a packed panel of eight (or four) columns of B.
// A is read where it lies: a row is a base address, a run an offset from it, so that one kernel serves matrices and image patches.
// Every step ends in an exit test on purpose: V8 hoists all loads of a basic block, and two steps in one block spill accumulators.

/** Columns of a panel of B; the last panel has NARROW columns when these suffice. */
export const TILE_COLUMNS = 8;
export const NARROW = 4;
export const TILE_ROWS = 4;

/** a·b + c: one rounding where relaxed SIMD fuses, two in the reproducible variant. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/**
 * out[4, 8] = act(Σ over runs and steps of a[row, run + step] · b[step, 8] (+ out) (+ bias)), in ascending order of steps.
 *
 * runs … runsEnd: u32 byte offsets, at least one, added to each row's address. length: steps of a run, at least 1.
 * b: panel of runs · length · 8 floats. outRow: bytes. accumulate: adds what out holds. bias: 0 or 8 floats.
 */
export function f32_gemm_4x8(
  a0: usize, a1: usize, a2: usize, a3: usize, runs: usize, runsEnd: usize, length: i32,
  b: usize, out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool,
): void {
  let c0x0123 = f32x4.splat(0); let c0x4567 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0); let c1x4567 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0); let c2x4567 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0); let c3x4567 = f32x4.splat(0);
  let a: v128, b0123: v128, b4567: v128;
  const bytes = (<usize>length) * 32;
  do {
    const offset = <usize>load<u32>(runs);
    let p0 = a0 + offset, p1 = a1 + offset, p2 = a2 + offset, p3 = a3 + offset;
    const end = b + bytes;
    while (true) {
      b0123 = v128.load(b); b4567 = v128.load(b, 16);
      a = v128.load32_splat(p0); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
      a = v128.load32_splat(p1); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
      a = v128.load32_splat(p2); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
      a = v128.load32_splat(p3); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
      b += 32;
      if (b == end) break;
      b0123 = v128.load(b); b4567 = v128.load(b, 16);
      a = v128.load32_splat(p0, 4); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
      a = v128.load32_splat(p1, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
      a = v128.load32_splat(p2, 4); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
      a = v128.load32_splat(p3, 4); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
      b += 32;
      if (b == end) break;
      b0123 = v128.load(b); b4567 = v128.load(b, 16);
      a = v128.load32_splat(p0, 8); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
      a = v128.load32_splat(p1, 8); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
      a = v128.load32_splat(p2, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
      a = v128.load32_splat(p3, 8); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
      b += 32;
      if (b == end) break;
      b0123 = v128.load(b); b4567 = v128.load(b, 16);
      a = v128.load32_splat(p0, 12); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
      a = v128.load32_splat(p1, 12); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
      a = v128.load32_splat(p2, 12); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
      a = v128.load32_splat(p3, 12); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
      b += 32;
      if (b == end) break;
      p0 += 16; p1 += 16; p2 += 16; p3 += 16;
    }
    runs += 4;
  } while (runs != runsEnd);
  const out1 = out + outRow, out2 = out1 + outRow, out3 = out2 + outRow;
  if (accumulate) {
    c0x0123 = f32x4.add(v128.load(out), c0x0123); c0x4567 = f32x4.add(v128.load(out, 16), c0x4567);
    c1x0123 = f32x4.add(v128.load(out1), c1x0123); c1x4567 = f32x4.add(v128.load(out1, 16), c1x4567);
    c2x0123 = f32x4.add(v128.load(out2), c2x0123); c2x4567 = f32x4.add(v128.load(out2, 16), c2x4567);
    c3x0123 = f32x4.add(v128.load(out3), c3x0123); c3x4567 = f32x4.add(v128.load(out3, 16), c3x4567);
  }
  if (bias) {
    b0123 = v128.load(bias); b4567 = v128.load(bias, 16);
    c0x0123 = f32x4.add(c0x0123, b0123); c0x4567 = f32x4.add(c0x4567, b4567);
    c1x0123 = f32x4.add(c1x0123, b0123); c1x4567 = f32x4.add(c1x4567, b4567);
    c2x0123 = f32x4.add(c2x0123, b0123); c2x4567 = f32x4.add(c2x4567, b4567);
    c3x0123 = f32x4.add(c3x0123, b0123); c3x4567 = f32x4.add(c3x4567, b4567);
  }
  if (relu) {
    const zero = f32x4.splat(0);
    c0x0123 = f32x4.pmax(c0x0123, zero); c0x4567 = f32x4.pmax(c0x4567, zero);
    c1x0123 = f32x4.pmax(c1x0123, zero); c1x4567 = f32x4.pmax(c1x4567, zero);
    c2x0123 = f32x4.pmax(c2x0123, zero); c2x4567 = f32x4.pmax(c2x4567, zero);
    c3x0123 = f32x4.pmax(c3x0123, zero); c3x4567 = f32x4.pmax(c3x4567, zero);
  }
  v128.store(out, c0x0123); v128.store(out, c0x4567, 16);
  v128.store(out1, c1x0123); v128.store(out1, c1x4567, 16);
  v128.store(out2, c2x0123); v128.store(out2, c2x4567, 16);
  v128.store(out3, c3x0123); v128.store(out3, c3x4567, 16);
}

/** As f32_gemm_4x8 for a panel of four columns. */
export function f32_gemm_4x4(
  a0: usize, a1: usize, a2: usize, a3: usize, runs: usize, runsEnd: usize, length: i32,
  b: usize, out: usize, outRow: usize, accumulate: bool, bias: usize, relu: bool,
): void {
  let c0x0123 = f32x4.splat(0);
  let c1x0123 = f32x4.splat(0);
  let c2x0123 = f32x4.splat(0);
  let c3x0123 = f32x4.splat(0);
  let a: v128, b0123: v128;
  const bytes = (<usize>length) * 16;
  do {
    const offset = <usize>load<u32>(runs);
    let p0 = a0 + offset, p1 = a1 + offset, p2 = a2 + offset, p3 = a3 + offset;
    const end = b + bytes;
    while (true) {
      b0123 = v128.load(b);
      a = v128.load32_splat(p0); c0x0123 = madd(a, b0123, c0x0123);
      a = v128.load32_splat(p1); c1x0123 = madd(a, b0123, c1x0123);
      a = v128.load32_splat(p2); c2x0123 = madd(a, b0123, c2x0123);
      a = v128.load32_splat(p3); c3x0123 = madd(a, b0123, c3x0123);
      b += 16;
      if (b == end) break;
      b0123 = v128.load(b);
      a = v128.load32_splat(p0, 4); c0x0123 = madd(a, b0123, c0x0123);
      a = v128.load32_splat(p1, 4); c1x0123 = madd(a, b0123, c1x0123);
      a = v128.load32_splat(p2, 4); c2x0123 = madd(a, b0123, c2x0123);
      a = v128.load32_splat(p3, 4); c3x0123 = madd(a, b0123, c3x0123);
      b += 16;
      if (b == end) break;
      b0123 = v128.load(b);
      a = v128.load32_splat(p0, 8); c0x0123 = madd(a, b0123, c0x0123);
      a = v128.load32_splat(p1, 8); c1x0123 = madd(a, b0123, c1x0123);
      a = v128.load32_splat(p2, 8); c2x0123 = madd(a, b0123, c2x0123);
      a = v128.load32_splat(p3, 8); c3x0123 = madd(a, b0123, c3x0123);
      b += 16;
      if (b == end) break;
      b0123 = v128.load(b);
      a = v128.load32_splat(p0, 12); c0x0123 = madd(a, b0123, c0x0123);
      a = v128.load32_splat(p1, 12); c1x0123 = madd(a, b0123, c1x0123);
      a = v128.load32_splat(p2, 12); c2x0123 = madd(a, b0123, c2x0123);
      a = v128.load32_splat(p3, 12); c3x0123 = madd(a, b0123, c3x0123);
      b += 16;
      if (b == end) break;
      p0 += 16; p1 += 16; p2 += 16; p3 += 16;
    }
    runs += 4;
  } while (runs != runsEnd);
  const out1 = out + outRow, out2 = out1 + outRow, out3 = out2 + outRow;
  if (accumulate) {
    c0x0123 = f32x4.add(v128.load(out), c0x0123);
    c1x0123 = f32x4.add(v128.load(out1), c1x0123);
    c2x0123 = f32x4.add(v128.load(out2), c2x0123);
    c3x0123 = f32x4.add(v128.load(out3), c3x0123);
  }
  if (bias) {
    b0123 = v128.load(bias);
    c0x0123 = f32x4.add(c0x0123, b0123);
    c1x0123 = f32x4.add(c1x0123, b0123);
    c2x0123 = f32x4.add(c2x0123, b0123);
    c3x0123 = f32x4.add(c3x0123, b0123);
  }
  if (relu) {
    const zero = f32x4.splat(0);
    c0x0123 = f32x4.pmax(c0x0123, zero);
    c1x0123 = f32x4.pmax(c1x0123, zero);
    c2x0123 = f32x4.pmax(c2x0123, zero);
    c3x0123 = f32x4.pmax(c3x0123, zero);
  }
  v128.store(out, c0x0123);
  v128.store(out1, c1x0123);
  v128.store(out2, c2x0123);
  v128.store(out3, c3x0123);
}
