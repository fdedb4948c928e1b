// withGradient: a value whose gradient is given by the user, instead of by the ops that computed it.
import type { Value } from "../graph/value.js";
import { like, op, type Op } from "./op.js";

/** Gradients for `inputs`, from the gradient dy of the value: null where none flows. */
export type GradientRule = (dy: Value) => readonly (Value | null)[];

/** By node: functions are no attributes, which are plain data. */
const rules = new WeakMap<Value, GradientRule>();

const withGradientOp: Op<readonly [y: Value, ...inputs: Value[]]> = op({
  name: "withGradient",
  shape: ([y]) => like(y),
  vjp: (dy, y) => [null, ...rules.get(y)!(dy)],
  expand: ([y]) => y,
});

/** y, whose gradient for each of `inputs` is rule(dy), whatever computed y. */
export function withGradient(y: Value, inputs: readonly Value[], rule: GradientRule): Value {
  const value = withGradientOp(y, ...inputs);
  rules.set(value, rule);
  return value;
}
