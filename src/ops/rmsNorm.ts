// rmsNorm: normalisation by the root of the mean square.
import type { Value } from "../graph/value.js";
import { normalizeOver, type LayerNormAttrs } from "./layerNorm.js";

/**
 * x / √(mean of x² + ε) · scale over `axes` (the last when absent); epsilon 1e-6 when absent.   Zhang & Sennrich 2019
 *
 * x: any shape, computed in float32   returns the shape of x   Throws as layerNorm.
 */
export function rmsNorm(x: Value, attrs: Omit<LayerNormAttrs, "offset"> = {}): Value {
  return normalizeOver(x, { epsilon: 1e-6, ...attrs }, false, "rmsNorm");
}
