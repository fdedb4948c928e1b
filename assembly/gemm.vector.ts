// Row vector times matrix, without packing: one row reads B once, so packing it would double the work.
// An element sums its steps in ascending order, block by block, as the tiles do: the same bits either way. Strides are in bytes.
import { loadLanes, storeLanes } from "./gemm.block";
import { madd } from "./gemm.micro";

/** out[n] = act(x[steps] · b[steps, n] (+ out) (+ bias)) with contiguous columns of b. Reads up to 12 bytes past the end of b. */
export function multiplyVector(
  x: usize, xStep: usize, b: usize, row: usize, steps: i32, n: i32,
  out: usize, accumulate: bool, bias: usize, relu: bool,
): void {
  let j = 0;
  for (; j <= n - 16; j += 16) {
    let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
    let p = b, q = x;
    for (let k = 0; k < steps; k++) {
      const a = v128.load32_splat(q);
      c0 = madd(a, v128.load(p), c0);
      c1 = madd(a, v128.load(p, 16), c1);
      c2 = madd(a, v128.load(p, 32), c2);
      c3 = madd(a, v128.load(p, 48), c3);
      p += row;
      q += xStep;
    }
    finishVector(out, c0, 4, accumulate, bias, false, relu);
    finishVector(out + 16, c1, 4, accumulate, bias ? bias + 16 : 0, false, relu);
    finishVector(out + 32, c2, 4, accumulate, bias ? bias + 32 : 0, false, relu);
    finishVector(out + 48, c3, 4, accumulate, bias ? bias + 48 : 0, false, relu);
    b += 64;
    out += 64;
    if (bias) bias += 64;
  }
  for (; j < n; j += 4) {
    let c = f32x4.splat(0);
    let p = b, q = x;
    for (let k = 0; k < steps; k++) {
      c = madd(v128.load32_splat(q), v128.load(p), c);
      p += row;
      q += xStep;
    }
    finishVector(out, c, min(4, n - j), accumulate, bias, false, relu);
    b += 16;
    out += 16;
    if (bias) bias += 16;
  }
}

/**
 * The same for columns of b that are not contiguous; fast when its rows' step is 4 bytes (a transposed matrix).
 * biasStep: bytes, 4, or 0 when one bias serves all columns.
 */
export function multiplyVectorByColumns(
  x: usize, xStep: usize, b: usize, row: usize, column: usize, steps: i32, n: i32,
  out: usize, accumulate: bool, bias: usize, biasStep: usize, relu: bool,
): void {
  for (let j = 0; j < n; j += 8) {
    // Two groups of four columns, so that their chains of additions overlap. Columns that do not exist repeat the first.
    const count = n - j;
    let p0 = b;
    let p1 = count > 1 ? b + column : b;
    let p2 = count > 2 ? b + 2 * column : b;
    let p3 = count > 3 ? b + 3 * column : b;
    let p4 = count > 4 ? b + 4 * column : b;
    let p5 = count > 5 ? b + 5 * column : b;
    let p6 = count > 6 ? b + 6 * column : b;
    let p7 = count > 7 ? b + 7 * column : b;
    let q = x;
    let c0123 = f32x4.splat(0), c4567 = f32x4.splat(0);
    let k = 0;
    if (row == 4) {
      for (; k <= steps - 4; k += 4) {
        let r0 = v128.load(p0), r1 = v128.load(p1), r2 = v128.load(p2), r3 = v128.load(p3);
        let low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        let low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const x0 = v128.load32_splat(q), x1 = v128.load32_splat(q + xStep), x2 = v128.load32_splat(q + 2 * xStep), x3 = v128.load32_splat(q + 3 * xStep);
        c0123 = madd(x0, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), c0123);
        c0123 = madd(x1, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), c0123);
        c0123 = madd(x2, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), c0123);
        c0123 = madd(x3, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), c0123);
        r0 = v128.load(p4); r1 = v128.load(p5); r2 = v128.load(p6); r3 = v128.load(p7);
        low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5); high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5); high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        c4567 = madd(x0, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), c4567);
        c4567 = madd(x1, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), c4567);
        c4567 = madd(x2, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), c4567);
        c4567 = madd(x3, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), c4567);
        p0 += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16; p5 += 16; p6 += 16; p7 += 16;
        q += 4 * xStep;
      }
    }
    for (; k < steps; k++) {
      const a = v128.load32_splat(q);
      c0123 = madd(a, f32x4(load<f32>(p0), load<f32>(p1), load<f32>(p2), load<f32>(p3)), c0123);
      c4567 = madd(a, f32x4(load<f32>(p4), load<f32>(p5), load<f32>(p6), load<f32>(p7)), c4567);
      p0 += row; p1 += row; p2 += row; p3 += row; p4 += row; p5 += row; p6 += row; p7 += row;
      q += xStep;
    }
    const splat = bias != 0 && biasStep == 0;
    finishVector(out, c0123, min(4, count), accumulate, bias, splat, relu);
    if (count > 4) finishVector(out + 16, c4567, min(4, count - 4), accumulate, bias ? bias + 4 * biasStep : 0, splat, relu);
    b += 8 * column;
    out += 32;
    if (bias) bias += 8 * biasStep;
  }
}

/** out[0 … lanes) = act(x (+ out) (+ bias)); splat: one bias for all lanes. */
@inline
function finishVector(out: usize, x: v128, lanes: i32, accumulate: bool, bias: usize, splat: bool, relu: bool): void {
  if (accumulate) x = f32x4.add(loadLanes(out, lanes), x);
  if (bias) x = f32x4.add(x, splat ? v128.load32_splat(bias) : v128.load(bias));
  if (relu) x = f32x4.pmax(x, f32x4.splat(0));
  storeLanes(out, x, lanes);
}
