// Lion: steps of one size for all weights, in the direction of the sign.
import { add, mul, sign, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { movingAverage } from "./moments.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of lion(). */
export interface LionOptions extends OptimizerOptions {
  /** Share of the running average in the direction of the step; default 0.9. */
  readonly beta1?: number;
  /** How much of it stays at each step; default 0.99. */
  readonly beta2?: number;
}

/** The optimizer that lion() makes. */
export class Lion extends Optimizer {
  readonly type = "lion";
  readonly beta1: number;
  readonly beta2: number;

  constructor(options: LionOptions = {}) {
    super("lion", options, ["beta1", "beta2"]);
    this.beta1 = checkNumber(options.beta1 ?? 0.9, "lion: beta1", 0, 1);
    this.beta2 = checkNumber(options.beta2 ?? 0.99, "lion: beta2", 0, 1);
  }

  protected slotsOf(): readonly string[] {
    return ["momentum"];
  }

  protected ownConfig(): Config {
    return { beta1: this.beta1, beta2: this.beta2 };
  }

  protected step(target: Variable, gradient: Tensor, [momentum]: readonly Variable[], feed: Feed): void {
    const direction = add(mul(momentum!, this.beta1), mul(gradient, 1 - this.beta1));
    target.assign(sub(target, mul(this.rateOf(feed), sign(direction))));
    movingAverage(momentum!, gradient, this.beta2);
  }
}

/**
 * w ← w − learningRate · sign(beta1 · m + (1 − beta1) · g); m ← beta2 · m + (1 − beta2) · g. Wants a rate 3 to 10 times below Adam's.   Chen et al. 2023
 *
 * Options as an object, or in a row: lion(learningRate, beta1, beta2).
 */
export function lion(options?: number | LionOptions, beta1?: number, beta2?: number): Lion {
  return new Lion(optionsOf(options, { beta1, beta2 }, "lion"));
}
