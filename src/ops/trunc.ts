// trunc: rounds towards 0.
import { rounding } from "./elementwise.js";

/** x without its fraction, elementwise; int32 stays int32. The gradient is 0. */
export const trunc = /* @__PURE__ */ rounding("trunc", "trunc");
