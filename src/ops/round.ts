// round: rounds to the nearest whole number.
import { rounding } from "./elementwise.js";

/** The nearest whole number, halves to the even one, elementwise; int32 stays int32. The gradient is 0. */
export const round = /* @__PURE__ */ rounding("round", "round");
