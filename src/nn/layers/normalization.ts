// Normalization: brings raw features to mean 0 and variance 1 by numbers known beforehand or learned from data by adapt(), as part of the model.
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape, sizeOf, type Shape } from "../../base/shape.js";
import { add, div, maximum, mul, reshape, sqrt, sub, tensor, type Tensor, type TensorLike, type Variable } from "../../engine/index.js";
import { getInitializer } from "../initializers.js";
import { Layer, showBatch, type Config, type LayerOptions } from "../layer.js";
import { batchTensor, learn, type Batches } from "./adapting.js";
import { axesOf } from "./axes.js";

/** Options of normalization(). */
export interface NormalizationOptions extends LayerOptions {
  /** Axes that keep numbers of their own, counted with the batch; null: one mean and one variance for all; default −1, one for each feature. */
  readonly axis?: number | readonly number[] | null;
  /** Known beforehand, together with variance: a number or one for each place along the axes. Default: by adapt(). */
  readonly mean?: number | readonly number[];
  readonly variance?: number | readonly number[];
  /** The way back: x · √variance + mean; default false. */
  readonly invert?: boolean;
}

/** A feature that never changes is divided by this. */
const SMALLEST_DEVIATION = 1e-7;

interface Moments {
  readonly shape: Shape;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** What normalization() makes. */
export class Normalization extends Layer {
  override readonly type = "Normalization";
  readonly axis: number | readonly number[] | null;
  readonly invert: boolean;
  private readonly where: string;
  private readonly given: { readonly mean: readonly number[]; readonly variance: readonly number[] } | undefined;
  private learned: Moments | undefined;
  private moments: { readonly mean: Variable; readonly variance: Variable } | undefined;

  constructor(options: NormalizationOptions = {}) {
    super("normalization", options, ["axis", "mean", "variance", "invert"]);
    this.where = `normalization "${this.name}"`;
    const { axis = -1, mean, variance } = options;
    this.axis = axis;
    this.invert = options.invert ?? false;
    if ((mean === undefined) !== (variance === undefined)) {
      throw new ValueError(`${this.where}: expected mean and variance both, or neither, got ${mean === undefined ? "variance" : "mean"} alone.`);
    }
    if (mean !== undefined && variance !== undefined) {
      this.given = { mean: numbers(mean, `${this.where}: mean`), variance: numbers(variance, `${this.where}: variance`, 0) };
    }
  }

  override outputShape(input: Shape): Shape {
    const kept = this.keptShape(input);
    const { given, learned } = this;
    for (const [name, values] of Object.entries(given ?? {})) {
      if (values.length === 1 || values.length === sizeOf(kept)) continue;
      throw new ShapeError(`${this.where}: ${name}: expected 1 or ${sizeOf(kept)} numbers for inputs ${showBatch(input)}, got ${values.length}.`);
    }
    if (learned && showShape(learned.shape) !== showShape(kept)) {
      const sizes = `sizes ${showShape(learned.shape)} along axis ${JSON.stringify(this.axis)}`;
      throw new ShapeError(`${this.where}: expected inputs like those it was adapted to, with ${sizes}, got ${showBatch(input)}.`);
    }
    return input;
  }

  protected override createWeights(input: Shape): void {
    if (this.given) return;
    const shape = this.keptShape(input);
    const weight = (name: string, initializer: string): Variable => this.addWeight(name, shape, getInitializer(initializer), { trainable: false });
    this.moments = { mean: weight("mean", "zeros"), variance: weight("variance", "ones") };
    if (this.learned) this.store(this.learned);
  }

  /**
   * Learns mean and biased variance from data, added up in float64; what was learned before is forgotten. Until then the mean is 0 and the variance 1.
   *
   * data: [examples, …], or a data set of such batches, for which the result is a promise   Throws ValueError for none, and where mean and variance were
   * given; ShapeError for other sizes than the layer was built for, or than other batches have.
   */
  adapt(data: TensorLike): this;
  adapt(data: Batches<TensorLike>): Promise<this>;
  adapt(data: TensorLike | Batches<TensorLike>): this | Promise<this> {
    if (this.given) throw new ValueError(`${this.where}: adapt: mean and variance were given as options.`);
    let sums: Sums | undefined;
    const add = (batch: TensorLike): void => {
      const x = batchTensor(batch, this.where);
      if (x.shape.length === 0) throw new ShapeError(`${this.where}: adapt: expected [examples, …], got a number. Put examples into batches first?`);
      if (x.size === 0) return;
      const found = sumsOf(x, this.kept(x.shape.slice(1)));
      if (sums && showShape(sums.shape) !== showShape(found.shape)) {
        throw new ShapeError(`${this.where}: adapt: expected batches with sizes ${showShape(sums.shape)} along axis ${JSON.stringify(this.axis)}, as before, got ${showShape(x.shape)}.`);
      }
      sums = sums ? joined(sums, found) : found;
    };
    return learn<this, TensorLike>(this, data, { add, finish: () => this.keep(sums) }, this.where);
  }

  private keep(sums: Sums | undefined): void {
    if (!sums) throw new ValueError(`${this.where}: adapt: expected examples, got none.`);
    const { mean } = this.moments ?? {};
    if (mean && showShape(mean.shape) !== showShape(sums.shape)) {
      const sizes = `sizes ${showShape(mean.shape)} along axis ${JSON.stringify(this.axis)}`;
      throw new ShapeError(`${this.where}: adapt: expected ${sizes}, for which it was built, got ${showShape(sums.shape)}.`);
    }
    this.learned = { shape: sums.shape, mean: Float32Array.from(sums.mean), variance: Float32Array.from(sums.squares, (square) => square / sums.count) };
    this.store(this.learned);
  }

  call(x: Tensor): Tensor {
    const kept = this.kept(x.shape.slice(1));
    const shape = x.shape.map((size, axis) => (kept.includes(axis) ? size : 1));
    const [mean, variance] = this.given
      ? [this.given.mean, this.given.variance].map((values) => (values.length === 1 ? tensor(values[0]!) : reshape(tensor([...values]), shape)))
      : [reshape(this.moments!.mean, shape), reshape(this.moments!.variance, shape)];
    const deviation = maximum(sqrt(variance!), SMALLEST_DEVIATION);
    return this.invert ? add(mul(x, deviation), mean!) : div(sub(x, mean!), deviation);
  }

  private store({ mean, variance }: Moments): void {
    this.moments?.mean.store(mean);
    this.moments?.variance.store(variance);
  }

  private kept(input: Shape): readonly number[] {
    return this.axis === null ? [] : axesOf(this.axis, input, this.where);
  }

  private keptShape(input: Shape): Shape {
    return this.kept(input).map((axis) => input[axis - 1]!);
  }

  protected override ownConfig(): Config {
    return { axis: this.axis, invert: this.invert, ...this.given };
  }
}

/** What batches add up to: at each place the mean, and the sum of squared distances from it. */
interface Sums {
  readonly shape: Shape;
  /** Elements at each place. */
  readonly count: number;
  readonly mean: Float64Array;
  readonly squares: Float64Array;
}

/** Sums over all axes but those kept, by two passes. */
function sumsOf(x: Tensor, kept: readonly number[]): Sums {
  const data = x.dataSync();
  const shape = kept.map((axis) => x.shape[axis]!);
  const places = sizeOf(shape);
  // Element number i lies at place Σ (index along a kept axis · its stride among those kept).
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  const placeOf = (i: number): number => kept.reduce((place, axis) => place * x.shape[axis]! + (Math.floor(i / strides[axis]!) % x.shape[axis]!), 0);
  const count = data.length / places;
  const mean = new Float64Array(places);
  data.forEach((value: number, i: number) => (mean[placeOf(i)]! += value / count));
  const squares = new Float64Array(places);
  data.forEach((value: number, i: number) => {
    const place = placeOf(i);
    squares[place]! += (value - mean[place]!) ** 2;
  });
  return { shape, count, mean, squares };
}

/** Sums of the elements of both.   Chan, Golub & LeVeque 1983 */
function joined(a: Sums, b: Sums): Sums {
  const count = a.count + b.count;
  const mean = a.mean.map((value, i) => value + ((b.mean[i]! - value) * b.count) / count);
  const squares = a.squares.map((value, i) => value + b.squares[i]! + ((b.mean[i]! - a.mean[i]!) ** 2 * a.count * b.count) / count);
  return { shape: a.shape, count, mean, squares };
}

function numbers(given: number | readonly number[], where: string, least = -Infinity): readonly number[] {
  const list: readonly number[] = typeof given === "number" ? [given] : given;
  if (!Array.isArray(list) || list.length === 0 || !list.every((value) => Number.isFinite(value) && value >= least)) {
    throw new ValueError(`${where}: expected ${least === 0 ? "numbers from 0" : "finite numbers"}, got ${JSON.stringify(given)}.`);
  }
  return list.slice();
}

/**
 * (x − mean) / √variance for each feature, with numbers that adapt(data) learns before training or that options give. x: [batch, …].
 *
 * What was learned is kept in weights that are not trained, and so in files. Throws ValueError for an axis that is not there.
 */
export function normalization(options: NormalizationOptions = {}): Normalization {
  return new Normalization(options);
}
