// isFinite: whether x is neither infinite nor NaN.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** True where x is neither infinite nor NaN, elementwise. */
export const isFinite: Op<[x: Value]> = elementwise({
  name: "isFinite",
  micro: { float32: "isfinite" },
  result: "bool",
  vjp: flat,
});
