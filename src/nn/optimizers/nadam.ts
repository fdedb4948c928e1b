// Nadam: Adam with Nesterov's momentum.
import { pow } from "../../base/math.js";
import { add, div, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { MomentOptimizer, movingAverage, type MomentOptions } from "./moments.js";
import { optionsOf, type Feed } from "./optimizer.js";

/** Options of nadam(). */
export interface NadamOptions extends MomentOptions {
  /** How fast the momentum rises to beta1: at step t it is beta1 · (1 − 0.96^(t · momentumDecay) / 2). Default 1, as Keras; PyTorch's is 0.004. null: it is beta1 from the start. */
  readonly momentumDecay?: number | null;
}

/** The optimizer that nadam() makes. */
export class Nadam extends MomentOptimizer {
  readonly type = "nadam";
  readonly momentumDecay: number | null;
  /** The product of the momenta of steps 1 … step. */
  private product = { step: 0, value: 1 };

  constructor(options: NadamOptions = {}) {
    super("nadam", options, ["momentumDecay"]);
    const { momentumDecay = 1 } = options;
    this.momentumDecay = momentumDecay === null ? null : checkNumber(momentumDecay, "nadam: momentumDecay", 0);
  }

  protected override ownConfig(): Config {
    return { ...super.ownConfig(), momentumDecay: this.momentumDecay };
  }

  protected step(target: Variable, gradient: Tensor, [momentum, velocity]: readonly Variable[], feed: Feed): void {
    const { beta1, beta2 } = this;
    const ofAverage = feed("average", (step) => (this.rateAt(step) * this.momentumAt(step + 1)) / (1 - this.productTo(step + 1)));
    const ofGradient = feed("gradient", (step) => (this.rateAt(step) * (1 - this.momentumAt(step))) / (1 - this.productTo(step)));
    const m = movingAverage(momentum!, gradient, beta1);
    movingAverage(velocity!, square(gradient), beta2);
    target.assign(sub(target, div(add(mul(ofAverage, m), mul(ofGradient, gradient)), this.root(velocity!, feed))));
  }

  protected override ratesOf([, velocity]: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), this.root(velocity!, feed));
  }

  /** √v̂ + ε. */
  private root(v: Tensor, feed: Feed): Tensor {
    return add(sqrt(div(v, feed("correction", (step) => this.correction(this.beta2, step)))), this.epsilon);
  }

  private momentumAt(step: number): number {
    const { beta1, momentumDecay } = this;
    return momentumDecay === null ? beta1 : beta1 * (1 - 0.5 * pow(0.96, step * momentumDecay));
  }

  /** Multiplied in one order whatever was asked for before, so that the bits are the same after a restart. */
  private productTo(step: number): number {
    if (step < this.product.step) this.product = { step: 0, value: 1 };
    let { step: at, value } = this.product;
    while (at < step - 1) value *= this.momentumAt(++at);
    // Kept one behind, since each step asks for two neighbours, in any order.
    this.product = { step: at, value };
    return at < step ? value * this.momentumAt(step) : value;
  }
}

/**
 * w ← w − learningRate · (μₜ₊₁ · m / (1 − Π μ₁…ₜ₊₁) + (1 − μₜ) · g / (1 − Π μ₁…ₜ)) / (√v̂ + epsilon), m and v as adam's.   Dozat 2016
 *
 * Options as an object, or in a row: nadam(learningRate, beta1, beta2, epsilon).
 */
export function nadam(options?: number | NadamOptions, beta1?: number, beta2?: number, epsilon?: number): Nadam {
  return new Nadam(optionsOf(options, { beta1, beta2, epsilon }, "nadam"));
}
