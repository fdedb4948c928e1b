// hardTanh: a straight line in place of tanh, a composition.
import type { Value } from "../graph/value.js";
import { clip } from "./clip.js";

/** x held in [min, max], elementwise. The gradient is 1 inside and on the bounds, 0 outside. */
export function hardTanh(x: Value, { min = -1, max = 1 }: { min?: number; max?: number } = {}): Value {
  return clip(x, { min, max });
}
