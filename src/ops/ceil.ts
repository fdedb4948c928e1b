// ceil: rounds up.
import { rounding } from "./elementwise.js";

/** The smallest whole number that is not below x, elementwise; int32 stays int32. The gradient is 0. */
export const ceil = /* @__PURE__ */ rounding("ceil", "ceil");
