// momentumStep: one update by stochastic gradient descent with momentum, Nesterov's or the plain one, in one pass over memory.
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import type { Op } from "./op.js";
import { optimizerStep } from "./optimizerStep.js";

/**
 * v ← momentum·v − learningRate·g;  p ← p + v, with nesterov p ← p + momentum·v − learningRate·g.   As Keras; Sutskever et al. 2013
 *
 * p, velocity, grad: one shape   learningRate: scalar   Results: p, velocity, changed in place.
 */
export const momentumStep: Op<
  [p: Value, velocity: Value, grad: Value, learningRate: Value],
  { momentum: number; nesterov: boolean }
> = optimizerStep({
  name: "momentumStep",
  kernel: "f32_sgd",
  variables: 2,
  scalars: ({ momentum, nesterov }) => [f32Word(momentum), nesterov ? 1 : 0],
  tensors: ([p, velocity], grad) => [p!, velocity!, grad],
});
