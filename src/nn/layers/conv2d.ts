// Conv2D: two-dimensional convolution of NHWC images.
import { ShapeError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { add, conv2d as convolve, type Tensor, type Variable } from "../../engine/index.js";
import { resolveWindow, windowOutput, type Padding, type Pair } from "../../ops/window.js";
import { getActivation, type Activation } from "../activations.js";
import { getInitializer, initializerConfig, type Initializer, type InitializerLike } from "../initializers.js";
import { Layer, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkDataFormat, checkPair, checkWhole } from "../options.js";

export interface Conv2DOptions extends LayerOptions {
  readonly filters: number;
  /** [height, width], or one number for both. */
  readonly kernelSize: number | Pair;
  readonly strides?: number | Pair;
  /** "valid" (default), "same", or pixels of zeros on every side. */
  readonly padding?: Padding;
  readonly dilationRate?: number | Pair;
  /** Images are channels-last; nothing else is supported. */
  readonly dataFormat?: "channelsLast";
  /** Default "linear". */
  readonly activation?: string;
  readonly useBias?: boolean;
  /** Default "glorotUniform". */
  readonly kernelInitializer?: InitializerLike;
  /** Default "zeros". */
  readonly biasInitializer?: InitializerLike;
}

export class Conv2D extends Layer {
  readonly type = "Conv2D";
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilationRate: Pair;
  readonly activation: string;
  readonly useBias: boolean;
  private readonly activate: Activation;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private kernel!: Variable;
  private bias: Variable | undefined;

  constructor(options: Conv2DOptions) {
    super("conv2d", options, [
      "filters", "kernelSize", "strides", "padding", "dilationRate", "dataFormat", "activation", "useBias", "kernelInitializer", "biasInitializer",
    ]); // prettier-ignore
    const where = `conv2d "${this.name}"`;
    checkDataFormat(options.dataFormat, `${where}: dataFormat`);
    this.filters = checkWhole(options.filters, `${where}: filters`);
    this.kernelSize = checkPair(options.kernelSize, `${where}: kernelSize`);
    this.strides = checkPair(options.strides ?? 1, `${where}: strides`);
    this.padding = options.padding ?? "valid";
    this.dilationRate = checkPair(options.dilationRate ?? 1, `${where}: dilationRate`);
    this.activation = options.activation ?? "linear";
    this.activate = getActivation(this.activation, `${where}: activation`);
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? "glorotUniform", `${where}: kernelInitializer`);
    this.biasInitializer = getInitializer(options.biasInitializer ?? "zeros", `${where}: biasInitializer`);
  }

  outputShape(input: Shape, from?: string): Shape {
    if (input.length !== 3) throw this.mismatch("images [batch, height, width, channels]", input, from, IMAGE_CURE[input.length]);
    return [...slide(this, input, this, this.kernelSize, this.dilationRate, from), this.filters];
  }

  protected override createWeights(input: Shape): void {
    this.kernel = this.addWeight("kernel", [...this.kernelSize, input[2]!, this.filters], this.kernelInitializer);
    if (this.useBias) this.bias = this.addWeight("bias", [this.filters], this.biasInitializer);
  }

  call(x: Tensor, _options: CallOptions): Tensor {
    const { strides, padding, dilationRate: dilations } = this;
    const y = convolve(x, this.kernel, { strides, padding, dilations });
    return this.activate(this.bias ? add(y, this.bias) : y);
  }

  protected ownConfig(): Config {
    return {
      filters: this.filters,
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dilationRate: this.dilationRate,
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: initializerConfig(this.kernelInitializer),
      biasInitializer: initializerConfig(this.biasInitializer),
    };
  }
}

/** What most likely mends an input that is no image, by its rank. */
export const IMAGE_CURE: Readonly<Record<number, string>> = {
  1: " Put it before the flatten or dense layer, or reshape the data.",
  2: " Add an axis for the channels: inputShape [height, width, 1].",
};

/** Pixels that a window leaves of an image; an error names the layer and who gave it its input. */
export function slide(
  layer: Layer,
  [height, width]: Shape,
  { strides, padding }: { readonly strides: Pair; readonly padding: Padding },
  size: Pair,
  dilations: Pair = [1, 1],
  from = "the input",
): Pair {
  const where = `layer "${layer.name}" (${layer.type})`;
  const image = [height!, width!] as const;
  try {
    return windowOutput(resolveWindow({ strides, padding, dilations }, image, size, where), image, size, where);
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof ValueError)) throw error;
    throw new ShapeError(`${error.message} The image [${image.join(", ")}] comes from ${from}.`);
  }
}

/**
 * activation(conv2d(x, kernel) + bias).
 *
 * x: [batch, height, width, channels]   kernel: [...kernelSize, channels, filters]   result: [batch, height', width', filters]
 */
export function conv2d(options: Conv2DOptions): Conv2D {
  return new Conv2D(options);
}
