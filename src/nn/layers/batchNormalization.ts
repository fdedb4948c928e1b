// BatchNormalization: brings every channel to mean 0 and variance 1, then scales and shifts it by learned amounts.
import type { Shape } from "../../base/shape.js";
import { broadcastTo, cast, maximum, moveAxis, mul as times, reciprocal, reshape, square, sub, sum, Tensor, type Variable } from "../../engine/index.js";
import { add } from "../../ops/add.js";
import { batchNorm } from "../../ops/batchNorm.js";
import { batchNormalize } from "../../ops/batchNormalize.js";
import { bnStats, row } from "../../ops/bnStats.js";
import { mul } from "../../ops/mul.js";
import { constant, type Value } from "../../graph/value.js";
import { getInitializer, initializerConfig, type Initializer, type InitializerLike } from "../initializers.js";
import type { CallOptions, Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { axisOf } from "./axes.js";
import { Affine, type AffineOptions } from "./normalizing.js";

/** Options of batchNormalization(). */
export interface BatchNormalizationOptions extends AffineOptions {
  /** Axis of the channels, counted with the batch; default −1, the last. */
  readonly axis?: number;
  /** How much of the moving averages stays at each step; default 0.99. */
  readonly momentum?: number;
  /** Default "zeros". */
  readonly movingMeanInitializer?: InitializerLike;
  /** Default "ones". */
  readonly movingVarianceInitializer?: InitializerLike;
}

/** What batchNormalization() makes. */
export class BatchNormalization extends Affine {
  override readonly type = "BatchNormalization";
  readonly axis: number;
  readonly momentum: number;
  private readonly initializers: Readonly<Record<"movingMean" | "movingVariance", Initializer>>;
  private movingMean!: Variable;
  private movingVariance!: Variable;

  constructor(options: BatchNormalizationOptions = {}) {
    super("batch_normalization", options, ["axis", "momentum", "movingMeanInitializer", "movingVarianceInitializer"]);
    this.axis = options.axis ?? -1;
    this.momentum = checkNumber(options.momentum ?? 0.99, `${this.where}: momentum`, 0, 1);
    this.initializers = {
      movingMean: getInitializer(options.movingMeanInitializer ?? "zeros", `${this.where}: movingMeanInitializer`),
      movingVariance: getInitializer(options.movingVarianceInitializer ?? "ones", `${this.where}: movingVarianceInitializer`),
    };
  }

  protected checkAxes(input: Shape): void {
    axisOf(this.axis, input, this.where);
  }

  protected override createWeights(input: Shape): void {
    const channels = [input[axisOf(this.axis, input, this.where) - 1]!];
    const { movingMean, movingVariance } = this.initializers;
    this.addAffine(channels);
    this.movingMean = this.addWeight("moving_mean", channels, movingMean, { trainable: false });
    this.movingVariance = this.addWeight("moving_variance", channels, movingVariance, { trainable: false });
  }

  /** A frozen layer keeps to its moving averages, as Keras' does. */
  call(x: Tensor, options: CallOptions): Tensor {
    const axis = axisOf(this.axis, x.shape.slice(1), this.where);
    if (axis === x.shape.length - 1) return this.normalized(x, options);
    return moveAxis(this.normalized(moveAxis(x, axis, -1), movedMask(options, axis)), -1, axis);
  }

  /** x: [batch, …, channels] */
  private normalized(x: Tensor, { training = false, mask, update = (target, value) => void target.assign(value) }: CallOptions): Tensor {
    const { epsilon } = this;
    const channels = this.movingMean.shape;
    const gamma = this.gamma?.value ?? constant(1, "float32", channels);
    const beta = this.beta?.value ?? constant(0, "float32", channels);
    if (!training || !this.trainable) {
      return new Tensor(batchNorm(x.value, this.movingMean.value, this.movingVariance.value, gamma, beta, { epsilon }));
    }
    const [mean, variance] = mask ? maskedStats(x, mask) : plainStats(x);
    update(this.movingMean, this.moved(this.movingMean, mean));
    update(this.movingVariance, this.moved(this.movingVariance, variance));
    return new Tensor(mask ? batchNorm(x.value, mean, variance, gamma, beta, { epsilon }) : batchNormalize(x.value, gamma, beta, { epsilon }));
  }

  /** momentum · average + (1 − momentum) · batch. The variance of the batch is the biased one, as in Keras. */
  private moved(average: Variable, batch: Value): Tensor {
    return new Tensor(add(mul(average.value, constant(this.momentum)), mul(batch, constant(1 - this.momentum))));
  }

  protected override ownConfig(): Config {
    const { axis, momentum } = this;
    return {
      axis, momentum, ...this.affineConfig(),
      movingMeanInitializer: initializerConfig(this.initializers.movingMean),
      movingVarianceInitializer: initializerConfig(this.initializers.movingVariance),
    }; // prettier-ignore
  }
}

/** Options for x once its channels are the last axis: a mask that covers them says nothing of channels, and is left out. */
function movedMask({ mask, ...others }: CallOptions, axis: number): CallOptions {
  return mask && axis >= mask.shape.length ? { ...others, mask } : others;
}

function plainStats(x: Tensor): readonly [mean: Value, variance: Value] {
  const stats = bnStats(x.value);
  return [row(stats, 0), row(stats, 1)];
}

/** The same of what is there. A batch of which nothing is has mean and variance 0. */
function maskedStats(x: Tensor, mask: Tensor): readonly [mean: Value, variance: Value] {
  const axes = x.shape.map((_, axis) => axis).slice(0, -1);
  const places = [...x.shape.slice(0, -1), 1];
  const present = broadcastTo(cast(reshape(mask, places.map((_, axis) => mask.shape[axis] ?? 1)), "float32"), places);
  const share = reciprocal(maximum(sum(present), 1));
  const mean = times(sum(times(x, present), { axes }), share);
  const variance = times(sum(times(square(sub(x, mean)), present), { axes }), share);
  return [mean.value, variance.value];
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, channel by channel. Mean and variance are the batch's while training, of what a mask says is there,
 * and moving averages of them otherwise. x: [batch, …, channels].   Throws ValueError for an axis that is not there.   Ioffe & Szegedy 2015
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options);
}
