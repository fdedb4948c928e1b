// tanhShrink: what tanh takes away, a composition.
import type { Value } from "../graph/value.js";
import { sub } from "./sub.js";
import { tanh } from "./tanh.js";

/** x − tanh x, elementwise. */
export function tanhShrink(x: Value): Value {
  return sub(x, tanh(x));
}
