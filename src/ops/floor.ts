// floor: rounds down.
import type { Value } from "../graph/value.js";
import { elementwise, flat } from "./elementwise.js";
import type { Op } from "./op.js";

/** The largest whole number that is not above x, elementwise. */
export const floor: Op<[x: Value]> = elementwise({
  name: "floor",
  micro: { float32: "floor" },
  vjp: flat,
});
