// f32_fft against the sum of all terms in float64, for every kind of length. Results are rounded once: half a unit in the last place of the largest,
// and float64's own rounding far below.
import { f32_fft } from "../fft";
import { root } from "../fft.roots";
import { at, float, floats, guarded, intact, WORDS, words } from "./data";

const LENGTHS: StaticArray<i32> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 20, 25, 30, 31, 37, 41, 64, 74, 77, 100, 128];
const LARGEST_RADIX = 31;

/** Writes the plan of a transform behind its first words, as the host does. Returns how many complex numbers it needs. */
function plan(length: i32, halved: bool): i32 {
  let padded = 0;
  let size = length;
  let rest = length;
  for (let p = 2; p <= LARGEST_RADIX; p++) while (rest % p == 0) rest /= p;
  if (rest > 1) {
    padded = 1;
    while (padded < 2 * length - 1) padded *= 2;
    size = padded;
  }
  WORDS[8] = length;
  WORDS[9] = padded;
  let count = 0;
  rest = size;
  for (let turn = 0; rest > 1; turn++) {
    const p = turn == 0 ? 4 : turn + 1;
    while (rest % p == 0) {
      WORDS[11 + count++] = p;
      rest /= p;
    }
  }
  WORDS[10] = count;
  return 3 * size + (padded != 0 ? length + size : 0) + (halved ? length + 1 : 0);
}

/** Σ x · e^(sign·2πi·jk/n): the part (0 real, 1 imaginary) of number k. x holds pairs, or real numbers. */
function sum(x: StaticArray<f32>, first: i32, n: i32, k: i32, sign: i32, part: i32, pairs: bool): f64 {
  let total: f64 = 0;
  for (let j = 0; j < n; j++) {
    const w = root(<i64>j * k % n, n);
    const c = f64x2.extract_lane(w, 0), s = <f64>sign * f64x2.extract_lane(w, 1);
    const re = <f64>x[first + (pairs ? 2 * j : j)], im = pairs ? <f64>x[first + 2 * j + 1] : 0;
    total += part == 0 ? re * c - im * s : re * s + im * c;
  }
  return total;
}

function close(has: f32, want: f64, n: i32, what: string): void {
  const bound = 6e-8 * (1 + Math.sqrt(<f64>n));
  if (!(abs(<f64>has - want) <= bound)) expect(`${what}: ${has}`).toBe(`${want} within ${bound}`);
}

describe("root", () => {
  it("is a point of the unit circle, and exact at its quarters", () => {
    for (let k = 0; k <= 360; k++) {
      const w = root(k, 360);
      const c = f64x2.extract_lane(w, 0), s = f64x2.extract_lane(w, 1);
      expect(abs(c * c + s * s - 1) < 4e-16).toBe(true, `${k}: ${c} ${s}`);
      // The library's angle is rounded: up to 2π · 2⁻⁵³ off, and as much again for the product.
      expect(abs(c - Math.cos((<f64>k * Math.PI) / 180)) < 1.5e-15).toBe(true, `cosine of ${k}`);
      expect(abs(s - Math.sin((<f64>k * Math.PI) / 180)) < 1.5e-15).toBe(true, `sine of ${k}`);
    }
    expect(f64x2.extract_lane(root(1, 4), 0) == 0 && f64x2.extract_lane(root(1, 4), 1) == 1).toBe(true);
  });
});

describe("f32_fft", () => {
  it("complex rows, both signs", () => {
    for (let l = 0; l < LENGTHS.length; l++) {
      const n = LENGTHS[l], rows = 2;
      for (let sign = -1; sign <= 1; sign += 2) {
        const x = floats(rows * 2 * n), out = guarded(rows * 2 * n);
        const workspace = new StaticArray<v128>(plan(n, false));
        words(at(out), at(x), at(workspace), rows, n, <usize>sign, float(0.5), 0);
        f32_fft(at(WORDS));
        for (let i = 0; i < rows * 2 * n; i++) close(out[i], 0.5 * sum(x, i / (2 * n) * 2 * n, n, (i % (2 * n)) / 2, sign, i & 1, true), n, `length ${n}, sign ${sign}, element ${i}`);
        expect(intact(out, rows * 2 * n)).toBe(true, `length ${n}`);
      }
    }
  });

  it("real rows to half a spectrum, and back", () => {
    for (let l = 0; l < LENGTHS.length; l++) {
      const n = LENGTHS[l], rows = 2, half = (n >> 1) + 1;
      const halved = n % 2 == 0;
      const x = floats(rows * n), spectrum = guarded(rows * 2 * half), back = guarded(rows * n);
      const workspace = new StaticArray<v128>(plan(halved ? n / 2 : n, halved));
      words(at(spectrum), at(x), at(workspace), rows, n, <usize>-1, float(1), 1);
      f32_fft(at(WORDS));
      for (let i = 0; i < rows * 2 * half; i++) close(spectrum[i], sum(x, i / (2 * half) * n, n, (i % (2 * half)) / 2, -1, i & 1, false), n, `length ${n}, element ${i}`);
      expect(intact(spectrum, rows * 2 * half)).toBe(true, `length ${n}`);
      plan(halved ? n / 2 : n, halved);
      words(at(back), at(spectrum), at(workspace), rows, n, 1, float(<f32>(1 / <f64>n)), 2);
      f32_fft(at(WORDS));
      for (let i = 0; i < rows * n; i++) close(back[i], <f64>x[i], n, `back, length ${n}, element ${i}`);
      expect(intact(back, rows * n)).toBe(true, `length ${n}`);
    }
  });
});
