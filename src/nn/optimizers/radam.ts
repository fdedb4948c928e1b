// RAdam: Adam whose first steps leave the division out, until the average of squares knows enough.
import { add, div, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import { pow } from "../../base/math.js";
import { MomentOptimizer, movingAverage, type MomentOptions } from "./moments.js";
import { optionsOf, type Feed } from "./optimizer.js";

/** Below this length of the average its variance has no bound: the paper's 4, and PyTorch's 5. */
const LONG_ENOUGH = 5;

/** The optimizer that radam() makes. */
export class RAdam extends MomentOptimizer {
  readonly type = "radam";

  constructor(options: MomentOptions = {}) {
    super("radam", options);
  }

  protected step(target: Variable, gradient: Tensor, [momentum, velocity]: readonly Variable[], feed: Feed): void {
    const { beta1, beta2, epsilon } = this;
    const plain = feed("plain", (step) => (this.rectification(step) === 0 ? this.rateAt(step) / this.correction(beta1, step) : 0));
    const divided = feed("divided", (step) => (this.rateAt(step) * this.rectification(step)) / this.correction(beta1, step));
    const m = movingAverage(momentum!, gradient, beta1);
    const v = movingAverage(velocity!, square(gradient), beta2);
    target.assign(sub(target, mul(m, add(plain, div(divided, add(sqrt(v), epsilon))))));
  }

  protected override ratesOf([, velocity]: readonly Variable[], feed: Feed): Tensor {
    const plain = feed("rate, plain", (step) => (this.rectification(step) === 0 ? this.rateAt(step) : 0));
    const divided = feed("rate, divided", (step) => this.rateAt(step) * this.rectification(step));
    return add(plain, div(divided, add(sqrt(velocity!), this.epsilon)));
  }

  /** r · √(1 − beta2ᵗ); 0 while the average is too short. */
  private rectification(step: number): number {
    const { beta2 } = this;
    const most = 2 / (1 - beta2) - 1;
    const correction = this.correction(beta2, step);
    const length = most - (2 * step * pow(beta2, step)) / correction;
    if (length <= LONG_ENOUGH) return 0;
    const r = Math.sqrt((((length - 4) * (length - 2)) / ((most - 4) * (most - 2))) * (most / length));
    return r * Math.sqrt(correction);
  }
}

/** Adam with rectified steps: momentum alone at first, then Adam's step times r, which rises to 1. Options as adam's.   Liu et al. 2020 */
export function radam(options?: number | MomentOptions, beta1?: number, beta2?: number, epsilon?: number): RAdam {
  return new RAdam(optionsOf(options, { beta1, beta2, epsilon }, "radam"));
}
