// f32_random and f32_dropout against published vectors of Philox 4×32-10, a scalar Philox, float64 formulas and the moments of the distributions.
import { BERNOULLI, draw, f32_dropout, f32_random, NORMAL, RAW, UNIFORM } from "../random";
import { at, float, floats, guarded, guardedCopy, inRanges, intact, same, words, WORDS } from "./data";

/** Elements a unit: ranges begin inside the 16 that are drawn together. */
const UNIT = 4;
const SIZES: StaticArray<i32> = [0, 1, 3, 4, 5, 8, 13, 15, 16, 17, 50];
const KEY: StaticArray<u32> = [0x12345678, 0x9abcdef0, 3, 7];

// Counter (4 words), key (2 words), expected (4 words): known-answer tests of Random123, kat_vectors.
const VECTORS: StaticArray<u32> = [
  0, 0, 0, 0,   0, 0,   0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8,
  0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,   0xffffffff, 0xffffffff,   0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344,   0xa4093822, 0x299f31d0,   0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
];

const BLOCK = new StaticArray<u32>(4);

/** Four words of Philox, one counter at a time. */
function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  for (let round = 0; round < 10; round++) {
    const p0 = <u64>c0 * 0xd2511f53, p1 = <u64>c2 * 0xcd9e8d57;
    c0 = <u32>(p1 >> 32) ^ c1 ^ k0;
    c1 = <u32>p1;
    c2 = <u32>(p0 >> 32) ^ c3 ^ k1;
    c3 = <u32>p0;
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  BLOCK[0] = c0; BLOCK[1] = c1; BLOCK[2] = c2; BLOCK[3] = c3;
}

/** Word i of a draw from KEY. */
function wordAt(stream: u32, i: i32): u32 {
  philox(<u32>i >> 2, stream, KEY[2], KEY[3], KEY[0], KEY[1]);
  return BLOCK[i & 3];
}

function unit(word: u32): f64 {
  return <f64>(word >> 8) / 16777216;
}

/** The normal of element i: a pair shares the radius of one word and the angle of another. */
function normalAt(stream: u32, i: i32): f64 {
  const pair = i & ~3 | (i >> 1 & 1);
  const r = Math.sqrt(-2 * Math.log(1 - unit(wordAt(stream, pair))));
  const angle = 2 * Math.PI * unit(wordAt(stream, pair + 2));
  return (i & 1) == 0 ? r * Math.cos(angle) : r * Math.sin(angle);
}

function filled(n: i32, stream: i32, kind: i32, a: f32, b: f32): StaticArray<f32> {
  const out = guarded(n);
  words(at(out), at(KEY), stream, n, kind, float(a), float(b), UNIT);
  inRanges(f32_random, (n + UNIT - 1) / UNIT);
  expect(intact(out, n)).toBe(true, `${n} elements of kind ${kind}`);
  return out;
}

describe("f32_random", () => {
  it("gives the published words of Philox 4x32-10", () => {
    for (let row = 0; row < VECTORS.length; row += 10) {
      philox(VECTORS[row], VECTORS[row + 1], VECTORS[row + 2], VECTORS[row + 3], VECTORS[row + 4], VECTORS[row + 5]);
      for (let i = 0; i < 4; i++) expect(BLOCK[i]).toBe(VECTORS[row + 6 + i], `vector ${row / 10}, word ${i}`);
    }
  });

  it("has the words of the scalar Philox in every lane, for every size", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s], out = guarded(n);
      draw(at(out), 0, at(KEY), 0xfedcba98, 0, n, RAW, 0, 0);
      for (let i = 0; i < n; i++) expect(reinterpret<u32>(out[i])).toBe(wordAt(0xfedcba98, i), `word ${i} of ${n}`);
      expect(intact(out, n)).toBe(true, `${n} words`);
    }
  });

  it("uniform is a + (b − a) · the top 24 bits", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const out = filled(SIZES[s], 5, UNIFORM, -2, 1);
      for (let i = 0; i < SIZES[s]; i++) expect(out[i]).toBe(<f32>-2 + <f32>3 * <f32>unit(wordAt(5, i)), `element ${i}`);
    }
  });

  it("uniform stays below b, also where rounding would reach it", () => {
    const n = 1 << 16;
    const near = filled(n, 1, UNIFORM, 16777212, 16777216), same = filled(5, 1, UNIFORM, 0.25, 0.25), negative = filled(n, 1, UNIFORM, -16777216, 0);
    let highest: f32 = 0;
    for (let i = 0; i < n; i++) {
      highest = max(highest, near[i]);
      assert(negative[i] < 0 && negative[i] >= -16777216);
    }
    expect(highest).toBe(16777215);
    for (let i = 0; i < 5; i++) expect(same[i]).toBe(0.25);
  });

  it("normal: error < 2e-6 deviations against float64", () => {
    const n = 4099, out = filled(n, 9, NORMAL, 0, 1), moved = filled(n, 9, NORMAL, 10, 0.5);
    let worst: f64 = 0;
    for (let i = 0; i < n; i++) {
      worst = max(worst, abs(<f64>out[i] - normalAt(9, i)));
      assert(moved[i] == <f32>10 + out[i] * <f32>0.5);
    }
    expect(worst).toBeLessThan(2e-6); // the angle is a float below 2π, known to 2.4e-7; the radius reaches 5.77
  });

  it("normal has the moments of a normal: within five standard errors", () => {
    const n = 100000, out = filled(n, 4, NORMAL, 0, 1);
    let sum: f64 = 0, squares: f64 = 0, fourths: f64 = 0;
    for (let i = 0; i < n; i++) {
      const x = <f64>out[i], x2 = x * x;
      sum += x; squares += x2; fourths += x2 * x2;
    }
    expect(abs(sum / n)).toBeLessThan(5 / 316.2);
    expect(abs(squares / n - 1)).toBeLessThan(5 * 1.4142 / 316.2);
    expect(abs(fourths / n - 3)).toBeLessThan(5 * 9.798 / 316.2);
  });

  it("bernoulli is 1 where uniform is below a; 0 never, 1 always", () => {
    const n = 10007, uniform = filled(n, 2, UNIFORM, 0, 1), drawn = filled(n, 2, BERNOULLI, 0.3, 0);
    const never = filled(n, 2, BERNOULLI, 0, 0), always = filled(n, 2, BERNOULLI, 1, 0);
    let ones = 0;
    for (let i = 0; i < n; i++) {
      assert(drawn[i] == (uniform[i] < 0.3 ? <f32>1 : <f32>0));
      assert(never[i] == 0 && always[i] == 1);
      ones += <i32>drawn[i];
    }
    expect(abs(<f64>ones / n - 0.3)).toBeLessThan(5 * 0.4583 / 100);
  });

  it("another stream, call or seed gives other numbers; a longer draw starts with the shorter one", () => {
    const base = filled(64, 1, UNIFORM, 0, 1), longer = filled(1000, 1, UNIFORM, 0, 1), stream = filled(64, 2, UNIFORM, 0, 1);
    for (let i = 0; i < 64; i++) expect(longer[i]).toBe(base[i]);
    let equal = 0;
    for (let word = 0; word < 4; word++) {
      KEY[word] += 1;
      const other = filled(64, 1, UNIFORM, 0, 1);
      KEY[word] -= 1;
      for (let i = 0; i < 64; i++) equal += i32(other[i] == base[i]);
    }
    for (let i = 0; i < 64; i++) equal += i32(stream[i] == base[i]);
    expect(equal).toBe(0);
  });
});

describe("f32_dropout", () => {
  it("is x · bernoulli(keep) · (1 / keep), out of place and in place", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s], keep: f32 = 0.8;
      const x = floats(n), out = guarded(n), inPlace = guardedCopy(x, n), mask = filled(n, 6, BERNOULLI, keep, 0);
      words(at(out), at(x), at(KEY), 6, n, float(keep), UNIT);
      inRanges(f32_dropout, (n + UNIT - 1) / UNIT);
      words(at(inPlace), at(inPlace), at(KEY), 6, n, float(keep), UNIT);
      inRanges(f32_dropout, (n + UNIT - 1) / UNIT);
      for (let i = 0; i < n; i++) {
        const expected: f32 = x[i] * (mask[i] * (<f32>1 / keep));
        expect(same(out[i], expected) && same(inPlace[i], expected)).toBe(true, `element ${i} of ${n}`);
      }
      expect(intact(out, n) && intact(inPlace, n)).toBe(true, `${n} elements`);
    }
  });

  it("keeps NaN, dropped or not", () => {
    const x = floats(64), out = guarded(64);
    for (let i = 0; i < 64; i++) x[i] = NaN;
    words(at(out), at(x), at(KEY), 6, 64, float(0.5), UNIT);
    inRanges(f32_dropout, 16);
    for (let i = 0; i < 64; i++) expect(isNaN(out[i])).toBe(true, `element ${i}`);
  });

  it("with keep 1 changes nothing", () => {
    const x = floats(37), out = guarded(37);
    words(at(out), at(x), at(KEY), 6, 37, float(1), UNIT);
    inRanges(f32_dropout, 10);
    for (let i = 0; i < 37; i++) expect(out[i]).toBe(x[i]);
  });
});
