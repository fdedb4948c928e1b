// Convolutions over one to three axes of pixels: plain, transposed, depthwise and separable ones are kinds of one layer, a row each.
import { ShapeError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import {
  conv1d as conv1dOf, conv1dTranspose as conv1dTransposeOf, conv2d as conv2dOf, conv2dTranspose as conv2dTransposeOf, conv3d as conv3dOf,
  conv3dTranspose as conv3dTransposeOf, depthwiseConv2d as depthwiseConv2dOf, matmul, reshape, zeros, type Tensor, type Variable,
} from "../../engine/index.js"; // prettier-ignore
import { showBatch, type CallOptions, type Config } from "../layer.js";
import { checkWhole, checkWord } from "../../base/options.js";
import { KernelLayer, type BiasedOptions, type KernelOptions } from "./kernelLayer.js";
import { Space, type Rank, type Sizes, type SidesOf, type SpaceOptions } from "./space.js";
import type { WeightRuleOptions } from "./weightRule.js";

/** How a kernel of R axes slides. */
interface SlideOptions<R extends Rank> extends SpaceOptions {
  /** Sizes of the kernel, or one number for all axes. */
  readonly kernelSize: number | Sizes<R>;
  /** Default 1. */
  readonly strides?: number | Sizes<R>;
  /** "valid" (default): none. "same": zeros, so that there are ⌈pixels / stride⌉ results. A number of zeros on every side, or [before, after] for each axis. */
  readonly padding?: "valid" | "same" | number | SidesOf<R>;
  /** Distance of neighbouring kernel elements, default 1. */
  readonly dilationRate?: number | Sizes<R>;
}

interface ConvOptions<R extends Rank> extends KernelOptions, SlideOptions<R> {
  /** Channels of the result. */
  readonly filters: number;
  /** Cuts channels and filters into so many groups; filters see the channels of their group. Default 1. */
  readonly groups?: number;
}

/** Options of conv1d(): those of images for one axis, and causal padding. */
export interface Conv1DOptions extends Omit<ConvOptions<1>, "padding"> {
  /** As for images, or "causal": zeros before the signal only, so that result i depends on nothing after element i. */
  readonly padding?: ConvOptions<1>["padding"] | "causal";
}
/** Options of conv2d(): filters, how they slide, bias, activation, and rules for the weights. */
export type Conv2DOptions = ConvOptions<2>;
/** Options of conv3d(): those of images for three axes. */
export type Conv3DOptions = ConvOptions<3>;

interface TransposedOptions<R extends Rank> extends KernelOptions, Omit<SlideOptions<R>, "padding"> {
  /** Channels of the result. */
  readonly filters: number;
  /** "valid" (default): every pixel of the kernel counts. "same": pixels · stride. */
  readonly padding?: "valid" | "same";
  /** Pixels added at the end of each axis, smaller than the stride; default: as many as make the sizes above. */
  readonly outputPadding?: number | Sizes<R> | null;
}

/** Options of conv1dTranspose(). */
export type Conv1DTransposeOptions = TransposedOptions<1>;
/** Options of conv2dTranspose(): filters, how they slide, and the size of the result. */
export type Conv2DTransposeOptions = TransposedOptions<2>;
/** Options of conv3dTranspose(). */
export type Conv3DTransposeOptions = TransposedOptions<3>;

interface DepthwiseOptions<R extends Rank> extends BiasedOptions, WeightRuleOptions<"depthwise">, SlideOptions<R> {
  /** Filters for each channel, default 1. */
  readonly depthMultiplier?: number;
}

/** Options of depthwiseConv1d(). */
export type DepthwiseConv1DOptions = DepthwiseOptions<1>;
/** Options of depthwiseConv2d(): how many filters a channel, and how they slide. */
export type DepthwiseConv2DOptions = DepthwiseOptions<2>;

interface SeparableOptions<R extends Rank> extends DepthwiseOptions<R>, WeightRuleOptions<"pointwise"> {
  /** Channels of the result. */
  readonly filters: number;
}

/** Options of separableConv1d(). */
export type SeparableConv1DOptions = SeparableOptions<1>;
/** Options of separableConv2d(): those of a depthwise convolution, and the filters of the product over channels. */
export type SeparableConv2DOptions = SeparableOptions<2>;

/** What an engine's convolution is told. */
interface Slide<R extends Rank> {
  readonly strides: Sizes<R>;
  readonly dilations: Sizes<R>;
  readonly padding: "valid" | "same" | number | SidesOf<R>;
  readonly groups?: number;
  readonly outputPadding?: Sizes<R>;
}

/** One kind of convolution. */
interface Kind<R extends Rank> {
  readonly type: string;
  readonly name: string;
  readonly rank: R;
  /** Names of its own options, beside those of all. */
  readonly own: readonly string[];
  readonly kernels: readonly Kernel[];
  /** x and the result channels-last. */
  readonly apply: (x: Tensor, kernels: readonly [Tensor, ...Tensor[]], slide: Slide<R>) => Tensor;
}

interface Kernel {
  /** How its options begin. */
  readonly option: "kernel" | "depthwise" | "pointwise";
  readonly name: string;
  readonly shape: (size: readonly number[], channels: number, counts: Counts) => Shape;
}

interface Counts {
  readonly filters: number;
  readonly groups: number;
  readonly depthMultiplier: number;
}

type AnyOptions<R extends Rank> = BiasedOptions &
  Omit<SlideOptions<R>, "padding"> & {
    readonly padding?: SlideOptions<R>["padding"] | "causal";
    readonly filters?: number;
    readonly groups?: number;
    readonly depthMultiplier?: number;
    readonly outputPadding?: number | Sizes<R> | null;
  };

const SLIDE_NAMES = ["kernelSize", "strides", "padding", "dilationRate", "dataFormat"];

/** What conv1d() to conv3d(), their transposed, depthwise and separable kinds make. */
export class Convolution<R extends Rank> extends KernelLayer {
  override readonly type: string;
  readonly filters: number;
  readonly groups: number;
  readonly depthMultiplier: number;
  readonly kernelSize: Sizes<R>;
  readonly strides: Sizes<R>;
  readonly padding: "valid" | "same" | "causal" | number | SidesOf<R>;
  readonly dilationRate: Sizes<R>;
  private readonly outputPadding: Sizes<R> | undefined;
  private readonly space: Space<R>;
  private kernels!: readonly Variable[];

  constructor(private readonly kind: Kind<R>, options: AnyOptions<R>) {
    super(kind.name, options, [...SLIDE_NAMES, ...kind.own], kind.kernels.map(({ option }) => option));
    const { where } = this;
    const space = (this.space = new Space(kind.rank, options, where));
    this.type = kind.type;
    this.filters = kind.own.includes("filters") ? checkWhole(options.filters, `${where}: filters`) : 0;
    this.groups = checkWhole(options.groups ?? 1, `${where}: groups`);
    this.depthMultiplier = checkWhole(options.depthMultiplier ?? 1, `${where}: depthMultiplier`);
    this.kernelSize = space.sizes(options.kernelSize, `${where}: kernelSize`);
    this.strides = space.sizes(options.strides ?? 1, `${where}: strides`);
    this.padding = checkPadding(options.padding ?? "valid", space, `${where}: padding`);
    this.dilationRate = space.sizes(options.dilationRate ?? 1, `${where}: dilationRate`);
    const { outputPadding } = options;
    this.outputPadding = outputPadding === undefined || outputPadding === null ? undefined : space.sizes(outputPadding, `${where}: outputPadding`, 0);
    if (this.filters % this.groups !== 0) throw new ValueError(`${where}: groups: expected a number that divides ${this.filters} filters, got ${this.groups}.`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.space.shapeBy(this, input, from, (x) => {
      const channels = this.space.channels(input);
      if (channels % this.groups !== 0) throw new ShapeError(`expected channels that ${this.groups} groups divide, got ${channels} in ${showBatch(input)}.`);
      return this.space.channelsLast(x, (images) => this.slide(images, this.kernelShapes(input).map((shape) => zeros(shape))));
    });
  }

  protected override createWeights(input: Shape): void {
    const shapes = this.kernelShapes(input);
    this.kernels = this.kind.kernels.map(({ option, name }, i) => this.addKernel(shapes[i]!, option, name));
    this.addBias([this.filters || this.space.channels(input) * this.depthMultiplier]);
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.activated(this.space.channelsLast(x, (images) => this.biased(this.slide(images, this.kernels))), options);
  }

  /** Steps are not where they were. */
  override computeMask(): undefined {
    return undefined;
  }

  protected override ownConfig(): Config {
    const { kind, kernelSize, strides, padding, dilationRate, groups, outputPadding } = this;
    return {
      ...(kind.own.includes("filters") && { filters: this.filters }),
      kernelSize,
      strides,
      padding,
      dilationRate,
      ...this.space.config(),
      ...(groups > 1 && { groups }),
      ...(kind.own.includes("depthMultiplier") && { depthMultiplier: this.depthMultiplier }),
      ...(outputPadding && { outputPadding }),
      ...this.kernelConfig(),
    };
  }

  private kernelShapes(input: Shape): readonly Shape[] {
    return this.kind.kernels.map(({ shape }) => shape(this.kernelSize, this.space.channels(input), this));
  }

  /** The convolution alone, channels-last. */
  private slide(images: Tensor, kernels: readonly Tensor[]): Tensor {
    const { strides, dilationRate: dilations, padding, outputPadding, groups } = this;
    return this.kind.apply(images, kernels as readonly [Tensor, ...Tensor[]], {
      strides,
      dilations,
      padding: padding === "causal" ? this.causal() : padding,
      ...(groups > 1 && { groups }),
      ...(outputPadding && { outputPadding }),
    });
  }

  /** Zeros before the signal, as many as the kernel reaches back. */
  private causal(): SidesOf<R> {
    return this.space.sides(this.kernelSize.map((size, i) => [(size - 1) * this.dilationRate[i]!, 0]), this.where);
  }
}

function checkPadding<R extends Rank>(padding: unknown, space: Space<R>, where: string): Convolution<R>["padding"] {
  if (typeof padding === "number") return checkWhole(padding, where, 0);
  if (typeof padding !== "string") return space.sides(padding, where);
  return checkWord(padding, space.rank === 1 ? (["valid", "same", "causal"] as const) : (["valid", "same"] as const), where);
}

const GROUPED = ["filters", "groups"];
const FORWARD: readonly Kernel[] = [{ option: "kernel", name: "kernel", shape: (size, channels, { filters, groups }) => [...size, channels / groups, filters] }];
const TRANSPOSED = ["filters", "outputPadding"];
const BACK: readonly Kernel[] = [{ option: "kernel", name: "kernel", shape: (size, channels, { filters }) => [...size, filters, channels] }];
const MULTIPLIED = ["depthMultiplier"];
const DEPTHWISE: readonly Kernel[] = [{ option: "depthwise", name: "kernel", shape: (size, channels, { depthMultiplier }) => [...size, channels, depthMultiplier] }];
const SEPARATED = ["filters", "depthMultiplier"];
const SEPARABLE: readonly Kernel[] = [
  { option: "depthwise", name: "depthwise_kernel", shape: (size, channels, { depthMultiplier }) => [...size, channels, depthMultiplier] },
  { option: "pointwise", name: "pointwise_kernel", shape: (size, channels, { depthMultiplier, filters }) => [...size.map(() => 1), channels * depthMultiplier, filters] },
];

// Bundlers drop the kinds that nobody uses, as long as no row spreads another.
const CONV1D: Kind<1> = { type: "Conv1D", name: "conv1d", rank: 1, own: GROUPED, kernels: FORWARD, apply: (x, [w], slide) => conv1dOf(x, w, slide) };
const CONV2D: Kind<2> = { type: "Conv2D", name: "conv2d", rank: 2, own: GROUPED, kernels: FORWARD, apply: (x, [w], slide) => conv2dOf(x, w, slide) };
const CONV3D: Kind<3> = { type: "Conv3D", name: "conv3d", rank: 3, own: GROUPED, kernels: FORWARD, apply: (x, [w], slide) => conv3dOf(x, w, slide) };
const CONV1D_TRANSPOSE: Kind<1> = { type: "Conv1DTranspose", name: "conv1d_transpose", rank: 1, own: TRANSPOSED, kernels: BACK, apply: (x, [w], slide) => conv1dTransposeOf(x, w, slide) };
const CONV2D_TRANSPOSE: Kind<2> = { type: "Conv2DTranspose", name: "conv2d_transpose", rank: 2, own: TRANSPOSED, kernels: BACK, apply: (x, [w], slide) => conv2dTransposeOf(x, w, slide) };
const CONV3D_TRANSPOSE: Kind<3> = { type: "Conv3DTranspose", name: "conv3d_transpose", rank: 3, own: TRANSPOSED, kernels: BACK, apply: (x, [w], slide) => conv3dTransposeOf(x, w, slide) };
const DEPTHWISE_CONV1D: Kind<1> = { type: "DepthwiseConv1D", name: "depthwise_conv1d", rank: 1, own: MULTIPLIED, kernels: DEPTHWISE, apply: (x, [w], slide) => depthwiseLine(x, w, slide) };
const DEPTHWISE_CONV2D: Kind<2> = { type: "DepthwiseConv2D", name: "depthwise_conv2d", rank: 2, own: MULTIPLIED, kernels: DEPTHWISE, apply: (x, [w], slide) => depthwiseConv2dOf(x, w, slide) };
const SEPARABLE_CONV1D: Kind<1> = { type: "SeparableConv1D", name: "separable_conv1d", rank: 1, own: SEPARATED, kernels: SEPARABLE, apply: (x, [w, p], slide) => across(depthwiseLine(x, w, slide), p!) };
const SEPARABLE_CONV2D: Kind<2> = { type: "SeparableConv2D", name: "separable_conv2d", rank: 2, own: SEPARATED, kernels: SEPARABLE, apply: (x, [w, p], slide) => across(depthwiseConv2dOf(x, w, slide), p!) };

/** The product over channels. x: [batch, …, c], pointwise: [1, …, c, filters] */
function across(x: Tensor, pointwise: Tensor): Tensor {
  return matmul(x, reshape(pointwise, pointwise.shape.slice(-2)));
}

/** A signal as an image of one row. x: [n, w, c], kernel: [k, c, m] to [n, ow, c·m] */
function depthwiseLine(x: Tensor, kernel: Tensor, { strides, dilations, padding }: Slide<1>): Tensor {
  const [n, w, c] = x.shape as readonly [number, number, number];
  const sides = typeof padding === "number" ? ([padding, padding] as const) : typeof padding === "string" ? padding : padding[0];
  const y = depthwiseConv2dOf(reshape(x, [n, 1, w, c]), reshape(kernel, [1, ...kernel.shape]), {
    strides: [1, strides[0]],
    dilations: [1, dilations[0]],
    padding: typeof sides === "string" ? sides : [[0, 0], sides],
  });
  return reshape(y, [n, ...y.shape.slice(2)]);
}

/** activation(conv(x, kernel) + bias). x: [batch, steps, channels]   kernel: [k, channels / groups, filters]   result: [batch, steps', filters] */
export function conv1d(options: Conv1DOptions): Convolution<1> {
  return new Convolution(CONV1D, options);
}

/** activation(conv(x, kernel) + bias). x: [batch, height, width, channels]   kernel: [kh, kw, channels / groups, filters]   result: [batch, height', width', filters] */
export function conv2d(options: Conv2DOptions): Convolution<2> {
  return new Convolution(CONV2D, options);
}

/** activation(conv(x, kernel) + bias). x: [batch, depth, height, width, channels]   kernel: [kd, kh, kw, channels / groups, filters]   result: [batch, depth', height', width', filters] */
export function conv3d(options: Conv3DOptions): Convolution<3> {
  return new Convolution(CONV3D, options);
}

/** The way back of a convolution of signals. x: [batch, steps, channels]   kernel: [k, filters, channels]   result: [batch, steps', filters] */
export function conv1dTranspose(options: Conv1DTransposeOptions): Convolution<1> {
  return new Convolution(CONV1D_TRANSPOSE, options);
}

/** The way back of a convolution of images. x: [batch, height, width, channels]   kernel: [kh, kw, filters, channels]   result: [batch, height', width', filters] */
export function conv2dTranspose(options: Conv2DTransposeOptions): Convolution<2> {
  return new Convolution(CONV2D_TRANSPOSE, options);
}

/** The way back of a convolution of volumes. x: [batch, depth, height, width, channels]   kernel: [kd, kh, kw, filters, channels]   result: [batch, depth', height', width', filters] */
export function conv3dTranspose(options: Conv3DTransposeOptions): Convolution<3> {
  return new Convolution(CONV3D_TRANSPOSE, options);
}

/** Every channel of a signal by kernels of its own. x: [batch, steps, channels]   kernel: [k, channels, depthMultiplier]   result: [batch, steps', channels · depthMultiplier] */
export function depthwiseConv1d(options: DepthwiseConv1DOptions): Convolution<1> {
  return new Convolution(DEPTHWISE_CONV1D, options);
}

/** Every channel of an image by kernels of its own. x: [batch, height, width, channels]   kernel: [kh, kw, channels, depthMultiplier]   result: [batch, height', width', channels · depthMultiplier] */
export function depthwiseConv2d(options: DepthwiseConv2DOptions): Convolution<2> {
  return new Convolution(DEPTHWISE_CONV2D, options);
}

/** A depthwise convolution of signals, then a product over the channels. kernels: [k, channels, depthMultiplier], [1, channels · depthMultiplier, filters]   Chollet 2017 */
export function separableConv1d(options: SeparableConv1DOptions): Convolution<1> {
  return new Convolution(SEPARABLE_CONV1D, options);
}

/** A depthwise convolution of images, then a product over the channels. kernels: [kh, kw, channels, depthMultiplier], [1, 1, channels · depthMultiplier, filters]   Chollet 2017 */
export function separableConv2d(options: SeparableConv2DOptions): Convolution<2> {
  return new Convolution(SEPARABLE_CONV2D, options);
}
