// Vector math, as the micro-ops run it, against AssemblyScript's float64 Math over dense sweeps; then the values where formulas break.
import {
  COS, ERF, EXP, EXPM1, LOG, LOG1P, NORMAL_CDF, POW, SIGMOID, SIN, SOFTPLUS, TANH, runMicro,
} from "../micro";
import { at, same } from "./data";

/** Numbers a sweep computes at a time. */
const BLOCK = 4096;
const X = new StaticArray<f32>(BLOCK);
const Y = new StaticArray<f32>(BLOCK);
const POWERS = new StaticArray<f32>(BLOCK);

/** Ways an error is measured. A unit in the last place is at most 2⁻²³ of the value. */
const RELATIVE = 0, ULPS = 1, ABSOLUTE = 2;

/** Sweeps: opcode, from, to, how, bound. Even steps from `from` to `to`; the bounds are those that math.ts states. */
const SWEEPS: StaticArray<f64> = [
  EXP, -86.98, 88.72, RELATIVE, 1.0e-7,
  EXP, -1, 1, RELATIVE, 1.0e-7,
  LOG, 0.4, 3, ULPS, 1.2,
  LOG, 1, 1e6, ULPS, 1.2,
  LOG, 1.17549435e-38, 1e-36, ULPS, 1.2,
  LOG, 1e37, 3.4e38, ULPS, 1.2,
  EXPM1, -1, 1, RELATIVE, 4e-7,
  EXPM1, -100, 88.72, RELATIVE, 4e-7,
  EXPM1, -1e-3, 1e-3, RELATIVE, 4e-7,
  LOG1P, -0.999, 1, RELATIVE, 4e-7,
  LOG1P, 1, 1e6, RELATIVE, 4e-7,
  LOG1P, 1e30, 3.4e38, RELATIVE, 4e-7,
  LOG1P, -1e-3, 1e-3, RELATIVE, 4e-7,
  TANH, -10, 10, ULPS, 2,
  TANH, -0.7, 0.7, ULPS, 2,
  SIGMOID, -87, 20, RELATIVE, 3e-7,
  SOFTPLUS, -86.9, 30, RELATIVE, 4e-7,
  SOFTPLUS, -1, 1, RELATIVE, 4e-7,
  ERF, -1, 1, ULPS, 3,
  ERF, 1, 5, RELATIVE, 1.2e-7,
  ERF, -5, -1, RELATIVE, 1.2e-7,
  NORMAL_CDF, -14, 14, ABSOLUTE, 1.3e-7,
  NORMAL_CDF, -3, 14, RELATIVE, 3e-6,
  NORMAL_CDF, -1, 1, RELATIVE, 4e-7,
  SIN, -10, 10, ABSOLUTE, 1e-7,
  SIN, -1e6, 1e6, ABSOLUTE, 1e-7,
  COS, -10, 10, ABSOLUTE, 1e-7,
  COS, -1e6, 1e6, ABSOLUTE, 1e-7,
];
const STEPS = 16;

/** erf x = 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!: all terms of one sign, so nothing cancels. */
function erf(x: f64): f64 {
  if (abs(x) > 6) return x > 0 ? 1 : -1;
  let term = x, sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return 1.1283791670955126 * Math.exp(-x * x) * sum;
}

function reference(opcode: i32, x: f64): f64 {
  switch (opcode) {
    case EXP: return Math.exp(x);
    case LOG: return Math.log(x);
    case EXPM1: return Math.expm1(x);
    case LOG1P: return Math.log1p(x);
    case TANH: return Math.tanh(x);
    case SIGMOID: return 1 / (1 + Math.exp(-x));
    case SOFTPLUS: return max(x, 0) + Math.log1p(Math.exp(-abs(x)));
    case ERF: return erf(x);
    case NORMAL_CDF: return 0.5 * (1 + erf(x * Math.SQRT1_2));
    case SIN: return Math.sin(x);
    case COS: return Math.cos(x);
    default: return NaN;
  }
}

/** Distance of two neighbouring floats at the value; 2⁻¹⁴⁹ in the denormals. */
function ulp(value: f64): f64 {
  const exponent = max(<i32>((reinterpret<u64>(value) >> 52) & 0x7ff) - 1023, -126);
  return reinterpret<f64>(<u64>(exponent - 23 + 1023) << 52);
}

function error(how: i32, got: f64, expected: f64): f64 {
  const distance = abs(got - expected);
  if (distance == 0) return 0;
  return how == ABSOLUTE ? distance : how == ULPS ? distance / ulp(expected) : distance / abs(expected);
}

/** Where a sweep first misses its bound, or "". */
function sweepMisses(row: i32): string {
  const opcode = <i32>SWEEPS[row], from = SWEEPS[row + 1], to = SWEEPS[row + 2], how = <i32>SWEEPS[row + 3], bound = SWEEPS[row + 4];
  for (let step = 0; step < STEPS; step++) {
    for (let i = 0; i < BLOCK; i++) X[i] = <f32>(from + ((to - from) * <f64>(step * BLOCK + i)) / <f64>(STEPS * BLOCK - 1));
    runMicro(opcode, at(Y), at(X), 0, 0, BLOCK << 2);
    for (let i = 0; i < BLOCK; i++) {
      const expected = reference(opcode, X[i]);
      const missed = error(how, Y[i], expected);
      if (!(missed <= bound)) return `opcode ${opcode} of ${X[i]}: got ${Y[i]}, expected ${expected}, error ${missed} > ${bound}`;
    }
  }
  return "";
}

const TINY: f64 = 1e-40; // a denormal
/** opcode, x, expected: exact, with the sign of zero. */
const VALUES: StaticArray<f64> = [
  EXP, NaN, NaN,   EXP, Infinity, Infinity,   EXP, -Infinity, 0,   EXP, 0, 1,   EXP, -0.0, 1,   EXP, TINY, 1,   EXP, 88.73, Infinity,   EXP, 1e30, Infinity,   EXP, -87, 0,   EXP, -1e30, 0,
  LOG, NaN, NaN,   LOG, Infinity, Infinity,   LOG, -Infinity, NaN,   LOG, 0, -Infinity,   LOG, -0.0, -Infinity,   LOG, -1, NaN,   LOG, -TINY, NaN,   LOG, 1, 0,
  EXPM1, NaN, NaN,   EXPM1, Infinity, Infinity,   EXPM1, -Infinity, -1,   EXPM1, 0, 0,   EXPM1, -0.0, -0.0,   EXPM1, TINY, TINY,   EXPM1, 89, Infinity,   EXPM1, -20, -1,
  LOG1P, NaN, NaN,   LOG1P, Infinity, Infinity,   LOG1P, -Infinity, NaN,   LOG1P, -1, -Infinity,   LOG1P, -2, NaN,   LOG1P, 0, 0,   LOG1P, -0.0, -0.0,   LOG1P, TINY, TINY,
  TANH, NaN, NaN,   TANH, Infinity, 1,   TANH, -Infinity, -1,   TANH, 9.2, 1,   TANH, -9.2, -1,   TANH, 0, 0,   TANH, -0.0, -0.0,   TANH, TINY, TINY,
  SIGMOID, NaN, NaN,   SIGMOID, Infinity, 1,   SIGMOID, -Infinity, 0,   SIGMOID, 0, 0.5,   SIGMOID, 17.5, 1,   SIGMOID, -89, 0,
  SOFTPLUS, NaN, NaN,   SOFTPLUS, Infinity, Infinity,   SOFTPLUS, -Infinity, 0,   SOFTPLUS, -88, 0,   SOFTPLUS, 1e30, 1e30,   SOFTPLUS, 0, 0.6931472,
  ERF, NaN, NaN,   ERF, Infinity, 1,   ERF, -Infinity, -1,   ERF, 4, 1,   ERF, -4, -1,   ERF, 0, 0,   ERF, -0.0, -0.0,
  NORMAL_CDF, NaN, NaN,   NORMAL_CDF, Infinity, 1,   NORMAL_CDF, -Infinity, 0,   NORMAL_CDF, 0, 0.5,   NORMAL_CDF, -0.0, 0.5,   NORMAL_CDF, 6, 1,   NORMAL_CDF, -13, 0,   NORMAL_CDF, -1e30, 0,   NORMAL_CDF, TINY, 0.5,
  SIN, NaN, NaN,   SIN, Infinity, NaN,   SIN, -Infinity, NaN,   SIN, 0, 0,   SIN, -0.0, -0.0,   SIN, TINY, TINY,
  COS, NaN, NaN,   COS, Infinity, NaN,   COS, -Infinity, NaN,   COS, 0, 1,   COS, -0.0, 1,   COS, TINY, 1,
];

/** x, y, xʸ as JavaScript has it. */
const POWER_VALUES: StaticArray<f32> = [
  2, 10, 1024,   2, -1, 0.5,   -2, 3, -8,   -2, 2, 4,   -2, 0.5, NaN,   0, 0, 1,   0, 2, 0,   0, -1, Infinity,   -0.0, -1, -Infinity,   NaN, 0, 1,   1, NaN, NaN,   NaN, 1, NaN,   1, Infinity, NaN,
  Infinity, 2, Infinity,   Infinity, -2, 0,   -Infinity, 3, -Infinity,   2, Infinity, Infinity,   0.5, Infinity, 0,   2, 200, Infinity,   2, -200, 0,   4, 0.5, 2,   9, -0.5, 0.33333334,
];

describe("vector math", () => {
  it("stays within the stated bounds on dense sweeps", () => {
    for (let row = 0; row < SWEEPS.length; row += 5) {
      const told = sweepMisses(row);
      if (told != "") expect(told).toBe("");
    }
  });

  it("gives what the formulas alone would miss: NaN, infinities, both zeros, denormals, saturation", () => {
    for (let row = 0; row < VALUES.length; row += 3) {
      const opcode = <i32>VALUES[row];
      for (let lane = 0; lane < 4; lane++) {
        X[0] = X[1] = X[2] = X[3] = 0.25;
        X[lane] = <f32>VALUES[row + 1];
        runMicro(opcode, at(Y), at(X), 0, 0, 16);
        if (!same(Y[lane], <f32>VALUES[row + 2])) expect(`opcode ${opcode} of ${X[lane]}, lane ${lane}: ${Y[lane]}`).toBe(`${VALUES[row + 2]}`);
        if (Y[lane ^ 1] != Y[lane ^ 2]) expect(`opcode ${opcode} of ${X[lane]}, lane ${lane}: its neighbours differ`).toBe("");
      }
    }
  });

  it("takes the logarithm of denormals", () => {
    for (let i = 0; i < 4; i++) X[i] = <f32>(<f64>1e-40 * <f64>(1 + i * 20));
    runMicro(LOG, at(Y), at(X), 0, 0, 16);
    for (let i = 0; i < 4; i++) expect(error(ULPS, Y[i], Math.log(X[i]))).toBeLessThan(1.2, `ln ${X[i]}`);
  });

  it("is monotone where exp begins and ends", () => {
    X[0] = -86.988; X[1] = -86.98; X[2] = 88.722; X[3] = 88.7228;
    runMicro(EXP, at(Y), at(X), 0, 0, 16);
    expect(Y[0] >= 1.17549435e-38 && Y[0] < Y[1] && Y[2] < Y[3] && Y[3] < Infinity).toBe(true, `${Y[0]} ${Y[1]} ${Y[2]} ${Y[3]}`);
  });

  it("takes powers to one unit in the last place", () => {
    let worst: f64 = 0;
    for (let base = 0; base < 64; base++) {
      for (let i = 0; i < BLOCK; i++) {
        X[i] = <f32>0.05 * <f32>(base + 1);
        POWERS[i] = <f32>(i - BLOCK / 2) / 200;
      }
      runMicro(POW, at(Y), at(X), at(POWERS), 0, BLOCK << 2);
      for (let i = 0; i < BLOCK; i++) worst = max(worst, error(ULPS, Y[i], Math.pow(X[i], POWERS[i])));
    }
    expect(worst).toBeLessThan(1);
    for (let row = 0; row < POWER_VALUES.length; row += 3) {
      X[0] = X[1] = X[2] = X[3] = POWER_VALUES[row];
      POWERS[0] = POWERS[1] = POWERS[2] = POWERS[3] = POWER_VALUES[row + 1];
      runMicro(POW, at(Y), at(X), at(POWERS), 0, 16);
      for (let lane = 0; lane < 4; lane++) if (!same(Y[lane], POWER_VALUES[row + 2])) expect(`${X[0]} to the power ${POWERS[0]}: ${Y[lane]}`).toBe(`${POWER_VALUES[row + 2]}`);
    }
  });
});
