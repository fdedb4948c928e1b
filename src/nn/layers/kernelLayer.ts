// What layers of kernels share: activation(kernel applied to x, + bias), and their options: useBias, activation, initializers, regularizers, constraints.
import { add, type Tensor, type Variable } from "../../engine/index.js";
import type { Shape } from "../../base/shape.js";
import { activationConfig, getActivation, type Activation, type ActivationLike } from "../activations.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { getRegularizer, type Regularizer, type RegularizerLike } from "../regularizers.js";
import { ruleConfig, ruleNames, weightRule, type WeightRule, type WeightRuleOptions } from "./weightRule.js";

/** Options of a layer with a bias and an activation. Initializer of the bias: "zeros". Penalties and bounds: none. */
export interface BiasedOptions extends LayerOptions, WeightRuleOptions<"bias"> {
  /** A name, or a function of tensors; default "linear". */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** A penalty on the results, added to the loss in training: the sum over the batch. */
  readonly activityRegularizer?: RegularizerLike | null;
}

/** The same with one kernel. Its initializer: "glorotUniform". */
export interface KernelOptions extends BiasedOptions, WeightRuleOptions<"kernel"> {}

export abstract class KernelLayer extends Layer {
  readonly activation: ActivationLike;
  readonly useBias: boolean;
  /** "dense "head"": how errors call the layer. */
  protected readonly where: string;
  private readonly activate: Activation;
  private readonly kernelRules: ReadonlyMap<string, WeightRule>;
  private readonly biasRule: WeightRule;
  private readonly activityRegularizer: Regularizer | undefined;
  private bias: Variable | undefined;

  /** own: names of the options that are the layer's own   kernels: names of its kernels, as options begin with them */
  protected constructor(defaultName: string, options: BiasedOptions, own: readonly string[], kernels: readonly string[] = ["kernel"]) {
    super(defaultName, options, [...own, "activation", "useBias", ...[...kernels, "bias"].flatMap(ruleNames), "activityRegularizer"]);
    this.where = `${defaultName} "${this.name}"`;
    this.activation = options.activation ?? "linear";
    this.activate = getActivation(this.activation, `${this.where}: activation`);
    this.useBias = options.useBias ?? true;
    this.kernelRules = new Map(kernels.map((kernel) => [kernel, weightRule(kernel, options, "glorotUniform", this.where)]));
    this.biasRule = weightRule("bias", options, "zeros", this.where);
    this.activityRegularizer = getRegularizer(options.activityRegularizer, `${this.where}: activityRegularizer`);
  }

  /** Makes a kernel by the options that begin with `kernel`. */
  protected addKernel(shape: Shape, kernel = "kernel", weightName = kernel): Variable {
    return this.addWeight(weightName, shape, ...this.ruled(this.kernelRules.get(kernel)!));
  }

  /** Makes the bias, unless there shall be none. */
  protected addBias(shape: Shape): void {
    if (this.useBias) this.bias = this.addWeight("bias", shape, ...this.ruled(this.biasRule));
  }

  /** y + bias, where there is one. */
  protected biased(y: Tensor): Tensor {
    return this.bias ? add(y, this.bias) : y;
  }

  /** activation(y); tells what is penalised. */
  protected activated(y: Tensor, { addLoss }: CallOptions): Tensor {
    const result = this.activate(y);
    if (this.activityRegularizer && addLoss) addLoss(this.activityRegularizer.call(result));
    return result;
  }

  /** Shared options as a configuration holds them. Throws ValueError for an activation that is a function without a name. */
  protected kernelConfig(): Config {
    const { activityRegularizer: penalty } = this;
    return {
      activation: activationConfig(this.activation, `${this.where}: activation`),
      useBias: this.useBias,
      ...[...this.kernelRules].reduce((config, [kernel, rule]) => ({ ...config, ...ruleConfig(kernel, rule) }), {}),
      ...ruleConfig("bias", this.biasRule),
      ...(penalty && { activityRegularizer: { name: penalty.name, config: penalty.config } }),
    };
  }

  private ruled({ initializer, ...rules }: WeightRule): [WeightRule["initializer"], Omit<WeightRule, "initializer">] {
    return [initializer, rules];
  }
}
