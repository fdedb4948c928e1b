// rmspropStep: one RMSprop update of a parameter and its slots, in one pass over memory. Four ops, by which slots there are.
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import type { Op } from "./op.js";
import { optimizerStep } from "./optimizerStep.js";

export interface RmspropAttrs {
  readonly rho: number;
  /** ε, added under the root. */
  readonly epsilon: number;
  /** δ, added to the root. */
  readonly delta: number;
  /** Read only by the ops with a momentum slot. */
  readonly momentum?: number;
}

type Slots = { momentum: boolean; centered: boolean };

/** An op over p, v, [momentum], [meanGrad], grad, learningRate. */
function rmsprop<I extends readonly Value[]>(name: string, slots: Slots): Op<I, RmspropAttrs> {
  const variables = 2 + Number(slots.momentum) + Number(slots.centered);
  return optimizerStep<I, RmspropAttrs>({
    name,
    kernel: "f32_rmsprop",
    variables,
    scalars: ({ rho, epsilon, delta, momentum = 0 }) => [f32Word(rho), f32Word(momentum), f32Word(epsilon), f32Word(delta), f32Word(1 - rho)],
    tensors: (own, grad) => [own[0]!, own[1]!, slots.momentum ? own[2]! : 0, slots.centered ? own[variables - 1]! : 0, grad],
  });
}

/**
 * v ← ρ·v + (1 − ρ)·g²;  p ← p − learningRate·g/(√(v + ε) + δ).   Tieleman & Hinton 2012; Keras 3 uses ε, others δ
 *
 * All but the scalar learningRate have one shape. Results: p and the slots, changed in place.
 */
export const rmspropStep = rmsprop<[p: Value, v: Value, grad: Value, learningRate: Value]>("rmspropStep", {
  momentum: false,
  centered: false,
});

/** With momentum: m ← momentum·m + learningRate·g/(√(v + ε) + δ);  p ← p − m. */
export const rmspropMomentumStep = rmsprop<[p: Value, v: Value, m: Value, grad: Value, learningRate: Value]>("rmspropMomentumStep", {
  momentum: true,
  centered: false,
});

/** Centered: a ← ρ·a + (1 − ρ)·g, and v − a² stands for v in the root. */
export const rmspropCenteredStep = rmsprop<[p: Value, v: Value, meanGrad: Value, grad: Value, learningRate: Value]>("rmspropCenteredStep", {
  momentum: false,
  centered: true,
});

/** Centered, with momentum. */
export const rmspropCenteredMomentumStep = rmsprop<
  [p: Value, v: Value, m: Value, meanGrad: Value, grad: Value, learningRate: Value]
>("rmspropCenteredMomentumStep", { momentum: true, centered: true });
