// atan: inverse tangent.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { div } from "./div.js";
import { elementwise } from "./elementwise.js";
import type { Op } from "./op.js";
import { square } from "./square.js";

/** The angle in (−π/2, π/2) whose tangent is x, elementwise; error < 0.501 ulp. */
export const atan: Op<[x: Value]> = elementwise({
  name: "atan",
  micro: { float32: "atan" },
  vjp: (dy, _y, [x]) => [div(dy, add(square(x), constant(1)))],
});
