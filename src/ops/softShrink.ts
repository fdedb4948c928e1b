// softShrink: shrinks towards 0, a composition.
import type { Value } from "../graph/value.js";
import { clip } from "./clip.js";
import { sub } from "./sub.js";

/** x nearer to 0 by lambda, 0 within lambda of it, elementwise: the proximal map of lambda · |x|. Throws ValueError for a negative lambda. */
export function softShrink(x: Value, { lambda = 0.5 }: { lambda?: number } = {}): Value {
  return sub(x, clip(x, { min: -lambda, max: lambda }));
}
