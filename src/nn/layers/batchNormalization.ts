// BatchNormalization: brings every channel to mean 0 and variance 1, then scales and shifts it by learned amounts.
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { Tensor, type Variable } from "../../engine/index.js";
import { add } from "../../ops/add.js";
import { batchNorm } from "../../ops/batchNorm.js";
import { batchNormalize } from "../../ops/batchNormalize.js";
import { bnStats, row } from "../../ops/bnStats.js";
import { mul } from "../../ops/mul.js";
import { constant, type Value } from "../../graph/value.js";
import { getInitializer, initializerConfig, type Initializer, type InitializerLike } from "../initializers.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkNumber } from "../options.js";

export interface BatchNormalizationOptions extends LayerOptions {
  /** Axis of the channels; only the last one, −1 (the default), is supported. */
  readonly axis?: number;
  /** How much of the moving averages stays at each step; default 0.99. */
  readonly momentum?: number;
  /** Added to the variance; default 0.001. */
  readonly epsilon?: number;
  /** Whether there is a learned shift, beta; default true. */
  readonly center?: boolean;
  /** Whether there is a learned scale, gamma; default true. */
  readonly scale?: boolean;
  readonly betaInitializer?: InitializerLike;
  readonly gammaInitializer?: InitializerLike;
  readonly movingMeanInitializer?: InitializerLike;
  readonly movingVarianceInitializer?: InitializerLike;
}

export class BatchNormalization extends Layer {
  readonly type = "BatchNormalization";
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  private readonly initializers: Readonly<Record<"beta" | "gamma" | "movingMean" | "movingVariance", Initializer>>;
  private gamma: Variable | undefined;
  private beta: Variable | undefined;
  private movingMean!: Variable;
  private movingVariance!: Variable;

  constructor(options: BatchNormalizationOptions = {}) {
    super("batch_normalization", options, [
      "axis", "momentum", "epsilon", "center", "scale", "betaInitializer", "gammaInitializer", "movingMeanInitializer", "movingVarianceInitializer",
    ]); // prettier-ignore
    const where = `batchNormalization "${this.name}"`;
    this.axis = options.axis ?? -1;
    this.momentum = checkNumber(options.momentum ?? 0.99, `${where}: momentum`, 0, 1);
    this.epsilon = checkNumber(options.epsilon ?? 1e-3, `${where}: epsilon`, 0);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.initializers = {
      beta: getInitializer(options.betaInitializer ?? "zeros", `${where}: betaInitializer`),
      gamma: getInitializer(options.gammaInitializer ?? "ones", `${where}: gammaInitializer`),
      movingMean: getInitializer(options.movingMeanInitializer ?? "zeros", `${where}: movingMeanInitializer`),
      movingVariance: getInitializer(options.movingVarianceInitializer ?? "ones", `${where}: movingVarianceInitializer`),
    };
  }

  outputShape(input: Shape, from?: string): Shape {
    if (input.length === 0) throw this.mismatch("[batch, …, channels]", input, from);
    if (this.axis !== -1 && this.axis !== input.length) {
      throw new ValueError(`layer "${this.name}" (${this.type}): expected axis -1, the channels of channels-last data, got ${this.axis}.`);
    }
    return input;
  }

  protected override createWeights(input: Shape): void {
    const channels = [input[input.length - 1]!];
    const { gamma, beta, movingMean, movingVariance } = this.initializers;
    if (this.scale) this.gamma = this.addWeight("gamma", channels, gamma);
    if (this.center) this.beta = this.addWeight("beta", channels, beta);
    this.movingMean = this.addWeight("moving_mean", channels, movingMean, { trainable: false });
    this.movingVariance = this.addWeight("moving_variance", channels, movingVariance, { trainable: false });
  }

  /** A frozen layer keeps to its moving averages, as Keras' does. */
  call(x: Tensor, { training = false, update = (target, value) => void target.assign(value) }: CallOptions): Tensor {
    const { epsilon } = this;
    const channels = this.movingMean.shape;
    const gamma = this.gamma?.value ?? constant(1, "float32", channels);
    const beta = this.beta?.value ?? constant(0, "float32", channels);
    if (!training || !this.trainable) {
      return new Tensor(batchNorm(x.value, this.movingMean.value, this.movingVariance.value, gamma, beta, { epsilon }));
    }
    const stats = bnStats(x.value);
    update(this.movingMean, this.moved(this.movingMean, row(stats, 0)));
    update(this.movingVariance, this.moved(this.movingVariance, row(stats, 1)));
    return new Tensor(batchNormalize(x.value, gamma, beta, { epsilon }));
  }

  /** momentum · average + (1 − momentum) · batch. The variance of the batch is the biased one, as in Keras. */
  private moved(average: Variable, batch: Value): Tensor {
    return new Tensor(add(mul(average.value, constant(this.momentum)), mul(batch, constant(1 - this.momentum))));
  }

  protected ownConfig(): Config {
    const { axis, momentum, epsilon, center, scale } = this;
    return {
      axis, momentum, epsilon, center, scale,
      betaInitializer: initializerConfig(this.initializers.beta),
      gammaInitializer: initializerConfig(this.initializers.gamma),
      movingMeanInitializer: initializerConfig(this.initializers.movingMean),
      movingVarianceInitializer: initializerConfig(this.initializers.movingVariance),
    }; // prettier-ignore
  }
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, channel by channel (the last axis). Mean and variance are the batch's while
 * training, and moving averages of them otherwise. x: [batch, …, channels].   Ioffe & Szegedy 2015
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options);
}
