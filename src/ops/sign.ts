// sign: −1, 0 or 1.
import { constant, type Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import { equal } from "./equal.js";
import type { Op } from "./op.js";
import { where } from "./where.js";

const signOp: Op<[x: Value]> = elementwise({
  name: "sign",
  micro: { float32: "sign", int32: "sign_i32" },
  vjp: flat,
});

/**
 * −1, 0 or 1 by the sign of x, elementwise; NaN stays NaN. The gradient is 0.
 *
 * atZero: what it is at 0, which is 0 when absent; a perceptron's sign is 1 there, or −1.
 */
export function sign(x: Value, { atZero = 0 }: { atZero?: number } = {}): Value {
  const y = signOp(x);
  return atZero === 0 ? y : where(equal(y, constant(0, y.dtype)), constant(atZero, Number.isInteger(atZero) ? y.dtype : "float32"), y);
}
