// Global pools: one number a channel from all pixels of one to three axes.
import type { Shape } from "../../base/shape.js";
import { cast, div, globalAveragePool, globalMaxPool, maximum, mul, reshape, sum, type Tensor } from "../../engine/index.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { Space, type Rank, type SpaceOptions } from "./space.js";

/** Options of the global pools. */
export interface GlobalPoolingOptions extends LayerOptions, SpaceOptions {
  /** Keeps the axes of pixels, with size 1; default false. */
  readonly keepDims?: boolean;
}

interface Kind {
  readonly type: string;
  readonly name: string;
  readonly rank: Rank;
  readonly apply: (x: Tensor, options: { readonly keepDims: boolean; readonly dataFormat: "channelsLast" | "channelsFirst" }, mask?: Tensor) => Tensor;
}

/** What the global pooling functions make. */
export class GlobalPooling extends Layer {
  override readonly type: string;
  readonly keepDims: boolean;
  private readonly space: Space<Rank>;

  constructor(private readonly kind: Kind, options: GlobalPoolingOptions) {
    super(kind.name, options, ["keepDims", "dataFormat"]);
    this.type = kind.type;
    this.space = new Space(kind.rank, options, `"${this.name}"`);
    this.keepDims = options.keepDims ?? false;
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => this.call(x, {}));
  }

  call(x: Tensor, { mask }: CallOptions): Tensor {
    const { keepDims } = this;
    return this.kind.apply(x, { keepDims, dataFormat: this.space.dataFormat }, mask);
  }

  /** There are no steps any more. */
  override computeMask(): undefined {
    return undefined;
  }

  protected override ownConfig(): Config {
    return { keepDims: this.keepDims, ...this.space.config() };
  }
}

/** The mean over the steps that a mask leaves. x: [batch, steps, channels] or channels first; mask: [batch, steps]. A row without any gives 0, not NaN. */
function averageOfSteps(x: Tensor, options: Parameters<Kind["apply"]>[1], mask?: Tensor): Tensor {
  if (mask === undefined) return globalAveragePool(x, options);
  const isFirst = options.dataFormat === "channelsFirst";
  const [batch, steps] = mask.shape as readonly [number, number];
  const there = reshape(cast(mask, "float32"), isFirst ? [batch, 1, steps] : [batch, steps, 1]);
  const axes = [isFirst ? 2 : 1];
  return div(sum(mul(x, there), { axes, keepDims: options.keepDims }), maximum(sum(there, { axes, keepDims: options.keepDims }), 1));
}

const MAX_1D: Kind = { type: "GlobalMaxPooling1D", name: "global_max_pooling1d", rank: 1, apply: (x, options) => globalMaxPool(x, options) };
const MAX_2D: Kind = { type: "GlobalMaxPooling2D", name: "global_max_pooling2d", rank: 2, apply: (x, options) => globalMaxPool(x, options) };
const MAX_3D: Kind = { type: "GlobalMaxPooling3D", name: "global_max_pooling3d", rank: 3, apply: (x, options) => globalMaxPool(x, options) };
const AVERAGE_1D: Kind = { type: "GlobalAveragePooling1D", name: "global_average_pooling1d", rank: 1, apply: averageOfSteps };
const AVERAGE_2D: Kind = { type: "GlobalAveragePooling2D", name: "global_average_pooling2d", rank: 2, apply: (x, options) => globalAveragePool(x, options) };
const AVERAGE_3D: Kind = { type: "GlobalAveragePooling3D", name: "global_average_pooling3d", rank: 3, apply: (x, options) => globalAveragePool(x, options) };

/** The largest element of each channel. x: [batch, steps, channels]   result: [batch, channels] */
export function globalMaxPooling1d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(MAX_1D, options);
}

/** The largest element of each channel. x: [batch, height, width, channels]   result: [batch, channels] */
export function globalMaxPooling2d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(MAX_2D, options);
}

/** The largest element of each channel. x: [batch, depth, height, width, channels]   result: [batch, channels] */
export function globalMaxPooling3d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(MAX_3D, options);
}

/** The mean of each channel, over the steps that a mask leaves. x: [batch, steps, channels]   result: [batch, channels] */
export function globalAveragePooling1d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(AVERAGE_1D, options);
}

/** The mean of each channel. x: [batch, height, width, channels]   result: [batch, channels] */
export function globalAveragePooling2d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(AVERAGE_2D, options);
}

/** The mean of each channel. x: [batch, depth, height, width, channels]   result: [batch, channels] */
export function globalAveragePooling3d(options: GlobalPoolingOptions = {}): GlobalPooling {
  return new GlobalPooling(AVERAGE_3D, options);
}
