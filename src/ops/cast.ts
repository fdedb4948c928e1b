// cast: the same values in another dtype.
import { computed, isNarrow, type DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import type { Micro } from "../program/micro.js";
import { op, type Op } from "./op.js";

/** Conversions of one step. A tile program widens narrow operands to float32 as it reads them, and narrows its results as it stores them. */
const MICROS: Readonly<Record<string, Micro>> = {
  "float32>int32": "f32_to_i32",
  "float32>bool": "f32_to_bool",
  "int32>float32": "i32_to_f32",
  "bool>float32": "i32_to_f32",
  "int32>bool": "i32_to_bool",
  "bool>int32": "copy",
  "uint8>float32": "copy",
  "float16>float32": "copy",
  "float32>uint8": "f32_to_u8",
  "float32>float16": "f32_to_f16",
};

const castOp: Op<[x: Value], { dtype: DType }> = op({
  name: "cast",
  shape: ([x], { dtype }) => {
    if (MICROS[`${x.dtype}>${dtype}`] === undefined) throw new DTypeError(`cast: ${x.dtype} to ${dtype} is not supported.`);
    return { shape: x.shape, dtype };
  },
  // Integers carry no gradient. Rounding to float16 passes it on unchanged.
  vjp: (dy, _y, [x], { dtype }) => [computed(x.dtype) === "float32" && computed(dtype) === "float32" ? dy : null],
  micro: ([x], { dtype }) => MICROS[`${x.dtype}>${dtype}`]!,
});

/**
 * The values of x as `dtype`; x itself when it already is.
 *
 * To int32, fractions are cut off, what is too large stops at ±2³¹, NaN is 0; to uint8 the same within 0 … 255; to bool, all but 0 is true, NaN too;
 * to float16, rounded to the nearest, halves to even, infinite from 65520 on. Throws DTypeError for an unknown dtype.
 */
export function cast(x: Value, { dtype }: { dtype: DType }): Value {
  if (x.dtype === dtype) return x;
  const direct = x.dtype === "float32" || dtype === "float32" || !(isNarrow(x.dtype) || isNarrow(dtype));
  return castOp(direct ? x : castOp(x, { dtype: "float32" }), { dtype });
}

/** x in a dtype of four bytes an element, the ones that kernels compute in: uint8 becomes int32, float16 float32. */
export function fourBytes(x: Value): Value {
  return cast(x, { dtype: computed(x.dtype) });
}
