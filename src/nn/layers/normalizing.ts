// Layers that normalise each example alone: layerNormalization, groupNormalization, rmsNormalization, unitNormalization. What the batch decides stands in
// batchNormalization.ts.
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { maximum, moveAxis, mul, rsqrt, square, sum, type Tensor, type Variable } from "../../engine/index.js";
import { groupNorm, layerNorm, rmsNorm } from "../../engine/normalization.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkNumber, checkWhole } from "../../base/options.js";
import { axesOf, axisOf } from "./axes.js";
import { ruleConfig, ruleNames, weightRule, type WeightRule, type WeightRuleOptions } from "./weightRule.js";

/** Options of a learned scale, gamma, and shift, beta, after normalisation. Initializers: "ones" and "zeros". Penalties and bounds: none. */
export interface AffineOptions extends LayerOptions, WeightRuleOptions<"beta">, WeightRuleOptions<"gamma"> {
  /** Added to the variance; default 0.001. */
  readonly epsilon?: number;
  /** Whether there is a learned shift, beta; default true. */
  readonly center?: boolean;
  /** Whether there is a learned scale, gamma; default true. */
  readonly scale?: boolean;
}

/** What normalising layers share: gamma and beta, and how they are written down. */
export abstract class Affine extends Layer {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  protected gamma: Variable | undefined;
  protected beta: Variable | undefined;
  /** How errors call the layer. */
  protected readonly where: string;
  private readonly affineRules: { readonly gamma: WeightRule; readonly beta: WeightRule };

  protected constructor(defaultName: string, options: AffineOptions, own: readonly string[]) {
    super(defaultName, options, ["epsilon", "center", "scale", ...ruleNames("beta"), ...ruleNames("gamma"), ...own]);
    this.where = `${defaultName} "${this.name}"`;
    this.epsilon = checkNumber(options.epsilon ?? 1e-3, `${this.where}: epsilon`, 0);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.affineRules = { gamma: weightRule("gamma", options, "ones", this.where), beta: weightRule("beta", options, "zeros", this.where) };
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length === 0) throw this.mismatch("[batch, …, channels]", input, from);
    this.checkAxes(input);
    return input;
  }

  /** Throws ValueError when the layer's axes are not there. */
  protected abstract checkAxes(input: Shape): void;

  protected addAffine(shape: Shape): void {
    const { gamma, beta } = this.affineRules;
    if (this.scale) this.gamma = this.addWeight("gamma", shape, gamma.initializer, gamma);
    if (this.center) this.beta = this.addWeight("beta", shape, beta.initializer, beta);
  }

  /** Options of the engine's fused functions. */
  protected affine(): { readonly epsilon: number; readonly scale?: Tensor; readonly offset?: Tensor } {
    return { epsilon: this.epsilon, ...(this.gamma && { scale: this.gamma }), ...(this.beta && { offset: this.beta }) };
  }

  protected affineConfig(): Config {
    const { epsilon, center, scale } = this;
    return { epsilon, center, scale, ...ruleConfig("beta", this.affineRules.beta), ...ruleConfig("gamma", this.affineRules.gamma) };
  }
}

/** Options of layerNormalization(). */
export interface LayerNormalizationOptions extends AffineOptions {
  /** Axes that mean and variance are taken over, counted with the batch; default −1, the last. */
  readonly axis?: number | readonly number[];
  /** x / √(mean of x² + epsilon) · gamma instead: no mean is taken off and there is no beta; default false. */
  readonly rmsScaling?: boolean;
}

/** What layerNormalization() makes. */
export class LayerNormalization extends Affine {
  override readonly type = "LayerNormalization";
  readonly axis: number | readonly number[];
  readonly rmsScaling: boolean;

  constructor(options: LayerNormalizationOptions = {}) {
    const { rmsScaling = false } = options;
    super("layer_normalization", rmsScaling ? { ...options, center: false } : options, ["axis", "rmsScaling"]);
    this.axis = options.axis ?? -1;
    this.rmsScaling = rmsScaling;
  }

  protected checkAxes(input: Shape): void {
    axesOf(this.axis, input, this.where);
  }

  protected override createWeights(input: Shape): void {
    this.addAffine(axesOf(this.axis, input, this.where).map((axis) => input[axis - 1]!));
  }

  call(x: Tensor): Tensor {
    const axes = axesOf(this.axis, x.shape.slice(1), this.where);
    return this.rmsScaling ? rmsNorm(x, { axes, ...this.affine() }) : layerNorm(x, { axes, ...this.affine() });
  }

  protected override ownConfig(): Config {
    return { axis: this.axis, rmsScaling: this.rmsScaling, ...this.affineConfig() };
  }
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, with each example's own mean and variance over `axis`. x: [batch, …]; gamma and beta have its sizes along the axes.
 *
 * Throws ValueError for an axis that is not there.   Ba, Kiros & Hinton 2016
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): LayerNormalization {
  return new LayerNormalization(options);
}

/** Options of groupNormalization(). */
export interface GroupNormalizationOptions extends AffineOptions {
  /** Parts of equal size that the channels are cut into; −1: one for each channel; default 32. */
  readonly groups?: number;
  /** Axis of the channels, counted with the batch; default −1, the last. */
  readonly axis?: number;
}

/** What groupNormalization() makes. */
export class GroupNormalization extends Affine {
  override readonly type = "GroupNormalization";
  readonly groups: number;
  readonly axis: number;

  constructor(options: GroupNormalizationOptions = {}) {
    super("group_normalization", options, ["groups", "axis"]);
    this.groups = options.groups === -1 ? -1 : checkWhole(options.groups ?? 32, `${this.where}: groups`);
    this.axis = options.axis ?? -1;
  }

  protected checkAxes(input: Shape): void {
    const channels = input[axisOf(this.axis, input, this.where) - 1]!;
    if (this.groups > 0 && channels % this.groups !== 0) throw new ValueError(`${this.where}: groups: expected a divisor of the ${channels} channels, got ${this.groups}.`);
  }

  protected override createWeights(input: Shape): void {
    this.addAffine([input[axisOf(this.axis, input, this.where) - 1]!]);
  }

  call(x: Tensor): Tensor {
    const axis = axisOf(this.axis, x.shape.slice(1), this.where);
    const groups = this.groups === -1 ? x.shape[axis]! : this.groups;
    return moveAxis(groupNorm(moveAxis(x, axis, -1), { groups, ...this.affine() }), -1, axis);
  }

  protected override ownConfig(): Config {
    return { groups: this.groups, axis: this.axis, ...this.affineConfig() };
  }
}

/**
 * gamma · (x − mean) / √(variance + epsilon) + beta, with mean and variance over all pixels and the channels of a group, of each example. x: [batch, …, channels]; gamma and beta: [channels].
 *
 * Throws ValueError when the groups do not divide the channels.   Wu & He 2018
 */
export function groupNormalization(options: GroupNormalizationOptions = {}): GroupNormalization {
  return new GroupNormalization(options);
}

/** Options of rmsNormalization(). */
export interface RMSNormalizationOptions extends LayerOptions {
  /** Axes that the mean is taken over, counted with the batch; default −1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the mean of squares; default 1e-6. */
  readonly epsilon?: number;
}

/** What rmsNormalization() makes. */
export class RMSNormalization extends Layer {
  override readonly type = "RMSNormalization";
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  private scale!: Variable;

  constructor(options: RMSNormalizationOptions = {}) {
    super("rms_normalization", options, ["axis", "epsilon"]);
    this.axis = options.axis ?? -1;
    this.epsilon = checkNumber(options.epsilon ?? 1e-6, `rmsNormalization "${this.name}": epsilon`, 0);
  }

  override outputShape(input: Shape): Shape {
    this.axes(input);
    return input;
  }

  protected override createWeights(input: Shape): void {
    const { initializer } = weightRule("scale", {}, "ones", this.name);
    this.scale = this.addWeight("scale", this.axes(input).map((axis) => input[axis - 1]!), initializer);
  }

  call(x: Tensor): Tensor {
    return rmsNorm(x, { axes: this.axes(x.shape.slice(1)), epsilon: this.epsilon, scale: this.scale });
  }

  private axes(input: Shape): readonly number[] {
    return axesOf(this.axis, input, `rmsNormalization "${this.name}"`);
  }

  protected override ownConfig(): Config {
    return { axis: this.axis, epsilon: this.epsilon };
  }
}

/** scale · x / √(mean of x² + epsilon) over `axis`, scale being learned. Throws ValueError for an axis that is not there.   Zhang & Sennrich 2019 */
export function rmsNormalization(options: RMSNormalizationOptions = {}): RMSNormalization {
  return new RMSNormalization(options);
}

/** Options of unitNormalization(). */
export interface UnitNormalizationOptions extends LayerOptions {
  /** Axes that the length is taken over, counted with the batch; default −1, the last. */
  readonly axis?: number | readonly number[];
}

/** Keeps the division by a length finite: its square is at least this. */
const SMALLEST = 1e-12;

/** x / √(sum of x² over axes). */
export function unitLength(x: Tensor, axes: readonly number[]): Tensor {
  return mul(x, rsqrt(maximum(sum(square(x), { axes, keepDims: true }), SMALLEST)));
}

/** What unitNormalization() makes. */
export class UnitNormalization extends Layer {
  override readonly type = "UnitNormalization";
  readonly axis: number | readonly number[];

  constructor(options: UnitNormalizationOptions = {}) {
    super("unit_normalization", options, ["axis"]);
    this.axis = options.axis ?? -1;
  }

  override outputShape(input: Shape): Shape {
    this.axes(input);
    return input;
  }

  call(x: Tensor): Tensor {
    return unitLength(x, this.axes(x.shape.slice(1)));
  }

  private axes(input: Shape): readonly number[] {
    return axesOf(this.axis, input, `unitNormalization "${this.name}"`);
  }

  protected override ownConfig(): Config {
    return { axis: this.axis };
  }
}

/** x / √(sum of x²) over `axis`: vectors of length 1. Throws ValueError for an axis that is not there. */
export function unitNormalization(options: UnitNormalizationOptions = {}): UnitNormalization {
  return new UnitNormalization(options);
}
