// Adagrad: a step for each weight, divided by the size of all its gradients so far.
import { add, div, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions, type Slot } from "./optimizer.js";

/** Options of adagrad(). */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sums of squares start from; default 0.1. PyTorch's is 0. */
  readonly initialAccumulatorValue?: number;
  /** Keeps the division finite; default 1e-7. */
  readonly epsilon?: number;
  /** Where epsilon is added. true (default, as Keras): under the root, √(v + ε). false (as PyTorch): to the root, √v + ε. */
  readonly epsilonInside?: boolean;
}

/** The optimizer that adagrad() makes. */
export class Adagrad extends Optimizer {
  readonly type = "adagrad";
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;
  readonly epsilonInside: boolean;

  constructor(options: AdagradOptions = {}) {
    super("adagrad", options, ["initialAccumulatorValue", "epsilon", "epsilonInside"]);
    this.initialAccumulatorValue = checkNumber(options.initialAccumulatorValue ?? 0.1, "adagrad: initialAccumulatorValue", 0);
    this.epsilon = checkNumber(options.epsilon ?? 1e-7, "adagrad: epsilon", 0);
    this.epsilonInside = options.epsilonInside ?? true;
  }

  protected slotsOf(): readonly Slot[] {
    return [{ name: "accumulator", start: this.initialAccumulatorValue }];
  }

  protected ownConfig(): Config {
    return { initialAccumulatorValue: this.initialAccumulatorValue, epsilon: this.epsilon, epsilonInside: this.epsilonInside };
  }

  protected step(target: Variable, gradient: Tensor, [accumulator]: readonly Variable[], feed: Feed): void {
    accumulator!.assign(add(accumulator!, square(gradient)));
    target.assign(sub(target, div(mul(this.rateOf(feed), gradient), this.root(accumulator!))));
  }

  protected override ratesOf([accumulator]: readonly Variable[], feed: Feed): Tensor {
    return div(this.rateOf(feed), this.root(accumulator!));
  }

  private root(v: Tensor): Tensor {
    return this.epsilonInside ? sqrt(add(v, this.epsilon)) : add(sqrt(v), this.epsilon);
  }
}

/** v ← v + g²; w ← w − learningRate · g / √(v + epsilon).   Duchi et al. 2011 */
export function adagrad(options?: number | AdagradOptions, initialAccumulatorValue?: number): Adagrad {
  return new Adagrad(optionsOf(options, { initialAccumulatorValue }, "adagrad"));
}
