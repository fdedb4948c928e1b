// f32_scan and i32_scan against plain loops.
import { f32_scan, i32_scan } from "../scan";
import { at, float, floats, guarded, inRanges, intact, random, words, WORDS } from "./data";

// outer, n, inner: single elements, columns that straddle the vector and the strip of 16.
const CASES: StaticArray<i32> = [1, 1, 1, 1, 9, 1, 5, 100, 1, 2, 7, 2, 1, 5, 4, 2, 6, 5, 1, 3, 16, 2, 40, 17, 1, 4, 35, 3, 0, 4, 1, 0, 1];
const STATE = new StaticArray<f64>(16);

function compareFloat(row: i32, hasA: bool, hasB: bool, exclusive: i32, reverse: i32): string {
  const outer = CASES[row], n = CASES[row + 1], inner = CASES[row + 2], count = outer * n * inner;
  const a = floats(count), b = floats(count), out = guarded(count);
  const init: f32 = hasB ? 0 : 1;
  words(at(out), hasA ? at(a) : 0, hasB ? at(b) : 0, outer, n, inner, float(init), exclusive);
  WORDS[8] = reverse;
  WORDS[9] = <u32>at(STATE);
  inRanges(f32_scan, outer * ((inner + 15) / 16));
  for (let o = 0; o < outer; o++) for (let c = 0; c < inner; c++) {
    let state: f64 = init;
    for (let k = 0; k < n; k++) {
      const i = (o * n + (reverse ? n - 1 - k : k)) * inner + c;
      const next = (hasA ? state * <f64>a[i] : state) + (hasB ? <f64>b[i] : 0);
      const expected = <f32>(exclusive ? state : next);
      if (out[i] != expected) return `[${outer}, ${n}, ${inner}], a ${hasA}, b ${hasB}, exclusive ${exclusive}, reverse ${reverse}, ${i}: expected ${expected}, got ${out[i]}`;
      state = next;
    }
  }
  return intact(out, count) ? "" : `[${outer}, ${n}, ${inner}]: written past its end`;
}

function compareInt(row: i32, product: i32, exclusive: i32, reverse: i32): string {
  const outer = CASES[row], n = CASES[row + 1], inner = CASES[row + 2], count = outer * n * inner;
  const x = new StaticArray<i32>(count + 4), out = guarded(count);
  for (let i = 0; i < count; i++) x[i] = <i32>(random() * 4e9);
  i32_scan(words(at(out), at(x), outer, n, inner, product, exclusive, reverse));
  for (let o = 0; o < outer; o++) for (let c = 0; c < inner; c++) {
    let state = product;
    for (let k = 0; k < n; k++) {
      const i = (o * n + (reverse ? n - 1 - k : k)) * inner + c;
      const next = product ? state * x[i] : state + x[i];
      if (reinterpret<i32>(out[i]) != (exclusive ? state : next)) return `int [${outer}, ${n}, ${inner}], product ${product}, ${i}`;
      state = next;
    }
  }
  return intact(out, count) ? "" : `int [${outer}, ${n}, ${inner}]: written past its end`;
}

describe("f32_scan", () => {
  it("equals the loop in float64, rounded once: sums, products, recurrences, in both directions", () => {
    for (let row = 0; row < CASES.length; row += 3) {
      for (let flags = 0; flags < 4; flags++) {
        expect(compareFloat(row, false, true, flags & 1, flags >> 1)).toBe("");
        expect(compareFloat(row, true, false, flags & 1, flags >> 1)).toBe("");
        expect(compareFloat(row, true, true, flags & 1, flags >> 1)).toBe("");
      }
    }
  });

  it("sums a million elements of one sign without drift", () => {
    const n = 1_000_000, x = new StaticArray<f32>(n + 4), out = guarded(n);
    for (let i = 0; i < n; i++) x[i] = 0.1;
    words(at(out), 0, at(x), 1, n, 1, 0, 0);
    WORDS[8] = 0;
    inRanges(f32_scan, 1);
    expect(abs(<f64>out[n - 1] / (<f64>x[0] * n) - 1) < 1e-7).toBe(true);
  });
});

describe("i32_scan", () => {
  it("equals the loop; sums and products wrap", () => {
    for (let row = 0; row < CASES.length; row += 3) for (let flags = 0; flags < 8; flags++) expect(compareInt(row, flags & 1, (flags >> 1) & 1, flags >> 2)).toBe("");
  });
});
