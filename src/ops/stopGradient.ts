// stopGradient: x itself, through which no gradient flows.
import type { Value } from "../graph/value.js";
import { flat } from "./elementwise.js";
import { like, op, type Op } from "./op.js";

/** x itself, taken as a constant by gradients. */
export const stopGradient: Op<[x: Value]> = op({
  name: "stopGradient",
  shape: ([x]) => like(x),
  vjp: flat,
  expand: ([x]) => x,
});
