// Clipping: gradients that are too long are shortened before anything else is done with them.
import { add, clip, div, maximum, mul, square, sum, type Tensor } from "../../engine/index.js";
import type { OptimizerOptions } from "./optimizer.js";

/** The gradients, clipped as the options say; at most one of them does. A gradient in bounds keeps its bits. */
export function clipped(gradients: readonly Tensor[], { clipnorm, clipvalue, globalClipnorm }: OptimizerOptions): readonly Tensor[] {
  if (clipvalue !== undefined) return gradients.map((gradient) => clip(gradient, -clipvalue, clipvalue));
  if (clipnorm !== undefined) return gradients.map((gradient) => mul(gradient, shrink(sum(square(gradient)), clipnorm)));
  if (globalClipnorm === undefined) return gradients;
  const scale = shrink(gradients.map((gradient) => sum(square(gradient))).reduce((a, b) => add(a, b)), globalClipnorm);
  return gradients.map((gradient) => mul(gradient, scale));
}

/** What brings a vector to length `most`, from its square: 1 when it is no longer than that. */
function shrink(lengthSquared: Tensor, most: number): Tensor {
  return div(most, maximum(lengthSquared.sqrt(), most));
}
