// SpectralNormalization: a layer whose kernel is divided by its largest singular value after each step of training. Miyato et al. 2018
import { ValueError } from "../../base/errors.js";
import { sizeOf, type Shape } from "../../base/shape.js";
import { div, equal, matmul, reshape, transpose, where, type Tensor, type Variable } from "../../engine/index.js";
import { checkWhole } from "../../base/options.js";
import { truncatedNormal } from "../initializers.js";
import type { Constraint } from "../constraints.js";
import type { CallOptions, Config } from "../layer.js";
import { unitLength } from "./normalizing.js";
import { Wrapper, type WrapperOptions } from "./wrapper.js";

/** Options of spectralNormalization(). */
export interface SpectralNormalizationOptions extends WrapperOptions {
  /** Rounds of the iteration that finds the singular value, at each step; default 1. */
  readonly powerIterations?: number;
}

/** What spectralNormalization() makes. */
export class SpectralNormalization extends Wrapper {
  override readonly type = "SpectralNormalization";
  readonly powerIterations: number;
  private kernel!: Variable;
  private direction!: Variable;

  constructor(options: SpectralNormalizationOptions) {
    super("spectral_normalization", options, ["powerIterations"]);
    this.powerIterations = checkWhole(options.powerIterations ?? 1, `spectralNormalization "${this.name}": powerIterations`);
  }

  protected inside(input: Shape): Shape {
    return input;
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.layer.outputShape(input, from);
  }

  protected override createWeights(): void {
    const kernel = this.layer.weights.find(({ name }) => /\/(kernel|embeddings)$/.test(name));
    if (!kernel) throw new ValueError(`spectralNormalization "${this.name}": expected a layer with a kernel or embeddings, "${this.layer.name}" (${this.layer.type}) has none.`);
    this.kernel = kernel;
    this.direction = this.addWeight("vector_u", [1, kernel.shape[kernel.shape.length - 1]!], truncatedNormal({ stddev: 0.02 }), { trainable: false });
  }

  call(x: Tensor, options: CallOptions): Tensor {
    return this.layer.applyMasked([x], [options.mask], options).results[0]!;
  }

  override computeMask(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    return this.layer.computeMask(xs, masks);
  }

  /** The kernel's own constraint, then the division. */
  override constraintOf(weight: Variable): Constraint | undefined {
    const own = super.constraintOf(weight);
    if (weight !== this.kernel) return own;
    return { name: "spectralNorm", config: {}, call: (kernel) => this.divided(own ? own.call(kernel) : kernel) };
  }

  /** A kernel, as rows of its last axis, over its largest singular value: v·W·uᵀ after rounds of power iteration that begin with the u of the step before. */
  private divided(kernel: Tensor): Tensor {
    const { shape } = kernel;
    const columns = shape[shape.length - 1]!;
    const rows = reshape(kernel, [sizeOf(shape) / columns, columns]);
    let [u, v]: [Tensor, Tensor | undefined] = [this.direction, undefined];
    for (let i = 0; i < this.powerIterations; i++) {
      v = unitLength(matmul(u, transpose(rows)), [-1]);
      u = unitLength(matmul(v, rows), [-1]);
    }
    const largest = reshape(matmul(matmul(v!, rows), transpose(u)), []);
    const isNone = equal(largest, 0);
    this.direction.assign(where(isNone, this.direction, u));
    return where(isNone, kernel, div(kernel, largest));
  }

  protected override ownConfig(): Config {
    return { ...super.ownConfig(), powerIterations: this.powerIterations };
  }
}

/**
 * A layer with a kernel, or embeddings, whose largest singular value is held at 1: after each step of training the kernel is divided by an estimate of it, which gets
 * better from step to step. (Keras divides before each step; so the kernel that is left in the end is a divided one.) It works as a constraint: training loops of one's own hand
 * model.constraintOf to the optimizer.
 *
 * Throws ValueError for a layer without kernel.   Keras' SpectralNormalization, Miyato et al. 2018
 */
export function spectralNormalization(options: SpectralNormalizationOptions): SpectralNormalization {
  return new SpectralNormalization(options);
}
