// Micro-ops of a tile program: name → opcode. assembly/micro.ts and micro.extra.ts hold the same table; a test compares them.

/** d = f(a, b, c), block by block. Comparisons and logic give the int32 0 or 1; "_i32" names read and write int32. */
export const MICRO = {
  copy: 0,
  add: 1,
  sub: 2,
  mul: 3,
  div: 4,
  /** a·b + c, rounded twice: the same bits as mul then add. */
  fma: 5,
  maximum: 6,
  minimum: 7,
  pow: 8,
  neg: 9,
  abs: 10,
  sqrt: 11,
  square: 12,
  reciprocal: 13,
  exp: 14,
  log: 15,
  expm1: 16,
  log1p: 17,
  tanh: 18,
  sigmoid: 19,
  relu: 20,
  /** a where b > 0, else 0; NaN in b gives NaN. The gradient of relu from dy and y. */
  relu_grad: 21,
  sign: 22,
  floor: 23,
  ceil: 24,
  round: 25,
  softplus: 26,
  erf: 27,
  sin: 28,
  cos: 29,
  trunc: 30,
  equal: 32,
  not_equal: 33,
  less: 34,
  less_equal: 35,
  equal_i32: 36,
  not_equal_i32: 37,
  less_i32: 38,
  less_equal_i32: 39,
  /** b where a is not 0, else c; any four-byte dtype. */
  select: 40,
  bit_and: 41,
  bit_or: 42,
  logical_not: 43,
  add_i32: 44,
  sub_i32: 45,
  mul_i32: 46,
  maximum_i32: 47,
  minimum_i32: 48,
  neg_i32: 49,
  abs_i32: 50,
  /** Truncates; out of range saturates; NaN gives 0. */
  f32_to_i32: 51,
  i32_to_f32: 52,
  /** 1 where a is not 0 (NaN counts as not 0). */
  f32_to_bool: 53,
  i32_to_bool: 54,
  isfinite: 55,
  bit_xor: 57,
  square_i32: 58,
  sign_i32: 59,
  /** What a uint8 would hold, as float32: the fraction cut off, 0 … 255. */
  f32_to_u8: 60,
  /** What a float16 would hold, as float32. */
  f32_to_f16: 61,
  /** The normal distribution function. */
  normal_cdf: 62,
  // From here on: assembly/micro.extra.ts.
  exp2: 64,
  log2: 65,
  log10: 66,
  cbrt: 67,
  tan: 68,
  asin: 69,
  acos: 70,
  atan: 71,
  atan2: 72,
  sinh: 73,
  cosh: 74,
  asinh: 75,
  acosh: 76,
  atanh: 77,
  erfinv: 78,
  hypot: 79,
  floor_div: 80,
  remainder: 96,
  remainder_i32: 97,
  floor_div_i32: 98,
  shift_left: 99,
  shift_right: 100,
} as const;

export type Micro = keyof typeof MICRO;

/** Micro-ops from this opcode on are those of f32_tile_extra only. */
export const EXTRA_OPCODE = 64;

/** Ways an operand of a tile program is read; see docs/kernels.md. */
export const MODE = { memory: 0, temporary: 1, splat: 2, strided: 3, repeated: 4, uint8: 5, float16: 6 } as const;
