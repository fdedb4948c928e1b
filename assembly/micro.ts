// Micro-ops of a tile program: each works through one block, d = f(a, b, c), four elements at a time. Operands may coincide.
// src/program/micro.ts holds the same table of opcodes; a test compares them.
import { cos4, erf4, exp4, expm14, log1p4, log4, normalCdf4, pow4, sigmoid4, sin4, softplus4, tanh4 } from "./math";
import { roundToByte4, roundToHalf4 } from "./narrow";

export const COPY = 0;
export const ADD = 1;
export const SUB = 2;
export const MUL = 3;
export const DIV = 4;
export const FMA = 5;
export const MAXIMUM = 6;
export const MINIMUM = 7;
export const POW = 8;
export const NEG = 9;
export const ABS = 10;
export const SQRT = 11;
export const SQUARE = 12;
export const RECIPROCAL = 13;
export const EXP = 14;
export const LOG = 15;
export const EXPM1 = 16;
export const LOG1P = 17;
export const TANH = 18;
export const SIGMOID = 19;
export const RELU = 20;
export const RELU_GRAD = 21;
export const SIGN = 22;
export const FLOOR = 23;
export const CEIL = 24;
export const ROUND = 25;
export const SOFTPLUS = 26;
export const ERF = 27;
export const SIN = 28;
export const COS = 29;
export const TRUNC = 30;
export const EQUAL = 32;
export const NOT_EQUAL = 33;
export const LESS = 34;
export const LESS_EQUAL = 35;
export const EQUAL_I32 = 36;
export const NOT_EQUAL_I32 = 37;
export const LESS_I32 = 38;
export const LESS_EQUAL_I32 = 39;
export const SELECT = 40;
export const BIT_AND = 41;
export const BIT_OR = 42;
export const LOGICAL_NOT = 43;
export const ADD_I32 = 44;
export const SUB_I32 = 45;
export const MUL_I32 = 46;
export const MAXIMUM_I32 = 47;
export const MINIMUM_I32 = 48;
export const NEG_I32 = 49;
export const ABS_I32 = 50;
export const F32_TO_I32 = 51;
export const I32_TO_F32 = 52;
export const F32_TO_BOOL = 53;
export const I32_TO_BOOL = 54;
export const ISFINITE = 55;
export const BIT_XOR = 57;
export const SQUARE_I32 = 58;
export const SIGN_I32 = 59;
export const F32_TO_U8 = 60;
export const F32_TO_F16 = 61;
export const NORMAL_CDF = 62;

/** Runs one micro-op over `bytes` (a multiple of 16) of a block. */
export function runMicro(opcode: i32, d: usize, a: usize, b: usize, c: usize, bytes: usize): void {
  switch (opcode) {
    case COPY: copyBlock(d, a, bytes); break;
    case ADD: addBlock(d, a, b, bytes); break;
    case SUB: subBlock(d, a, b, bytes); break;
    case MUL: mulBlock(d, a, b, bytes); break;
    case DIV: divBlock(d, a, b, bytes); break;
    case FMA: fmaBlock(d, a, b, c, bytes); break;
    case MAXIMUM: maximumBlock(d, a, b, bytes); break;
    case MINIMUM: minimumBlock(d, a, b, bytes); break;
    case POW: powBlock(d, a, b, bytes); break;
    case NEG: negBlock(d, a, bytes); break;
    case ABS: absBlock(d, a, bytes); break;
    case SQRT: sqrtBlock(d, a, bytes); break;
    case SQUARE: squareBlock(d, a, bytes); break;
    case RECIPROCAL: reciprocalBlock(d, a, bytes); break;
    case EXP: expBlock(d, a, bytes); break;
    case LOG: logBlock(d, a, bytes); break;
    case EXPM1: expm1Block(d, a, bytes); break;
    case LOG1P: log1pBlock(d, a, bytes); break;
    case TANH: tanhBlock(d, a, bytes); break;
    case SIGMOID: sigmoidBlock(d, a, bytes); break;
    case RELU: reluBlock(d, a, bytes); break;
    case RELU_GRAD: reluGradBlock(d, a, b, bytes); break;
    case SIGN: signBlock(d, a, bytes); break;
    case FLOOR: floorBlock(d, a, bytes); break;
    case CEIL: ceilBlock(d, a, bytes); break;
    case ROUND: roundBlock(d, a, bytes); break;
    case SOFTPLUS: softplusBlock(d, a, bytes); break;
    case ERF: erfBlock(d, a, bytes); break;
    case SIN: sinBlock(d, a, bytes); break;
    case COS: cosBlock(d, a, bytes); break;
    case TRUNC: truncBlock(d, a, bytes); break;
    case EQUAL: equalBlock(d, a, b, bytes); break;
    case NOT_EQUAL: notEqualBlock(d, a, b, bytes); break;
    case LESS: lessBlock(d, a, b, bytes); break;
    case LESS_EQUAL: lessEqualBlock(d, a, b, bytes); break;
    case EQUAL_I32: equalI32Block(d, a, b, bytes); break;
    case NOT_EQUAL_I32: notEqualI32Block(d, a, b, bytes); break;
    case LESS_I32: lessI32Block(d, a, b, bytes); break;
    case LESS_EQUAL_I32: lessEqualI32Block(d, a, b, bytes); break;
    case SELECT: selectBlock(d, a, b, c, bytes); break;
    case BIT_AND: bitAndBlock(d, a, b, bytes); break;
    case BIT_OR: bitOrBlock(d, a, b, bytes); break;
    case LOGICAL_NOT: logicalNotBlock(d, a, bytes); break;
    case ADD_I32: addI32Block(d, a, b, bytes); break;
    case SUB_I32: subI32Block(d, a, b, bytes); break;
    case MUL_I32: mulI32Block(d, a, b, bytes); break;
    case MAXIMUM_I32: maximumI32Block(d, a, b, bytes); break;
    case MINIMUM_I32: minimumI32Block(d, a, b, bytes); break;
    case NEG_I32: negI32Block(d, a, bytes); break;
    case ABS_I32: absI32Block(d, a, bytes); break;
    case F32_TO_I32: f32ToI32Block(d, a, bytes); break;
    case I32_TO_F32: i32ToF32Block(d, a, bytes); break;
    case F32_TO_BOOL: f32ToBoolBlock(d, a, bytes); break;
    case I32_TO_BOOL: i32ToBoolBlock(d, a, bytes); break;
    case ISFINITE: isfiniteBlock(d, a, bytes); break;
    case BIT_XOR: bitXorBlock(d, a, b, bytes); break;
    case SQUARE_I32: mulI32Block(d, a, a, bytes); break;
    case SIGN_I32: signI32Block(d, a, bytes); break;
    case F32_TO_U8: f32ToU8Block(d, a, bytes); break;
    case F32_TO_F16: f32ToF16Block(d, a, bytes); break;
    case NORMAL_CDF: normalCdfBlock(d, a, bytes); break;
    default: unreachable();
  }
}

// @ts-ignore: decorator
@inline
function square4(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** Lanes of all ones or zeros to 1 or 0. */
// @ts-ignore: decorator
@inline
function bool4(mask: v128): v128 {
  return v128.and(mask, i32x4.splat(1));
}

// @ts-ignore: decorator
@inline
function select4(condition: v128, a: v128, b: v128): v128 {
  return v128.bitselect(b, a, i32x4.eq(condition, i32x4.splat(0)));
}

/** dy where y > 0, 0 where y ≤ 0, y where it is NaN. */
// @ts-ignore: decorator
@inline
function reluGrad4(dy: v128, y: v128): v128 {
  return v128.bitselect(y, v128.and(dy, f32x4.gt(y, f32x4.splat(0))), f32x4.ne(y, y));
}

/** −1, 0 or 1; NaN stays, and so does −0. */
// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const y = f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
  return v128.bitselect(x, y, v128.or(f32x4.ne(x, x), f32x4.eq(x, zero)));
}

// Loops, a function each so that the engine keeps their addresses in registers. Cheap ones take two vectors a turn.

function copyBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, v128.load(a));
    v128.store(d, v128.load(a, 16), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, v128.load(a));
}

function addBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.add(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.add(v128.load(a), v128.load(b)));
}

function subBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.sub(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.sub(v128.load(a), v128.load(b)));
}

function mulBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.mul(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.mul(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.mul(v128.load(a), v128.load(b)));
}

function divBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.div(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.div(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.div(v128.load(a), v128.load(b)));
}

function fmaBlock(d: usize, a: usize, b: usize, c: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.add(f32x4.mul(v128.load(a), v128.load(b)), v128.load(c)));
    v128.store(d, f32x4.add(f32x4.mul(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
    c += 32;
  }
  if (d < end) v128.store(d, f32x4.add(f32x4.mul(v128.load(a), v128.load(b)), v128.load(c)));
}

function maximumBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.max(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.max(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.max(v128.load(a), v128.load(b)));
}

function minimumBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.min(v128.load(a), v128.load(b)));
    v128.store(d, f32x4.min(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, f32x4.min(v128.load(a), v128.load(b)));
}

function powBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, pow4(v128.load(a), v128.load(b)));
    d += 16;
    a += 16;
    b += 16;
  }
}

function negBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.neg(v128.load(a)));
    v128.store(d, f32x4.neg(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.neg(v128.load(a)));
}

function absBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.abs(v128.load(a)));
    v128.store(d, f32x4.abs(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.abs(v128.load(a)));
}

function sqrtBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.sqrt(v128.load(a)));
    v128.store(d, f32x4.sqrt(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.sqrt(v128.load(a)));
}

function squareBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, square4(v128.load(a)));
    v128.store(d, square4(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, square4(v128.load(a)));
}

function reciprocalBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.div(f32x4.splat(1), v128.load(a)));
    v128.store(d, f32x4.div(f32x4.splat(1), v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.div(f32x4.splat(1), v128.load(a)));
}

function expBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, exp4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function logBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, log4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function expm1Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, expm14(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function log1pBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, log1p4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function tanhBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, tanh4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function sigmoidBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, sigmoid4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function reluBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.pmax(v128.load(a), f32x4.splat(0)));
    v128.store(d, f32x4.pmax(v128.load(a, 16), f32x4.splat(0)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.pmax(v128.load(a), f32x4.splat(0)));
}

function reluGradBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, reluGrad4(v128.load(a), v128.load(b)));
    v128.store(d, reluGrad4(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, reluGrad4(v128.load(a), v128.load(b)));
}

function signBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, sign4(v128.load(a)));
    v128.store(d, sign4(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, sign4(v128.load(a)));
}

function floorBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.floor(v128.load(a)));
    v128.store(d, f32x4.floor(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.floor(v128.load(a)));
}

function ceilBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.ceil(v128.load(a)));
    v128.store(d, f32x4.ceil(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.ceil(v128.load(a)));
}

function roundBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.nearest(v128.load(a)));
    v128.store(d, f32x4.nearest(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.nearest(v128.load(a)));
}

function softplusBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, softplus4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function erfBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, erf4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function normalCdfBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, normalCdf4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function sinBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, sin4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function cosBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, cos4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function equalBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.eq(v128.load(a), v128.load(b))));
    v128.store(d, bool4(f32x4.eq(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.eq(v128.load(a), v128.load(b))));
}

function notEqualBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.ne(v128.load(a), v128.load(b))));
    v128.store(d, bool4(f32x4.ne(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.ne(v128.load(a), v128.load(b))));
}

function lessBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.lt(v128.load(a), v128.load(b))));
    v128.store(d, bool4(f32x4.lt(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.lt(v128.load(a), v128.load(b))));
}

function lessEqualBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.le(v128.load(a), v128.load(b))));
    v128.store(d, bool4(f32x4.le(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.le(v128.load(a), v128.load(b))));
}

function equalI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(i32x4.eq(v128.load(a), v128.load(b))));
    v128.store(d, bool4(i32x4.eq(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(i32x4.eq(v128.load(a), v128.load(b))));
}

function notEqualI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(i32x4.ne(v128.load(a), v128.load(b))));
    v128.store(d, bool4(i32x4.ne(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(i32x4.ne(v128.load(a), v128.load(b))));
}

function lessI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(i32x4.lt_s(v128.load(a), v128.load(b))));
    v128.store(d, bool4(i32x4.lt_s(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(i32x4.lt_s(v128.load(a), v128.load(b))));
}

function lessEqualI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(i32x4.le_s(v128.load(a), v128.load(b))));
    v128.store(d, bool4(i32x4.le_s(v128.load(a, 16), v128.load(b, 16))), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, bool4(i32x4.le_s(v128.load(a), v128.load(b))));
}

function selectBlock(d: usize, a: usize, b: usize, c: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, select4(v128.load(a), v128.load(b), v128.load(c)));
    v128.store(d, select4(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
    c += 32;
  }
  if (d < end) v128.store(d, select4(v128.load(a), v128.load(b), v128.load(c)));
}

function bitAndBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, v128.and(v128.load(a), v128.load(b)));
    v128.store(d, v128.and(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, v128.and(v128.load(a), v128.load(b)));
}

function bitOrBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, v128.or(v128.load(a), v128.load(b)));
    v128.store(d, v128.or(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, v128.or(v128.load(a), v128.load(b)));
}

function logicalNotBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, v128.xor(v128.load(a), i32x4.splat(1)));
    v128.store(d, v128.xor(v128.load(a, 16), i32x4.splat(1)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, v128.xor(v128.load(a), i32x4.splat(1)));
}

function addI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.add(v128.load(a), v128.load(b)));
    v128.store(d, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, i32x4.add(v128.load(a), v128.load(b)));
}

function subI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.sub(v128.load(a), v128.load(b)));
    v128.store(d, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, i32x4.sub(v128.load(a), v128.load(b)));
}

function mulI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.mul(v128.load(a), v128.load(b)));
    v128.store(d, i32x4.mul(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, i32x4.mul(v128.load(a), v128.load(b)));
}

function maximumI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.max_s(v128.load(a), v128.load(b)));
    v128.store(d, i32x4.max_s(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, i32x4.max_s(v128.load(a), v128.load(b)));
}

function minimumI32Block(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.min_s(v128.load(a), v128.load(b)));
    v128.store(d, i32x4.min_s(v128.load(a, 16), v128.load(b, 16)), 16);
    d += 32;
    a += 32;
    b += 32;
  }
  if (d < end) v128.store(d, i32x4.min_s(v128.load(a), v128.load(b)));
}

function negI32Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.neg(v128.load(a)));
    v128.store(d, i32x4.neg(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, i32x4.neg(v128.load(a)));
}

function absI32Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.abs(v128.load(a)));
    v128.store(d, i32x4.abs(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, i32x4.abs(v128.load(a)));
}

function f32ToI32Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, i32x4.trunc_sat_f32x4_s(v128.load(a)));
    v128.store(d, i32x4.trunc_sat_f32x4_s(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, i32x4.trunc_sat_f32x4_s(v128.load(a)));
}

function i32ToF32Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, f32x4.convert_i32x4_s(v128.load(a)));
    v128.store(d, f32x4.convert_i32x4_s(v128.load(a, 16)), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, f32x4.convert_i32x4_s(v128.load(a)));
}

function f32ToBoolBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.ne(v128.load(a), f32x4.splat(0))));
    v128.store(d, bool4(f32x4.ne(v128.load(a, 16), f32x4.splat(0))), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.ne(v128.load(a), f32x4.splat(0))));
}

function i32ToBoolBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(i32x4.ne(v128.load(a), i32x4.splat(0))));
    v128.store(d, bool4(i32x4.ne(v128.load(a, 16), i32x4.splat(0))), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, bool4(i32x4.ne(v128.load(a), i32x4.splat(0))));
}

function isfiniteBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  const pairs = d + (bytes & ~31);
  while (d < pairs) {
    v128.store(d, bool4(f32x4.lt(f32x4.abs(v128.load(a)), f32x4.splat(Infinity))));
    v128.store(d, bool4(f32x4.lt(f32x4.abs(v128.load(a, 16)), f32x4.splat(Infinity))), 16);
    d += 32;
    a += 32;
  }
  if (d < end) v128.store(d, bool4(f32x4.lt(f32x4.abs(v128.load(a)), f32x4.splat(Infinity))));
}

function truncBlock(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, f32x4.trunc(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function bitXorBlock(d: usize, a: usize, b: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, v128.xor(v128.load(a), v128.load(b)));
    d += 16;
    a += 16;
    b += 16;
  }
}

function signI32Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, i32x4.max_s(i32x4.min_s(v128.load(a), i32x4.splat(1)), i32x4.splat(-1)));
    d += 16;
    a += 16;
  }
}

function f32ToU8Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, roundToByte4(v128.load(a)));
    d += 16;
    a += 16;
  }
}

function f32ToF16Block(d: usize, a: usize, bytes: usize): void {
  const end = d + bytes;
  while (d < end) {
    v128.store(d, roundToHalf4(v128.load(a)));
    d += 16;
    a += 16;
  }
}
