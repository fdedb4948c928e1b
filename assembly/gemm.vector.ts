// Row vector times matrix, without packing: one row reads B once, so packing it would double the work.
// An element sums its steps in ascending order, block by block, as the tiles do: the same bits either way. Strides are in bytes.
import { loadLanes, storeLanes } from "./gemm.block";
import { madd } from "./gemm.micro";

/** Columns whose sums stay in the first-level cache while b streams by. */
export const STREAM_COLUMNS = 1024;
/** Fewer are summed in registers. */
const LEAST_COLUMNS = 32;

/**
 * out[n] = act(x[steps] · b[steps, n] (+ out) (+ bias)) with contiguous columns of b. Reads up to 12 bytes past the end of b.
 * workspace: STREAM_COLUMNS floats, or n if there are fewer; 16-byte aligned.
 */
export function multiplyVector(
  x: usize, xStep: usize, b: usize, row: usize, steps: i32, n: i32,
  out: usize, accumulate: bool, bias: usize, relu: bool, workspace: usize,
): void {
  for (let j = 0; j < n; j += STREAM_COLUMNS) {
    const columns = min(STREAM_COLUMNS, n - j);
    const left = <usize>j << 2;
    const streamed = columns >= LEAST_COLUMNS ? columns & ~7 : 0;
    const rest = left + (<usize>streamed << 2);
    if (streamed > 0) {
      streamRows(x, xStep, b + left, row, steps, streamed, workspace);
      for (let at: usize = 0; at < <usize>streamed << 2; at += 16) {
        finishVector(out + left + at, v128.load(workspace + at), 4, accumulate, bias ? bias + left + at : 0, false, relu);
      }
    }
    if (streamed < columns) sumColumns(x, xStep, b + rest, row, steps, columns - streamed, out + rest, accumulate, bias ? bias + rest : 0, relu);
  }
}

/**
 * sums[n] = x[steps] · b[steps, n], n a multiple of eight: six rows of b at a time, read in a row as memory likes it. The exit tests that never hold
 * keep V8 from hoisting all loads, as in gemm.micro.ts: no row of b reaches the sums.
 */
function streamRows(x: usize, xStep: usize, b: usize, row: usize, steps: i32, n: i32, sums: usize): void {
  const end = sums + (<usize>n << 2);
  for (let sum = sums; sum < end; sum += 16) v128.store(sum, f32x4.splat(0));
  let k = 0;
  for (; k <= steps - 6; k += 6) {
    const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x + xStep), x2 = v128.load32_splat(x + 2 * xStep);
    const x3 = v128.load32_splat(x + 3 * xStep), x4 = v128.load32_splat(x + 4 * xStep), x5 = v128.load32_splat(x + 5 * xStep);
    let p0 = b, p1 = p0 + row, p2 = p1 + row, p3 = p2 + row, p4 = p3 + row, p5 = p4 + row;
    for (let sum = sums; sum < end; sum += 32) {
      let c0123 = v128.load(sum), c4567 = v128.load(sum, 16);
      c0123 = madd(x0, v128.load(p0), c0123); c4567 = madd(x0, v128.load(p0, 16), c4567);
      c0123 = madd(x1, v128.load(p1), c0123); c4567 = madd(x1, v128.load(p1, 16), c4567);
      if (p1 == end) break;
      c0123 = madd(x2, v128.load(p2), c0123); c4567 = madd(x2, v128.load(p2, 16), c4567);
      c0123 = madd(x3, v128.load(p3), c0123); c4567 = madd(x3, v128.load(p3, 16), c4567);
      if (p3 == end) break;
      c0123 = madd(x4, v128.load(p4), c0123); c4567 = madd(x4, v128.load(p4, 16), c4567);
      c0123 = madd(x5, v128.load(p5), c0123); c4567 = madd(x5, v128.load(p5, 16), c4567);
      v128.store(sum, c0123);
      v128.store(sum, c4567, 16);
      p0 += 32; p1 += 32; p2 += 32; p3 += 32; p4 += 32; p5 += 32;
    }
    x += 6 * xStep;
    b += 6 * row;
  }
  for (; k <= steps - 2; k += 2) {
    const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x + xStep);
    let p0 = b, p1 = b + row;
    for (let sum = sums; sum < end; sum += 32) {
      let c0123 = v128.load(sum), c4567 = v128.load(sum, 16);
      c0123 = madd(x0, v128.load(p0), c0123); c4567 = madd(x0, v128.load(p0, 16), c4567);
      c0123 = madd(x1, v128.load(p1), c0123); c4567 = madd(x1, v128.load(p1, 16), c4567);
      v128.store(sum, c0123);
      v128.store(sum, c4567, 16);
      p0 += 32; p1 += 32;
    }
    x += 2 * xStep;
    b += 2 * row;
  }
  if (k < steps) {
    const x0 = v128.load32_splat(x);
    for (let sum = sums; sum < end; sum += 16) {
      v128.store(sum, madd(x0, v128.load(b), v128.load(sum)));
      b += 16;
    }
  }
}

/** multiplyVector for few columns: sixteen at a time in registers. */
function sumColumns(
  x: usize, xStep: usize, b: usize, row: usize, steps: i32, n: i32,
  out: usize, accumulate: bool, bias: usize, relu: bool,
): void {
  for (let j = 0; j < n; j += 16) {
    // Vectors that do not exist repeat the first: their sums are never stored.
    const count = n - j;
    let p0 = b;
    let p1 = count > 4 ? b + 16 : b;
    let p2 = count > 8 ? b + 32 : b;
    let p3 = count > 12 ? b + 48 : b;
    let q = x;
    let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
    for (let k = 0; k < steps; k++) {
      const a = v128.load32_splat(q);
      c0 = madd(a, v128.load(p0), c0);
      c1 = madd(a, v128.load(p1), c1);
      c2 = madd(a, v128.load(p2), c2);
      c3 = madd(a, v128.load(p3), c3);
      p0 += row; p1 += row; p2 += row; p3 += row;
      q += xStep;
    }
    finishVector(out, c0, min(4, count), accumulate, bias, false, relu);
    if (count > 4) finishVector(out + 16, c1, min(4, count - 4), accumulate, bias ? bias + 16 : 0, false, relu);
    if (count > 8) finishVector(out + 32, c2, min(4, count - 8), accumulate, bias ? bias + 32 : 0, false, relu);
    if (count > 12) finishVector(out + 48, c3, min(4, count - 12), accumulate, bias ? bias + 48 : 0, false, relu);
    b += 64;
    out += 64;
    if (bias) bias += 64;
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
