// Winograd's transforms for tiles of 4×4 outputs, F(4×4, 3×3): points 0, 1, −1, 2, −2, ∞. Lavin & Gray 2015, section 4.2.
// Loses about one decimal digit, for a quarter of the multiplications. The form is that of winograd.tile.ts; a tile sees 6×6 inputs.
import { madd } from "./gemm.micro";

/** Factors, each in four lanes: loading them costs less than making them. */
const FACTORS: usize = memory.data<f32>([
  2, 2, 2, 2, -2, -2, -2, -2, 4, 4, 4, 4, -4, -4, -4, -4, 8, 8, 8, 8,
], 16);
const TWO: usize = 0, MINUS_TWO: usize = 16, FOUR: usize = 32, MINUS_FOUR: usize = 48, EIGHT: usize = 64;

/** inputRows2 for six rows. */
export function inputRows4(rows: usize, count: i32, target: usize, pitch: usize): void {
  let p0 = <usize>load<u32>(rows), p1 = <usize>load<u32>(rows, 4), p2 = <usize>load<u32>(rows, 8);
  let p3 = <usize>load<u32>(rows, 12), p4 = <usize>load<u32>(rows, 16), p5 = <usize>load<u32>(rows, 20);
  for (; count > 0; count -= 4) {
    inputLine(v128.load(p0), v128.load(p1), v128.load(p2), v128.load(p3), v128.load(p4), v128.load(p5), target, pitch);
    p0 += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16; p5 += 16;
    target += 16;
  }
}

/** inputColumns2 for six columns. */
export function inputColumns4(p: usize, column: usize, channels: i32, target: usize, position: usize, step: usize): void {
  let p1 = p + column, p2 = p1 + column, p3 = p2 + column, p4 = p3 + column, p5 = p4 + column;
  for (; channels > 0; channels -= 4) {
    inputLine(v128.load(p), v128.load(p1), v128.load(p2), v128.load(p3), v128.load(p4), v128.load(p5), target, position);
    p += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16; p5 += 16;
    target += step;
  }
}

/** 4d0 − 5d2 + d4, (d4 − 4d2) ± (d3 − 4d1), (d4 − d2) ± 2(d3 − d1), 4d1 − 5d3 + d5, `to` bytes apart. */
@inline
function inputLine(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, target: usize, to: usize): void {
  const four = v128.load(FACTORS, FOUR), minusFour = v128.load(FACTORS, MINUS_FOUR);
  const even = f32x4.sub(d4, d2), odd = f32x4.sub(d3, d1);
  v128.store(target, madd(f32x4.sub(d0, d2), four, even));
  v128.store(target + 3 * to, madd(odd, v128.load(FACTORS, TWO), even));
  v128.store(target + 4 * to, madd(odd, v128.load(FACTORS, MINUS_TWO), even));
  v128.store(target + 5 * to, madd(odd, minusFour, f32x4.sub(d5, d3)));
  const a = madd(d2, minusFour, d4), b = madd(d1, minusFour, d3);
  v128.store(target + to, f32x4.add(a, b));
  v128.store(target + 2 * to, f32x4.sub(a, b));
}

/** filterLine2 to six values: g0/4, −(g0 + g2 ± g1)/6, (g0 + 4g2 ± 2g1)/24, g2. */
@inline
export function filterLine4(p: usize, from: usize, target: usize, to: usize): void {
  const g0 = v128.load(p), g1 = v128.load(p + from), g2 = v128.load(p + 2 * from);
  const sixth = f32x4.splat(-1.0 / 6.0), part = f32x4.splat(1.0 / 24.0);
  const near = f32x4.add(g0, g2);
  const far = f32x4.add(g0, f32x4.mul(g2, f32x4.splat(4))), twice = f32x4.add(g1, g1);
  v128.store(target, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(target + to, f32x4.mul(f32x4.add(near, g1), sixth));
  v128.store(target + 2 * to, f32x4.mul(f32x4.sub(near, g1), sixth));
  v128.store(target + 3 * to, f32x4.mul(f32x4.add(far, twice), part));
  v128.store(target + 4 * to, f32x4.mul(f32x4.sub(far, twice), part));
  v128.store(target + 5 * to, g2);
}

/** outputTile2 for 4×4 outputs. scratch: 384 bytes. */
export function outputTile4(
  m: usize, position: usize, channels: i32, bias: usize, relu: bool, out: usize, row: usize, column: usize, scratch: usize,
): void {
  const down: usize = 6 * position;
  const zero = f32x4.splat(0);
  for (; channels > 0; channels -= 4) {
    let p = m;
    for (let end = scratch + 96; scratch != end; scratch += 16) {
      outputLine(p, down, f32x4.splat(0), scratch, 96);
      p += position;
    }
    scratch -= 96;
    const b = v128.load(bias);
    let q = out;
    for (let end = scratch + 384; scratch != end; scratch += 96) {
      outputLine(scratch, 16, b, q, column);
      if (relu) {
        v128.store(q, f32x4.pmax(v128.load(q), zero));
        v128.store(q + column, f32x4.pmax(v128.load(q + column), zero));
        v128.store(q + 2 * column, f32x4.pmax(v128.load(q + 2 * column), zero));
        v128.store(q + 3 * column, f32x4.pmax(v128.load(q + 3 * column), zero));
      }
      q += row;
    }
    scratch -= 384;
    m += 16; bias += 16; out += 16;
  }
}

/** m0 + s1 + s3, d1 + 2d3, s1 + 4s3, d1 + 8d3 + m5, where s and d are the sums and differences of (m1, m2) and (m3, m4); each plus b. */
@inline
function outputLine(p: usize, from: usize, b: v128, target: usize, to: usize): void {
  const m1 = v128.load(p + from), m2 = v128.load(p + 2 * from), m3 = v128.load(p + 3 * from), m4 = v128.load(p + 4 * from);
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2), s3 = f32x4.add(m3, m4), d3 = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(f32x4.add(f32x4.add(v128.load(p), s1), s3), b));
  v128.store(target + to, f32x4.add(madd(d3, v128.load(FACTORS, TWO), d1), b));
  v128.store(target + 2 * to, f32x4.add(madd(s3, v128.load(FACTORS, FOUR), s1), b));
  v128.store(target + 3 * to, f32x4.add(f32x4.add(madd(d3, v128.load(FACTORS, EIGHT), d1), v128.load(p + 5 * from)), b));
}

/** gradLine2 for four of dy to six values. */
@inline
export function gradLine4(d0: v128, d1: v128, d2: v128, d3: v128, target: usize, to: usize): void {
  const even = f32x4.add(d0, d2), odd = f32x4.add(d1, d3);
  const farEven = madd(d2, v128.load(FACTORS, FOUR), d0);
  const farOdd = madd(d3, v128.load(FACTORS, EIGHT), f32x4.add(d1, d1));
  v128.store(target, d0);
  v128.store(target + to, f32x4.add(even, odd));
  v128.store(target + 2 * to, f32x4.sub(even, odd));
  v128.store(target + 3 * to, f32x4.add(farEven, farOdd));
  v128.store(target + 4 * to, f32x4.sub(farEven, farOdd));
  v128.store(target + 5 * to, d3);
}

/** tapLine2 for six sums. */
@inline
export function tapLine4(p: usize, from: usize, target: usize, to: usize): void {
  const s1 = v128.load(p + from), s2 = v128.load(p + 2 * from), s3 = v128.load(p + 3 * from), s4 = v128.load(p + 4 * from);
  const near = f32x4.mul(f32x4.add(s1, s2), f32x4.splat(-1.0 / 6.0)), far = f32x4.add(s3, s4);
  const first = f32x4.add(f32x4.add(f32x4.mul(v128.load(p), f32x4.splat(0.25)), near), f32x4.mul(far, f32x4.splat(1.0 / 24.0)));
  const middle = f32x4.add(f32x4.mul(f32x4.sub(s2, s1), f32x4.splat(1.0 / 6.0)), f32x4.mul(f32x4.sub(s3, s4), f32x4.splat(1.0 / 12.0)));
  const last = f32x4.add(f32x4.add(near, f32x4.mul(far, f32x4.splat(1.0 / 6.0))), v128.load(p + 5 * from));
  v128.store(target, first);
  v128.store(target + to, middle);
  v128.store(target + 2 * to, last);
}
