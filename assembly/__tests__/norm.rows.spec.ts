// f32_norm_rows, its gradient and its sums against plain loops in float64.
import { f32_norm_rows, f32_norm_rows_grad, f32_norm_sums } from "../norm.rows";
import { at, float, floats, guarded, guardedCopy, inRanges, inRows, intact, words, WORDS } from "./data";

// Groups of four rows and a remainder, more than one band of 16.
const ROWS = 39;
// Tails of every length, one vector, one block of 1024 and its remainder.
const COLS: StaticArray<i32> = [1, 2, 3, 4, 5, 7, 8, 12, 17, 31, 64, 1023, 1024, 1025, 1301];
const EPSILON: f32 = 1e-3;
const WORKSPACE = new StaticArray<f64>(2048);

/** Mean (0 when not centred) and 1 / √(variance + ε) of row r. */
function mean(x: StaticArray<f32>, r: i32, cols: i32, centred: i32): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < cols; c++) sum += <f64>x[r * cols + c];
  return centred ? sum / cols : 0;
}

function inverse(x: StaticArray<f32>, r: i32, cols: i32, middle: f64): f64 {
  let sum: f64 = 0;
  for (let c = 0; c < cols; c++) sum += (<f64>x[r * cols + c] - middle) ** 2;
  return 1 / Math.sqrt(sum / cols + <f64>EPSILON);
}

function forward(cols: i32, centred: i32, affine: i32, inPlace: bool): string {
  const count = ROWS * cols, x = floats(count), scale = floats(cols), offset = floats(cols);
  for (let i = 0; i < count; i++) x[i] += 0.25;
  const out = inPlace ? guardedCopy(x, count) : guarded(count);
  words(at(out), inPlace ? at(out) : at(x), affine & 1 ? at(scale) : 0, affine & 2 ? at(offset) : 0, ROWS, cols, float(EPSILON), centred);
  inRows(f32_norm_rows, ROWS);
  for (let r = 0; r < ROWS; r++) {
    const middle = mean(x, r, cols, centred), factor = inverse(x, r, cols, middle);
    for (let c = 0; c < cols; c++) {
      let y = (<f64>x[r * cols + c] - middle) * factor;
      if (affine & 1) y *= <f64>scale[c];
      if (affine & 2) y += <f64>offset[c];
      // The mean is rounded once, by 2⁻²⁵ of 0.75, and divided by the deviation; sums lose 64 roundings at most, a few as they fall.
      const got = out[r * cols + c];
      if (!(abs(<f64>got - y) <= 1e-6 + 5e-8 * factor)) return `norm_rows, ${cols} columns, row ${r}, column ${c}: expected ${y}, got ${got}`;
    }
  }
  return intact(out, count) ? "" : `norm_rows, ${cols} columns: written past its end`;
}

function backward(cols: i32, centred: i32, scaled: i32, inPlace: bool): string {
  const count = ROWS * cols, x = floats(count), dy = floats(count), scale = floats(cols);
  const dx = inPlace ? guardedCopy(dy, count) : guarded(count), stats = guarded(2 * ROWS), dscale = guarded(cols), doffset = guarded(cols);
  words(at(dx), at(x), inPlace ? at(dx) : at(dy), scaled ? at(scale) : 0, ROWS, cols, float(EPSILON), centred);
  WORDS[8] = <u32>at(stats);
  inRows(f32_norm_rows_grad, ROWS);
  words(at(dscale), at(doffset), at(x), at(dy), at(stats), ROWS, cols, at(WORKSPACE));
  inRanges(f32_norm_sums, (cols + 15) / 16);
  const scaleSums = new StaticArray<f64>(cols), offsetSums = new StaticArray<f64>(cols);
  for (let r = 0; r < ROWS; r++) {
    const middle = mean(x, r, cols, centred), factor = inverse(x, r, cols, middle);
    let sum: f64 = 0, products: f64 = 0;
    for (let c = 0; c < cols; c++) {
      const i = r * cols + c, y = (<f64>x[i] - middle) * factor, g = <f64>dy[i] * (scaled ? <f64>scale[c] : 1);
      sum += g;
      products += g * y;
      scaleSums[c] += <f64>dy[i] * y;
      offsetSums[c] += <f64>dy[i];
    }
    for (let c = 0; c < cols; c++) {
      const i = r * cols + c, y = (<f64>x[i] - middle) * factor, g = <f64>dy[i] * (scaled ? <f64>scale[c] : 1);
      const expected = factor * (g - (centred ? sum / cols : 0) - (y * products) / cols);
      if (!(abs(<f64>dx[i] - expected) <= 1e-6 * factor)) return `norm_rows_grad, ${cols} columns, row ${r}, column ${c}: expected ${expected}, got ${dx[i]}`;
    }
    if (!(abs(<f64>stats[2 * r] - middle) < 1e-7 && abs(<f64>stats[2 * r + 1] / factor - 1) < 2e-6)) return `norm_rows_grad, ${cols} columns: stats of row ${r}`;
  }
  for (let c = 0; c < cols; c++) {
    // Products of at most about 2, of which 39 add up.
    if (!(abs(<f64>dscale[c] - scaleSums[c]) <= 2e-5 && abs(<f64>doffset[c] - offsetSums[c]) <= 2e-6)) return `norm_sums, ${cols} columns, column ${c}: expected ${scaleSums[c]}, got ${dscale[c]}`;
  }
  return intact(dx, count) && intact(stats, 2 * ROWS) && intact(dscale, cols) && intact(doffset, cols) ? "" : `norm_rows_grad, ${cols} columns: written past its end`;
}

describe("f32_norm_rows", () => {
  it("equals the loop, centred and not, with scale and offset, also in place", () => {
    for (let k = 0; k < COLS.length; k++) {
      for (let affine = 0; affine < 4; affine++) {
        for (let centred = 0; centred < 2; centred++) expect(forward(COLS[k], centred, affine, (affine & 1) == 0)).toBe("");
      }
    }
  });

  it("keeps the variance beside a mean of a thousand deviations", () => {
    const x = floats(1000), out = guarded(1000);
    for (let i = 0; i < 1000; i++) x[i] += 300;
    words(at(out), at(x), 0, 0, 1, 1000, float(0), 1);
    inRows(f32_norm_rows, 1);
    const middle = mean(x, 0, 1000, 1);
    let squares: f64 = 0;
    for (let i = 0; i < 1000; i++) squares += (<f64>x[i] - middle) ** 2;
    // x itself is rounded by 1.5e-5, of which nothing more is lost; the mean by as much.
    for (let i = 0; i < 1000; i++) expect(abs(<f64>out[i] - (<f64>x[i] - middle) / Math.sqrt(squares / 1000)) < 1e-4).toBe(true, `${i}`);
  });

  it("keeps a NaN in its row, and makes a constant row zeros", () => {
    const x = floats(3 * 9), out = guarded(27);
    x[9 + 8] = NaN;
    for (let i = 18; i < 27; i++) x[i] = 7;
    words(at(out), at(x), 0, 0, 3, 9, float(EPSILON), 1);
    inRows(f32_norm_rows, 3);
    for (let i = 0; i < 27; i++) expect(isNaN(out[i])).toBe(i >= 9 && i < 18, `${i}`);
    for (let i = 18; i < 27; i++) expect(out[i]).toBe(0);
  });
});

describe("f32_norm_rows_grad, f32_norm_sums", () => {
  it("equal the loops, centred and not, with scale, also in place on dy", () => {
    for (let k = 0; k < COLS.length; k++) {
      for (let centred = 0; centred < 2; centred++) for (let scaled = 0; scaled < 2; scaled++) expect(backward(COLS[k], centred, scaled, scaled == centred)).toBe("");
    }
  });
});
