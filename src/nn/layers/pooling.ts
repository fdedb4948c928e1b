// Pools over one to three axes of pixels: kinds of one layer, a row each. Those over all pixels: see globalPooling.ts.
import type { Shape } from "../../base/shape.js";
import { averagePool1d, averagePool2d, averagePool3d, maxPool1d, maxPool2d, maxPool3d, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkWord } from "../../base/options.js";
import { Space, type Rank, type Sizes, type SpaceOptions } from "./space.js";

interface PoolingOptions<R extends Rank> extends LayerOptions, SpaceOptions {
  /** Sizes of the window, or one number for all axes; default 2. */
  readonly poolSize?: number | Sizes<R>;
  /** Default: poolSize. */
  readonly strides?: number | Sizes<R> | null;
  /** "valid" (default) or "same". */
  readonly padding?: "valid" | "same";
}

/** Options of maxPooling1d() and averagePooling1d(). */
export type Pooling1DOptions = PoolingOptions<1>;
/** Options of maxPooling2d() and averagePooling2d(). */
export type Pooling2DOptions = PoolingOptions<2>;
/** Options of maxPooling3d() and averagePooling3d(). */
export type Pooling3DOptions = PoolingOptions<3>;

interface Windows<R extends Rank> {
  readonly poolSize: Sizes<R>;
  readonly strides: Sizes<R>;
  readonly padding: "valid" | "same";
}

interface Kind<R extends Rank> {
  readonly type: string;
  readonly name: string;
  readonly rank: R;
  readonly apply: (x: Tensor, windows: Windows<R>) => Tensor;
}

/** What the pooling functions make. */
export class Pooling<R extends Rank> extends Layer {
  override readonly type: string;
  readonly poolSize: Sizes<R>;
  readonly strides: Sizes<R>;
  readonly padding: "valid" | "same";
  private readonly space: Space<R>;

  constructor(private readonly kind: Kind<R>, options: PoolingOptions<R>) {
    super(kind.name, options, ["poolSize", "strides", "padding", "dataFormat"]);
    const where = `"${this.name}"`;
    this.type = kind.type;
    this.space = new Space(kind.rank, options, where);
    this.poolSize = this.space.sizes(options.poolSize ?? 2, `${where}: poolSize`);
    this.strides = this.space.sizes(options.strides ?? this.poolSize, `${where}: strides`);
    this.padding = checkWord(options.padding ?? "valid", ["valid", "same"] as const, `${where}: padding`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.call(x));
  }

  call(x: Tensor): Tensor {
    const { poolSize, strides, padding } = this;
    return this.space.channelsLast(x, (images) => this.kind.apply(images, { poolSize, strides, padding }));
  }

  /** Steps are not where they were. */
  override computeMask(): undefined {
    return undefined;
  }

  protected override ownConfig(): Config {
    return { poolSize: this.poolSize, strides: this.strides, padding: this.padding, ...this.space.config() };
  }
}

const MAX_1D: Kind<1> = { type: "MaxPooling1D", name: "max_pooling1d", rank: 1, apply: (x, windows) => maxPool1d(x, windows) };
const MAX_2D: Kind<2> = { type: "MaxPooling2D", name: "max_pooling2d", rank: 2, apply: (x, windows) => maxPool2d(x, windows) };
const MAX_3D: Kind<3> = { type: "MaxPooling3D", name: "max_pooling3d", rank: 3, apply: (x, windows) => maxPool3d(x, windows) };
const AVERAGE_1D: Kind<1> = { type: "AveragePooling1D", name: "average_pooling1d", rank: 1, apply: (x, windows) => averagePool1d(x, windows) };
const AVERAGE_2D: Kind<2> = { type: "AveragePooling2D", name: "average_pooling2d", rank: 2, apply: (x, windows) => averagePool2d(x, windows) };
const AVERAGE_3D: Kind<3> = { type: "AveragePooling3D", name: "average_pooling3d", rank: 3, apply: (x, windows) => averagePool3d(x, windows) };

/** The largest element of each window, channel by channel. x: [batch, steps, channels]. */
export function maxPooling1d(options: Pooling1DOptions = {}): Pooling<1> {
  return new Pooling(MAX_1D, options);
}

/** The largest element of each window, channel by channel. x: [batch, height, width, channels]. */
export function maxPooling2d(options: Pooling2DOptions = {}): Pooling<2> {
  return new Pooling(MAX_2D, options);
}

/** The largest element of each window, channel by channel. x: [batch, depth, height, width, channels]. */
export function maxPooling3d(options: Pooling3DOptions = {}): Pooling<3> {
  return new Pooling(MAX_3D, options);
}

/** The mean of each window, channel by channel; padding is not counted. x: [batch, steps, channels]. */
export function averagePooling1d(options: Pooling1DOptions = {}): Pooling<1> {
  return new Pooling(AVERAGE_1D, options);
}

/** The mean of each window, channel by channel; padding is not counted. x: [batch, height, width, channels]. */
export function averagePooling2d(options: Pooling2DOptions = {}): Pooling<2> {
  return new Pooling(AVERAGE_2D, options);
}

/** The mean of each window, channel by channel; padding is not counted. x: [batch, depth, height, width, channels]. */
export function averagePooling3d(options: Pooling3DOptions = {}): Pooling<3> {
  return new Pooling(AVERAGE_3D, options);
}
