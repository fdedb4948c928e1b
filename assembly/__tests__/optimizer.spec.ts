// Optimizer steps against the same rules in scalar float32: the same operations in the same order, so the bits are equal.
import { f32_adam, f32_rmsprop, f32_sgd } from "../optimizer";
import { at, float, floats, guardedCopy, intact, ranged, same, words, WORDS } from "./data";

const SIZES: StaticArray<i32> = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 1001];

/** What differs between the parameter or slot and its reference, or "". */
function difference(name: string, n: i32, got: StaticArray<f32>, expected: StaticArray<f32>): string {
  for (let i = 0; i < n; i++) if (!same(got[i], expected[i])) return `${name}[${i}] of ${n}: expected ${expected[i]}, got ${got[i]}`;
  return intact(got, n) ? "" : `${name}: written behind ${n} elements`;
}

function squares(n: i32): StaticArray<f32> {
  const data = floats(n);
  for (let i = 0; i < n; i++) data[i] = data[i] * data[i];
  return data;
}

const RATE: StaticArray<f32> = [0.01];
/** Elements of a unit in these specs. */
const UNIT = 4;

/** Runs a step over n elements in three ranges, some of which may be empty. */
function inParts(kernel: (words: usize) => void, n: i32): void {
  const units = (n + UNIT - 1) / UNIT;
  kernel(ranged(0, units / 3));
  kernel(ranged(units / 3, units / 2));
  kernel(ranged(units / 2, units));
}

function sgdDiffers(n: i32, momentum: f32, nesterov: bool, withVelocity: bool): string {
  const p = floats(n), v = floats(n), g = floats(n);
  const gotP = guardedCopy(p, n), gotV = guardedCopy(v, n);
  const rate = RATE[0];
  for (let i = 0; i < n; i++) {
    if (!withVelocity) p[i] = p[i] - rate * g[i];
    else {
      v[i] = momentum * v[i] - rate * g[i];
      p[i] = nesterov ? p[i] + (momentum * v[i] - rate * g[i]) : p[i] + v[i];
    }
  }
  words(at(RATE), float(momentum), nesterov ? 1 : 0, 1, at(gotP), withVelocity ? at(gotV) : 0, at(g), n);
  WORDS[8] = UNIT;
  inParts(f32_sgd, n);
  const told = difference("p", n, gotP, p);
  return told != "" ? told : difference("velocity", n, gotV, withVelocity ? v : gotV);
}

function rmspropDiffers(n: i32, momentum: f32, centered: bool): string {
  const rho: f32 = 0.9, epsilon: f32 = 1e-7, delta: f32 = 0.01;
  const p = floats(n), v = squares(n), m = floats(n), mean = floats(n), g = floats(n);
  for (let i = 0; i < n; i++) {
    mean[i] = 0.1 * mean[i]; // a mean whose square is below v most of the time, as it is in training
    v[i] = v[i] + mean[i] * mean[i];
  }
  const gotP = guardedCopy(p, n), gotV = guardedCopy(v, n), gotM = guardedCopy(m, n), gotMean = guardedCopy(mean, n);
  const rest: f32 = 0.1; // 1 − ρ as the host rounds it, which is not 1 − float32(ρ)
  for (let i = 0; i < n; i++) {
    v[i] = rho * v[i] + rest * (g[i] * g[i]);
    let under = v[i];
    if (centered) {
      mean[i] = rho * mean[i] + rest * g[i];
      under = max<f32>(under - mean[i] * mean[i], 0);
    }
    let step: f32 = (RATE[0] * g[i]) / (Mathf.sqrt(under + epsilon) + delta);
    if (momentum > 0) {
      step = momentum * m[i] + step;
      m[i] = step;
    }
    p[i] = p[i] - step;
  }
  words(at(RATE), float(rho), float(momentum), float(epsilon), float(delta), float(rest), 1, at(gotP));
  WORDS[8] = <u32>at(gotV);
  WORDS[9] = momentum > 0 ? <u32>at(gotM) : 0;
  WORDS[10] = centered ? <u32>at(gotMean) : 0;
  WORDS[11] = <u32>at(g);
  WORDS[12] = n;
  WORDS[13] = UNIT;
  inParts(f32_rmsprop, n);
  let told = difference("p", n, gotP, p);
  if (told == "") told = difference("v", n, gotV, v);
  if (told == "") told = difference("momentum", n, gotM, m);
  return told != "" ? told : difference("meanGrad", n, gotMean, mean);
}

function adamDiffers(n: i32): string {
  const p = floats(n), m = floats(n), v = squares(n), g = floats(n);
  const gotP = guardedCopy(p, n), gotM = guardedCopy(m, n), gotV = guardedCopy(v, n);
  const epsilon: f32 = 1e-7;
  const rest1: f32 = 0.1, rest2: f32 = 0.001;
  for (let i = 0; i < n; i++) {
    m[i] = m[i] + (g[i] - m[i]) * rest1;
    v[i] = v[i] + (g[i] * g[i] - v[i]) * rest2;
    p[i] = p[i] - (RATE[0] * m[i]) / (Mathf.sqrt(v[i]) + epsilon);
  }
  words(at(RATE), float(rest1), float(rest2), float(epsilon), 1, at(gotP), at(gotM), at(gotV));
  WORDS[8] = <u32>at(g);
  WORDS[9] = n;
  WORDS[10] = UNIT;
  inParts(f32_adam, n);
  let told = difference("p", n, gotP, p);
  if (told == "") told = difference("m", n, gotM, m);
  return told != "" ? told : difference("v", n, gotV, v);
}

describe("optimizer steps, in place, bit for bit", () => {
  it("f32_sgd: plain, momentum, Nesterov", () => {
    for (let i = 0; i < SIZES.length; i++) {
      expect(sgdDiffers(SIZES[i], 0, false, false)).toBe("");
      expect(sgdDiffers(SIZES[i], 0.9, false, true)).toBe("");
      expect(sgdDiffers(SIZES[i], 0.9, true, true)).toBe("");
    }
  });

  it("f32_rmsprop: plain, momentum, centered, both", () => {
    for (let i = 0; i < SIZES.length; i++) {
      expect(rmspropDiffers(SIZES[i], 0, false)).toBe("");
      expect(rmspropDiffers(SIZES[i], 0.9, false)).toBe("");
      expect(rmspropDiffers(SIZES[i], 0, true)).toBe("");
      expect(rmspropDiffers(SIZES[i], 0.9, true)).toBe("");
    }
  });

  it("f32_adam", () => {
    for (let i = 0; i < SIZES.length; i++) expect(adamDiffers(SIZES[i])).toBe("");
  });

  it("a NaN in the gradient stays with its element", () => {
    for (let n = 1; n <= 9; n++) {
      const p = floats(n), g = floats(n);
      g[n - 1] = NaN;
      words(at(RATE), 0, 0, 1, at(p), 0, at(g), n);
      WORDS[8] = UNIT;
      inParts(f32_sgd, n);
      for (let i = 0; i < n; i++) expect(isNaN(p[i])).toBe(i == n - 1, `element ${i} of ${n}`);
    }
  });

  it("a list of tensors, each cut into units of its own: as each by itself", () => {
    const sizes: StaticArray<i32> = [37, 5, 0, 16];
    const p = floats(37 + 5 + 16), g = floats(37 + 5 + 16), got = guardedCopy(p, p.length - 4);
    words(at(RATE), 0, 0, sizes.length);
    for (let i = 0, first = 0; i < sizes.length; i++) {
      WORDS[4 + 5 * i] = <u32>at(got) + 4 * first;
      WORDS[5 + 5 * i] = 0;
      WORDS[6 + 5 * i] = <u32>at(g) + 4 * first;
      WORDS[7 + 5 * i] = sizes[i];
      // Ten units of each: 4, 1, 0 and 2 elements.
      WORDS[8 + 5 * i] = (sizes[i] + 9) / 10;
      first += sizes[i];
    }
    for (let begin = 0; begin < 10; begin += 3) f32_sgd(ranged(begin, min(begin + 3, 10)));
    for (let i = 0; i < 58; i++) expect(same(got[i], p[i] - RATE[0] * g[i])).toBe(true, `element ${i}`);
    expect(intact(got, 58)).toBe(true);
  });
});
