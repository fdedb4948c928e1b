// Adafactor: Adam's division from the mean squares of rows and columns alone, a state far smaller than the weights.
import { pow } from "../../base/math.js";
import { add, div, expandDims, maximum, mean, mul, sqrt, square, sub, type Tensor, type Variable } from "../../engine/index.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { Optimizer, optionsOf, type Feed, type OptimizerOptions, type Slot } from "./optimizer.js";

/** Options of adafactor(). */
export interface AdafactorOptions extends OptimizerOptions {
  /** How fast the running averages grow long: at step t, 1 − t^beta2Decay of them stays; default −0.8. */
  readonly beta2Decay?: number;
  /** Added to the squared gradients; default 1e-30. */
  readonly epsilon1?: number;
  /** The least size that a weight tensor counts as; default 1e-3. */
  readonly epsilon2?: number;
  /** Largest root mean square of a direction; default 1. */
  readonly clipThreshold?: number;
  /** Whether the learning rate is at most 1 / √t; default true. */
  readonly relativeStep?: boolean;
}

/** The optimizer that adafactor() makes. */
export class Adafactor extends Optimizer {
  readonly type = "adafactor";
  readonly beta2Decay: number;
  readonly epsilon1: number;
  readonly epsilon2: number;
  readonly clipThreshold: number;
  readonly relativeStep: boolean;

  constructor(options: AdafactorOptions = {}) {
    super("adafactor", options, ["beta2Decay", "epsilon1", "epsilon2", "clipThreshold", "relativeStep"]);
    this.beta2Decay = checkNumber(options.beta2Decay ?? -0.8, "adafactor: beta2Decay", -Infinity, 0);
    this.epsilon1 = checkNumber(options.epsilon1 ?? 1e-30, "adafactor: epsilon1", 0);
    this.epsilon2 = checkNumber(options.epsilon2 ?? 1e-3, "adafactor: epsilon2", 0);
    this.clipThreshold = checkNumber(options.clipThreshold ?? 1, "adafactor: clipThreshold", Number.MIN_VALUE);
    this.relativeStep = options.relativeStep ?? true;
  }

  protected slotsOf({ shape }: Variable): readonly Slot[] {
    if (shape.length < 2) return ["velocity"];
    return [{ name: "rows", shape: shape.slice(0, -1) }, { name: "columns", shape: [...shape.slice(0, -2), shape[shape.length - 1]!] }];
  }

  protected ownConfig(): Config {
    const { beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep } = this;
    return { beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep };
  }

  protected step(target: Variable, gradient: Tensor, slots: readonly Variable[], feed: Feed): void {
    const squares = add(square(gradient), this.epsilon1);
    const share = feed("share", (step) => pow(step, this.beta2Decay));
    const averaged = (slot: Variable, x: Tensor): Tensor => {
      slot.assign(add(slot, mul(sub(x, slot), share)));
      return slot;
    };
    const root = slots.length === 1 ? sqrt(averaged(slots[0]!, squares)) : factoredRoot(averaged(slots[0]!, mean(squares, -1)), averaged(slots[1]!, mean(squares, -2)));
    const direction = div(gradient, root);
    const size = mul(maximum(rms(target), this.epsilon2), feed("size", (step) => Math.min(this.rateAt(step), this.relativeStep ? 1 / Math.sqrt(step) : Infinity)));
    target.assign(sub(target, mul(div(size, maximum(div(rms(direction), this.clipThreshold), 1)), direction)));
  }
}

/**
 * The root of the matrix of mean squares that rows and columns stand for. Each factor has a root of its own: where a whole row and a whole column of the
 * gradient are 0, their product is below the smallest float32, and 0 / 0 is no step.
 */
function factoredRoot(rows: Tensor, columns: Tensor): Tensor {
  return mul(expandDims(sqrt(div(rows, mean(rows, -1, true))), -1), expandDims(sqrt(columns), -2));
}

/** Root mean square. */
function rms(x: Tensor): Tensor {
  return sqrt(mean(square(x)));
}

/** w ← w − max(epsilon2, rms(w)) · ρ · u / max(1, rms(u) / clipThreshold), u = g / √v, ρ = min(learningRate, 1 / √t).   Shazeer & Stern 2018 */
export function adafactor(options?: number | AdafactorOptions): Adafactor {
  return new Adafactor(optionsOf(options, {}, "adafactor"));
}
