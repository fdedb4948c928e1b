// Micro-ops of a tile program: name → opcode and number of operands read. assembly/micro.ts and micro.extra.ts hold the same table; a test compares them.

/** d = f(a, b, c), block by block. Comparisons and logic give the int32 0 or 1; "_i32" names read and write int32. */
export const MICRO = {
  copy: { opcode: 0, arity: 1 },
  add: { opcode: 1, arity: 2 },
  sub: { opcode: 2, arity: 2 },
  mul: { opcode: 3, arity: 2 },
  div: { opcode: 4, arity: 2 },
  /** a·b + c, rounded twice: the same bits as mul then add. */
  fma: { opcode: 5, arity: 3 },
  maximum: { opcode: 6, arity: 2 },
  minimum: { opcode: 7, arity: 2 },
  pow: { opcode: 8, arity: 2 },
  neg: { opcode: 9, arity: 1 },
  abs: { opcode: 10, arity: 1 },
  sqrt: { opcode: 11, arity: 1 },
  square: { opcode: 12, arity: 1 },
  reciprocal: { opcode: 13, arity: 1 },
  exp: { opcode: 14, arity: 1 },
  log: { opcode: 15, arity: 1 },
  expm1: { opcode: 16, arity: 1 },
  log1p: { opcode: 17, arity: 1 },
  tanh: { opcode: 18, arity: 1 },
  sigmoid: { opcode: 19, arity: 1 },
  relu: { opcode: 20, arity: 1 },
  /** a where b > 0, else 0; NaN in b gives NaN. The gradient of relu from dy and y. */
  relu_grad: { opcode: 21, arity: 2 },
  sign: { opcode: 22, arity: 1 },
  floor: { opcode: 23, arity: 1 },
  ceil: { opcode: 24, arity: 1 },
  round: { opcode: 25, arity: 1 },
  softplus: { opcode: 26, arity: 1 },
  erf: { opcode: 27, arity: 1 },
  sin: { opcode: 28, arity: 1 },
  cos: { opcode: 29, arity: 1 },
  trunc: { opcode: 30, arity: 1 },
  equal: { opcode: 32, arity: 2 },
  not_equal: { opcode: 33, arity: 2 },
  less: { opcode: 34, arity: 2 },
  less_equal: { opcode: 35, arity: 2 },
  equal_i32: { opcode: 36, arity: 2 },
  not_equal_i32: { opcode: 37, arity: 2 },
  less_i32: { opcode: 38, arity: 2 },
  less_equal_i32: { opcode: 39, arity: 2 },
  /** b where a is not 0, else c; any four-byte dtype. */
  select: { opcode: 40, arity: 3 },
  bit_and: { opcode: 41, arity: 2 },
  bit_or: { opcode: 42, arity: 2 },
  logical_not: { opcode: 43, arity: 1 },
  add_i32: { opcode: 44, arity: 2 },
  sub_i32: { opcode: 45, arity: 2 },
  mul_i32: { opcode: 46, arity: 2 },
  maximum_i32: { opcode: 47, arity: 2 },
  minimum_i32: { opcode: 48, arity: 2 },
  neg_i32: { opcode: 49, arity: 1 },
  abs_i32: { opcode: 50, arity: 1 },
  /** Truncates; out of range saturates; NaN gives 0. */
  f32_to_i32: { opcode: 51, arity: 1 },
  i32_to_f32: { opcode: 52, arity: 1 },
  /** 1 where a is not 0 (NaN counts as not 0). */
  f32_to_bool: { opcode: 53, arity: 1 },
  i32_to_bool: { opcode: 54, arity: 1 },
  isfinite: { opcode: 55, arity: 1 },
  bit_xor: { opcode: 57, arity: 2 },
  square_i32: { opcode: 58, arity: 1 },
  sign_i32: { opcode: 59, arity: 1 },
  /** What a uint8 would hold, as float32: the fraction cut off, 0 … 255. */
  f32_to_u8: { opcode: 60, arity: 1 },
  /** What a float16 would hold, as float32. */
  f32_to_f16: { opcode: 61, arity: 1 },
  /** The normal distribution function. */
  normal_cdf: { opcode: 62, arity: 1 },
  // From here on: assembly/micro.extra.ts.
  exp2: { opcode: 64, arity: 1 },
  log2: { opcode: 65, arity: 1 },
  log10: { opcode: 66, arity: 1 },
  cbrt: { opcode: 67, arity: 1 },
  tan: { opcode: 68, arity: 1 },
  asin: { opcode: 69, arity: 1 },
  acos: { opcode: 70, arity: 1 },
  atan: { opcode: 71, arity: 1 },
  atan2: { opcode: 72, arity: 2 },
  sinh: { opcode: 73, arity: 1 },
  cosh: { opcode: 74, arity: 1 },
  asinh: { opcode: 75, arity: 1 },
  acosh: { opcode: 76, arity: 1 },
  atanh: { opcode: 77, arity: 1 },
  erfinv: { opcode: 78, arity: 1 },
  hypot: { opcode: 79, arity: 2 },
  floor_div: { opcode: 80, arity: 2 },
  remainder: { opcode: 96, arity: 2 },
  remainder_i32: { opcode: 97, arity: 2 },
  floor_div_i32: { opcode: 98, arity: 2 },
  shift_left: { opcode: 99, arity: 2 },
  shift_right: { opcode: 100, arity: 2 },
} as const;

export type Micro = keyof typeof MICRO;

/** Micro-ops from this opcode on are those of f32_tile_extra only. */
export const EXTRA_OPCODE = 64;

/** Ways an operand of a tile program is read; see docs/kernels.md. */
export const MODE = { memory: 0, temporary: 1, splat: 2, strided: 3, repeated: 4, uint8: 5, float16: 6 } as const;
