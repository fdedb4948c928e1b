// argMin: where the smallest element along an axis stands.
import type { Value } from "../graph/value.js";
import { argReduction, type ArgReduceAttrs } from "./argReduction.js";

/** Index of the smallest element along `axis`, as int32: the first of equals; a NaN wins. int32 is compared as float32: above 2²⁴ neighbours are equal. */
export const argMin: (x: Value, attrs?: ArgReduceAttrs) => Value = argReduction({ name: "argMin", kind: 1 });
