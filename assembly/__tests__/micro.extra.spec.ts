// Rare micro-ops: dense sweeps against AssemblyScript's float64 Math, the values where formulas break, and integers one at a time.
import {
  ACOS, ACOSH, ASIN, ASINH, ATAN, ATAN2, ATANH, CBRT, COSH, ERFINV, EXP2, FLOOR_DIV, FLOOR_DIV_I32, HYPOT, LOG10, LOG2, REMAINDER, REMAINDER_I32, SHIFT_LEFT, SHIFT_RIGHT, SINH, TAN,
  runAnyMicro,
} from "../micro.extra";
import { ADD } from "../micro";
import { at, GUARD, guarded, random, same } from "./data";

const BLOCK = 4096;
const X = new StaticArray<f32>(BLOCK);
const Y = new StaticArray<f32>(BLOCK);
const OUT = new StaticArray<f32>(BLOCK);

/**
 * opcode, from, to, bound in units of the last place. Half a unit is the rounding itself; the rest is what float64 leaves, 1e-11 / 6e-8 of a unit,
 * and what AssemblyScript's own float64 function is off by.
 */
const SWEEPS: StaticArray<f64> = [
  EXP2, -126, 128, 0.501,   EXP2, -1, 1, 0.501,   EXP2, -149, -126, 0.501,
  LOG2, 1e-45, 1e-37, 0.501,   LOG2, 0.5, 2, 0.501,   LOG2, 1, 3.4e38, 0.501,
  LOG10, 1e-45, 1e-37, 0.501,   LOG10, 0.5, 2, 0.501,   LOG10, 1, 3.4e38, 0.501,
  CBRT, -10, 10, 0.501,   CBRT, 1e-45, 1e-37, 0.501,   CBRT, 1, 3.4e38, 0.501,
  TAN, -2, 2, 0.51,   TAN, -1e6, 1e6, 0.51,   TAN, 1.5707, 1.5709, 0.51,
  ASIN, -1, 1, 0.501,   ASIN, -1e-3, 1e-3, 0.501,   ACOS, -1, 1, 0.501,   ACOS, 0.999, 1, 0.501,
  ATAN, -3, 3, 0.501,   ATAN, -1e6, 1e6, 0.501,   ATAN, -1e-20, 1e-20, 0.501,
  SINH, -89.4, 89.4, 0.501,   SINH, -1e-3, 1e-3, 0.501,   COSH, -89.4, 89.4, 0.501,   COSH, -1, 1, 0.501,
  ASINH, -3, 3, 0.501,   ASINH, -1e-3, 1e-3, 0.501,   ASINH, 1e30, 3.4e38, 0.501,
  ACOSH, 1, 1.001, 0.501,   ACOSH, 1, 10, 0.501,   ACOSH, 1e30, 3.4e38, 0.501,
  ATANH, -1, 1, 0.501,   ATANH, -1e-3, 1e-3, 0.501,   ATANH, 0.999, 1, 0.501,
];
const STEPS = 16;

function reference(opcode: i32, x: f64): f64 {
  switch (opcode) {
    case EXP2: return Math.pow(2, x);
    case LOG2: return Math.log2(x);
    case LOG10: return Math.log10(x);
    case CBRT: return Math.cbrt(x);
    case TAN: return Math.tan(x);
    case ASIN: return Math.asin(x);
    case ACOS: return Math.acos(x);
    case ATAN: return Math.atan(x);
    case SINH: return Math.sinh(x);
    case COSH: return Math.cosh(x);
    case ASINH: return Math.asinh(x);
    case ACOSH: return Math.acosh(x);
    case ATANH: return Math.atanh(x);
    default: return NaN;
  }
}

/** erf x = 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!: all terms of one sign, so nothing cancels. */
function erf(x: f64): f64 {
  let term = x, sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum;
}

/** 1 − erf x of a positive x, by its continued fraction where that has all digits. */
function erfc(x: f64): f64 {
  if (x < 1) return 1 - erf(x);
  let fraction = x;
  for (let n = 300; n > 0; n--) fraction = x + <f64>n / 2 / fraction;
  return Math.exp(-x * x) / fraction / 1.772453850905516;
}

/** Distance of two neighbouring floats at the value; 2⁻¹⁴⁹ in the denormals. */
function ulp(value: f64): f64 {
  const exponent = max(<i32>((reinterpret<u64>(value) >> 52) & 0x7ff) - 1023, -126);
  return reinterpret<f64>(<u64>(exponent - 23 + 1023) << 52);
}

/** Where a sweep first misses its bound, or "". */
function sweepMisses(row: i32): string {
  const opcode = <i32>SWEEPS[row], from = SWEEPS[row + 1], to = SWEEPS[row + 2], bound = SWEEPS[row + 3];
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < BLOCK; i++) X[i] = <f32>(from + ((to - from) * <f64>(step * BLOCK + i)) / <f64>(STEPS * BLOCK - 1));
    runAnyMicro(opcode, at(OUT), at(X), at(X), 0, BLOCK << 2);
    for (let i = 0; i < BLOCK; i++) {
      const expected = reference(opcode, X[i]);
      if (<f64>OUT[i] == expected || (<f64>OUT[i] == Infinity && expected > 3.4028235e38)) continue;
      const missed = abs(<f64>OUT[i] - expected) / ulp(expected);
      if (!(missed <= bound)) return `opcode ${opcode} of ${X[i]}: got ${OUT[i]}, expected ${expected}, error ${missed} > ${bound}`;
    }
  }
  return "";
}

/** opcode, x, y, expected: exact, with the sign of zero. */
const VALUES: StaticArray<f64> = [
  EXP2, NaN, 0, NaN,   EXP2, Infinity, 0, Infinity,   EXP2, -Infinity, 0, 0,   EXP2, -149, 0, 1.401298464324817e-45,   EXP2, -151, 0, 0,   EXP2, 10, 0, 1024,   EXP2, 128, 0, Infinity,
  LOG2, NaN, 0, NaN,   LOG2, 0, 0, -Infinity,   LOG2, -0.0, 0, -Infinity,   LOG2, -1, 0, NaN,   LOG2, -Infinity, 0, NaN,   LOG2, Infinity, 0, Infinity,   LOG2, 1, 0, 0,   LOG2, 1048576, 0, 20,
  LOG10, 1000, 0, 3,   LOG10, 1e10, 0, 10,   LOG10, 0.001, 0, -3,   LOG10, NaN, 0, NaN,
  CBRT, NaN, 0, NaN,   CBRT, 0, 0, 0,   CBRT, -0.0, 0, -0.0,   CBRT, -27, 0, -3,   CBRT, Infinity, 0, Infinity,   CBRT, -Infinity, 0, -Infinity,
  TAN, NaN, 0, NaN,   TAN, Infinity, 0, NaN,   TAN, -Infinity, 0, NaN,   TAN, 0, 0, 0,   TAN, -0.0, 0, -0.0,   TAN, 1e-40, 0, 1e-40,
  ASIN, NaN, 0, NaN,   ASIN, 1, 0, 1.5707963267948966,   ASIN, -1, 0, -1.5707963267948966,   ASIN, 1.0000001, 0, NaN,   ASIN, -2, 0, NaN,   ASIN, -0.0, 0, -0.0,   ASIN, Infinity, 0, NaN,
  ACOS, NaN, 0, NaN,   ACOS, 1, 0, 0,   ACOS, -1, 0, 3.141592653589793,   ACOS, 0, 0, 1.5707963267948966,   ACOS, 2, 0, NaN,
  ATAN, NaN, 0, NaN,   ATAN, Infinity, 0, 1.5707963267948966,   ATAN, -Infinity, 0, -1.5707963267948966,   ATAN, -0.0, 0, -0.0,   ATAN, 1e-40, 0, 1e-40,
  ATAN2, 0, 0, 0,   ATAN2, -0.0, 0, -0.0,   ATAN2, 0, -0.0, 3.141592653589793,   ATAN2, -0.0, -1, -3.141592653589793,   ATAN2, 1, 0, 1.5707963267948966,   ATAN2, 1, -Infinity, 3.141592653589793,
  ATAN2, Infinity, Infinity, 0.7853981633974483,   ATAN2, Infinity, -Infinity, 2.356194490192345,   ATAN2, NaN, 1, NaN,   ATAN2, 1, NaN, NaN,   ATAN2, 1e-45, 1, 1.401298464324817e-45,
  SINH, NaN, 0, NaN,   SINH, Infinity, 0, Infinity,   SINH, -Infinity, 0, -Infinity,   SINH, -0.0, 0, -0.0,   SINH, 1e-40, 0, 1e-40,   COSH, NaN, 0, NaN,   COSH, -Infinity, 0, Infinity,   COSH, 0, 0, 1,
  ASINH, NaN, 0, NaN,   ASINH, Infinity, 0, Infinity,   ASINH, -Infinity, 0, -Infinity,   ASINH, -0.0, 0, -0.0,   ASINH, 1e-40, 0, 1e-40,
  ACOSH, NaN, 0, NaN,   ACOSH, 1, 0, 0,   ACOSH, 0.5, 0, NaN,   ACOSH, -3, 0, NaN,   ACOSH, -1e10, 0, NaN,   ACOSH, Infinity, 0, Infinity,
  ATANH, NaN, 0, NaN,   ATANH, 1, 0, Infinity,   ATANH, -1, 0, -Infinity,   ATANH, 1.5, 0, NaN,   ATANH, -Infinity, 0, NaN,   ATANH, -0.0, 0, -0.0,   ATANH, 1e-40, 0, 1e-40,
  ERFINV, NaN, 0, NaN,   ERFINV, 1, 0, Infinity,   ERFINV, -1, 0, -Infinity,   ERFINV, 1.5, 0, NaN,   ERFINV, -0.0, 0, -0.0,   ERFINV, 0, 0, 0,
  HYPOT, 3, 4, 5,   HYPOT, 3e30, -4e30, 5e30,   HYPOT, 3e-40, 4e-40, 5e-40,   HYPOT, NaN, 1, NaN,   HYPOT, NaN, -Infinity, Infinity,   HYPOT, Infinity, NaN, Infinity,   HYPOT, -0.0, 0, 0,
  FLOOR_DIV, 7, 2, 3,   FLOOR_DIV, -7, 2, -4,   FLOOR_DIV, 1, 0.1, 9,   FLOOR_DIV, 1, 0, Infinity,   FLOOR_DIV, 0, 0, NaN,   FLOOR_DIV, -1, Infinity, -0.0,
  REMAINDER, 7, 3, 1,   REMAINDER, -7, 3, 2,   REMAINDER, 7, -3, -2,   REMAINDER, -7, -3, -1,   REMAINDER, 6, -3, -0.0,   REMAINDER, 1, 0, NaN,   REMAINDER, Infinity, 3, NaN,   REMAINDER, 5.5, 2, 1.5,
  REMAINDER, NaN, 3, NaN,   REMAINDER, 3, NaN, NaN,   REMAINDER, 3, Infinity, 3,   REMAINDER, 1e30, 7, 1,
];

/** opcode, a, b, expected. */
const INTEGERS: StaticArray<i32> = [
  REMAINDER_I32, 7, 3, 1,   REMAINDER_I32, -7, 3, 2,   REMAINDER_I32, 7, -3, -2,   REMAINDER_I32, 5, 0, 0,   REMAINDER_I32, i32.MIN_VALUE, -1, 0,   REMAINDER_I32, i32.MIN_VALUE, 3, 1,
  FLOOR_DIV_I32, 7, 2, 3,   FLOOR_DIV_I32, -7, 2, -4,   FLOOR_DIV_I32, 7, -2, -4,   FLOOR_DIV_I32, -6, -2, 3,   FLOOR_DIV_I32, -6, 2, -3,   FLOOR_DIV_I32, 5, 0, 0,
  FLOOR_DIV_I32, i32.MIN_VALUE, -1, i32.MIN_VALUE,   FLOOR_DIV_I32, i32.MIN_VALUE, 2, -1073741824,   FLOOR_DIV_I32, i32.MAX_VALUE, -2, -1073741824,
  SHIFT_LEFT, 1, 31, i32.MIN_VALUE,   SHIFT_LEFT, 3, 2, 12,   SHIFT_LEFT, 1, 32, 0,   SHIFT_LEFT, 1, -1, 0,
  SHIFT_RIGHT, -8, 1, -4,   SHIFT_RIGHT, 8, 3, 1,   SHIFT_RIGHT, -1, 40, -1,   SHIFT_RIGHT, 5, -1, 0,
];

describe("rare micro-ops", () => {
  it("stay within the stated bounds on dense sweeps", () => {
    for (let row = 0; row < SWEEPS.length; row += 4) {
      const told = sweepMisses(row);
      if (told != "") expect(told).toBe("");
    }
  });

  it("give the values at which formulas break", () => {
    for (let row = 0; row < VALUES.length; row += 4) {
      const opcode = <i32>VALUES[row];
      for (let lane = 0; lane < 4; lane++) {
        X[0] = X[1] = X[2] = X[3] = 0.25;
        Y[0] = Y[1] = Y[2] = Y[3] = 0.5;
        X[lane] = <f32>VALUES[row + 1];
        Y[lane] = <f32>VALUES[row + 2];
        runAnyMicro(opcode, at(OUT), at(X), at(Y), 0, 16);
        if (!same(OUT[lane], <f32>VALUES[row + 3])) expect(`opcode ${opcode} of ${X[lane]}, ${Y[lane]}, lane ${lane}: ${OUT[lane]}`).toBe(`${VALUES[row + 3]}`);
      }
    }
  });

  it("erfinv is within 0.51 units of where Newton's step from it leads, up to the last float32 below 1", () => {
    for (let i = 0; i < BLOCK; i++) X[i] = i < 2048 ? <f32>((<f64>i - 1023.5) / 1024) : 1 - <f32>(i - 2047) / 16777216;
    runAnyMicro(ERFINV, at(Y), at(X), at(X), 0, BLOCK << 2);
    for (let i = 0; i < BLOCK; i++) {
      const y = <f64>Y[i];
      // erf y − x by whichever of the two is small: erf y itself, or what it lacks of 1.
      const off = abs(X[i]) < 0.5 ? erf(y) - <f64>X[i] : (1 - <f64>abs(X[i]) - erfc(abs(y))) * (y < 0 ? -1 : 1);
      const missed = abs(off * 0.886226925452758 * Math.exp(y * y)) / ulp(y);
      expect(missed < 0.51).toBe(true, `erfinv ${X[i]}: ${Y[i]}, off by ${missed}`);
    }
  });

  it("divide and shift integers, whole numbers by 0 too", () => {
    for (let row = 0; row < INTEGERS.length; row += 4) {
      for (let lane = 0; lane < 4; lane++) {
        store<i32>(at(X) + (lane << 2), INTEGERS[row + 1]);
        store<i32>(at(Y) + (lane << 2), INTEGERS[row + 2]);
      }
      runAnyMicro(INTEGERS[row], at(OUT), at(X), at(Y), 0, 16);
      for (let lane = 0; lane < 4; lane++) expect(load<i32>(at(OUT) + (lane << 2))).toBe(INTEGERS[row + 3], `opcode ${INTEGERS[row]} of ${INTEGERS[row + 1]}, ${INTEGERS[row + 2]}`);
    }
  });

  it("take every vector of a block alike, in place too, beside the common ones, and write nothing behind", () => {
    for (let i = 0; i < 32; i++) {
      X[i] = random() + 1.6;
      Y[i] = random();
    }
    for (let opcode: i32 = EXP2; opcode <= FLOOR_DIV; opcode++) {
      const expected = guarded(28), out = guarded(28);
      for (let i = 0; i < 28; i += 4) runAnyMicro(opcode, at(expected) + (i << 2), at(X) + (i << 2), at(Y) + (i << 2), 0, 16);
      memory.copy(at(out), at(X), 28 << 2);
      runAnyMicro(opcode, at(out), at(out), at(Y), 0, 28 << 2);
      for (let i = 0; i < 28; i++) expect(same(out[i], expected[i])).toBe(true, `opcode ${opcode}, element ${i}`);
      expect(out[28]).toBe(GUARD);
    }
    runAnyMicro(ADD, at(OUT), at(X), at(Y), 0, 16);
    expect(OUT[0]).toBe(X[0] + Y[0]);
  });
});
