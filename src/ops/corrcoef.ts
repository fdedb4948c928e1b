// corrcoef: Pearson's correlation of variables, a composition.
import type { Value } from "../graph/value.js";
import { clip } from "./clip.js";
import { cov, type CovAttrs } from "./cov.js";
import { diagonal } from "./diagonal.js";
import { div } from "./div.js";
import { expandDims } from "./expandDims.js";
import { sqrt } from "./sqrt.js";

/** cov(x) divided by the deviations of both variables, within [−1, 1]; NaN for a variable that is constant. x: [variables, n], or [n], which gives 1. */
export function corrcoef(x: Value, attrs: Pick<CovAttrs, "rowvar"> = {}): Value {
  const all = cov(x, attrs);
  if (all.shape.length === 0) return div(all, all);
  const deviations = sqrt(diagonal(all));
  return clip(div(div(all, deviations), expandDims(deviations, { axes: -1 })), { min: -1, max: 1 });
}
