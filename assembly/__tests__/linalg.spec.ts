// The decompositions by what they promise: factors whose product is the matrix, orthonormal bases, results that solve. Everything is computed in float64
// and rounded once, so residuals are a few units of float32 (6e-8) of sums of n products.
import { f32_cholesky, f32_triangular_solve } from "../linalg.cholesky";
import { f32_eigh } from "../linalg.eigh";
import { f32_cofactor, f32_det, f32_solve } from "../linalg.lu";
import { f32_qr } from "../linalg.qr";
import { f32_svd } from "../linalg.svd";
import { NOT_POSITIVE_DEFINITE, SINGULAR } from "../status";
import { at, floats, guarded, intact, WORDS, words } from "./data";

const SIZES: StaticArray<i32> = [1, 2, 3, 4, 7, 16, 33];
const M: StaticArray<i32> = [1, 3, 5, 9, 4, 1, 12];
const N: StaticArray<i32> = [1, 3, 2, 4, 9, 6, 12];

function element(a: StaticArray<f32>, first: i32, row: i32, column: i32, columns: i32): f64 {
  return <f64>a[first + row * columns + column];
}

/** The largest |a·b − c| of a [m, k], b [k, n], c [m, n]; c is the identity when null. */
function residual(a: StaticArray<f32>, b: StaticArray<f32>, c: StaticArray<f32> | null, m: i32, k: i32, n: i32, first: i32 = 0): f64 {
  let worst: f64 = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f64 = 0;
      for (let l = 0; l < k; l++) sum += element(a, first, i, l, k) * element(b, first, l, j, n);
      const want = c ? element(c, first, i, j, n) : i == j ? <f64>1 : 0;
      worst = max(worst, abs(sum - want));
    }
  }
  return worst;
}

function transposed(a: StaticArray<f32>, m: i32, n: i32): StaticArray<f32> {
  const t = new StaticArray<f32>(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) t[j * m + i] = a[i * n + j];
  return t;
}

function small(value: f64, bound: f64, what: string): void {
  if (!(value <= bound)) expect(`${what}: ${value}`).toBe(`at most ${bound}`);
}

/** Random with n more on the diagonal: no small pivots. */
function firm(n: i32): StaticArray<f32> {
  const a = floats(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] += <f32>n;
  return a;
}

describe("f32_solve, f32_det, f32_cofactor", () => {
  it("invert, and multiply to the determinant", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s];
      const a = firm(n), out = guarded(n * n), status = new StaticArray<i32>(4), workspace = new StaticArray<f64>(n * (2 * n + 2));
      words(at(out), at(a), 0, at(workspace), 1, n, n, at(status));
      WORDS[8] = 5;
      f32_solve(at(WORDS));
      small(residual(a, out, null, n, n, n), 3e-7 * <f64>n, `inverse of ${n}`);
      expect(intact(out, n * n)).toBe(true);
      expect(status[0]).toBe(0);
      const right = floats(2 * n), x = guarded(2 * n);
      words(at(x), at(a), at(right), at(workspace), 1, n, 2, at(status));
      f32_solve(at(WORDS));
      small(residual(a, x, right, n, n, 2), 3e-7 * <f64>n, `solution of ${n}`);

      // The cofactors are |a| · a⁻ᵀ.
      if (n > 16) continue;
      const det = guarded(1), sign = guarded(1), log = guarded(1), cofactors = guarded(n * n);
      words(at(det), 0, 0, at(a), at(workspace), 1, n);
      f32_det(at(WORDS));
      words(0, at(sign), at(log), at(a), at(workspace), 1, n);
      f32_det(at(WORDS));
      small(abs(<f64>sign[0] * Math.exp(<f64>log[0]) / <f64>det[0] - 1), 1e-5, `sign and logarithm of ${n}`);
      words(at(cofactors), at(a), at(workspace), 1, n);
      f32_cofactor(at(WORDS));
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) small(abs(<f64>cofactors[i * n + j] / <f64>det[0] - <f64>out[j * n + i]), 1e-6, `cofactor ${i}, ${j} of ${n}`);
      expect(intact(det, 1) && intact(sign, 1) && intact(log, 1) && intact(cofactors, n * n)).toBe(true);
    }
  });

  it("tell the matrix that is singular, and its cofactors", () => {
    const a: StaticArray<f32> = [1, 0, 0, 1, 1, 2, 2, 4], out = guarded(8), status = new StaticArray<i32>(4), workspace = new StaticArray<f64>(32);
    words(at(out), at(a), 0, at(workspace), 2, 2, 2, at(status));
    WORDS[8] = 3;
    f32_solve(at(WORDS));
    expect(status[0]).toBe(SINGULAR);
    expect(status[1]).toBe(3);
    expect(status[2]).toBe(1);
    expect(out[0] == 1 && out[4] != out[4]).toBe(true, "the first is right, the second NaN");
    words(at(out), at(a), at(workspace), 2, 2);
    f32_cofactor(at(WORDS));
    expect(out[4] == 4 && out[5] == -2 && out[6] == -2 && out[7] == 1).toBe(true, `${out[4]} ${out[5]} ${out[6]} ${out[7]}`);
  });
});

describe("f32_cholesky and f32_triangular_solve", () => {
  it("factor, and solve with all kinds of triangles", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s];
      const b = firm(n), a = new StaticArray<f32>(n * n), l = guarded(n * n), status = new StaticArray<i32>(4), workspace = new StaticArray<f64>(n * n + 3 * n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
      words(at(l), at(a), at(workspace), 1, n, at(status), 0);
      f32_cholesky(at(WORDS));
      small(residual(l, transposed(l, n, n), a, n, n, n), 6e-7 * <f64>n * <f64>n, `root of ${n}`);
      expect(intact(l, n * n) && status[0] == 0).toBe(true);
      for (let kind = 0; kind < 8; kind++) {
        const lower = kind & 1, turned = (kind >> 1) & 1, unit = kind >> 2;
        const right = floats(3 * n), x = guarded(3 * n), t = new StaticArray<f32>(n * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i == j || (lower != 0) == (j < i)) t[i * n + j] = i == j && unit != 0 ? 1 : b[i * n + j] / <f32>n;
        const scaled = new StaticArray<f32>(n * n);
        for (let i = 0; i < n * n; i++) scaled[i] = b[i] / <f32>n;
        words(at(x), at(scaled), at(right), at(workspace), 1, n, 3, lower);
        WORDS[8] = turned;
        WORDS[9] = unit;
        WORDS[10] = <u32>at(status);
        f32_triangular_solve(at(WORDS));
        small(residual(turned != 0 ? transposed(t, n, n) : t, x, right, n, n, 3), 1e-6, `kind ${kind} of ${n}`);
        expect(intact(x, 3 * n)).toBe(true);
      }
    }
  });

  it("tell what is not positive definite", () => {
    const a: StaticArray<f32> = [1, 2, 2, 1], out = guarded(4), status = new StaticArray<i32>(4), workspace = new StaticArray<f64>(4);
    words(at(out), at(a), at(workspace), 1, 2, at(status), 9);
    f32_cholesky(at(WORDS));
    expect(status[0]).toBe(NOT_POSITIVE_DEFINITE);
    expect(status[1]).toBe(9);
    expect(out[3] != out[3]).toBe(true);
  });
});

describe("f32_qr, f32_svd, f32_eigh", () => {
  it("reflect to a triangle", () => {
    for (let s = 0; s < M.length; s++) {
      const m = M[s], n = N[s];
      for (let complete = 0; complete < 2; complete++) {
        const k = complete != 0 ? m : min(m, n);
        const a = floats(m * n), q = guarded(m * k), r = guarded(k * n), workspace = new StaticArray<f64>(m * n + m * k + min(m, n));
        words(at(q), at(r), at(a), at(workspace), 1, m, n, k);
        f32_qr(at(WORDS));
        small(residual(q, r, a, m, k, n), 1e-6, `q·r of ${m}, ${n}`);
        small(residual(transposed(q, m, k), q, null, k, m, k), 5e-7, `basis of ${m}, ${n}`);
        expect(intact(q, m * k) && intact(r, k * n)).toBe(true);
      }
    }
  });

  it("turn to orthogonal vectors, whole bases or not", () => {
    for (let s = 0; s < M.length; s++) {
      const m = M[s], n = N[s], short = min(m, n), long = max(m, n);
      for (let whole = 0; whole < 2; whole++) {
        const uColumns = whole != 0 ? m : short, vRows = whole != 0 ? n : short;
        const a = floats(m * n), u = guarded(m * uColumns), values = guarded(short), vt = guarded(vRows * n);
        const workspace = new StaticArray<f64>(long * (whole != 0 ? long : short) + short * short + short + 3);
        words(at(u), at(values), at(vt), at(a), at(workspace), 1, m, n);
        WORDS[8] = uColumns;
        WORDS[9] = vRows;
        f32_svd(at(WORDS));
        const scaled = new StaticArray<f32>(m * short), first = new StaticArray<f32>(short * n);
        for (let i = 0; i < m; i++) for (let j = 0; j < short; j++) scaled[i * short + j] = u[i * uColumns + j] * values[j];
        for (let i = 0; i < short * n; i++) first[i] = vt[i];
        small(residual(scaled, first, a, m, short, n), 1e-6, `u·s·vt of ${m}, ${n}`);
        small(residual(transposed(u, m, uColumns), u, null, uColumns, m, uColumns), 5e-7, `u of ${m}, ${n}`);
        small(residual(vt, transposed(vt, vRows, n), null, vRows, n, vRows), 5e-7, `vt of ${m}, ${n}`);
        for (let j = 1; j < short; j++) expect(values[j] <= values[j - 1]).toBe(true);
        expect(intact(u, m * uColumns) && intact(values, short) && intact(vt, vRows * n)).toBe(true);
      }
    }
  });

  it("find eigenvalues of the symmetric part", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s];
      const a = floats(n * n), w = guarded(n), v = guarded(n * n), workspace = new StaticArray<f64>(n * (2 * n + 3));
      words(at(w), at(v), at(a), at(workspace), 1, n);
      f32_eigh(at(WORDS));
      const mean = new StaticArray<f32>(n * n), scaled = new StaticArray<f32>(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          mean[i * n + j] = 0.5 * (a[i * n + j] + a[j * n + i]);
          scaled[i * n + j] = v[i * n + j] * w[j];
        }
      }
      small(residual(scaled, transposed(v, n, n), mean, n, n, n), 2e-6, `v·w·vᵀ of ${n}`);
      small(residual(transposed(v, n, n), v, null, n, n, n), 5e-7, `v of ${n}`);
      for (let j = 1; j < n; j++) expect(w[j] >= w[j - 1]).toBe(true);
      expect(intact(w, n) && intact(v, n * n)).toBe(true);
    }
  });

  it("stay NaN", () => {
    const a: StaticArray<f32> = [1, NaN, 2, 3], u = guarded(4), values = guarded(2), vt = guarded(4), workspace = new StaticArray<f64>(24);
    words(at(u), at(values), at(vt), at(a), at(workspace), 1, 2, 2);
    WORDS[8] = 2;
    WORDS[9] = 2;
    f32_svd(at(WORDS));
    expect(values[0] != values[0] && u[3] != u[3] && vt[0] != vt[0]).toBe(true);
    words(at(values), at(u), at(a), at(workspace), 1, 2);
    f32_eigh(at(WORDS));
    expect(values[1] != values[1] && u[0] != u[0]).toBe(true);
    expect(intact(u, 4) && intact(values, 2) && intact(vt, 4)).toBe(true);
  });
});
