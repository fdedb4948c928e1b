// Eigenvalues of symmetric matrices: Householder reflections to tridiagonal form, then implicit QL with Wilkinson's shift.
import { dot, fillNaN, isFinite32, length, narrow, narrowTransposed, rotate, scale, subtract, swapRows, wide, widen } from "./linalg";

const EPSILON: f64 = 2.220446049250313e-16;
/** More steps than any eigenvalue has been seen to need. */
const MOST_STEPS: i32 = 80;

/**
 * The symmetric part of a[i] = v·diag(w)·vᵀ, w rising. a, v [n, n], w [n]; NaN throughout where a is not finite. Words: docs/kernels.md.
 */
export function f32_eigh(words: usize): void {
  let w = <usize>load<u32>(words);
  let v = <usize>load<u32>(words, 4);
  let a = <usize>load<u32>(words, 8);
  const workspace = <usize>load<u32>(words, 12);
  const batch = load<i32>(words, 16);
  const n = load<i32>(words, 20);
  const vectors = workspace + wide(n * n);
  const diagonal = vectors + wide(n * n);
  const beside = diagonal + wide(n);
  const spare = beside + wide(n);
  for (let i = 0; i < batch; i++, w += <usize>n << 2, v += <usize>(n * n) << 2, a += <usize>(n * n) << 2) {
    if (!isFinite32(a, n * n)) {
      fillNaN(w, n);
      fillNaN(v, n * n);
      continue;
    }
    widen(workspace, a, n * n);
    symmetrize(workspace, n);
    tridiagonalize(workspace, vectors, diagonal, beside, spare, n);
    iterate(vectors, diagonal, beside, n);
    sort(vectors, diagonal, n);
    narrow(w, diagonal, n);
    narrowTransposed(v, vectors, n, n, n);
  }
}

function symmetrize(a: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const one = a + wide(i * n + j), other = a + wide(j * n + i);
      const mean = 0.5 * (load<f64>(one) + load<f64>(other));
      store<f64>(one, mean);
      store<f64>(other, mean);
    }
  }
}

/**
 * a = Q·T·Qᵀ: the diagonals of T, and the columns of Q as rows of `vectors`. Reflection k acts behind row k; its vector is kept in row k of a,
 * its factor in `spare`.
 */
function tridiagonalize(a: usize, vectors: usize, diagonal: usize, beside: usize, spare: usize, n: i32): void {
  const product = beside; // free until column k of it is known
  for (let k = 0; k < n - 1; k++) {
    const row = a + wide(k * n + k + 1);
    const count = n - 1 - k;
    const head = load<f64>(row);
    const tail = dot(row + 8, row + 8, count - 1);
    let next = head, factor: f64 = 0;
    if (tail != 0) {
      const size = sqrt(head * head + tail);
      next = head > 0 ? -size : size;
      factor = (next - head) / next;
      scale(row + 8, 1 / (head - next), count - 1);
      store<f64>(row, 1);
      reflectBothSides(a, row, factor, product + wide(k + 1), n, k + 1);
    }
    store<f64>(spare + wide(k), factor);
    store<f64>(beside + wide(k), next);
  }
  for (let k = 0; k < n; k++) store<f64>(diagonal + wide(k), load<f64>(a + wide(k * n + k)));
  store<f64>(beside + wide(n - 1), 0);

  memory.fill(vectors, 0, wide(n * n));
  for (let j = 0; j < n; j++) store<f64>(vectors + wide(j * n + j), 1);
  for (let k = n - 2; k >= 0; k--) {
    const factor = load<f64>(spare + wide(k));
    if (factor == 0) continue;
    const vector = a + wide(k * n + k + 1);
    for (let j = k + 1; j < n; j++) {
      const column = vectors + wide(j * n + k + 1);
      subtract(column, vector, factor * dot(vector, column, n - 1 - k), n - 1 - k);
    }
  }
}

/** H·A·H of the block that starts at `first`, H = 1 − factor·v·vᵀ. */
function reflectBothSides(a: usize, vector: usize, factor: f64, product: usize, n: i32, first: i32): void {
  const count = n - first;
  for (let i = 0; i < count; i++) store<f64>(product + wide(i), factor * dot(a + wide((first + i) * n + first), vector, count));
  subtract(product, vector, 0.5 * factor * dot(product, vector, count), count);
  for (let i = 0; i < count; i++) {
    const row = a + wide((first + i) * n + first);
    subtract(row, product, load<f64>(vector + wide(i)), count);
    subtract(row, vector, load<f64>(product + wide(i)), count);
  }
}

/** Turns T to its eigenvalues, and the vectors along. */
function iterate(vectors: usize, diagonal: usize, beside: usize, n: i32): void {
  for (let first = 0; first < n; first++) {
    for (let step = 0; step < MOST_STEPS; step++) {
      let last = first;
      while (last < n - 1 && !negligible(diagonal, beside, last)) last++;
      if (last == first) break;
      sweep(vectors, diagonal, beside, n, first, last);
    }
  }
}

// @ts-ignore: decorator
@inline
function negligible(diagonal: usize, beside: usize, i: i32): bool {
  return abs(load<f64>(beside + wide(i))) <= EPSILON * (abs(load<f64>(diagonal + wide(i))) + abs(load<f64>(diagonal + wide(i + 1)))) + 1e-300;
}

/** One QL step on rows first … last: a bulge made by the shift is chased upwards. */
function sweep(vectors: usize, diagonal: usize, beside: usize, n: i32, first: i32, last: i32): void {
  const e = load<f64>(beside + wide(first));
  const half = (load<f64>(diagonal + wide(first + 1)) - load<f64>(diagonal + wide(first))) / (2 * e);
  const root = length(half, 1);
  let g = load<f64>(diagonal + wide(last)) - load<f64>(diagonal + wide(first)) + e / (half + (half < 0 ? -root : root));
  let sine: f64 = 1, cosine: f64 = 1, shift: f64 = 0;
  for (let i = last - 1; i >= first; i--) {
    const bulge = sine * load<f64>(beside + wide(i));
    const b = cosine * load<f64>(beside + wide(i));
    const r = length(bulge, g);
    store<f64>(beside + wide(i + 1), r);
    if (r == 0) {
      // The matrix has fallen into two parts by itself.
      store<f64>(diagonal + wide(i + 1), load<f64>(diagonal + wide(i + 1)) - shift);
      store<f64>(beside + wide(last), 0);
      return;
    }
    sine = bulge / r;
    cosine = g / r;
    const d = load<f64>(diagonal + wide(i + 1)) - shift;
    const t = (load<f64>(diagonal + wide(i)) - d) * sine + 2 * cosine * b;
    shift = sine * t;
    store<f64>(diagonal + wide(i + 1), d + shift);
    g = cosine * t - b;
    rotate(vectors + wide(i * n), vectors + wide((i + 1) * n), cosine, sine, n);
  }
  store<f64>(diagonal + wide(first), load<f64>(diagonal + wide(first)) - shift);
  store<f64>(beside + wide(first), g);
  store<f64>(beside + wide(last), 0);
}

/** The smallest first. */
function sort(vectors: usize, diagonal: usize, n: i32): void {
  for (let j = 0; j < n; j++) {
    let best = j;
    for (let k = j + 1; k < n; k++) if (load<f64>(diagonal + wide(k)) < load<f64>(diagonal + wide(best))) best = k;
    swapRows(diagonal + wide(j), diagonal + wide(best), 1);
    swapRows(vectors + wide(j * n), vectors + wide(best * n), n);
  }
}
