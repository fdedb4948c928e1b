// Ftrl: follow the regularised leader; with an L1 penalty weights become exactly 0.
import { add, clip, div, mul, pow, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions, type Slot } from "./optimizer.js";

/** Options of ftrl(). */
export interface FtrlOptions extends OptimizerOptions {
  /** How the rate falls with the sum of squares: its power, at most 0; default −0.5. 0: not at all. */
  readonly learningRatePower?: number;
  /** What the sums of squares start from; default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** L1 penalty; default 0. */
  readonly l1RegularizationStrength?: number;
  /** L2 penalty; default 0. */
  readonly l2RegularizationStrength?: number;
  /** L2 penalty on the loss itself, which goes with the gradient; default 0. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** β of the paper: keeps the first rates low; default 0. */
  readonly beta?: number;
}

const NUMBERS = ["l1RegularizationStrength", "l2RegularizationStrength", "l2ShrinkageRegularizationStrength", "beta"] as const;

/** The optimizer that ftrl() makes. */
export class Ftrl extends Optimizer {
  readonly type = "ftrl";
  private readonly options: Required<Omit<FtrlOptions, keyof OptimizerOptions>>;

  constructor(options: FtrlOptions = {}) {
    super("ftrl", options, ["learningRatePower", "initialAccumulatorValue", ...NUMBERS]);
    const number = (name: (typeof NUMBERS)[number]): number => checkNumber(options[name] ?? 0, `ftrl: ${name}`, 0);
    this.options = {
      learningRatePower: checkNumber(options.learningRatePower ?? -0.5, "ftrl: learningRatePower", -Infinity, 0),
      initialAccumulatorValue: checkNumber(options.initialAccumulatorValue ?? 0.1, "ftrl: initialAccumulatorValue", 0),
      l1RegularizationStrength: number("l1RegularizationStrength"),
      l2RegularizationStrength: number("l2RegularizationStrength"),
      l2ShrinkageRegularizationStrength: number("l2ShrinkageRegularizationStrength"),
      beta: number("beta"),
    };
  }

  protected slotsOf(): readonly Slot[] {
    return [{ name: "accumulator", start: this.options.initialAccumulatorValue }, "linear"];
  }

  protected ownConfig(): Config {
    return { ...this.options };
  }

  protected step(target: Variable, gradient: Tensor, [accumulator, linear]: readonly Variable[], feed: Feed): void {
    const { l1RegularizationStrength: l1, l2RegularizationStrength: l2, l2ShrinkageRegularizationStrength: shrinkage, beta } = this.options;
    const rate = this.rateOf(feed);
    const before = this.falling(accumulator!);
    accumulator!.assign(add(accumulator!, square(gradient)));
    const after = this.falling(accumulator!);
    const shrunk = shrinkage > 0 ? add(gradient, mul(target, 2 * shrinkage)) : gradient;
    linear!.assign(sub(add(linear!, shrunk), mul(div(sub(after, before), rate), target)));
    // 2 · (l2 + beta / (2 · rate)).
    const quadratic = add(div(add(after, beta), rate), 2 * l2);
    target.assign(div(sub(clip(linear!, -l1, l1), linear!), quadratic));
  }

  protected override ratesOf([accumulator]: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), add(this.falling(accumulator!), this.options.beta));
  }

  /** What the rate is divided by. */
  private falling(accumulator: Tensor): Tensor {
    const power = -this.options.learningRatePower;
    return power === 0.5 ? sqrt(accumulator) : pow(accumulator, power);
  }
}

/** The weight that is best for all gradients so far together, with L1 and L2 penalties. The learning rate must stay above 0.   McMahan et al. 2013 */
export function ftrl(options?: number | FtrlOptions): Ftrl {
  return new Ftrl(optionsOf(options, {}, "ftrl"));
}
