// Singular values by one-sided Jacobi rotations (Hestenes 1958): pairs of columns are turned until all are orthogonal; their lengths are the
// singular values. Slower than bidiagonalisation, but right to the last places for small values too.
import { dot, dots, fillNaN, isFinite32, narrow, narrowTransposed, rotate, scale, subtract, swapRows, wide, widen, widenTransposed } from "./linalg";

/** Columns count as orthogonal when the cosine between them is at most this: a few roundings. */
const ORTHOGONAL: f64 = 1e-15;
const MOST_SWEEPS: i32 = 60;

/**
 * a[i] = u·diag(s)·vt, s falling. a [m, n], u [m, uColumns], s [min(m, n)], vt [vRows, n]; uColumns and vRows are min(m, n), or m and n for whole bases.
 * NaN throughout where a is not finite. Words: docs/kernels.md.
 */
export function f32_svd(words: usize): void {
  let u = <usize>load<u32>(words);
  let s = <usize>load<u32>(words, 4);
  let vt = <usize>load<u32>(words, 8);
  let a = <usize>load<u32>(words, 12);
  const workspace = <usize>load<u32>(words, 16);
  const batch = load<i32>(words, 20);
  const m = load<i32>(words, 24);
  const n = load<i32>(words, 28);
  const uColumns = load<i32>(words, 32);
  const vRows = load<i32>(words, 36);
  const long = max(m, n), short = min(m, n);
  const basis = m >= n ? uColumns : vRows;
  // The vectors that become orthogonal, with room for the rest of their basis; what turned them; their lengths; three sums.
  const vectors = workspace;
  const turns = vectors + wide(long * basis);
  const lengths = turns + wide(short * short);
  const sums = lengths + wide(short);
  for (let i = 0; i < batch; i++) {
    if (isFinite32(a, m * n)) {
      if (m >= n) widenTransposed(vectors, a, m, n);
      else widen(vectors, a, m * n);
      orthogonalize(vectors, turns, sums, long, short);
      sort(vectors, turns, lengths, long, short);
      normalize(vectors, lengths, long, short, basis);
      narrow(s, lengths, short);
      if (m >= n) {
        narrowTransposed(u, vectors, basis, m, m);
        narrow(vt, turns, n * n);
      } else {
        narrowTransposed(u, turns, m, m, m);
        narrow(vt, vectors, n * basis);
      }
    } else {
      fillNaN(u, m * uColumns);
      fillNaN(s, short);
      fillNaN(vt, vRows * n);
    }
    u += <usize>(m * uColumns) << 2;
    s += <usize>short << 2;
    vt += <usize>(vRows * n) << 2;
    a += <usize>(m * n) << 2;
  }
}

/** Sweeps over all pairs until none needs a turn. */
function orthogonalize(vectors: usize, turns: usize, sums: usize, long: i32, short: i32): void {
  memory.fill(turns, 0, wide(short * short));
  for (let j = 0; j < short; j++) store<f64>(turns + wide(j * short + j), 1);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < short - 1; p++) {
      for (let q = p + 1; q < short; q++) {
        const a = vectors + wide(p * long), b = vectors + wide(q * long);
        dots(a, b, long, sums);
        const aa = load<f64>(sums), bb = load<f64>(sums, 8), ab = load<f64>(sums, 16);
        if (abs(ab) <= ORTHOGONAL * sqrt(aa) * sqrt(bb)) continue;
        const zeta = (bb - aa) / (2 * ab);
        const tangent = (zeta < 0 ? -1.0 : 1.0) / (abs(zeta) + sqrt(1 + zeta * zeta));
        const cosine = 1 / sqrt(1 + tangent * tangent);
        rotate(a, b, cosine, cosine * tangent, long);
        rotate(turns + wide(p * short), turns + wide(q * short), cosine, cosine * tangent, short);
        turned = true;
      }
    }
    if (!turned) return;
  }
}

/** Measures the vectors and puts the longest first. */
function sort(vectors: usize, turns: usize, lengths: usize, long: i32, short: i32): void {
  for (let j = 0; j < short; j++) store<f64>(lengths + wide(j), sqrt(dot(vectors + wide(j * long), vectors + wide(j * long), long)));
  for (let j = 0; j < short; j++) {
    let best = j;
    for (let k = j + 1; k < short; k++) if (load<f64>(lengths + wide(k)) > load<f64>(lengths + wide(best))) best = k;
    swapRows(lengths + wide(j), lengths + wide(best), 1);
    swapRows(vectors + wide(j * long), vectors + wide(best * long), long);
    swapRows(turns + wide(j * short), turns + wide(best * short), short);
  }
}

/** Brings the vectors to length 1; those of length 0, and the rest of the basis, become any that are orthogonal. */
function normalize(vectors: usize, lengths: usize, long: i32, short: i32, basis: i32): void {
  let done = 0;
  for (; done < short && load<f64>(lengths + wide(done)) > 0; done++) scale(vectors + wide(done * long), 1 / load<f64>(lengths + wide(done)), long);
  for (; done < basis; done++) completeBasis(vectors, done, long);
}

/** A vector orthogonal to the `done` before it: the axis that lies least in them, without what does. */
function completeBasis(vectors: usize, done: i32, long: i32): void {
  let best = 0;
  let least: f64 = 2;
  for (let i = 0; i < long; i++) {
    let inside: f64 = 0;
    for (let j = 0; j < done; j++) {
      const x = load<f64>(vectors + wide(j * long + i));
      inside += x * x;
    }
    if (inside < least) {
      least = inside;
      best = i;
    }
  }
  const vector = vectors + wide(done * long);
  memory.fill(vector, 0, wide(long));
  store<f64>(vector + wide(best), 1);
  // Twice: the second time takes away what rounding left.
  for (let pass = 0; pass < 2; pass++) {
    for (let j = 0; j < done; j++) {
      const other = vectors + wide(j * long);
      subtract(vector, other, dot(vector, other, long), long);
    }
  }
  scale(vector, 1 / sqrt(dot(vector, vector, long)), long);
}
