// SGD: gradient descent, with momentum if wanted.
import type { Tensor, Variable } from "../../engine/index.js";
import { applyStep } from "../../engine/update.js";
import { momentumStep } from "../../ops/momentumStep.js";
import { sgdStep } from "../../ops/sgdStep.js";
import type { Config } from "../layer.js";
import { checkNumber, checkOptions } from "../options.js";
import { Optimizer, optionsOf, type OptimizerOptions } from "./optimizer.js";

export interface SGDOptions extends OptimizerOptions {
  /** Share of the last step that is taken again; default 0. */
  readonly momentum?: number;
  /** Nesterov's momentum; default false. */
  readonly nesterov?: boolean;
}

export class SGD extends Optimizer {
  readonly type = "sgd";
  readonly momentum: number;
  readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    super(checkOptions(options, ["learningRate", "momentum", "nesterov"], "sgd").learningRate ?? 0.01);
    this.momentum = checkNumber(options.momentum ?? 0, "sgd: momentum", 0, 1);
    this.nesterov = options.nesterov ?? false;
  }

  protected slotNames(): readonly string[] {
    return this.momentum > 0 ? ["velocity"] : [];
  }

  protected ownConfig(): Config {
    return { momentum: this.momentum, nesterov: this.nesterov };
  }

  protected step(target: Variable, gradient: Tensor, size: Tensor, [velocity]: readonly Variable[]): void {
    if (velocity === undefined) applyStep(sgdStep, [target], [gradient, size], {});
    else applyStep(momentumStep, [target, velocity], [gradient, size], { momentum: this.momentum, nesterov: this.nesterov });
  }
}

/**
 * w ← w − learningRate · g. With momentum: v ← momentum · v − learningRate · g; w ← w + v, or w + momentum · v − learningRate · g (nesterov).
 *
 * Options as an object, or in a row: sgd(learningRate, momentum, nesterov).
 */
export function sgd(options?: number | SGDOptions, momentum?: number, nesterov?: boolean): SGD {
  return new SGD(optionsOf(options, { momentum, nesterov }, "sgd"));
}
