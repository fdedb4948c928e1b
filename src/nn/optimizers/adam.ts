// Adam and AdamW: steps from running averages of the gradient and of its square, corrected for their start at 0.
import { add, div, maximum, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import { applyStep } from "../../engine/update.js";
import { adamStep } from "../../ops/adamStep.js";
import type { Config } from "../layer.js";
import { MomentOptimizer, movingAverage, type MomentOptions } from "./moments.js";
import { optionsOf, type Feed } from "./optimizer.js";

/** Options of adam(). */
export interface AdamOptions extends MomentOptions {
  /** Whether the largest of all running averages of the square stands under the root; default false.   Reddi et al. 2018 */
  readonly amsgrad?: boolean;
  /** Whether the averages are corrected for their start at 0; default true. */
  readonly biasCorrection?: boolean;
  /** Where epsilon is added. false (default, as Keras): to the root, √v + ε, before the correction. true: under the root after it, √(v̂ + ε). */
  readonly epsilonInside?: boolean;
}

/** The optimizer that adam() makes. */
export class Adam extends MomentOptimizer {
  readonly type: string = "adam";
  readonly amsgrad: boolean;
  readonly biasCorrection: boolean;
  readonly epsilonInside: boolean;

  constructor(options: AdamOptions = {}, where = "adam") {
    super(where, options, ["amsgrad", "biasCorrection", "epsilonInside"]);
    this.amsgrad = options.amsgrad ?? false;
    this.biasCorrection = options.biasCorrection ?? true;
    this.epsilonInside = options.epsilonInside ?? false;
  }

  protected override slotsOf(): readonly string[] {
    return [...super.slotsOf(), ...(this.amsgrad ? ["velocity_hat"] : [])];
  }

  protected override ownConfig(): Config {
    const { amsgrad, biasCorrection, epsilonInside } = this;
    return { ...super.ownConfig(), amsgrad, biasCorrection, epsilonInside };
  }

  protected step(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    const { beta1, beta2, epsilon } = this;
    // learningRate · √(1 − beta2ᵗ) / (1 − beta1ᵗ): both corrections in one number.
    const size = feed("size", (step) => (this.rateAt(step) * this.rootCorrection(step)) / this.correction(beta1, step));
    if (!this.amsgrad && !this.epsilonInside && this.isAlone(target)) {
      applyStep(adamStep, [target, ...slots], [gradient, size], { beta1, beta2, epsilon });
      return;
    }
    const [momentum, velocity, largest] = slots as [Variable, Variable, Variable?];
    const m = movingAverage(momentum, gradient, beta1);
    const v = movingAverage(velocity, square(gradient), beta2);
    largest?.assign(maximum(largest, v));
    target.assign(sub(target, div(mul(size, m), this.root(largest ?? v, feed))));
  }

  protected override ratesOf([, velocity, largest]: readonly Variable[], feed: Feed): Tensor {
    return div(feed("corrected", (step) => this.rateAt(step) * this.rootCorrection(step)), this.root(largest ?? velocity!, feed));
  }

  protected override correction(beta: number, step: number): number {
    return this.biasCorrection ? super.correction(beta, step) : 1;
  }

  private rootCorrection(step: number): number {
    return Math.sqrt(this.correction(this.beta2, step));
  }

  private root(v: Tensor, feed: Feed): Tensor {
    const { beta2, epsilon } = this;
    return this.epsilonInside ? sqrt(add(v, feed("epsilon", (step) => epsilon * this.correction(beta2, step)))) : add(sqrt(v), epsilon);
  }
}

/** Adam with a weight decay of 0.004 unless another is given. */
export class AdamW extends Adam {
  override readonly type = "adamw";

  constructor(options: AdamOptions = {}) {
    super({ weightDecay: 0.004, ...options }, "adamw");
  }
}

/**
 * m ← m + (1 − beta1)(g − m); v ← v + (1 − beta2)(g² − v); w ← w − stepSize · m / (√v + epsilon).   Kingma & Ba 2015
 *
 * Options as an object, or in a row: adam(learningRate, beta1, beta2, epsilon).
 */
export function adam(options?: number | AdamOptions, beta1?: number, beta2?: number, epsilon?: number): Adam {
  return new Adam(optionsOf(options, { beta1, beta2, epsilon }, "adam"));
}

/** Adam with decoupled weight decay: w ← w − w · weightDecay · learningRate before each step.   Loshchilov & Hutter 2019 */
export function adamw(options?: number | AdamOptions): AdamW {
  return new AdamW(optionsOf(options, {}, "adamw"));
}
