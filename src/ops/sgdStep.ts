// sgdStep: one update by stochastic gradient descent, without momentum. See momentumStep.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { at, op, type Op } from "./op.js";
import { IN_PLACE, stepTypes } from "./optimizerStep.js";

/**
 * p ← p − learningRate·g.
 *
 * p, grad: one shape   learningRate: scalar   Result 0: p, changed in place.
 */
export const sgdStep: Op<[p: Value, grad: Value, learningRate: Value]> = op({
  name: "sgdStep",
  shape: ([p, grad, learningRate]) => stepTypes("sgdStep", [p], grad, learningRate),
  noGradient: IN_PLACE,
  lower: (_out, [p, grad, learningRate]) => ({
    kernel: "f32_sgd",
    words: [at(p), 0, at(grad), at(learningRate), sizeOf(p.shape), 0, 0],
  }),
  mutates: [0],
});
