// Adamax and MaxProp: steps divided by the largest gradient of late, one that slowly fades.
import { abs, add, div, maximum, mul, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { MomentOptimizer, movingAverage, type MomentOptions } from "./moments.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of adamax(). */
export interface AdamaxOptions extends MomentOptions {
  /** Where epsilon is added. false (default, as Keras): to the largest gradient, u + ε. true (as PyTorch): inside of it, max(beta2 · u, |g| + ε). */
  readonly epsilonInside?: boolean;
}

/** The optimizer that adamax() makes. */
export class Adamax extends MomentOptimizer {
  readonly type = "adamax";
  readonly epsilonInside: boolean;

  constructor(options: AdamaxOptions = {}) {
    super("adamax", options, ["epsilonInside"]);
    this.epsilonInside = options.epsilonInside ?? false;
  }

  protected override slotsOf(): readonly string[] {
    return ["momentum", "norm"];
  }

  protected override ownConfig(): Config {
    return { ...super.ownConfig(), epsilonInside: this.epsilonInside };
  }

  protected step(target: Variable, gradient: Tensor, [momentum, norm]: readonly Variable[], feed: Feed): void {
    const { beta1, beta2, epsilon, epsilonInside } = this;
    const size = feed("size", (step) => this.rateAt(step) / this.correction(beta1, step));
    const m = movingAverage(momentum!, gradient, beta1);
    norm!.assign(maximum(mul(norm!, beta2), epsilonInside ? add(abs(gradient), epsilon) : abs(gradient)));
    target.assign(sub(target, div(mul(size, m), this.divisor(norm!))));
  }

  protected override ratesOf([, norm]: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), this.divisor(norm!));
  }

  private divisor(norm: Tensor): Tensor {
    return this.epsilonInside ? norm : add(norm, this.epsilon);
  }
}

/** Options of maxprop(). */
export interface MaxPropOptions extends OptimizerOptions {
  /** How much of the largest gradient stays at each step; default 0.9. */
  readonly rho?: number;
  /** Added to it; default 1e-7. */
  readonly epsilon?: number;
}

/** The optimizer that maxprop() makes. */
export class MaxProp extends Optimizer {
  readonly type = "maxprop";
  readonly rho: number;
  readonly epsilon: number;

  constructor(options: MaxPropOptions = {}) {
    super("maxprop", options, ["rho", "epsilon"]);
    this.rho = checkNumber(options.rho ?? 0.9, "maxprop: rho", 0, 1);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, "maxprop: epsilon", 0);
  }

  protected slotsOf(): readonly string[] {
    return ["norm"];
  }

  protected ownConfig(): Config {
    return { rho: this.rho, epsilon: this.epsilon };
  }

  protected step(target: Variable, gradient: Tensor, [norm]: readonly Variable[], feed: Feed): void {
    norm!.assign(maximum(mul(norm!, this.rho), abs(gradient)));
    target.assign(sub(target, div(mul(this.rateOf(feed), gradient), add(norm!, this.epsilon))));
  }

  protected override ratesOf([norm]: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), add(norm!, this.epsilon));
  }
}

/**
 * m ← m + (1 − beta1)(g − m); u ← max(beta2 · u, |g|); w ← w − learningRate / (1 − beta1ᵗ) · m / (u + epsilon).   Kingma & Ba 2015, § 7.1
 *
 * Options as an object, or in a row: adamax(learningRate, beta1, beta2, epsilon).
 */
export function adamax(options?: number | AdamaxOptions, beta1?: number, beta2?: number, epsilon?: number): Adamax {
  return new Adamax(optionsOf(options, { beta1, beta2, epsilon }, "adamax"));
}

/** u ← max(rho · u, |g|); w ← w − learningRate · g / (u + epsilon): RMSprop by the largest gradient instead of the mean square. */
export function maxprop(options?: number | MaxPropOptions): MaxProp {
  return new MaxProp(optionsOf(options, {}, "maxprop"));
}
