// rmspropStep: one RMSprop update of a parameter and its slots, in one pass over memory. Four ops, by which slots there are.
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { at, op, type Op } from "./op.js";
import { IN_PLACE, stepTypes } from "./optimizerStep.js";

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
  const count = 2 + Number(slots.momentum) + Number(slots.centered);
  return op<I, RmspropAttrs>({
    name,
    shape: (inputs) => stepTypes(name, inputs.slice(0, count), inputs[count]!, inputs[count + 1]!),
    noGradient: IN_PLACE,
    lower: (_out, inputs, { rho, epsilon, delta, momentum = 0 }) => {
      const address = (i: number) => at(inputs[i]!);
      return {
        kernel: "f32_rmsprop",
        words: [
          address(0), address(1), slots.momentum ? address(2) : 0, address(count), address(count + 1), sizeOf(inputs[0]!.shape),
          f32Word(rho), f32Word(momentum), f32Word(epsilon), slots.centered ? address(count - 1) : 0, f32Word(delta), f32Word(1 - rho),
        ],
      };
    },
    mutates: Array.from({ length: count }, (_, i) => i),
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
