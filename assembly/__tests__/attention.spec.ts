// f32_attention against the definition in float64, with strides of several kinds, in ranges of units.
import { f32_attention } from "../attention";
import { at, float, floats, guarded, inRanges, intact, words, WORDS } from "./data";

// n, heads, time, source, d, e: one query, blocks of 64 and their remainder, rows of scores that end inside a vector.
const CASES: StaticArray<i32> = [
  1, 1, 1, 1, 1, 1, 2, 3, 5, 7, 4, 3, 1, 2, 64, 64, 8, 8, 1, 1, 65, 66, 5, 9, 1, 1, 130, 33, 16, 4, 2, 1, 7, 130, 3, 10, 1, 1, 3, 0, 2, 2,
];
const WORKSPACE = new StaticArray<f32>(1 << 16);

function compare(row: i32, causal: i32, masked: bool, headsInside: bool): string {
  const n = CASES[row], heads = CASES[row + 1], time = CASES[row + 2], source = CASES[row + 3], d = CASES[row + 4], e = CASES[row + 5];
  const q = floats(n * heads * time * d), k = floats(n * heads * source * d), v = floats(n * heads * source * e), mask = floats(time * source), out = guarded(n * heads * time * e);
  for (let i = 0; i < n * heads * time * d; i++) q[i] *= 4;
  const scale: f32 = 0.6;
  words(at(out), at(q), at(k), at(v), masked ? at(mask) : 0, at(WORKSPACE), n, heads);
  WORDS[8] = time; WORDS[9] = source; WORDS[10] = d; WORDS[11] = e; WORDS[12] = <u32>float(scale); WORDS[13] = causal;
  // [n, heads, time, d], or heads inside of time, as a layer's projection has them.
  for (let i = 0; i < 3; i++) {
    const length = i == 0 ? time : source, width = i == 2 ? e : d;
    WORDS[14 + 3 * i] = heads * length * width;
    WORDS[15 + 3 * i] = headsInside ? width : length * width;
    WORDS[16 + 3 * i] = headsInside ? heads * width : width;
  }
  WORDS[23] = 0; WORDS[24] = 0; WORDS[25] = source;
  inRanges(f32_attention, n * heads * ((time + 63) / 64));
  for (let a = 0; a < n; a++) for (let h = 0; h < heads; h++) for (let t = 0; t < time; t++) {
    const seen = causal ? min(source, t + 1) : source;
    const scores = new StaticArray<f64>(max(seen, 1));
    let peak = -Infinity, sum: f64 = 0;
    for (let s = 0; s < seen; s++) {
      let product: f64 = 0;
      for (let i = 0; i < d; i++) {
        const qi = a * heads * time * d + (headsInside ? (t * heads + h) * d : (h * time + t) * d) + i;
        const ki = a * heads * source * d + (headsInside ? (s * heads + h) * d : (h * source + s) * d) + i;
        product += <f64>q[qi] * <f64>k[ki];
      }
      scores[s] = product * <f64>scale + (masked ? <f64>mask[t * source + s] : 0);
      peak = max(peak, scores[s]);
    }
    for (let s = 0; s < seen; s++) sum += Math.exp(scores[s] - peak);
    for (let c = 0; c < e; c++) {
      let expected: f64 = 0;
      for (let s = 0; s < seen; s++) expected += (Math.exp(scores[s] - peak) / sum) * <f64>v[a * heads * source * e + (headsInside ? (s * heads + h) * e : (h * source + s) * e) + c];
      const got = out[((a * heads + h) * time + t) * e + c];
      // Scores below 8 in size are good to a few 1e-7, weights to as much of themselves, values lie below 1/2.
      if (!(abs(<f64>got - expected) <= 2e-6)) return `case ${row / 6}, causal ${causal}, masked ${masked}, head ${h}, query ${t}, ${c}: expected ${expected}, got ${got}`;
    }
  }
  return intact(out, n * heads * time * e) ? "" : `case ${row / 6}: written past its end`;
}

describe("f32_attention", () => {
  it("equals the definition: causal and not, with a mask, heads outside of time and inside", () => {
    for (let row = 0; row < CASES.length; row += 6) {
      for (let flags = 0; flags < 8; flags++) expect(compare(row, flags & 1, (flags & 2) != 0, (flags & 4) != 0)).toBe("");
    }
  });
});
