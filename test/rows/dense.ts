// Plain matrices: float64 linear algebra by the shortest ways there are, for the references of the rows.
import { count, type Plain } from "./plain.js";

export type Matrix = readonly (readonly number[])[];

/** Applies f to every matrix of batches with the same axes in front, and puts the results together. */
export function batched(xs: readonly Plain[], f: (matrices: readonly Matrix[]) => Plain): Plain {
  const batch = xs[0]!.shape.slice(0, -2);
  const results = Array.from({ length: count(batch) }, (_, i) => f(xs.map((x) => matrixAt(x, i))));
  const inner = results[0]?.shape ?? f(xs.map((x) => matrixAt({ ...x, data: new Array<number>(count(x.shape.slice(-2))).fill(1) }, 0))).shape;
  return { shape: [...batch, ...inner], data: results.flatMap(({ data }) => data) };
}

export function matrixAt({ shape, data }: Plain, i: number): Matrix {
  const [m, n] = shape.slice(-2) as [number, number];
  return Array.from({ length: m }, (_, row) => data.slice((i * m + row) * n, (i * m + row + 1) * n));
}

export function plain(a: Matrix, columns = a[0]?.length ?? 0): Plain {
  return { shape: [a.length, columns], data: a.flat() };
}

export function scalar(x: number): Plain {
  return { shape: [], data: [x] };
}

export function identity(n: number): Matrix {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => Number(i === j)));
}

export function transposed(a: Matrix): Matrix {
  return (a[0] ?? []).map((_, j) => a.map((row) => row[j]!));
}

export function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
}

/** Gauss–Jordan: a⁻¹ · b. */
export function solve(a: Matrix, b: Matrix): Matrix {
  const rows = a.map((row, i) => [...row, ...b[i]!]);
  const n = a.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    const head = rows[k]![k]!;
    rows[k] = rows[k]!.map((x) => x / head);
    for (let i = 0; i < n; i++) if (i !== k) rows[i] = rows[i]!.map((x, j) => x - rows[i]![k]! * rows[k]![j]!);
  }
  return rows.map((row) => row.slice(n));
}

/** Laplace's expansion. */
export function det(a: Matrix): number {
  if (a.length === 0) return 1;
  return a[0]!.reduce((sum, x, j) => sum + (j % 2 === 0 ? x : -x) * det(minor(a, 0, j)), 0);
}

export function minor(a: Matrix, i: number, j: number): Matrix {
  return a.filter((_, k) => k !== i).map((row) => row.filter((_, k) => k !== j));
}

export function cholesky(a: Matrix): Matrix {
  const l = a.map((row) => row.map(() => 0));
  a.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      const rest = (row[j]! + a[j]![i]!) / 2 - l[i]!.slice(0, j).reduce((sum, x, k) => sum + x * l[j]![k]!, 0);
      l[i]![j] = i === j ? Math.sqrt(rest) : rest / l[j]![j]!;
    }
  });
  return l;
}

/** Gram–Schmidt: q·r with a positive diagonal of r; k = min(m, n) columns of q. */
export function qr(a: Matrix): [q: Matrix, r: Matrix] {
  const columns = transposed(a);
  const basis: number[][] = [];
  for (const column of columns.slice(0, a.length)) {
    let rest = [...column];
    for (let pass = 0; pass < 2; pass++) for (const q of basis) rest = rest.map((x, i) => x - dotted(q, rest) * q[i]!);
    const length = Math.sqrt(dotted(rest, rest));
    basis.push(rest.map((x) => x / length));
  }
  return [transposed(basis), basis.map((q, i) => columns.map((column, j) => (j < i ? 0 : dotted(q, column))))];
}

/** Jacobi's two-sided rotations: eigenvalues rising, eigenvectors as columns. */
export function eigh(a: Matrix): [w: number[], v: Matrix] {
  const n = a.length;
  let m: Matrix = a.map((row, i) => row.map((x, j) => (x + a[j]![i]!) / 2));
  let v = identity(n);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(m[p]![q]!) < 1e-300) continue;
        const angle = 0.5 * Math.atan2(2 * m[p]![q]!, m[q]![q]! - m[p]![p]!);
        const turn = identity(n).map((row) => [...row]);
        turn[p]![p] = turn[q]![q] = Math.cos(angle);
        turn[p]![q] = Math.sin(angle);
        turn[q]![p] = -Math.sin(angle);
        m = product(transposed(turn), product(m, turn));
        v = product(v, turn);
      }
    }
  }
  const order = m.map((_, i) => i).sort((i, j) => m[i]![i]! - m[j]![j]!);
  return [order.map((i) => m[i]![i]!), v.map((row) => order.map((i) => row[i]!))];
}

/** By the eigenvectors of aᵀa or aaᵀ, whichever is smaller. */
export function svd(a: Matrix): [u: Matrix, s: number[], vt: Matrix] {
  if (a.length < a[0]!.length) {
    const [v, s, ut] = svd(transposed(a));
    return [transposed(ut), s, transposed(v)];
  }
  const [w, v] = eigh(product(transposed(a), a));
  const s = w.map((x) => Math.sqrt(Math.max(x, 0))).reverse();
  const falling = v.map((row) => [...row].reverse());
  const u = product(a, falling).map((row) => row.map((x, j) => x / s[j]!));
  return [u, s, transposed(falling)];
}

function dotted(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** diag(1, 2, …) between u and vt: told from u and vt by their signs no more. */
export function weighted(u: Matrix, vt: Matrix): Matrix {
  return product(u.map((row) => row.map((x, j) => x * (j + 1))), vt);
}
