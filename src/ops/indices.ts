// indices: what every op that takes indices asks of them.
import { DTypeError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";

/** Indices as int32. Throws DTypeError, naming `where`, for floats and bools. */
export function integers(indices: Value, where: string): Value {
  if (indices.dtype !== "int32" && indices.dtype !== "uint8") {
    throw new DTypeError(`${where}: indices must be integers, got ${indices.dtype}. Cast to int32 first.`);
  }
  return cast(indices, { dtype: "int32" });
}
