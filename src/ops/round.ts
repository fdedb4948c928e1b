// round: rounds to the nearest whole number.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** The nearest whole number, halves to the even one, elementwise. */
export const round: Op<[x: Value]> = elementwise({
  name: "round",
  micro: { float32: "round" },
  vjp: flat,
});
