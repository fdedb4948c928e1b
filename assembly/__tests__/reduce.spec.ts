// f32_reduce, f32_fold, i32_reduce and f32_arg_reduce against plain scalar loops in float64.
import { f32_fold, f32_reduce, i32_reduce } from "../reduce";
import { f32_arg_reduce } from "../reduce.arg";
import { GUARD, at, floats, guarded, inRanges, intact, random, same, words } from "./data";

const WORKSPACE = new StaticArray<f64>(64);

/** Runs a kernel in three ranges of its units: four rows for inner = 1, else 16 columns. */
function reduce(kernel: (words: usize) => void, out: usize, x: usize, outer: i32, n: i32, inner: i32, kind: i32): void {
  words(out, x, outer, n, inner, kind, at(WORKSPACE));
  inRanges(kernel, inner == 1 ? (outer + 3) / 4 : outer * ((inner + 15) / 16));
}

const SUM = 0, MEAN = 1, MAX = 2, MIN = 3, PROD = 4, ANY = 5, ALL = 6;

// outer, reduce, inner: rows shorter and longer than a vector, columns in every width of a strip, blocks and their remainders.
const CASES: StaticArray<i32> = [
  1, 1, 1, 3, 2, 1, 5, 10, 1, 2, 16, 1, 2, 19, 1, 3, 1000, 1, 1, 4113, 1,
  3, 7, 2, 3, 9, 3, 2, 130, 4, 2, 300, 5, 1, 1001, 6, 2, 33, 7, 2, 65, 8, 2, 70, 9, 2, 129, 10,
  1, 200, 12, 1, 65, 13, 2, 64, 16, 2, 5, 17, 2, 66, 30, 1, 3, 100, 2, 1, 5, 0, 5, 5,
  19, 10, 1, 14, 64, 1, 9, 65, 1, 4, 3, 1, 6, 16, 1, // rows four at a time, and not
  3, 700, 40, 1, 130, 64, 1, 65, 45, // several strips and bands
];

/** Scale of x for products, so that 4113 factors neither vanish nor overflow: near 1. */
function input(count: i32, kind: i32): StaticArray<f32> {
  const x = floats(count);
  if (kind == PROD) for (let i = 0; i < count; i++) x[i] = 1 + x[i] * 0.01;
  return x;
}

/** What differs in one case, or "". */
function compareFloat(row: i32, kind: i32): string {
  const outer = CASES[row], n = CASES[row + 1], inner = CASES[row + 2];
  const x = input(outer * n * inner, kind), out = guarded(outer * inner);
  reduce(kind > MEAN ? f32_fold : f32_reduce, at(out), at(x), outer, n, inner, kind);
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      let expected: f64 = kind == MAX ? -Infinity : kind == MIN ? Infinity : kind == PROD ? 1 : 0;
      let size: f64 = kind == PROD ? <f64>n + 1 : 0;
      for (let r = 0; r < n; r++) {
        const value = <f64>x[(o * n + r) * inner + c];
        if (kind == MAX) expected = max(expected, value);
        else if (kind == MIN) expected = min(expected, value);
        else if (kind == PROD) expected *= value;
        else {
          expected += value;
          size += abs(value);
        }
      }
      if (kind == MEAN) {
        expected /= n;
        size /= n;
      }
      // Extremes are exact. Sums: a chain rounds at most 68 times, each time by 2⁻²⁴ of Σ|x|. Products: one rounding a factor.
      const tolerance = kind == PROD ? size * 2 ** -24 * abs(expected) : size * 68 * 2 ** -24;
      const got = out[o * inner + c];
      if (!(abs(<f64>got - expected) <= tolerance)) return `[${outer}, ${n}, ${inner}], kind ${kind}, ${o} ${c}: expected ${expected}, got ${got}`;
    }
  }
  return intact(out, outer * inner) ? "" : `[${outer}, ${n}, ${inner}], kind ${kind}: written past its end`;
}

function compareInt(row: i32, kind: i32): string {
  const outer = CASES[row], n = CASES[row + 1], inner = CASES[row + 2], count = outer * n * inner;
  const x = new StaticArray<i32>(count + 4), out = guarded(outer * inner);
  // Sparse 0 and 1 for "any" and "all", so that both answers come up; large numbers elsewhere, so that sums and products wrap.
  const boundary: f32 = kind == ANY ? 0.45 : -0.45;
  for (let i = 0; i < count; i++) x[i] = kind >= ANY ? i32(random() > boundary) : <i32>(random() * 4e9);
  for (let i = count; i < count + 4; i++) x[i] = kind == ALL ? 0 : 77;
  reduce(i32_reduce, at(out), at(x), outer, n, inner, kind);
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      let expected: i32 = kind == MAX ? i32.MIN_VALUE : kind == MIN ? i32.MAX_VALUE : kind == PROD || kind == ALL ? 1 : 0;
      for (let r = 0; r < n; r++) {
        const value = x[(o * n + r) * inner + c];
        if (kind == SUM) expected += value;
        else if (kind == MAX) expected = max(expected, value);
        else if (kind == MIN) expected = min(expected, value);
        else if (kind == PROD) expected *= value;
        else if (kind == ANY) expected |= value;
        else expected &= value;
      }
      const got = reinterpret<i32>(out[o * inner + c]);
      if (got != expected) return `[${outer}, ${n}, ${inner}], kind ${kind}, ${o} ${c}: expected ${expected}, got ${got}`;
    }
  }
  return intact(out, outer * inner) ? "" : `[${outer}, ${n}, ${inner}], kind ${kind}: written past its end`;
}

/** The rule in words: a NaN wins, then the greater (or smaller); the first of equals stays. Few distinct values, so that equals are common. */
function compareArg(row: i32, kind: i32, withNaN: bool): string {
  const outer = CASES[row], n = CASES[row + 1], inner = CASES[row + 2], count = outer * n * inner;
  if (n == 0) return "";
  const x = floats(count), out = guarded(outer * inner);
  for (let i = 0; i < count; i++) x[i] = withNaN && random() > 0.45 ? NaN : Mathf.round(x[i] * 8);
  reduce(f32_arg_reduce, at(out), at(x), outer, n, inner, kind);
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      let expected = 0, best = x[o * n * inner + c];
      for (let r = 1; r < n && !isNaN(best); r++) {
        const value = x[(o * n + r) * inner + c];
        if (isNaN(value) || (kind == 0 ? value > best : value < best)) {
          best = value;
          expected = r;
        }
      }
      const got = reinterpret<i32>(out[o * inner + c]);
      if (got != expected) return `[${outer}, ${n}, ${inner}], kind ${kind}, ${o} ${c}: expected ${expected}, got ${got}`;
    }
  }
  return intact(out, outer * inner) ? "" : `[${outer}, ${n}, ${inner}], kind ${kind}: written past its end`;
}

describe("f32_reduce and f32_fold", () => {
  it("equals the scalar loop for every kind and shape", () => {
    for (let row = 0; row < CASES.length; row += 3) for (let kind = SUM; kind <= PROD; kind++) expect(compareFloat(row, kind)).toBe("");
  });

  it("gives 0, NaN, −∞, ∞ and 1 over no elements", () => {
    const expected: StaticArray<f32> = [0, NaN, -Infinity, Infinity, 1];
    const x = floats(8);
    for (let inner = 1; inner < 4; inner++) {
      for (let kind = SUM; kind <= PROD; kind++) {
        const out = guarded(inner);
        reduce(kind > MEAN ? f32_fold : f32_reduce, at(out), at(x), 1, 0, inner, kind);
        for (let c = 0; c < inner; c++) expect(same(out[c], expected[kind])).toBe(true, `kind ${kind}, inner ${inner}: ${out[c]}`);
      }
    }
  });

  it("max and min keep a NaN wherever it lies, and in its own column only", () => {
    for (let inner = 1; inner < 20; inner++) {
      for (let place = 0; place < 37; place++) {
        const x = floats(37 * inner), out = guarded(inner);
        x[place * inner + place % inner] = NaN;
        for (let kind = MAX; kind <= MIN; kind++) {
          reduce(f32_fold, at(out), at(x), 1, 37, inner, kind);
          for (let c = 0; c < inner; c++) expect(isNaN(out[c])).toBe(c == place % inner, `inner ${inner}, row ${place}, column ${c}`);
        }
      }
    }
  });

  it("sums a million elements of one sign to 1e-6: along a row, down one column among three, down 16", () => {
    const inners: StaticArray<i32> = [1, 3, 16];
    const x = new StaticArray<f32>(1_000_004);
    for (let i = 0; i < x.length; i++) x[i] = 0.1; // rounds the same way again and again
    for (let k = 0; k < inners.length; k++) {
      const inner = inners[k], n = 1_000_000 / inner, out = guarded(inner);
      reduce(f32_reduce, at(out), at(x), 1, n, inner, SUM);
      const expected = <f64>x[0] * n;
      for (let c = 0; c < inner; c++) expect(abs(<f64>out[c] / expected - 1) < 1e-6).toBe(true, `inner ${inner}: expected ${expected}, got ${out[c]}`);
    }
  });
});

describe("i32_reduce", () => {
  it("equals the scalar loop for every kind and shape; sums and products wrap", () => {
    for (let row = 0; row < CASES.length; row += 3) for (let kind = SUM; kind <= ALL; kind++) if (kind != MEAN) expect(compareInt(row, kind)).toBe("");
  });
});

describe("f32_arg_reduce", () => {
  it("finds the first of equal extremes", () => {
    for (let row = 0; row < CASES.length; row += 3) for (let kind = 0; kind < 2; kind++) expect(compareArg(row, kind, false)).toBe("");
  });

  it("finds the first NaN where there is one", () => {
    for (let row = 0; row < CASES.length; row += 3) for (let kind = 0; kind < 2; kind++) expect(compareArg(row, kind, true)).toBe("");
  });

  it("finds the extreme among infinities", () => {
    const x: StaticArray<f32> = [-Infinity, -Infinity, Infinity, Infinity, GUARD, GUARD, GUARD, GUARD], out = guarded(1);
    reduce(f32_arg_reduce, at(out), at(x), 1, 2, 1, 0);
    expect(reinterpret<i32>(out[0])).toBe(0);
    reduce(f32_arg_reduce, at(out), at(x), 1, 4, 1, 0);
    expect(reinterpret<i32>(out[0])).toBe(2);
  });
});
