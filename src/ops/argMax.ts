// argMax: where the largest element along an axis stands.
import type { Value } from "../graph/value.js";
import { argReduction, type ArgReduceAttrs } from "./argReduction.js";

/** Index of the largest element along `axis`, as int32: the first of equals; a NaN wins. int32 is compared as float32: above 2²⁴ neighbours are equal. */
export const argMax: (x: Value, attrs?: ArgReduceAttrs) => Value = argReduction({ name: "argMax", kind: 0 });
