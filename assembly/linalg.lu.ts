// Elimination with partial pivoting: linear systems, inverses, determinants. Rows are first scaled by powers of two, which is exact and makes
// pivots comparable.
import { fillNaN, narrow, scale, subtract, swapRows, wide, widen } from "./linalg";
import { report, SINGULAR } from "./status";

const LN_2: f64 = 0.6931471805599453;

/** out[i] ← a[i]⁻¹ · b[i]; the inverse itself where b is 0. Words: docs/kernels.md. */
export function f32_solve(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  let b = <usize>load<u32>(words, 8);
  const workspace = <usize>load<u32>(words, 12);
  const batch = load<i32>(words, 16);
  const n = load<i32>(words, 20);
  const columns = load<i32>(words, 24);
  const status = <usize>load<u32>(words, 28);
  const right = workspace + wide(n * n);
  for (let i = 0; i < batch; i++) {
    widen(workspace, a, n * n);
    if (b != 0) widen(right, b, n * columns);
    else identity(right, n);
    if (eliminate(workspace, right, n, columns)) {
      substitute(workspace, right, n, columns);
      narrow(out, right, n * columns);
    } else {
      fillNaN(out, n * columns);
      report(status, SINGULAR, load<i32>(words, 32), i);
    }
    out += <usize>(n * columns) << 2;
    a += <usize>(n * n) << 2;
    if (b != 0) b += <usize>(n * columns) << 2;
  }
}

/** det[i] ← |a[i]|, or (det 0) sign[i] and log[i] with |a[i]| = sign · e^log. */
export function f32_det(words: usize): void {
  let det = <usize>load<u32>(words);
  let sign = <usize>load<u32>(words, 4);
  let log = <usize>load<u32>(words, 8);
  let a = <usize>load<u32>(words, 12);
  const workspace = <usize>load<u32>(words, 16);
  const batch = load<i32>(words, 20);
  const n = load<i32>(words, 24);
  for (let i = 0; i < batch; i++, a += <usize>(n * n) << 2) {
    widen(workspace, a, n * n);
    // The product of the pivots is mantissa · 2^exponent, so that it neither overflows nor vanishes on the way.
    let mantissa: f64 = 1, exponent = 0;
    for (let k = 0; k < n && mantissa != 0; k++) {
      const pivot = pivotRow(workspace, n, k);
      if (pivot != k) {
        swapRows(workspace + wide(k * n), workspace + wide(pivot * n), n);
        mantissa = -mantissa;
      }
      mantissa *= load<f64>(workspace + wide(k * n + k));
      if (mantissa != 0) {
        const shift = exponentOf(mantissa);
        mantissa = scaled(mantissa, -shift);
        exponent += shift;
        clearBelow(workspace, 0, n, 0, k);
      }
    }
    if (det != 0) {
      store<f32>(det, <f32>scaled(mantissa, exponent));
      det += 4;
    } else {
      store<f32>(sign, mantissa > 0 ? 1 : mantissa < 0 ? -1 : <f32>mantissa);
      store<f32>(log, <f32>(mantissa == 0 ? -Infinity : logOf(abs(mantissa)) + <f64>exponent * LN_2));
      sign += 4;
      log += 4;
    }
  }
}

/** out[i] ← the cofactors of a[i]: with complete pivoting, so that a matrix that lacks one of its n dimensions has its cofactors all the same. */
export function f32_cofactor(words: usize): void {
  let out = <usize>load<u32>(words);
  let a = <usize>load<u32>(words, 4);
  const workspace = <usize>load<u32>(words, 8);
  const batch = load<i32>(words, 12);
  const n = load<i32>(words, 16);
  const right = workspace + wide(n * n);
  const places = right + wide(n * n);
  for (let i = 0; i < batch; i++, a += <usize>(n * n) << 2, out += <usize>(n * n) << 2) {
    widen(workspace, a, n * n);
    identity(right, n);
    const sign = eliminateCompletely(workspace, right, places, n);
    // a = Pᵀ·L·U·Qᵀ, `right` is L⁻¹·P: the adjugate is Q · adj(U) · right, but for the sign.
    adjugateTimes(workspace, right, n, sign);
    for (let row = 0; row < n; row++) {
      const target = load<i32>(places + (<usize>row << 2));
      for (let column = 0; column < n; column++) store<f32>(out + (<usize>(column * n + target) << 2), <f32>load<f64>(right + wide(row * n + column)));
    }
  }
}

function identity(d: usize, n: i32): void {
  memory.fill(d, 0, wide(n * n));
  for (let i = 0; i < n; i++) store<f64>(d + wide(i * n + i), 1);
}

/** Brings a to upper triangular form, and b along. False when a column has no pivot that is more than rounding. */
function eliminate(a: usize, b: usize, n: i32, columns: i32): bool {
  for (let i = 0; i < n; i++) {
    const shift = -exponentOf(largest(a + wide(i * n), n, 1));
    const factor = scaled(1, shift);
    scale(a + wide(i * n), factor, n);
    scale(b + wide(i * columns), factor, columns);
  }
  const noise: f64 = 2.220446049250313e-16 * <f64>n;
  for (let k = 0; k < n; k++) {
    const pivot = pivotRow(a, n, k);
    swapRows(a + wide(k * n), a + wide(pivot * n), n);
    swapRows(b + wide(k * columns), b + wide(pivot * columns), columns);
    // The column above the pivot has been through the same subtractions: what is left of it in the last place is rounding.
    if (abs(load<f64>(a + wide(k * n + k))) <= noise * largest(a + wide(k), k + 1, n)) return false;
    clearBelow(a, b, n, columns, k);
  }
  return true;
}

function substitute(a: usize, b: usize, n: i32, columns: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = b + wide(i * columns);
    for (let j = i + 1; j < n; j++) subtract(row, b + wide(j * columns), load<f64>(a + wide(i * n + j)), columns);
    const pivot = load<f64>(a + wide(i * n + i));
    for (let j = 0; j < columns; j++) store<f64>(row + wide(j), load<f64>(row + wide(j)) / pivot);
  }
}

/** The row at or below k whose element in column k is the largest; a NaN wins. */
function pivotRow(a: usize, n: i32, k: i32): i32 {
  let best = k;
  let size = abs(load<f64>(a + wide(k * n + k)));
  for (let i = k + 1; i < n; i++) {
    const other = abs(load<f64>(a + wide(i * n + k)));
    if (!(other <= size) && size == size) {
      best = i;
      size = other;
    }
  }
  return best;
}

/** Subtracts row k from the rows below, so that their column k becomes 0. */
function clearBelow(a: usize, b: usize, n: i32, columns: i32, k: i32): void {
  const row = a + wide(k * n + k);
  const pivot = load<f64>(row);
  for (let i = k + 1; i < n; i++) {
    const target = a + wide(i * n + k);
    const factor = load<f64>(target) / pivot;
    if (factor == 0) continue;
    subtract(target, row, factor, n - k);
    if (columns > 0) subtract(b + wide(i * columns), b + wide(k * columns), factor, columns);
  }
}

/** As eliminate(), the largest element left being the pivot. places[k]: the column that came to k. Returns the sign of all exchanges. */
function eliminateCompletely(a: usize, b: usize, places: usize, n: i32): f64 {
  let sign: f64 = 1;
  for (let k = 0; k < n; k++) store<i32>(places + (<usize>k << 2), k);
  for (let k = 0; k < n; k++) {
    let row = k, column = k;
    let size: f64 = 0;
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) {
        const other = abs(load<f64>(a + wide(i * n + j)));
        if (other > size) {
          size = other;
          row = i;
          column = j;
        }
      }
    }
    if (size == 0) break;
    if (row != k) {
      swapRows(a + wide(k * n), a + wide(row * n), n);
      swapRows(b + wide(k * n), b + wide(row * n), n);
      sign = -sign;
    }
    if (column != k) {
      for (let i = 0; i < n; i++) swapRows(a + wide(i * n + k), a + wide(i * n + column), 1);
      const first = places + (<usize>k << 2), second = places + (<usize>column << 2);
      const place = load<i32>(first);
      store<i32>(first, load<i32>(second));
      store<i32>(second, place);
      sign = -sign;
    }
    clearBelow(a, b, n, n, k);
  }
  return sign;
}

/**
 * b ← factor · adj(u) · b for upper triangular u. Its last pivot d may be 0: with u = [v w; 0 d], adj(u) · b is |v| · (v⁻¹ · (d · top − w · last)) above
 * |v| · last.
 */
function adjugateTimes(u: usize, b: usize, n: i32, factor: f64): void {
  const last = b + wide((n - 1) * n);
  const d = n > 0 ? load<f64>(u + wide(n * n - 1)) : 0;
  for (let i = 0; i < n - 1; i++) factor *= load<f64>(u + wide(i * n + i));
  if (factor == 0) {
    memory.fill(b, 0, wide(n * n));
    return;
  }
  for (let i = n - 2; i >= 0; i--) {
    const row = b + wide(i * n);
    scale(row, d, n);
    subtract(row, last, load<f64>(u + wide(i * n + n - 1)), n);
    for (let j = i + 1; j < n - 1; j++) subtract(row, b + wide(j * n), load<f64>(u + wide(i * n + j)), n);
    scale(row, 1 / load<f64>(u + wide(i * n + i)), n);
  }
  scale(b, factor, n * n);
}

/** The largest magnitude of n elements `stride` apart. */
function largest(a: usize, n: i32, stride: i32): f64 {
  let size: f64 = 0;
  for (let i = 0; i < n; i++, a += wide(stride)) size = max(size, abs(load<f64>(a)));
  return size;
}

/** e with 2ᵉ ≤ |x| < 2ᵉ⁺¹, for normal x; 0 for 0 and what is not finite. */
// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i32 {
  const biased = <i32>(reinterpret<u64>(x) >> 52) & 0x7ff;
  return biased == 0 || biased == 0x7ff ? 0 : biased - 1023;
}

/** x · 2^e, e of any size. */
function scaled(x: f64, e: i32): f64 {
  while (e > 1000) { x *= 1.0715086071862673e301; e -= 1000; }
  while (e < -1000) { x *= 9.332636185032189e-302; e += 1000; }
  return x * reinterpret<f64>(<u64>(1023 + e) << 52);
}

/** ln m for 1 ≤ m < 2, to 2e-16: 2·artanh((m − 1)/(m + 1)), m brought near 1 first. */
function logOf(m: f64): f64 {
  const high = m > 1.4142135623730951;
  if (high) m *= 0.5;
  const s = (m - 1) / (m + 1), z = s * s;
  let p: f64 = 1.0 / 23;
  for (let k = 21; k > 0; k -= 2) p = p * z + 1 / <f64>k;
  return 2 * s * p + (high ? LN_2 : 0);
}
