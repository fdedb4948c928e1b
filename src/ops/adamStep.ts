// adamStep: one Adam update of a parameter and its two moments, in one pass over memory.
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import type { Op } from "./op.js";
import { optimizerStep } from "./optimizerStep.js";

/**
 * m ← m + (g − m)(1 − β1);  v ← v + (g² − v)(1 − β2);  p ← p − alpha·m/(√v + ε).   Kingma & Ba 2015, with Keras' place for ε
 *
 * p, m, v, grad: one shape   alpha: scalar, the learning rate with the bias correction   Results: p, m, v, changed in place.
 */
export const adamStep: Op<[p: Value, m: Value, v: Value, grad: Value, alpha: Value], { beta1: number; beta2: number; epsilon: number }> = optimizerStep({
  name: "adamStep",
  kernel: "f32_adam",
  variables: 3,
  scalars: ({ beta1, beta2, epsilon }) => [f32Word(1 - beta1), f32Word(1 - beta2), f32Word(epsilon)],
  tensors: ([p, m, v], grad) => [p!, m!, v!, grad],
});
