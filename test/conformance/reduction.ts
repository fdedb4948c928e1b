// Golden cases of reductions and running sums.
import type { Tensor } from "../../src/engine/tensor.js";
import { attr, axisOf, basics, get, nameIn, numbers, wordOf, type Context, type Outputs } from "./context.js";

export function reduction(context: Context): Outputs {
  const { attrs, call, inputs, library, wanted } = context;
  const x = Object.values(inputs)[0]!;
  const word = wordOf(call).split("_")[0]!;
  const axis = attr(attrs, "axis", "dim");
  const axes = axis === undefined || axis === null ? undefined : numbers(axis);
  const keepDims = attr(attrs, "keepdim", "keepdims") === true;
  if (word.startsWith("cum")) return { y: get(context, nameIn(library, word))(x, axisOf(context)) };
  const { mul } = basics(context);
  const result = (): Tensor => {
    if (/^(argmax|argmin)$/.test(word)) return get(context, word === "argmax" ? "argMax" : "argMin")(x, axes?.[0]);
    if (/^(var|std)$/.test(word)) {
      const n = (axes ?? x.shape.map((_, i) => i)).reduce((product, k) => product * x.shape[k < 0 ? k + x.shape.length : k]!, 1);
      const ddof = Number(attr(attrs, "ddof", "correction") ?? (/unbiased/.test(call) ? 1 : 0));
      const corrected = mul(get(context, "variance")(x, axes, keepDims), n / (n - ddof));
      return word === "var" ? corrected : get(context, "sqrt")(corrected);
    }
    if (word === "norm") return get(context, "norm")(x, attr(attrs, "p", "ord") ?? 2, axes, keepDims);
    return get(context, nameIn(library, word))(x, axes, keepDims);
  };
  const y = result();
  return wanted.includes("idx") ? { y, idx: get(context, /^(max|argmax)/.test(word) ? "argMax" : "argMin")(x, axes![0]) } : { y };
}
