// f32_bn_stats and f32_bn_grad_sums against float64 sums.
import { f32_bn_grad_sums, f32_bn_stats } from "../norm";
import { at, floats, guarded, inRanges, intact, same, words } from "./data";

// Rows straddle the unrolling by 4 and the block of 64, columns the vector of 4 and the group of 16.
const ROWS: StaticArray<i32> = [1, 3, 4, 5, 63, 64, 65, 194];
const COLUMNS: StaticArray<i32> = [1, 3, 4, 5, 15, 16, 17, 22, 33, 50];

/** Relative error of a sum of positives in blocks: 2 · √rows roundings of 2⁻²⁴ are the bound; blocks have at least 64 rows. */
function bound(rows: i32): f64 {
  return (2 * Math.sqrt(<f64>rows) + 64) * 5.96e-8;
}

/** What differs from float64 for x around `centre`, or "". */
function statsDiffer(rows: i32, cols: i32, centre: f32): string {
  const x = floats(rows * cols), out = guarded(2 * cols);
  for (let i = 0; i < rows * cols; i++) x[i] += centre;
  words(at(out), at(x), rows, cols);
  inRanges(f32_bn_stats, (cols + 15) / 16);
  for (let j = 0; j < cols; j++) {
    let sum: f64 = 0, squares: f64 = 0;
    for (let i = 0; i < rows; i++) sum += <f64>x[i * cols + j];
    const mean = sum / rows;
    for (let i = 0; i < rows; i++) squares += (<f64>x[i * cols + j] - mean) ** 2;
    const variance = squares / rows;
    const scale = abs(<f64>centre) + 0.5, off = bound(rows) * scale;
    if (!(abs(<f64>out[j] - mean) <= off)) return `mean of column ${j} of ${rows} x ${cols}: expected ${mean}, got ${out[j]}`;
    // The mean's own error adds its square.
    if (!(abs(<f64>out[cols + j] - variance) <= bound(rows) * variance + off * off)) return `variance of column ${j} of ${rows} x ${cols}: expected ${variance}, got ${out[cols + j]}`;
  }
  return intact(out, 2 * cols) ? "" : `written behind ${rows} x ${cols}`;
}

function gradSumsDiffer(rows: i32, cols: i32): string {
  const dy = floats(rows * cols), x = floats(rows * cols), mean = floats(cols), out = guarded(2 * cols);
  words(at(out), at(dy), at(x), at(mean), rows, cols);
  inRanges(f32_bn_grad_sums, (cols + 15) / 16);
  for (let j = 0; j < cols; j++) {
    let sum: f64 = 0, products: f64 = 0, size: f64 = 0;
    for (let i = 0; i < rows; i++) {
      const g = <f64>dy[i * cols + j];
      sum += g;
      products += g * (<f64>x[i * cols + j] - <f64>mean[j]);
      size += abs(g);
    }
    const off = bound(rows) * size;
    if (!(abs(<f64>out[j] - sum) <= off)) return `sum of column ${j} of ${rows} x ${cols}: expected ${sum}, got ${out[j]}`;
    if (!(abs(<f64>out[cols + j] - products) <= off)) return `products of column ${j} of ${rows} x ${cols}: expected ${products}, got ${out[cols + j]}`;
  }
  return intact(out, 2 * cols) ? "" : `written behind ${rows} x ${cols}`;
}

describe("f32_bn_stats", () => {
  it("equals mean and variance in float64 for every straddling shape", () => {
    for (let r = 0; r < ROWS.length; r++) {
      for (let c = 0; c < COLUMNS.length; c++) expect(statsDiffer(ROWS[r], COLUMNS[c], 0.25)).toBe("");
    }
  });

  it("stays exact for long columns, and for a mean far from zero", () => {
    expect(statsDiffer(200003, 1, 0.5)).toBe("");
    expect(statsDiffer(20003, 18, 100)).toBe("");
  });

  it("does not drift when every rounding goes the same way", () => {
    const rows = 200003, x = floats(rows), out = guarded(2);
    for (let i = 0; i < rows; i++) x[i] = 0.1;
    words(at(out), at(x), rows, 1);
    inRanges(f32_bn_stats, (1 + 15) / 16);
    expect(abs(<f64>out[0] - <f64>x[0])).toBeLessThan(0.1 * bound(rows)); // a single running sum fails
  });

  it("has variance 0 for equal rows, and keeps a NaN in its column", () => {
    const x = floats(100 * 21), out = guarded(42);
    for (let i = 0; i < x.length; i++) x[i] = 3;
    x[57 * 21 + 19] = NaN;
    words(at(out), at(x), 100, 21);
    inRanges(f32_bn_stats, (21 + 15) / 16);
    for (let j = 0; j < 21; j++) {
      expect(same(out[j], j == 19 ? NaN : 3)).toBe(true, `mean ${j}`);
      expect(same(out[21 + j], j == 19 ? NaN : 0)).toBe(true, `variance ${j}`);
    }
  });
});

describe("f32_bn_grad_sums", () => {
  it("equals the sums in float64 for every straddling shape", () => {
    for (let r = 0; r < ROWS.length; r++) {
      for (let c = 0; c < COLUMNS.length; c++) expect(gradSumsDiffer(ROWS[r], COLUMNS[c])).toBe("");
    }
    expect(gradSumsDiffer(100003, 3)).toBe("");
  });

  it("of no rows are zero", () => {
    const out = guarded(10), none = floats(0), mean = floats(5);
    words(at(out), at(none), at(none), at(mean), 0, 5);
    inRanges(f32_bn_grad_sums, (5 + 15) / 16);
    for (let i = 0; i < 10; i++) expect(out[i]).toBe(0);
    expect(intact(out, 10)).toBe(true);
  });
});
