// floor: rounds down.
import { rounding } from "./elementwise.js";

/** The largest whole number that is not above x, elementwise; int32 stays int32. The gradient is 0. */
export const floor = /* @__PURE__ */ rounding("floor", "floor");
