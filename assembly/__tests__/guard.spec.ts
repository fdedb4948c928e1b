// guard_finite and f32_finite: every place a NaN or an infinity can hide, and what flags and status say.
import { f32_finite, guard_finite } from "../guard";
import { at, floats, guarded, intact, ranged, words, WORDS } from "./data";

const STEP = 42;
const SIZES: StaticArray<i32> = [1, 3, 4, 5, 15, 16, 17, 50];
const CONDITION: StaticArray<i32> = [-1];
const STATUS: StaticArray<i32> = [0, 0, 0, 0];

function clear(): void {
  CONDITION[0] = -1;
  for (let i = 0; i < 4; i++) STATUS[i] = 0;
}

/** Guards three tensors: a, b, and an empty one between them. */
function guard(a: StaticArray<f32>, aSize: i32, b: StaticArray<f32>, bSize: i32): void {
  words(at(CONDITION), at(STATUS), STEP, 3, at(a), aSize, 0, at(b));
  WORDS[8] = 0;
  WORDS[9] = 1;
  WORDS[10] = <u32>at(b);
  WORDS[11] = bSize;
  WORDS[12] = 2;
  guard_finite(at(WORDS));
}

function told(): string {
  return `${CONDITION[0]}: ${STATUS[0]}, ${STATUS[1]}, ${STATUS[2]}, ${STATUS[3]}`;
}

describe("guard_finite", () => {
  it("is 1 for finite numbers, the largest and the smallest too, and leaves the status", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s], a = floats(n), b = floats(n); // NaN behind the end does not count
      a[0] = f32.MAX_VALUE; a[n - 1] = -f32.MAX_VALUE; b[0] = f32.MIN_VALUE; b[n - 1] = -0.0;
      clear();
      guard(a, n, b, n);
      expect(told()).toBe("1: 0, 0, 0, 0", `${n} elements`);
    }
  });

  it("names tensor and element of a NaN or an infinity anywhere", () => {
    for (let s = 0; s < SIZES.length; s++) {
      const n = SIZES[s], a = floats(n), b = floats(n);
      for (let i = 0; i < n; i++) {
        const before = b[i];
        b[i] = i % 3 == 0 ? NaN : i % 3 == 1 ? <f32>Infinity : <f32>-Infinity;
        clear();
        guard(a, n, b, n);
        expect(told()).toBe(`0: 2, ${STEP}, ${(2 << 24) + i}, 0`, `element ${i} of ${n}`);
        b[i] = before;
      }
    }
  });

  it("names the first of several", () => {
    const a = floats(40), b = floats(40);
    a[33] = NaN; a[18] = Infinity; b[0] = NaN;
    clear();
    guard(a, 40, b, 40);
    expect(told()).toBe(`0: 2, ${STEP}, 18, 0`);
  });

  it("does not take an infinity and its negative for finite", () => {
    const a = floats(16), b = floats(1);
    a[3] = Infinity; a[7] = -Infinity;
    clear();
    guard(a, 16, b, 1);
    expect(told()).toBe(`0: 2, ${STEP}, 3, 0`);
  });

  it("leaves a status that is already set", () => {
    const a = floats(4), b = floats(4);
    a[1] = NaN;
    clear();
    STATUS[0] = 1; STATUS[1] = 7; STATUS[2] = 9;
    guard(a, 4, b, 4);
    expect(told()).toBe("0: 1, 7, 9, 0");
  });

  it("counts elements up to 2^24 − 1", () => {
    const n = (1 << 24) + 20, a = new StaticArray<f32>(n), b = floats(1);
    a[n - 2] = NaN;
    clear();
    guard(a, n, b, 1);
    expect(told()).toBe(`0: 2, ${STEP}, ${(1 << 24) - 1}, 0`);
  });
});

describe("f32_finite", () => {
  it("flags the units that hold something else, in the range it is given, and names the first of them", () => {
    const unit = 20, units = 5, n = unit * units - 3, which = 9;
    for (let i = 0; i < n; i += 7) {
      const x = floats(n), flags = guarded(units);
      x[i] = i % 2 == 0 ? NaN : <f32>Infinity;
      x[n - 1] = NaN;
      clear();
      words(at(flags), at(x), n, unit, at(STATUS), STEP, which);
      f32_finite(ranged(2, units + 2));
      expect(intact(flags, 0)).toBe(false);
      expect(intact(flags, units)).toBe(true);
      for (let u = 0; u < 2; u++) expect(flags[u]).toBe(777.25, `unit ${u} is none of the range`);
      const first = i >= 2 * unit ? i : n - 1;
      expect(told()).toBe(`-1: 2, ${STEP}, ${(which << 24) + first}, 0`, `element ${i}`);
      clear();
      f32_finite(ranged(0, 2));
      for (let u = 0; u < units; u++) expect(flags[u] == 0).toBe(u != i / unit && u != units - 1, `unit ${u}, element ${i}`);
      expect(STATUS[0]).toBe(i < 2 * unit ? 2 : 0);
    }
  });
});
