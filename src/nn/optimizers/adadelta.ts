// Adadelta: steps in the weights' own units, the running size of the last steps over that of the gradients.
import { add, div, mul, neg, sqrt, square, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { movingAverage } from "./moments.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of adadelta(). */
export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the running averages stays at each step; default 0.95. */
  readonly rho?: number;
  /** Under both roots, so also what the first steps are made of; default 1e-7. */
  readonly epsilon?: number;
}

/** The optimizer that adadelta() makes. */
export class Adadelta extends Optimizer {
  readonly type = "adadelta";
  readonly rho: number;
  readonly epsilon: number;

  constructor(options: AdadeltaOptions = {}) {
    super("adadelta", options, ["rho", "epsilon"]);
    this.rho = checkNumber(options.rho ?? 0.95, "adadelta: rho", 0, 1);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, "adadelta: epsilon", 0);
  }

  protected slotsOf(): readonly string[] {
    return ["accumulated_grad", "accumulated_delta_var"];
  }

  protected ownConfig(): Config {
    return { rho: this.rho, epsilon: this.epsilon };
  }

  protected step(target: Variable, gradient: Tensor, [squares, steps]: readonly Variable[], feed: Feed): void {
    const { rho } = this;
    const before = this.root(steps!);
    const delta = neg(mul(div(before, this.root(movingAverage(squares!, square(gradient), rho))), gradient));
    movingAverage(steps!, square(delta), rho);
    target.assign(add(target, mul(this.rateOf(feed), delta)));
  }

  /** Those of the step to come. */
  protected override ratesOf([squares, steps]: readonly Variable[], feed: Feed): Tensor {
    return mul(this.rateOf(feed), div(this.root(steps!), this.root(squares!)));
  }

  private root(v: Tensor): Tensor {
    return sqrt(add(v, this.epsilon));
  }
}

/**
 * v ← ρ · v + (1 − ρ) · g²; Δ = −√(u + ε) / √(v + ε) · g; u ← ρ · u + (1 − ρ) · Δ²; w ← w + learningRate · Δ.   Zeiler 2012, where the rate is 1
 *
 * Options as an object, or in a row: adadelta(learningRate, rho, epsilon).
 */
export function adadelta(options?: number | AdadeltaOptions, rho?: number, epsilon?: number): Adadelta {
  return new Adadelta(optionsOf(options, { rho, epsilon }, "adadelta"));
}
