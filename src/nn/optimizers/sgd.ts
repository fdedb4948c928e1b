// SGD: gradient descent, with momentum if wanted.
import { ValueError } from "../../base/errors.js";
import { add, mul, sub, type Tensor, type Variable } from "../../engine/index.js";
import { applyStep } from "../../engine/update.js";
import { momentumStep } from "../../ops/momentumStep.js";
import { sgdStep } from "../../ops/sgdStep.js";
import type { Config } from "../layer.js";
import { checkNumber, checkWord } from "../../base/options.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions } from "./optimizer.js";

/** Options of sgd(). */
export interface SGDOptions extends OptimizerOptions {
  /** Share of the last step that is taken again; default 0. */
  readonly momentum?: number;
  /**
   * Nesterov's momentum; default false. "unscaled": the gradient is meant at w − momentum · u, u being a velocity that does not hold the rate; the weights are
   * then that point ahead, and w is weight + momentum · u.
   */
  readonly nesterov?: boolean | "unscaled";
  /** "scaled" (default, as Keras): the velocity holds the rate, v ← momentum · v − learningRate · g. "unscaled" (as PyTorch): u ← momentum · u + g, w ← w − learningRate · u; differs once the rate changes. */
  readonly velocity?: "scaled" | "unscaled";
  /** Share of the gradient that does not enter the velocity, from the second step on; default 0. Not with nesterov. */
  readonly dampening?: number;
}

/** The optimizer that sgd() makes. */
export class SGD extends Optimizer {
  readonly type = "sgd";
  readonly momentum: number;
  readonly nesterov: boolean | "unscaled";
  readonly velocity: "scaled" | "unscaled";
  readonly dampening: number;

  constructor(options: SGDOptions = {}) {
    super("sgd", options, ["momentum", "nesterov", "velocity", "dampening"], 0.01);
    this.momentum = checkNumber(options.momentum ?? 0, "sgd: momentum", 0, 1);
    this.nesterov = options.nesterov ?? false;
    this.velocity = checkWord(options.velocity ?? (this.nesterov === "unscaled" ? "unscaled" : "scaled"), ["scaled", "unscaled"], "sgd: velocity");
    this.dampening = checkNumber(options.dampening ?? 0, "sgd: dampening", 0, 1);
    if (this.nesterov !== false && this.dampening > 0) throw new ValueError(`sgd: expected nesterov or dampening, got both: ${this.nesterov} and ${this.dampening}.`);
    if (this.nesterov === "unscaled" && this.velocity === "scaled") throw new ValueError('sgd: nesterov "unscaled" has a velocity without the rate, got velocity "scaled".');
  }

  protected slotsOf(): readonly string[] {
    return this.momentum > 0 ? ["velocity"] : [];
  }

  protected ownConfig(): Config {
    const { momentum, nesterov, velocity, dampening } = this;
    return { momentum, nesterov, ...(velocity !== "scaled" && { velocity }), ...(dampening > 0 && { dampening }) };
  }

  protected step(target: Variable, gradient: Tensor, [velocity]: readonly Variable[], feed: Feed): void {
    const { momentum, nesterov } = this;
    const rate = this.rateOf(feed);
    const hasKernel = this.velocity === "scaled" && this.dampening === 0 && this.isAlone(target);
    if (velocity !== undefined && hasKernel) applyStep(momentumStep, [target, velocity], [gradient, rate], { momentum, nesterov });
    else if (velocity !== undefined) this.composed(target, gradient, velocity, rate, feed);
    else if (hasKernel) applyStep(sgdStep, [target], [gradient, rate], {});
    else target.assign(sub(target, mul(rate, gradient)));
  }

  private composed(target: Variable, gradient: Tensor, velocity: Variable, rate: Tensor, feed: Feed): void {
    const { momentum, nesterov, dampening } = this;
    const added = dampening > 0 ? mul(gradient, feed("share", (step) => (step === 1 ? 1 : 1 - dampening))) : gradient;
    const kept = mul(velocity, momentum);
    if (this.velocity === "scaled") {
      const step = mul(rate, added);
      velocity.assign(sub(kept, step));
      target.assign(add(target, nesterov === true ? sub(mul(velocity, momentum), step) : velocity));
      return;
    }
    velocity.assign(add(kept, added));
    const ahead = mul(velocity, momentum);
    const move = mul(rate, nesterov === true ? add(gradient, ahead) : velocity);
    // From one point ahead to the next: w is the point ahead + momentum · u.
    target.assign(nesterov === "unscaled" ? sub(sub(add(target, kept), move), ahead) : sub(target, move));
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
