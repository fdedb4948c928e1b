// relu6: relu that stops at 6, a composition.
import { constant, type Value } from "../graph/value.js";
import { less } from "./less.js";
import { relu } from "./relu.js";
import { where } from "./where.js";

/** x held between 0 and 6, elementwise. The gradient is 1 in (0, 6], else 0. */
export function relu6(x: Value): Value {
  const six = constant(6);
  const y = relu(x);
  return where(less(six, y), six, y);
}
