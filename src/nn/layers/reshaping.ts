// Layers that change the shape of examples, and no value: flatten, reshape, permute, repeatVector.
import { ValueError } from "../../base/errors.js";
import { sizeOf, type Shape } from "../../base/shape.js";
import { broadcastTo, reshape as reshaped, transpose, type Tensor } from "../../engine/index.js";
import { Layer, type Config, type LayerOptions } from "../layer.js";
import { checkWhole } from "../../base/options.js";
import { dataFormatOf, type DataFormat, type SpaceOptions } from "./space.js";

/** Elements that stay, elsewhere: masks end. */
abstract class Reshaping extends Layer {
  override computeMask(): undefined {
    return undefined;
  }
}

/** Options of flatten(). */
export interface FlattenOptions extends LayerOptions, SpaceOptions {}

/** What flatten() makes. */
export class Flatten extends Reshaping {
  override readonly type = "Flatten";
  readonly dataFormat: DataFormat;

  constructor(options: FlattenOptions = {}) {
    super("flatten", options, ["dataFormat"]);
    this.dataFormat = dataFormatOf(options, `flatten "${this.name}"`);
  }

  override outputShape(input: Shape): Shape {
    return [sizeOf(input)];
  }

  call(x: Tensor): Tensor {
    const axes = x.shape.map((_, axis) => axis).slice(2);
    const last = this.dataFormat === "channelsFirst" && axes.length > 0 ? transpose(x, [0, ...axes, 1]) : x;
    return reshaped(last, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
  }

  protected override ownConfig(): Config {
    return this.dataFormat === "channelsLast" ? {} : { dataFormat: this.dataFormat };
  }
}

/** [batch, a, b, …] to [batch, a · b · …], row by row; with dataFormat "channelsFirst" in the order of channels-last images. */
export function flatten(options: FlattenOptions = {}): Flatten {
  return new Flatten(options);
}

/** Options of reshape(): the shape of one result. */
export interface ReshapeOptions extends LayerOptions {
  /** Shape of one result; one size may be −1: what is left over. */
  readonly targetShape: Shape;
}

/** What reshape() makes. */
export class Reshape extends Reshaping {
  override readonly type = "Reshape";
  readonly targetShape: Shape;

  constructor(options: ReshapeOptions) {
    super("reshape", options, ["targetShape"]);
    const { targetShape } = options;
    const isShape = Array.isArray(targetShape) && targetShape.every((size: unknown) => Number.isInteger(size) && (size as number) >= -1);
    if (!isShape || targetShape.filter((size) => size === -1).length > 1) {
      throw new ValueError(`reshape "${this.name}": targetShape: expected a list of sizes, one of which may be -1, got ${JSON.stringify(targetShape)}.`);
    }
    this.targetShape = targetShape.slice();
  }

  override outputShape(input: Shape, from?: string): Shape {
    const known = this.targetShape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const shape = this.targetShape.map((size) => (size === -1 ? Math.floor(sizeOf(input) / Math.max(1, known)) : size));
    if (sizeOf(shape) !== sizeOf(input)) throw this.mismatch(`as many elements as targetShape [${this.targetShape.join(", ")}] has`, input, from);
    return shape;
  }

  call(x: Tensor): Tensor {
    return reshaped(x, [x.shape[0]!, ...this.outputShape(x.shape.slice(1))]);
  }

  protected override ownConfig(): Config {
    return { targetShape: this.targetShape };
  }
}

/** [batch, …] to [batch, …targetShape], row by row. Throws ShapeError when the numbers of elements differ. */
export function reshape(options: ReshapeOptions): Reshape {
  return new Reshape(options);
}

/** Options of permute(): the order of the axes. */
export interface PermuteOptions extends LayerOptions {
  /** Which axis of the input stands where, counted from 1: [2, 1] swaps two. */
  readonly dims: readonly number[];
}

/** What permute() makes. */
export class Permute extends Reshaping {
  override readonly type = "Permute";
  readonly dims: readonly number[];

  constructor(options: PermuteOptions) {
    super("permute", options, ["dims"]);
    const { dims } = options;
    if (!Array.isArray(dims) || [...(dims as readonly number[])].sort((a, b) => a - b).some((axis, i) => axis !== i + 1)) {
      throw new ValueError(`permute "${this.name}": dims: expected every axis from 1 on once, as [2, 1], got ${JSON.stringify(dims)}.`);
    }
    this.dims = dims.slice() as readonly number[];
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length !== this.dims.length) throw this.mismatch(`${this.dims.length} axes, dims [${this.dims.join(", ")}],`, input, from);
    return this.dims.map((axis) => input[axis - 1]!);
  }

  call(x: Tensor): Tensor {
    return transpose(x, [0, ...this.dims]);
  }

  protected override ownConfig(): Config {
    return { dims: this.dims };
  }
}

/** The axes of examples in another order. */
export function permute(options: PermuteOptions): Permute {
  return new Permute(options);
}

/** Options of repeatVector(). */
export interface RepeatVectorOptions extends LayerOptions {
  /** How often. */
  readonly n: number;
}

/** What repeatVector() makes. */
export class RepeatVector extends Reshaping {
  override readonly type = "RepeatVector";
  readonly n: number;

  constructor(options: RepeatVectorOptions) {
    super("repeat_vector", options, ["n"]);
    this.n = checkWhole(options.n, `repeat_vector "${this.name}": n`);
  }

  override outputShape(input: Shape, from?: string): Shape {
    if (input.length !== 1) throw this.mismatch("vectors [batch, features]", input, from);
    return [this.n, input[0]!];
  }

  call(x: Tensor): Tensor {
    const [batch, features] = x.shape as readonly [number, number];
    return broadcastTo(reshaped(x, [batch, 1, features]), [batch, this.n, features]);
  }

  protected override ownConfig(): Config {
    return { n: this.n };
  }
}

/** [batch, features] to [batch, n, features], the vector n times. */
export function repeatVector(options: RepeatVectorOptions): RepeatVector {
  return new RepeatVector(options);
}
