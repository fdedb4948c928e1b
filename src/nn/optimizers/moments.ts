// What the methods of Adam's kind share: running averages of the gradient and of its square, corrected for their start at 0.
import { pow } from "../../base/math.js";
import { add, mul, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { Optimizer, type OptimizerOptions } from "./optimizer.js";

/** Options of optimizers with running averages of gradients. */
export interface MomentOptions extends OptimizerOptions {
  /** How much of the gradient's running average stays at each step; default 0.9. */
  readonly beta1?: number;
  /** The same for its square; default 0.999. */
  readonly beta2?: number;
  /** Added to the root; default 1e-7. */
  readonly epsilon?: number;
}

export abstract class MomentOptimizer extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor(where: string, options: MomentOptions, own: readonly string[] = []) {
    super(where, options, ["beta1", "beta2", "epsilon", ...own]);
    this.beta1 = checkNumber(options.beta1 ?? 0.9, `${where}: beta1`, 0, 1, true);
    this.beta2 = checkNumber(options.beta2 ?? 0.999, `${where}: beta2`, 0, 1, true);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, `${where}: epsilon`, 0);
  }

  protected slotsOf(): readonly string[] {
    return ["momentum", "velocity"];
  }

  protected ownConfig(): Config {
    return { beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon };
  }

  /** What a running average of `beta` lacks after `step` steps. */
  protected correction(beta: number, step: number): number {
    return 1 - pow(beta, step);
  }
}

/** slot ← slot + (x − slot)(1 − beta); the new value. */
export function movingAverage(slot: Variable, x: Tensor, beta: number): Tensor {
  const next = add(slot, mul(sub(x, slot), 1 - beta));
  slot.assign(next);
  return next;
}
