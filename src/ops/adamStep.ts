// adamStep: one Adam update of a parameter and its two moments, in one pass over memory.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { at, op, type Op } from "./op.js";
import { IN_PLACE, stepTypes } from "./optimizerStep.js";

/**
 * m ← m + (g − m)(1 − β1);  v ← v + (g² − v)(1 − β2);  p ← p − alpha·m/(√v + ε).   Kingma & Ba 2015, with Keras' place for ε
 *
 * p, m, v, grad: one shape   alpha: scalar, the learning rate with the bias correction   Results: p, m, v, changed in place.
 */
export const adamStep: Op<[p: Value, m: Value, v: Value, grad: Value, alpha: Value], { beta1: number; beta2: number; epsilon: number }> = op({
  name: "adamStep",
  shape: ([p, m, v, grad, alpha]) => stepTypes("adamStep", [p, m, v], grad, alpha),
  noGradient: IN_PLACE,
  lower: (_out, [p, m, v, grad, alpha], { beta1, beta2, epsilon }) => ({
    kernel: "f32_adam",
    words: [at(p), at(m), at(v), at(grad), at(alpha), sizeOf(p.shape), f32Word(1 - beta1), f32Word(1 - beta2), f32Word(epsilon)],
  }),
  mutates: [0, 1, 2],
});
