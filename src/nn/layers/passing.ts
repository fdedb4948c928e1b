// Layers that pass their input on, identity as it is, others with something said about it: masking tells which steps are there, activityRegularization what it costs, lambda applies a function.
import { ShapeError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { any, cast, mul, notEqual, zeros, type Tensor } from "../../engine/index.js";
import { Layer, showBatch, type CallOptions, type Config, type LayerOptions } from "../layer.js";
import { checkNumber } from "../../base/options.js";
import { l1l2, type Regularizer } from "../regularizers.js";

/** What identity() makes. */
export class Identity extends Layer {
  override readonly type = "Identity";

  constructor(options: LayerOptions = {}) {
    super("identity", options, []);
  }

  protected override get takesIntegers(): boolean {
    return true;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  call(x: Tensor): Tensor {
    return x;
  }

  protected override ownConfig(): Config {
    return {};
  }
}

/** Passes x on as it is, of any shape and dtype: a name for a place in a model, or nothing where a layer is wanted. */
export function identity(options: LayerOptions = {}): Identity {
  return new Identity(options);
}

/** Options of masking(). */
export interface MaskingOptions extends LayerOptions {
  /** A step all of whose elements are this number is not there; default 0. */
  readonly maskValue?: number;
}

/** What masking() makes. */
export class Masking extends Layer {
  override readonly type = "Masking";
  readonly maskValue: number;

  constructor(options: MaskingOptions = {}) {
    super("masking", options, ["maskValue"]);
    this.maskValue = checkNumber(options.maskValue ?? 0, `masking "${this.name}": maskValue`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length < 2) throw this.mismatch("[batch, steps, …, features]", input, from);
    return input;
  }

  call(x: Tensor): Tensor {
    return mul(x, cast(this.present(x, true), "float32"));
  }

  override computeMask(xs: readonly Tensor[]): Tensor {
    return this.present(xs[0]!, false);
  }

  private present(x: Tensor, keepDims: boolean): Tensor {
    return any(notEqual(x, this.maskValue), { axes: [-1], keepDims });
  }

  protected override ownConfig(): Config {
    return { maskValue: this.maskValue };
  }
}

/** Masks steps whose elements are all `maskValue`, for layers behind, and sets them to 0. x: [batch, steps, …, features]; the mask: [batch, steps, …]. */
export function masking(options: MaskingOptions = {}): Masking {
  return new Masking(options);
}

/** Options of activityRegularization(). */
export interface ActivityRegularizationOptions extends LayerOptions {
  /** Factor of Σ|x|; default 0. */
  readonly l1?: number;
  /** Factor of Σx²; default 0. */
  readonly l2?: number;
}

/** What activityRegularization() makes. */
export class ActivityRegularization extends Layer {
  override readonly type = "ActivityRegularization";
  private readonly penalty: Regularizer;

  constructor(options: ActivityRegularizationOptions = {}) {
    super("activity_regularization", options, ["l1", "l2"]);
    this.penalty = l1l2({ l1: options.l1 ?? 0, l2: options.l2 ?? 0 });
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  call(x: Tensor, { addLoss }: CallOptions): Tensor {
    addLoss?.(this.penalty.call(x));
    return x;
  }

  protected override ownConfig(): Config {
    return this.penalty.config;
  }
}

/** Adds l1 · Σ|x| + l2 · Σx², over the batch, to the loss and passes x on. Throws ValueError for factors below 0. */
export function activityRegularization(options: ActivityRegularizationOptions = {}): ActivityRegularization {
  return new ActivityRegularization(options);
}

/** A function of the inputs, [batch, …] each. */
export type LambdaFunction = (...xs: Tensor[]) => Tensor;

/** Options of lambda(). */
export interface LambdaOptions extends LayerOptions {
  /** Shape of one result; default: what the function gives for zeros, of which none is computed. */
  readonly outputShape?: Shape;
}

/** What lambda() makes. */
export class Lambda extends Layer {
  override readonly type = "Lambda";
  private readonly given: Shape | undefined;

  constructor(private readonly fn: LambdaFunction, options: LambdaOptions = {}) {
    super("lambda", options, ["outputShape"]);
    if (typeof fn !== "function") throw new ValueError(`lambda "${this.name}": expected a function of tensors, got ${typeof fn}.`);
    this.given = options.outputShape?.slice();
  }

  override outputShape(input: Shape, from?: string): Shape {
    return this.outputShapes([input], from === undefined ? [] : [from])[0]!;
  }

  override outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    if (this.given) return [this.given];
    try {
      return [this.fn(...inputs.map((input) => zeros([1, ...input]))).shape.slice(1)];
    } catch (cause) {
      const names = inputs.map((input, i) => `${showBatch(input)} from ${from[i] ?? "the input"}`).join(" and ");
      throw new ShapeError(`layer "${this.name}" (${this.type}): its function failed for ${names}: ${(cause as Error).message}`, { cause });
    }
  }

  call(x: Tensor): Tensor {
    return this.callAll([x])[0]!;
  }

  override callAll(xs: readonly Tensor[]): readonly Tensor[] {
    const y = this.fn(...xs);
    const expected = this.given;
    if (expected && (y.shape.length !== expected.length + 1 || expected.some((size, axis) => y.shape[axis + 1] !== size))) {
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected results ${showBatch(expected)}, as outputShape says, got ${showBatch(y.shape.slice(1))}.`);
    }
    return [y];
  }

  /** Throws ValueError: a file holds no functions. */
  protected override ownConfig(): Config {
    throw new ValueError(`layer "${this.name}" (${this.type}): cannot be saved, since a file holds no functions. Write a layer class of your own, or save the weights alone.`);
  }
}

/** A layer without weights that applies fn to its inputs: `lambda((x) => mul(x, 2))`. It cannot be saved. Throws ShapeError when fn cannot take what comes. */
export function lambda(fn: LambdaFunction, options: LambdaOptions = {}): Lambda {
  return new Lambda(fn, options);
}
