// Adam: steps from running averages of the gradient and of its square, corrected for their start at 0.
import { pow } from "../../base/math.js";
import type { Tensor, Variable } from "../../engine/index.js";
import { applyStep } from "../../engine/update.js";
import { adamStep } from "../../ops/adamStep.js";
import type { Config } from "../layer.js";
import { checkNumber, checkOptions } from "../options.js";
import { Optimizer, optionsOf, type OptimizerOptions } from "./optimizer.js";

export interface AdamOptions extends OptimizerOptions {
  /** How much of the gradient's running average stays at each step; default 0.9. */
  readonly beta1?: number;
  /** The same for its square; default 0.999. */
  readonly beta2?: number;
  /** Added to the root; default 1e-7. */
  readonly epsilon?: number;
}

export class Adam extends Optimizer {
  readonly type = "adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor(options: AdamOptions = {}) {
    super(checkOptions(options, ["learningRate", "beta1", "beta2", "epsilon"], "adam").learningRate ?? 0.001);
    this.beta1 = checkNumber(options.beta1 ?? 0.9, "adam: beta1", 0, 1, true);
    this.beta2 = checkNumber(options.beta2 ?? 0.999, "adam: beta2", 0, 1, true);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, "adam: epsilon", 0);
  }

  /** learningRate · √(1 − beta2ᵗ) / (1 − beta1ᵗ): the averages' correction, in one number. */
  protected override stepSize(iteration: number): number {
    return (this.learningRate * Math.sqrt(1 - pow(this.beta2, iteration))) / (1 - pow(this.beta1, iteration));
  }

  protected slotNames(): readonly string[] {
    return ["momentum", "velocity"];
  }

  protected ownConfig(): Config {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
  }

  protected step(target: Variable, gradient: Tensor, size: Tensor, slots: readonly Variable[]): void {
    const { beta1, beta2, epsilon } = this;
    applyStep(adamStep, [target, ...slots], [gradient, size], { beta1, beta2, epsilon });
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
