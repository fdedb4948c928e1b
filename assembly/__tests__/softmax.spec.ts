// f32_softmax, its gradient, and cross-entropy with its own against plain loops in float64.
import { f32_softmax } from "../softmax";
import { f32_softmax_grad, f32_softmax_xent, f32_softmax_xent_grad } from "../softmax.grad";
import { GUARD, at, floats, guarded, guardedCopy, inRows, intact, random, words } from "./data";

// Groups of four rows, a remainder, and three ranges of units.
const ROWS = 14;
// Tails of every length, one vector, blocks of 256 and their remainders.
const COLS: StaticArray<i32> = [1, 2, 3, 4, 5, 7, 10, 16, 63, 64, 65, 255, 256, 257, 1000, 3001];

/** Rows of logits in [-4, 4). */
function logits(count: i32): StaticArray<f32> {
  const x = floats(count);
  for (let i = 0; i < count; i++) x[i] *= 8;
  return x;
}

/** Row r of log-softmax in float64. */
function logSoftmaxRow(x: StaticArray<f32>, r: i32, cols: i32): StaticArray<f64> {
  const y = new StaticArray<f64>(cols);
  let peak = -Infinity, sum: f64 = 0;
  for (let c = 0; c < cols; c++) peak = max(peak, <f64>x[r * cols + c]);
  for (let c = 0; c < cols; c++) sum += Math.exp(<f64>x[r * cols + c] - peak);
  for (let c = 0; c < cols; c++) y[c] = <f64>x[r * cols + c] - peak - Math.log(sum);
  return y;
}

function compare(what: string, i: i32, cols: i32, got: f32, expected: f64, tolerance: f64): string {
  return abs(<f64>got - expected) <= tolerance ? "" : `${what}, ${cols} columns, [${i}]: expected ${expected}, got ${got}`;
}

/** softmax or log-softmax; exp is good to 1e-7 of its value, a difference below 8 is rounded by 2.4e-7, logs below 17 by 1e-6. */
function forward(cols: i32, log: i32, inPlace: bool): string {
  const count = ROWS * cols, x = logits(count);
  const out = inPlace ? guardedCopy(x, count) : guarded(count);
  words(at(out), inPlace ? at(out) : at(x), ROWS, cols, log);
  inRows(f32_softmax, ROWS);
  for (let r = 0; r < ROWS; r++) {
    const y = logSoftmaxRow(x, r, cols);
    for (let c = 0; c < cols; c++) {
      const expected = log ? y[c] : Math.exp(y[c]);
      const told = compare("softmax", r * cols + c, cols, out[r * cols + c], expected, log ? 2e-6 : 1e-6 * expected);
      if (told != "") return told;
    }
  }
  return intact(out, count) ? "" : `softmax, ${cols} columns: written past its end`;
}

function gradient(cols: i32, log: i32, inPlace: bool): string {
  const count = ROWS * cols, x = logits(count), dy = floats(count), y = guarded(count);
  const dx = inPlace ? guardedCopy(dy, count) : guarded(count);
  for (let r = 0; r < ROWS; r++) {
    const row = logSoftmaxRow(x, r, cols);
    for (let c = 0; c < cols; c++) y[r * cols + c] = <f32>(log ? row[c] : Math.exp(row[c]));
  }
  words(at(dx), at(y), inPlace ? at(dx) : at(dy), ROWS, cols, log);
  inRows(f32_softmax_grad, ROWS);
  for (let r = 0; r < ROWS; r++) {
    let sum: f64 = 0, size: f64 = 0;
    for (let c = 0; c < cols; c++) {
      const i = r * cols + c, part = log ? <f64>dy[i] : <f64>y[i] * <f64>dy[i];
      sum += part;
      size += abs(part);
    }
    for (let c = 0; c < cols; c++) {
      const i = r * cols + c, p = log ? Math.exp(y[i]) : <f64>y[i];
      const expected = log ? <f64>dy[i] - p * sum : p * (<f64>dy[i] - sum);
      // 64 roundings in a chain at most, each by 2⁻²⁴ of what was added.
      const told = compare("softmax_grad", i, cols, dx[i], expected, 4e-6 * p * (size + 0.5) + 1e-7);
      if (told != "") return told;
    }
  }
  return intact(dx, count) ? "" : `softmax_grad, ${cols} columns: written past its end`;
}

/** Loss and gradient; labels are weights whose sum is not 1, or class numbers. */
function crossEntropy(cols: i32, sparse: i32): string {
  const count = ROWS * cols, x = logits(count), weights = floats(count), dloss = floats(ROWS), classes = new StaticArray<i32>(ROWS + 4);
  for (let i = 0; i < count; i++) weights[i] += 0.5;
  for (let r = 0; r < ROWS; r++) classes[r] = <i32>((random() + 0.5) * <f32>cols);
  const labels = sparse ? at(classes) : at(weights);
  const loss = guarded(ROWS), dlogits = guarded(count), status = new StaticArray<i32>(4);
  words(at(loss), at(x), labels, ROWS, cols, at(status), 9, sparse);
  inRows(f32_softmax_xent, ROWS);
  words(at(dlogits), at(x), labels, at(dloss), ROWS, cols, sparse);
  inRows(f32_softmax_xent_grad, ROWS);
  if (status[0] != 0) return `xent, ${cols} columns: status ${status[0]}`;
  for (let r = 0; r < ROWS; r++) {
    const y = logSoftmaxRow(x, r, cols);
    let expected: f64 = 0, total: f64 = 0;
    for (let c = 0; c < cols; c++) {
      const label: f64 = sparse ? f64(classes[r] == c) : <f64>weights[r * cols + c];
      expected -= label * y[c];
      total += label;
    }
    let told = compare("xent", r, cols, loss[r], expected, 4e-6 * expected + 2e-6);
    if (told != "") return told;
    for (let c = 0; c < cols; c++) {
      const i = r * cols + c, label: f64 = sparse ? f64(classes[r] == c) : <f64>weights[i], p = Math.exp(y[c]);
      told = compare("xent_grad", i, cols, dlogits[i], <f64>dloss[r] * (p * total - label), 4e-6 * p * total + 2e-7);
      if (told != "") return told;
    }
  }
  return intact(loss, ROWS) && intact(dlogits, count) ? "" : `xent, ${cols} columns: written past its end`;
}

describe("f32_softmax", () => {
  it("equals the scalar loop, and its logarithm", () => {
    for (let k = 0; k < COLS.length; k++) for (let log = 0; log < 2; log++) expect(forward(COLS[k], log, false)).toBe("");
  });

  it("works in place", () => {
    for (let k = 0; k < COLS.length; k++) for (let log = 0; log < 2; log++) expect(forward(COLS[k], log, true)).toBe("");
  });

  it("neither overflows nor loses a shift of all logits", () => {
    const x: StaticArray<f32> = [1e4, 1e4 + 1, 1e4 - 200, -1e4, GUARD, GUARD, GUARD, GUARD], out = guarded(4);
    words(at(out), at(x), 1, 4, 0);
    inRows(f32_softmax, 1);
    expect(compare("softmax", 0, 4, out[0], 0.2689414213699951, 1e-7)).toBe("");
    expect(compare("softmax", 1, 4, out[1], 0.7310585786300049, 2e-7)).toBe("");
    expect(out[2]).toBe(0);
    words(at(out), at(x), 1, 4, 1);
    inRows(f32_softmax, 1);
    expect(compare("log-softmax", 3, 4, out[3], -20001.313261687518, 2e-3)).toBe("");
  });

  it("gives probability 0 to −∞, and NaN to all of a row with a NaN, and to no other", () => {
    const x = floats(3 * 7), out = guarded(21);
    x[2] = -Infinity;
    x[7 + 6] = NaN;
    words(at(out), at(x), 3, 7, 0);
    inRows(f32_softmax, 3);
    expect(out[2]).toBe(0);
    for (let i = 0; i < 21; i++) expect(isNaN(out[i])).toBe(i >= 7 && i < 14, `element ${i}`);
  });
});

describe("f32_softmax_grad", () => {
  it("equals the scalar loop, also in place on dy", () => {
    for (let k = 0; k < COLS.length; k++) {
      for (let log = 0; log < 2; log++) {
        expect(gradient(COLS[k], log, false)).toBe("");
        expect(gradient(COLS[k], log, true)).toBe("");
      }
    }
  });
});

describe("f32_softmax_xent, f32_softmax_xent_grad", () => {
  it("equal the scalar loops for weights and for class numbers", () => {
    for (let k = 0; k < COLS.length; k++) for (let sparse = 0; sparse < 2; sparse++) expect(crossEntropy(COLS[k], sparse)).toBe("");
  });

  it("report the first label out of range; its loss is NaN and its gradient zeros, other rows are as ever", () => {
    const x = floats(4 * 5), loss = guarded(4), dlogits = guarded(20), dloss = floats(4), status = new StaticArray<i32>(4);
    const labels: StaticArray<i32> = [4, -1, 5, 0, 0, 0, 0, 0];
    words(at(loss), at(x), at(labels), 4, 5, at(status), 9, 1);
    inRows(f32_softmax_xent, 4);
    words(at(dlogits), at(x), at(labels), at(dloss), 4, 5, 1);
    inRows(f32_softmax_xent_grad, 4);
    for (let r = 0; r < 4; r++) expect(isNaN(loss[r])).toBe(r == 1 || r == 2, `row ${r}`);
    for (let i = 0; i < 20; i++) expect(dlogits[i] == 0).toBe(i >= 5 && i < 15, `element ${i}`);
    expect(status[0]).toBe(1);
    expect(status[1]).toBe(9);
    expect(status[2]).toBe(1);
  });
});
