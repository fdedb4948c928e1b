// guard_finite: every place a NaN or an infinity can hide, and what the status says.
import { guard_finite } from "../guard";
import { at, floats, words, WORDS } from "./data";

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
  words(at(CONDITION), at(STATUS), STEP, 3, at(a), aSize, at(b), 0);
  WORDS[8] = <u32>at(b);
  WORDS[9] = bSize;
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
