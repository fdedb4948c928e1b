// Householder reflections: a = Q·R with orthonormal columns of Q.
import { dot, narrowTransposed, scale, subtract, wide, widenTransposed } from "./linalg";

/**
 * q[i], r[i] with q·r = a[i]. a [m, n], q [m, k], r [k, n], where k is min(m, n), or m for all columns of Q. The diagonal of r has the sign
 * against that of what it was made from, as LAPACK's. Words: docs/kernels.md.
 */
export function f32_qr(words: usize): void {
  let q = <usize>load<u32>(words);
  let r = <usize>load<u32>(words, 4);
  let a = <usize>load<u32>(words, 8);
  const workspace = <usize>load<u32>(words, 12);
  const batch = load<i32>(words, 16);
  const m = load<i32>(words, 20);
  const n = load<i32>(words, 24);
  const k = load<i32>(words, 28);
  const steps = min(m, n);
  // Columns lie in rows: those of a, of Q, and what each reflection multiplies with.
  const columns = workspace;
  const basis = columns + wide(m * n);
  const factors = basis + wide(m * k);
  for (let i = 0; i < batch; i++) {
    widenTransposed(columns, a, m, n);
    for (let s = 0; s < steps; s++) reflect(columns, factors, m, n, s);
    unfold(basis, columns, factors, m, k, steps);
    narrowTransposed(q, basis, k, m, m);
    for (let row = 0; row < k; row++) {
      for (let column = 0; column < n; column++, r += 4) store<f32>(r, row <= column ? <f32>load<f64>(columns + wide(column * m + row)) : 0);
    }
    q += <usize>(m * k) << 2;
    a += <usize>(m * n) << 2;
  }
}

/** Makes column s zero below its diagonal and reflects the columns behind it. The reflection's vector stays below: 1 on the diagonal is implied. */
function reflect(columns: usize, factors: usize, m: i32, n: i32, s: i32): void {
  const column = columns + wide(s * m + s);
  const count = m - s;
  const head = load<f64>(column);
  const tail = dot(column + 8, column + 8, count - 1);
  if (tail == 0) {
    store<f64>(factors + wide(s), 0);
    return;
  }
  const size = sqrt(head * head + tail);
  const diagonal = head > 0 ? -size : size;
  const factor = (diagonal - head) / diagonal;
  store<f64>(factors + wide(s), factor);
  scale(column + 8, 1 / (head - diagonal), count - 1);
  store<f64>(column, 1);
  for (let j = s + 1; j < n; j++) {
    const other = columns + wide(j * m + s);
    subtract(other, column, factor * dot(column, other, count), count);
  }
  store<f64>(column, diagonal);
}

/** The product of all reflections with the first k columns of the identity. */
function unfold(basis: usize, columns: usize, factors: usize, m: i32, k: i32, steps: i32): void {
  memory.fill(basis, 0, wide(m * k));
  for (let j = 0; j < k; j++) store<f64>(basis + wide(j * m + j), 1);
  for (let s = steps - 1; s >= 0; s--) {
    const factor = load<f64>(factors + wide(s));
    if (factor == 0) continue;
    const vector = columns + wide(s * m + s);
    const diagonal = load<f64>(vector);
    store<f64>(vector, 1);
    for (let j = s; j < k; j++) {
      const column = basis + wide(j * m + s);
      subtract(column, vector, factor * dot(vector, column, m - s), m - s);
    }
    store<f64>(vector, diagonal);
  }
}
