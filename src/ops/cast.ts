// cast: the same values in another dtype. float32 → int32 truncates, saturates, and turns NaN into 0.
import type { DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import type { Micro } from "../program/micro.js";
import { op, type Op } from "./op.js";

const MICROS: Readonly<Record<string, Micro>> = {
  "float32>int32": "f32_to_i32",
  "float32>bool": "f32_to_bool",
  "int32>float32": "i32_to_f32",
  "bool>float32": "i32_to_f32",
  "int32>bool": "i32_to_bool",
  "bool>int32": "copy",
  // A tile program widens uint8 operands to float32 as it reads them.
  "uint8>float32": "copy",
};

const castOp: Op<[x: Value], { dtype: DType }> = op({
  name: "cast",
  shape: ([x], { dtype }) => {
    if (MICROS[`${x.dtype}>${dtype}`] === undefined) throw new DTypeError(`cast: ${x.dtype} to ${dtype} is not supported.`);
    return { shape: x.shape, dtype };
  },
  // Integers carry no gradient: only a cast between floats would pass it on.
  vjp: (dy, _y, [x], { dtype }) => [x.dtype === "float32" && dtype === "float32" ? dy : null],
  micro: ([x], { dtype }) => MICROS[`${x.dtype}>${dtype}`]!,
});

/** The values of x as `dtype`; x itself when it already is. Throws DTypeError for pairs that have no conversion. */
export function cast(x: Value, { dtype }: { dtype: DType }): Value {
  if (x.dtype === dtype) return x;
  if (x.dtype === "uint8" && dtype !== "float32") return cast(castOp(x, { dtype: "float32" }), { dtype });
  return castOp(x, { dtype });
}

/** x in a dtype of four bytes an element, the only ones that kernels write: uint8 becomes int32. */
export function fourBytes(x: Value): Value {
  return x.dtype === "uint8" ? cast(x, { dtype: "int32" }) : x;
}
