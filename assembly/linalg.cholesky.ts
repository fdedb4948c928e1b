// Triangular matrices: the Cholesky factor, and systems whose matrix is one.
import { dot, fillNaN, narrow, subtract, wide, widen } from "./linalg";
import { NOT_POSITIVE_DEFINITE, report, SINGULAR } from "./status";

/** out[i] ← the lower triangular L with L·Lᵀ = (a[i] + a[i]ᵀ)/2. Words: docs/kernels.md. */
export function f32_cholesky(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  const workspace = <usize>load<u32>(words, 8);
  const batch = load<i32>(words, 12);
  const n = load<i32>(words, 16);
  const status = <usize>load<u32>(words, 20);
  for (let i = 0; i < batch; i++, out += <usize>(n * n) << 2, a += <usize>(n * n) << 2) {
    widen(workspace, a, n * n);
    if (factor(workspace, n)) narrow(out, workspace, n * n);
    else {
      fillNaN(out, n * n);
      report(status, NOT_POSITIVE_DEFINITE, load<i32>(words, 24), i);
    }
  }
}

/** Row by row in place; false where a square root would be of nothing or less. */
function factor(a: usize, n: i32): bool {
  for (let i = 0; i < n; i++) {
    const row = a + wide(i * n);
    for (let j = 0; j <= i; j++) {
      const other = a + wide(j * n);
      // Row j is done, and 0 right of its diagonal: the upper element to take the mean with is still in its place only for rows below i.
      const mean = j == i ? load<f64>(row + wide(j)) : 0.5 * (load<f64>(row + wide(j)) + load<f64>(other + wide(i)));
      const rest = mean - dot(row, other, j);
      if (j < i) store<f64>(row + wide(j), rest / load<f64>(other + wide(j)));
      else if (rest <= 0) return false;
      else store<f64>(row + wide(i), sqrt(rest));
    }
  }
  for (let i = 0; i < n; i++) memory.fill(a + wide(i * n + i + 1), 0, wide(n - 1 - i));
  return true;
}

/** out[i] ← the X with t·X = b[i], t being the lower or upper triangle of a[i], transposed or not, its diagonal taken as 1 or not. */
export function f32_triangular_solve(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  let b = <usize>load<u32>(words, 8);
  const workspace = <usize>load<u32>(words, 12);
  const batch = load<i32>(words, 16);
  const n = load<i32>(words, 20);
  const columns = load<i32>(words, 24);
  const lower = load<i32>(words, 28) != 0;
  const transposed = load<i32>(words, 32) != 0;
  const unit = load<i32>(words, 36) != 0;
  const status = <usize>load<u32>(words, 40);
  // Element [i, j] of the triangle that is solved lies at i · rowStride + j · columnStride.
  const rowStride = transposed ? 1 : n, columnStride = transposed ? n : 1;
  const forward = lower != transposed;
  for (let i = 0; i < batch; i++) {
    widen(workspace, b, n * columns);
    if (backSolve(workspace, a, n, columns, <usize>rowStride << 2, <usize>columnStride << 2, forward, unit)) narrow(out, workspace, n * columns);
    else {
      fillNaN(out, n * columns);
      report(status, SINGULAR, load<i32>(words, 44), i);
    }
    out += <usize>(n * columns) << 2;
    a += <usize>(n * n) << 2;
    b += <usize>(n * columns) << 2;
  }
}

function backSolve(x: usize, a: usize, n: i32, columns: i32, rowStride: usize, columnStride: usize, forward: bool, unit: bool): bool {
  for (let k = 0; k < n; k++) {
    const i = forward ? k : n - 1 - k;
    const row = x + wide(i * columns);
    const line = a + <usize>i * rowStride;
    for (let m = 0; m < k; m++) {
      const j = forward ? m : n - 1 - m;
      subtract(row, x + wide(j * columns), <f64>load<f32>(line + <usize>j * columnStride), columns);
    }
    if (unit) continue;
    const pivot = <f64>load<f32>(line + <usize>i * columnStride);
    if (pivot == 0) return false;
    for (let j = 0; j < columns; j++) store<f64>(row + wide(j), load<f64>(row + wide(j)) / pivot);
  }
  return true;
}
