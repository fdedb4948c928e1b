// Dense: a fully connected layer.
import type { Shape } from "../../base/shape.js";
import { add, matmul, type Tensor, type Variable } from "../../engine/index.js";
import { getActivation, type Activation } from "../activations.js";
import { getInitializer, initializerConfig, type Initializer, type InitializerLike } from "../initializers.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkWhole } from "../options.js";

export interface DenseOptions extends LayerOptions {
  readonly units: number;
  /** Default "linear". */
  readonly activation?: string;
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

export class Dense extends Layer {
  readonly type = "Dense";
  readonly units: number;
  readonly activation: string;
  readonly useBias: boolean;
  private readonly activate: Activation;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private kernel!: Variable;
  private bias: Variable | undefined;

  constructor(options: DenseOptions) {
    super("dense", options, [
      "units", "activation", "useBias", "kernelInitializer", "biasInitializer",
    ]); // prettier-ignore
    const where = `dense "${this.name}"`;
    this.units = checkWhole(options.units, `${where}: units`);
    this.activation = options.activation ?? "linear";
    this.activate = getActivation(this.activation, `${where}: activation`);
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform", `${where}: kernelInitializer`);
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros", `${where}: biasInitializer`);
  }

  outputShape(input: Shape, from?: string): Shape {
    if (input.length !== 1) throw this.mismatch("vectors [batch, features]", input, from, " Add a flatten layer before it?");
    return [this.units];
  }

  protected override createWeights([features]: Shape): void {
    this.kernel = this.addWeight("kernel", [features!, this.units], this.kernelInitializer);
    if (this.useBias) this.bias = this.addWeight("bias", [this.units], this.biasInitializer);
  }

  call(x: Tensor, _options: CallOptions): Tensor {
    const product = matmul(x, this.kernel);
    return this.activate(this.bias ? add(product, this.bias) : product);
  }

  protected ownConfig(): Config {
    return {
      units: this.units,
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
    };
  }
}

/** activation(x · kernel + bias). x: [batch, features], kernel: [features, units], bias: [units]; result [batch, units]. */
export function dense(options: DenseOptions): Dense {
  return new Dense(options);
}
