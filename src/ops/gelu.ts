// gelu: the Gaussian error linear unit, a composition.
import type { Value } from "../graph/value.js";
import { mul } from "./mul.js";
import { normalCdf } from "./normalCdf.js";

/** x · Φ(x), Φ being the normal distribution function, elementwise; error < 2e-7 · max(1, |x|).   Hendrycks & Gimpel 2016 */
export function gelu(x: Value): Value {
  return mul(x, normalCdf(x));
}
