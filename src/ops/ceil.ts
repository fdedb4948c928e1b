// ceil: rounds up.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** The smallest whole number that is not below x, elementwise. */
export const ceil: Op<[x: Value]> = elementwise({
  name: "ceil",
  micro: { float32: "ceil" },
  vjp: flat,
});
