// sgdStep: one update by stochastic gradient descent, without momentum. See momentumStep.
import type { Value } from "../graph/value.js";
import type { Op } from "./op.js";
import { optimizerStep } from "./optimizerStep.js";

/**
 * p ← p − learningRate·g.
 *
 * p, grad: one shape   learningRate: scalar   Result 0: p, changed in place.
 */
export const sgdStep: Op<[p: Value, grad: Value, learningRate: Value]> = optimizerStep({
  name: "sgdStep",
  kernel: "f32_sgd",
  variables: 1,
  scalars: () => [0, 0],
  tensors: ([p], grad) => [p!, 0, grad],
});
