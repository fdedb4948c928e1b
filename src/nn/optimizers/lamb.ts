// Lamb: Adam's direction, with a step for each weight tensor as long as its own length asks for.
import { add, div, equal, mul, sqrt, square, sub, sum, where, type Tensor, type Variable } from "../../engine/index.js";
import { MomentOptimizer, movingAverage, type MomentOptions } from "./moments.js";
import { optionsOf, type Feed } from "./optimizer.js";

/** The optimizer that lamb() makes. */
export class Lamb extends MomentOptimizer {
  readonly type = "lamb";

  constructor(options: MomentOptions = {}) {
    super("lamb", options);
  }

  protected step(target: Variable, gradient: Tensor, [momentum, velocity]: readonly Variable[], feed: Feed): void {
    const { beta1, beta2, epsilon } = this;
    const m = movingAverage(momentum!, gradient, beta1);
    const v = movingAverage(velocity!, square(gradient), beta2);
    const first = feed("first", (step) => this.correction(beta1, step));
    const second = feed("second", (step) => this.correction(beta2, step));
    const direction = div(div(m, first), add(sqrt(div(v, second)), epsilon));
    const [own, wanted] = [length(target), length(direction)];
    const ratio = where(equal(mul(own, wanted), 0), 1, div(own, wanted));
    target.assign(sub(target, mul(mul(ratio, this.rateOf(feed)), direction)));
  }
}

function length(x: Tensor): Tensor {
  return sqrt(sum(square(x)));
}

/** d = m̂ / (√v̂ + epsilon); w ← w − learningRate · ‖w‖ / ‖d‖ · d, the ratio being 1 where one is 0. Options as adam's.   You et al. 2020 */
export function lamb(options?: number | MomentOptions, beta1?: number, beta2?: number, epsilon?: number): Lamb {
  return new Lamb(optionsOf(options, { beta1, beta2, epsilon }, "lamb"));
}
