// bitwiseNot: every bit turned, a composition.
import { constant, type Value } from "../graph/value.js";
import { bitwiseXor } from "./bitwiseXor.js";

/** ~x of integers, elementwise; true and false change places. Throws DTypeError for floats. */
export function bitwiseNot(x: Value): Value {
  return bitwiseXor(x, x.dtype === "bool" ? constant(1, "bool") : constant(-1, "int32"));
}
