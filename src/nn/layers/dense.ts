// Dense: a fully connected layer, over the last axis.
import type { Shape } from "../../base/shape.js";
import { matmul, type Tensor, type Variable } from "../../engine/index.js";
import type { CallOptions, Config } from "../layer.js";
import { checkWhole } from "../../base/options.js";
import { KernelLayer, type KernelOptions } from "./kernelLayer.js";

/** Options of dense(): units, bias, activation, and rules for the weights. */
export interface DenseOptions extends KernelOptions {
  /** How many results. */
  readonly units: number;
}

/** What dense() makes. */
export class Dense extends KernelLayer {
  override readonly type = "Dense";
  readonly units: number;
  private kernel!: Variable;

  constructor(options: DenseOptions) {
    super("dense", options, ["units"]);
    this.units = checkWhole(options.units, `${this.where}: units`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length < 1) throw this.mismatch("vectors [batch, …, features]", input, from, " Reshape the data to [examples, 1]?");
    return [...input.slice(0, -1), this.units];
  }

  protected override createWeights(input: Shape): void {
    this.kernel = this.addKernel([input.at(-1)!, this.units]);
    this.addBias([this.units]);
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.activated(this.biased(matmul(x, this.kernel)), options);
  }

  protected override ownConfig(): Config {
    return { units: this.units, ...this.kernelConfig() };
  }
}

/**
 * activation(x · kernel + bias).
 *
 * x: [batch, …, features]   kernel: [features, units]   bias: [units]   result: [batch, …, units]
 */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
