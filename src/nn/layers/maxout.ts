// Maxout: the largest of several linear pieces, each with weights of its own.   Goodfellow et al. 2013
import type { Shape } from "../../base/shape.js";
import { matmul, maxout as largest, type Tensor, type Variable } from "../../engine/index.js";
import type { CallOptions, Config } from "../layer.js";
import { checkWhole } from "../../base/options.js";
import { KernelLayer, type KernelOptions } from "./kernelLayer.js";

/** Options of maxout(): units, pieces, and rules for the weights. */
export interface MaxoutOptions extends KernelOptions {
  /** How many results. */
  readonly units: number;
  /** Linear pieces of each unit, default 2. */
  readonly pieces?: number;
}

/** What maxout() makes. */
export class Maxout extends KernelLayer {
  override readonly type = "Maxout";
  readonly units: number;
  readonly pieces: number;
  private kernel!: Variable;

  constructor(options: MaxoutOptions) {
    super("maxout", options, ["units", "pieces"]);
    this.units = checkWhole(options.units, `${this.where}: units`);
    this.pieces = checkWhole(options.pieces ?? 2, `${this.where}: pieces`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length < 1) throw this.mismatch("vectors [batch, …, features]", input, from);
    return [...input.slice(0, -1), this.units];
  }

  protected override createWeights(input: Shape): void {
    this.kernel = this.addKernel([input.at(-1)!, this.units * this.pieces]);
    this.addBias([this.units * this.pieces]);
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.activated(largest(this.biased(matmul(x, this.kernel)), this.units), options);
  }

  protected override ownConfig(): Config {
    return { units: this.units, pieces: this.pieces, ...this.kernelConfig() };
  }
}

/**
 * The largest of `pieces` values x · w + b for each unit; the gradient goes to the winner.
 *
 * x: [batch, …, features]   kernel: [features, units · pieces], a unit's pieces side by side   result: [batch, …, units]
 */
export function maxout(options: MaxoutOptions): Maxout {
  return new Maxout(options);
}
