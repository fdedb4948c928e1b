// RMSprop: gradient descent with a step for each weight, divided by a running size of its gradient.
import { add, div, maximum, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import { applyStep } from "../../engine/update.js";
import { rmspropCenteredMomentumStep, rmspropCenteredStep, rmspropMomentumStep, rmspropStep } from "../../ops/rmspropStep.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of rmsprop(). */
export interface RMSpropOptions extends OptimizerOptions {
  /** How much of the running average stays at each step; default 0.9. */
  readonly rho?: number;
  /** Share of the last step that is taken again; default 0. */
  readonly momentum?: number;
  /** Keeps the division finite; default 1e-7. */
  readonly epsilon?: number;
  /**
   * Where epsilon is added. true (default, as Keras 3): under the root, √(v + ε), which also damps the steps of small gradients. false (as PyTorch and the
   * original Keras): to the root, √v + ε.
   */
  readonly epsilonInside?: boolean;
  /** Whether the squared running mean of the gradient is subtracted, so that a variance stands under the root; default false. */
  readonly centered?: boolean;
}

/** The optimizer that rmsprop() makes. */
export class RMSprop extends Optimizer {
  readonly type = "rmsprop";
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly epsilonInside: boolean;
  readonly centered: boolean;

  constructor(options: RMSpropOptions = {}) {
    super("rmsprop", options, ["rho", "momentum", "epsilon", "epsilonInside", "centered"]);
    this.rho = checkNumber(options.rho ?? 0.9, "rmsprop: rho", 0, 1);
    this.momentum = checkNumber(options.momentum ?? 0, "rmsprop: momentum", 0, 1);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, "rmsprop: epsilon", 0);
    this.epsilonInside = options.epsilonInside ?? true;
    this.centered = options.centered ?? false;
  }

  /** In the order of the step ops' inputs. */
  protected slotsOf(): readonly string[] {
    return ["velocity", ...(this.momentum > 0 ? ["momentum"] : []), ...(this.centered ? ["average_gradient"] : [])];
  }

  protected ownConfig(): Config {
    return { rho: this.rho, momentum: this.momentum, epsilon: this.epsilon, epsilonInside: this.epsilonInside, centered: this.centered };
  }

  protected step(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    const { rho, momentum, centered } = this;
    if (!this.isAlone(target)) {
      this.composed(target, gradient, slots, feed);
      return;
    }
    const [epsilon, delta] = this.epsilons;
    const [plain, moving] = centered ? [rmspropCenteredStep, rmspropCenteredMomentumStep] : [rmspropStep, rmspropMomentumStep];
    applyStep(momentum > 0 ? moving : plain, [target, ...slots], [gradient, this.rateOf(feed)], { rho, epsilon, delta, momentum });
  }

  /** In the kernel's order, for its bits. */
  private composed(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    const averaged = (slot: Variable, x: Tensor): void => void slot.assign(add(mul(slot, this.rho), mul(x, 1 - this.rho)));
    averaged(slots[0]!, square(gradient));
    if (this.centered) averaged(slots[slots.length - 1]!, gradient);
    const step = div(mul(this.rateOf(feed), gradient), this.root(slots));
    if (this.momentum > 0) slots[1]!.assign(add(mul(slots[1]!, this.momentum), step));
    target.assign(sub(target, this.momentum > 0 ? slots[1]! : step));
  }

  protected override ratesOf(slots: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), this.root(slots));
  }

  private root(slots: readonly Variable[]): Tensor {
    const [epsilon, delta] = this.epsilons;
    const velocity = slots[0]!;
    const variance = this.centered ? maximum(sub(velocity, square(slots[slots.length - 1]!)), 0) : velocity;
    return add(sqrt(add(variance, epsilon)), delta);
  }

  /** Under the root and beside it. */
  private get epsilons(): readonly [number, number] {
    return this.epsilonInside ? [this.epsilon, 0] : [0, this.epsilon];
  }
}

/**
 * v ← rho · v + (1 − rho) · g²; w ← w − learningRate · g / √(v + epsilon), or / (√v + epsilon).   Tieleman & Hinton 2012
 *
 * Options as an object, or in a row: rmsprop(learningRate, rho, momentum, epsilon, centered).
 */
export function rmsprop(options?: number | RMSpropOptions, rho?: number, momentum?: number, epsilon?: number, centered?: boolean): RMSprop {
  return new RMSprop(optionsOf(options, { rho, momentum, epsilon, centered }, "rmsprop"));
}
