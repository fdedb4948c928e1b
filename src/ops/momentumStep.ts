// momentumStep: one update by stochastic gradient descent with momentum, Nesterov's or the plain one, in one pass over memory.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { at, op, type Op } from "./op.js";
import { IN_PLACE, stepTypes } from "./optimizerStep.js";

/**
 * v ← momentum·v − learningRate·g;  p ← p + v, with nesterov p ← p + momentum·v − learningRate·g.   As Keras; Sutskever et al. 2013
 *
 * p, velocity, grad: one shape   learningRate: scalar   Results: p, velocity, changed in place.
 */
export const momentumStep: Op<
  [p: Value, velocity: Value, grad: Value, learningRate: Value],
  { momentum: number; nesterov: boolean }
> = op({
  name: "momentumStep",
  shape: ([p, velocity, grad, learningRate]) => stepTypes("momentumStep", [p, velocity], grad, learningRate),
  noGradient: IN_PLACE,
  lower: (_out, [p, velocity, grad, learningRate], { momentum, nesterov }) => ({
    kernel: "f32_sgd",
    words: [at(p), at(velocity), at(grad), at(learningRate), sizeOf(p.shape), f32Word(momentum), nesterov ? 1 : 0],
  }),
  mutates: [0, 1],
});
