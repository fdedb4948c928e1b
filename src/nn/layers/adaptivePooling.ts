// Adaptive pools: as many windows as asked for, whatever the size of the input. Kinds of one layer, a row each.
import type { Shape } from "../../base/shape.js";
import { concat, max, mean, slice, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { Space, type Rank, type Sizes, type SpaceOptions } from "./space.js";

/** Options of the adaptive pools of R axes. */
export interface AdaptivePoolingOptions<R extends Rank> extends LayerOptions, SpaceOptions {
  /** Sizes of the result, or one number for all axes. */
  readonly outputSize: number | Sizes<R>;
}

interface Kind<R extends Rank> {
  readonly type: string;
  readonly name: string;
  readonly rank: R;
  readonly reduce: (x: Tensor, options: { readonly axes: readonly number[]; readonly keepDims: boolean }) => Tensor;
}

/** What the adaptive pooling functions make. */
export class AdaptivePooling<R extends Rank> extends Layer {
  override readonly type: string;
  readonly outputSize: Sizes<R>;
  private readonly space: Space<R>;

  constructor(private readonly kind: Kind<R>, options: AdaptivePoolingOptions<R>) {
    super(kind.name, options, ["outputSize", "dataFormat"]);
    this.type = kind.type;
    this.space = new Space(kind.rank, options, `"${this.name}"`);
    this.outputSize = this.space.sizes(options.outputSize, `"${this.name}": outputSize`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.call(x));
  }

  /** Axis by axis: the mean of means, like the largest of the largest, is that of the whole window. */
  call(x: Tensor): Tensor {
    return this.space.channelsLast(x, (images) => this.outputSize.reduce((y: Tensor, count, i) => pooled(y, i + 1, count, this.kind.reduce), images));
  }

  /** Steps are not where they were. */
  override computeMask(): undefined {
    return undefined;
  }

  protected override ownConfig(): Config {
    return { outputSize: this.outputSize, ...this.space.config() };
  }
}

/** Window i of `count` reaches from ⌊i · size / count⌋ to ⌈(i + 1) · size / count⌉. */
function pooled(x: Tensor, axis: number, count: number, reduce: Kind<Rank>["reduce"]): Tensor {
  const size = x.shape[axis]!;
  if (size === count) return x;
  const parts = Array.from({ length: count }, (_, i) => {
    const [begin, end] = [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
    const part = slice(x, x.shape.map((_size, k) => (k === axis ? begin : 0)), x.shape.map((all, k) => (k === axis ? end - begin : all)));
    return reduce(part, { axes: [axis], keepDims: true });
  });
  return parts.length === 1 ? parts[0]! : concat(parts, axis);
}

const AVERAGE_1D: Kind<1> = { type: "AdaptiveAveragePooling1D", name: "adaptive_average_pooling1d", rank: 1, reduce: (x, options) => mean(x, options) };
const AVERAGE_2D: Kind<2> = { type: "AdaptiveAveragePooling2D", name: "adaptive_average_pooling2d", rank: 2, reduce: (x, options) => mean(x, options) };
const AVERAGE_3D: Kind<3> = { type: "AdaptiveAveragePooling3D", name: "adaptive_average_pooling3d", rank: 3, reduce: (x, options) => mean(x, options) };
const MAX_1D: Kind<1> = { type: "AdaptiveMaxPooling1D", name: "adaptive_max_pooling1d", rank: 1, reduce: (x, options) => max(x, options) };
const MAX_2D: Kind<2> = { type: "AdaptiveMaxPooling2D", name: "adaptive_max_pooling2d", rank: 2, reduce: (x, options) => max(x, options) };
const MAX_3D: Kind<3> = { type: "AdaptiveMaxPooling3D", name: "adaptive_max_pooling3d", rank: 3, reduce: (x, options) => max(x, options) };

/** The mean of each of outputSize windows, which overlap where sizes do not divide. x: [batch, steps, channels]   result: [batch, outputSize, channels] */
export function adaptiveAveragePooling1d(options: AdaptivePoolingOptions<1>): AdaptivePooling<1> {
  return new AdaptivePooling(AVERAGE_1D, options);
}

/** The mean of each window. x: [batch, height, width, channels]   result: [batch, ...outputSize, channels] */
export function adaptiveAveragePooling2d(options: AdaptivePoolingOptions<2>): AdaptivePooling<2> {
  return new AdaptivePooling(AVERAGE_2D, options);
}

/** The mean of each window. x: [batch, depth, height, width, channels]   result: [batch, ...outputSize, channels] */
export function adaptiveAveragePooling3d(options: AdaptivePoolingOptions<3>): AdaptivePooling<3> {
  return new AdaptivePooling(AVERAGE_3D, options);
}

/** The largest element of each window. x: [batch, steps, channels]   result: [batch, outputSize, channels] */
export function adaptiveMaxPooling1d(options: AdaptivePoolingOptions<1>): AdaptivePooling<1> {
  return new AdaptivePooling(MAX_1D, options);
}

/** The largest element of each window. x: [batch, height, width, channels]   result: [batch, ...outputSize, channels] */
export function adaptiveMaxPooling2d(options: AdaptivePoolingOptions<2>): AdaptivePooling<2> {
  return new AdaptivePooling(MAX_2D, options);
}

/** The largest element of each window. x: [batch, depth, height, width, channels]   result: [batch, ...outputSize, channels] */
export function adaptiveMaxPooling3d(options: AdaptivePoolingOptions<3>): AdaptivePooling<3> {
  return new AdaptivePooling(MAX_3D, options);
}
