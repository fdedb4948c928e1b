// Micro-ops that are rare, beside those of micro.ts: opcodes from 64 on. src/program/micro.ts holds the same table; a test compares them.
import { runMicro } from "./micro";
import {
  angle, areaCosine, areaSine, areaTangent, cubeRoot, hyperbolicCosine, hyperbolicSine, hypotenuse, inverseErf, legOf, logarithm, powerOfTwo, tangent,
} from "./wide";

export const EXP2 = 64;
export const LOG2 = 65;
export const LOG10 = 66;
export const CBRT = 67;
export const TAN = 68;
export const ASIN = 69;
export const ACOS = 70;
export const ATAN = 71;
export const ATAN2 = 72;
export const SINH = 73;
export const COSH = 74;
export const ASINH = 75;
export const ACOSH = 76;
export const ATANH = 77;
export const ERFINV = 78;
export const HYPOT = 79;
export const FLOOR_DIV = 80;
export const REMAINDER = 96;
export const REMAINDER_I32 = 97;
export const FLOOR_DIV_I32 = 98;
export const SHIFT_LEFT = 99;
export const SHIFT_RIGHT = 100;

/** Opcodes from here on are computed in float64, two elements at a time; from SCALAR on one at a time. */
const WIDE = EXP2;
const SCALAR = REMAINDER;

/** Runs any micro-op, of either table. */
export function runAnyMicro(opcode: i32, d: usize, a: usize, b: usize, c: usize, bytes: usize): void {
  if (opcode < WIDE) runMicro(opcode, d, a, b, c, bytes);
  else if (opcode < SCALAR) wideBlock(opcode, d, a, b, bytes);
  else scalarBlock(opcode, d, a, b, bytes);
}

function wideBlock(opcode: i32, d: usize, a: usize, b: usize, bytes: usize): void {
  for (const end = d + bytes; d < end; d += 16, a += 16, b += 16) {
    const x = v128.load(a), y = v128.load(b);
    const low = wide(opcode, f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
    const high = wide(opcode, f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)), f64x2.promote_low_f32x4(v128.shuffle<i32>(y, y, 2, 3, 2, 3)));
    v128.store(d, v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
  }
}

function wide(opcode: i32, x: v128, y: v128): v128 {
  switch (opcode) {
    case EXP2: return powerOfTwo(x);
    case LOG2: return logarithm(x, 1, 1.4426950408889634);
    case LOG10: return logarithm(x, 0.3010299956639812, 0.4342944819032518);
    case CBRT: return cubeRoot(x);
    case TAN: return tangent(x);
    case ASIN: return angle(x, legOf(x));
    case ACOS: return angle(legOf(x), x);
    case ATAN: return angle(x, f64x2.splat(1));
    case ATAN2: return angle(x, y);
    case SINH: return hyperbolicSine(x);
    case COSH: return hyperbolicCosine(x);
    case ASINH: return areaSine(x);
    case ACOSH: return areaCosine(x);
    case ATANH: return areaTangent(x);
    case ERFINV: return inverseErf(x);
    case HYPOT: return hypotenuse(x, y);
    // The float64 quotient of two float32 is whole only where the true one is, or beyond what a float32 can tell apart.
    case FLOOR_DIV: return f64x2.floor(f64x2.div(x, y));
    default: return unreachable();
  }
}

function scalarBlock(opcode: i32, d: usize, a: usize, b: usize, bytes: usize): void {
  for (const end = d + bytes; d < end; d += 4, a += 4, b += 4) {
    if (opcode == REMAINDER) store<f32>(d, remainder(load<f32>(a), load<f32>(b)));
    else store<i32>(d, scalar(opcode, load<i32>(a), load<i32>(b)));
  }
}

function scalar(opcode: i32, a: i32, b: i32): i32 {
  switch (opcode) {
    case REMAINDER_I32: return remainderOfInts(a, b);
    case FLOOR_DIV_I32: return floorDivision(a, b);
    case SHIFT_LEFT: return <u32>b < 32 ? a << b : 0;
    case SHIFT_RIGHT: return a >> (<u32>b < 32 ? b : 31);
    default: return unreachable();
  }
}

/** a − b·⌊a/b⌋, exactly; it has the sign of b. NaN for b = 0 and infinite a. */
function remainder(a: f32, b: f32): f32 {
  const r: f32 = a % b;
  if (r == 0) return copysign<f32>(0, b);
  return r < 0 == b < 0 ? r : r + b;
}

/** The same for integers; 0 for b = 0. */
function remainderOfInts(a: i32, b: i32): i32 {
  if (b == 0) return 0;
  const r = a % b;
  return r != 0 && (r ^ b) < 0 ? r + b : r;
}

/** ⌊a/b⌋; 0 for b = 0. −2³¹/−1 wraps, where the machine's division would trap. */
function floorDivision(a: i32, b: i32): i32 {
  if (b == 0) return 0;
  if (b == -1) return 0 - a;
  const q = a / b;
  return (a ^ b) < 0 && q * b != a ? q - 1 : q;
}
