// Micro-ops: every opcode, bit for bit, against one scalar at a time; blocks of odd and even numbers of vectors; operands that coincide.
// What exp, tanh and their kind give stands in math.spec.ts; here they only have to treat every vector of a block alike.
import * as micro from "../micro";
import { runMicro } from "../micro";
import { at, GUARD, guarded, random } from "./data";

/** What an opcode reads: float32, int32, the int32 0 or 1, any bits behind a condition. */
const FLOATS = 0, INTS = 1, BOOLS = 2, CHOICE = 3;

/** opcode, operands, what they hold. */
const OPS: StaticArray<i32> = [
  micro.COPY, 1, FLOATS,   micro.ADD, 2, FLOATS,   micro.SUB, 2, FLOATS,   micro.MUL, 2, FLOATS,   micro.DIV, 2, FLOATS,   micro.FMA, 3, FLOATS,
  micro.MAXIMUM, 2, FLOATS,   micro.MINIMUM, 2, FLOATS,   micro.NEG, 1, FLOATS,   micro.ABS, 1, FLOATS,   micro.SQRT, 1, FLOATS,
  micro.SQUARE, 1, FLOATS,   micro.RECIPROCAL, 1, FLOATS,   micro.RELU, 1, FLOATS,   micro.RELU_GRAD, 2, FLOATS,   micro.SIGN, 1, FLOATS,
  micro.FLOOR, 1, FLOATS,   micro.CEIL, 1, FLOATS,   micro.ROUND, 1, FLOATS,   micro.EQUAL, 2, FLOATS,   micro.NOT_EQUAL, 2, FLOATS,
  micro.LESS, 2, FLOATS,   micro.LESS_EQUAL, 2, FLOATS,   micro.F32_TO_I32, 1, FLOATS,   micro.F32_TO_BOOL, 1, FLOATS,   micro.ISFINITE, 1, FLOATS,
  micro.EQUAL_I32, 2, INTS,   micro.NOT_EQUAL_I32, 2, INTS,   micro.LESS_I32, 2, INTS,   micro.LESS_EQUAL_I32, 2, INTS,   micro.ADD_I32, 2, INTS,
  micro.SUB_I32, 2, INTS,   micro.MUL_I32, 2, INTS,   micro.MAXIMUM_I32, 2, INTS,   micro.MINIMUM_I32, 2, INTS,   micro.NEG_I32, 1, INTS,
  micro.ABS_I32, 1, INTS,   micro.I32_TO_F32, 1, INTS,   micro.I32_TO_BOOL, 1, INTS,
  micro.TRUNC, 1, FLOATS,   micro.F32_TO_U8, 1, FLOATS,   micro.F32_TO_F16, 1, FLOATS,   micro.BIT_AND, 2, INTS,   micro.BIT_OR, 2, INTS,   micro.BIT_XOR, 2, INTS,
  micro.SQUARE_I32, 1, INTS,   micro.SIGN_I32, 1, INTS,
  micro.BIT_AND, 2, BOOLS,   micro.BIT_OR, 2, BOOLS,   micro.LOGICAL_NOT, 1, BOOLS,   micro.SELECT, 3, CHOICE,
];

/** opcode, operands. */
const VECTOR_MATH: StaticArray<i32> = [
  micro.POW, 2,   micro.EXP, 1,   micro.LOG, 1,   micro.EXPM1, 1,   micro.LOG1P, 1,   micro.TANH, 1,   micro.SIGMOID, 1,   micro.SOFTPLUS, 1,
  micro.ERF, 1,   micro.SIN, 1,   micro.COS, 1,
];

const EDGES_F32: StaticArray<f32> = [
  NaN, Infinity, -Infinity, 0, -0.0, 1, -1, 1e-40, -1e-40, 0.5, -0.5, 1.5, 2.5, -2.5, 3e9, -3e9, 2147483648, 3.4e38, -3.4e38, 0.49999997, 8388609, 1.17549435e-38, 2049, 2051, -2049, 65519, 65520, 5.9604645e-8, 8.940697e-8, 2.9802322e-8, 6.1e-5,
];
const EDGES_I32: StaticArray<i32> = [0, 1, -1, 2, -7, 65536, 46341, i32.MAX_VALUE, i32.MIN_VALUE, i32.MIN_VALUE + 1, 16777217, 123456789];

/** Enough for every pair of edges. */
const COUNT = 1024;
const A = new StaticArray<u32>(COUNT);
const B = new StaticArray<u32>(COUNT);
const C = new StaticArray<u32>(COUNT);

function edge(domain: i32, i: i32): u32 {
  if (domain == BOOLS) return i & 1;
  if (domain == INTS) return <u32>EDGES_I32[i % EDGES_I32.length];
  return reinterpret<u32>(EDGES_F32[i % EDGES_F32.length]);
}

/** Every pair of edges in A and B, every third operand beside them, then seeded numbers. */
function fillOperands(domain: i32): void {
  const edges = domain == BOOLS ? 2 : domain == INTS ? EDGES_I32.length : EDGES_F32.length;
  for (let i = 0; i < COUNT; i++) {
    if (i < edges * edges) {
      A[i] = edge(domain, i / edges);
      B[i] = edge(domain, i % edges);
      C[i] = edge(domain, i / 3);
    } else {
      A[i] = seeded(domain);
      B[i] = seeded(domain);
      C[i] = seeded(domain);
    }
    if (domain == CHOICE) A[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : 0x80000000;
  }
}

function seeded(domain: i32): u32 {
  const x = random();
  if (domain == BOOLS) return x < 0 ? 1 : 0;
  return domain == INTS ? <u32>(<i32>(x * 4e9)) : reinterpret<u32>(x * 100);
}

// @ts-ignore: decorator
@inline
function f(bits: u32): f32 {
  return reinterpret<f32>(bits);
}

// @ts-ignore: decorator
@inline
function bits(value: f32): u32 {
  return reinterpret<u32>(value);
}

/** −0 lies below 0, and NaN above all. */
function larger(a: f32, b: f32): f32 {
  if (a != a || b != b) return NaN;
  return a == b ? f(bits(a) & bits(b)) : a > b ? a : b;
}

function toI32(x: f32): i32 {
  if (x != x) return 0;
  if (x >= 2147483648) return i32.MAX_VALUE;
  return x < -2147483648 ? i32.MIN_VALUE : <i32>x;
}

/** Rounds half to even. */
function round(x: f32): f32 {
  if (!(abs(x) < 8388608)) return x;
  let whole = <f64>Math.floor(x);
  const rest = <f64>x - whole;
  if (rest > 0.5 || (rest == 0.5 && whole % 2 != 0)) whole += 1;
  return Mathf.abs(<f32>whole) * (bits(x) >> 31 ? <f32>-1 : <f32>1);
}

/** A multiple of 2ᵉ⁻¹⁰ for x from 2ᵉ to 2ᵉ⁺¹, of 2⁻²⁴ below 2⁻¹⁴; halves to even. */
function toF16(x: f32): f32 {
  if (!(abs(x) < 65520)) return x != x ? x : copysign<f32>(Infinity, x);
  let unit: f64 = 5.960464477539063e-8;
  while (<f64>abs(x) >= unit * 2048) unit *= 2;
  const whole = <f64>abs(x) / unit;
  let rounded = Math.floor(whole);
  if (whole - rounded > 0.5 || (whole - rounded == 0.5 && rounded % 2 != 0)) rounded += 1;
  return copysign<f32>(<f32>(rounded * unit), x);
}

function flag(value: bool): u32 {
  return value ? 1 : 0;
}

/** What the opcode should give for one element. */
function reference(opcode: i32, a: u32, b: u32, c: u32): u32 {
  switch (opcode) {
    case micro.COPY: return a;
    case micro.ADD: return bits(f(a) + f(b));
    case micro.SUB: return bits(f(a) - f(b));
    case micro.MUL: return bits(f(a) * f(b));
    case micro.DIV: return bits(f(a) / f(b));
    case micro.FMA: return bits(f(a) * f(b) + f(c));
    case micro.MAXIMUM: return bits(larger(f(a), f(b)));
    case micro.MINIMUM: return bits(-larger(-f(a), -f(b)));
    case micro.NEG: return a ^ 0x80000000;
    case micro.ABS: return a & 0x7fffffff;
    case micro.SQRT: return bits(<f32>Math.sqrt(f(a)));
    case micro.SQUARE: return bits(f(a) * f(a));
    case micro.RECIPROCAL: return bits(<f32>1 / f(a));
    case micro.RELU: return f(a) < 0 ? 0 : a;
    case micro.RELU_GRAD: return f(b) != f(b) ? b : f(b) > 0 ? a : 0;
    case micro.SIGN: return f(a) > 0 ? bits(1) : f(a) < 0 ? bits(-1) : a;
    case micro.FLOOR: return bits(<f32>Math.floor(f(a)));
    case micro.CEIL: return bits(<f32>Math.ceil(f(a)));
    case micro.ROUND: return bits(round(f(a)));
    case micro.EQUAL: return flag(f(a) == f(b));
    case micro.NOT_EQUAL: return flag(f(a) != f(b));
    case micro.LESS: return flag(f(a) < f(b));
    case micro.LESS_EQUAL: return flag(f(a) <= f(b));
    case micro.F32_TO_I32: return <u32>toI32(f(a));
    case micro.F32_TO_BOOL: return flag(f(a) != 0);
    case micro.ISFINITE: return flag((a & 0x7f800000) != 0x7f800000);
    case micro.EQUAL_I32: return flag(a == b);
    case micro.NOT_EQUAL_I32: return flag(a != b);
    case micro.LESS_I32: return flag(<i32>a < <i32>b);
    case micro.LESS_EQUAL_I32: return flag(<i32>a <= <i32>b);
    case micro.ADD_I32: return a + b;
    case micro.SUB_I32: return a - b;
    case micro.MUL_I32: return a * b;
    case micro.MAXIMUM_I32: return <i32>a > <i32>b ? a : b;
    case micro.MINIMUM_I32: return <i32>a < <i32>b ? a : b;
    case micro.NEG_I32: return 0 - a;
    case micro.ABS_I32: return <i32>a < 0 ? 0 - a : a;
    case micro.I32_TO_F32: return bits(<f32>(<f64>(<i32>a)));
    case micro.I32_TO_BOOL: return flag(a != 0);
    case micro.TRUNC: return bits(copysign<f32>(<f32>Math.floor(abs(f(a))), f(a)));
    case micro.F32_TO_U8: return bits(<f32>max(min(toI32(f(a)), 255), 0));
    case micro.F32_TO_F16: return bits(toF16(f(a)));
    case micro.BIT_AND: return a & b;
    case micro.BIT_OR: return a | b;
    case micro.BIT_XOR: return a ^ b;
    case micro.SQUARE_I32: return a * a;
    case micro.SIGN_I32: return <i32>a > 0 ? 1 : <i32>a < 0 ? -1 : 0;
    case micro.LOGICAL_NOT: return flag(a == 0);
    case micro.SELECT: return a != 0 ? b : c;
    default: return 0xdeadbeef;
  }
}

/** Equal bits; NaN equals NaN, but only in a result that is a float. */
function matches(opcode: i32, got: u32, expected: u32): bool {
  const isCopied = opcode == micro.COPY || opcode == micro.SELECT;
  return got == expected || (!isCopied && f(got) != f(got) && f(expected) != f(expected));
}

/** Runs the opcode over the first `count` elements into the output; with `inPlace` 1, 2, 3 the output is a copy of operand a, b, c and stands in for it. */
function runInto(opcode: i32, count: i32, inPlace: i32): StaticArray<f32> {
  const out = guarded(count);
  const operand = inPlace == 1 ? A : inPlace == 2 ? B : C;
  if (inPlace > 0) memory.copy(at(out), at(operand), <usize>count << 2);
  const d = at(out);
  runMicro(opcode, d, inPlace == 1 ? d : at(A), inPlace == 2 ? d : at(B), inPlace == 3 ? d : at(C), count << 2);
  return out;
}

/** What the opcode gets wrong, or "". */
function differs(opcode: i32, count: i32, inPlace: i32): string {
  const out = runInto(opcode, count, inPlace);
  for (let i = 0; i < count; i++) {
    const expected = reference(opcode, A[i], B[i], C[i]);
    const got = bits(out[i]);
    if (!matches(opcode, got, expected)) {
      return `opcode ${opcode}, element ${i} of ${count}, in place ${inPlace}, of ${f(A[i])} ${f(B[i])} ${f(C[i])} = ${A[i]} ${B[i]} ${C[i]}: expected ${f(expected)} = ${expected}, got ${f(got)} = ${got}`;
    }
  }
  return out[count] == GUARD ? "" : `opcode ${opcode}: written behind ${count} elements`;
}

const SIZES: StaticArray<i32> = [0, 4, 8, 12, 28, 32];

describe("micro-ops", () => {
  it("give what one scalar at a time gives, for all pairs of edge values", () => {
    for (let row = 0; row < OPS.length; row += 3) {
      fillOperands(OPS[row + 2]);
      const told = differs(OPS[row], COUNT, 0);
      if (told != "") expect(told).toBe("");
    }
  });

  it("work through odd and even numbers of vectors, and write nothing behind them", () => {
    for (let row = 0; row < OPS.length; row += 3) {
      fillOperands(OPS[row + 2]);
      for (let s = 0; s < SIZES.length; s++) {
        const told = differs(OPS[row], SIZES[s], 0);
        if (told != "") expect(told).toBe("");
      }
    }
  });

  it("may write over any operand", () => {
    for (let row = 0; row < OPS.length; row += 3) {
      fillOperands(OPS[row + 2]);
      for (let inPlace = 1; inPlace <= OPS[row + 1]; inPlace++) {
        const told = differs(OPS[row], 44, inPlace);
        if (told != "") expect(told).toBe("");
      }
    }
  });

  it("of vector math treat every vector of a block alike, in place too", () => {
    fillOperands(FLOATS);
    for (let row = 0; row < VECTOR_MATH.length; row += 2) {
      const opcode = VECTOR_MATH[row];
      const expected = guarded(COUNT);
      for (let i = 0; i < COUNT; i += 4) runMicro(opcode, at(expected) + (i << 2), at(A) + (i << 2), at(B) + (i << 2), 0, 16);
      for (let inPlace = 0; inPlace <= VECTOR_MATH[row + 1]; inPlace++) {
        const out = runInto(opcode, COUNT - 4, inPlace);
        for (let i = 0; i < COUNT - 4; i++) if (!matches(opcode, bits(out[i]), bits(expected[i]))) expect(`opcode ${opcode}, in place ${inPlace}, element ${i}`).toBe("");
        expect(out[COUNT - 4]).toBe(GUARD, `opcode ${opcode} keeps to its block`);
      }
    }
  });

  it("are all here", () => {
    // The last opcode is 61; 31 and 56 are free. And, or stand here twice: of integers and of booleans.
    expect(OPS.length / 3 + VECTOR_MATH.length / 2).toBe(micro.F32_TO_F16 + 1 - 2 + 2);
  });
});
