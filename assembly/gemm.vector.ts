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
    finishVector(out, c0, 4, accumulate, bias, relu);
    finishVector(out + 16, c1, 4, accumulate, bias ? bias + 16 : 0, relu);
    finishVector(out + 32, c2, 4, accumulate, bias ? bias + 32 : 0, relu);
    finishVector(out + 48, c3, 4, accumulate, bias ? bias + 48 : 0, relu);
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
    finishVector(out, c, min(4, n - j), accumulate, bias, relu);
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
  for (let j = 0; j < n; j += 4) {
    const lanes = min(4, n - j);
    let p0 = b;
    let p1 = lanes > 1 ? p0 + column : p0;
    let p2 = lanes > 2 ? p1 + column : p0;
    let p3 = lanes > 3 ? p2 + column : p0;
    let q = x;
    let c = f32x4.splat(0);
    let k = 0;
    if (row == 4) {
      for (; k <= steps - 4; k += 4) {
        const r0 = v128.load(p0), r1 = v128.load(p1), r2 = v128.load(p2), r3 = v128.load(p3);
        const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        c = madd(v128.load32_splat(q), v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), c); q += xStep;
        c = madd(v128.load32_splat(q), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), c); q += xStep;
        c = madd(v128.load32_splat(q), v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), c); q += xStep;
        c = madd(v128.load32_splat(q), v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), c); q += xStep;
        p0 += 16; p1 += 16; p2 += 16; p3 += 16;
      }
    }
    for (; k < steps; k++) {
      const y = f32x4(load<f32>(p0), load<f32>(p1), load<f32>(p2), load<f32>(p3));
      c = madd(v128.load32_splat(q), y, c);
      q += xStep;
      p0 += row; p1 += row; p2 += row; p3 += row;
    }
    if (accumulate) c = f32x4.add(loadLanes(out, lanes), c);
    if (bias) {
      c = f32x4.add(c, biasStep ? v128.load(bias) : v128.load32_splat(bias));
      bias += 4 * biasStep;
    }
    if (relu) c = f32x4.pmax(c, f32x4.splat(0));
    storeLanes(out, c, lanes);
    b += 4 * column;
    out += 16;
  }
}

@inline
function finishVector(out: usize, x: v128, lanes: i32, accumulate: bool, bias: usize, relu: bool): void {
  if (accumulate) x = f32x4.add(loadLanes(out, lanes), x);
  if (bias) x = f32x4.add(x, v128.load(bias));
  if (relu) x = f32x4.pmax(x, f32x4.splat(0));
  storeLanes(out, x, lanes);
}
