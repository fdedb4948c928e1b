// Layers that join inputs along axes: concatenate lays them side by side, dot multiplies and adds up.
import { ShapeError, ValueError } from "../../base/errors.js";
import { showShape, sizeOf, type Shape } from "../../base/shape.js";
import { concat, logicalOr, matmul, moveAxis, ones, reshape, type Tensor } from "../../engine/index.js";
import { showBatch, type Config, type LayerOptions } from "../layer.js";
import { axisOf } from "./axes.js";
import { Merge } from "./merging.js";
import { unitLength } from "./normalizing.js";

/** Options of concatenate(). */
export interface ConcatenateOptions extends LayerOptions {
  /** Counted with the batch, which is axis 0; default −1, the last. */
  readonly axis?: number;
}

/** What concatenate() makes. */
export class Concatenate extends Merge {
  override readonly type = "Concatenate";
  readonly axis: number;

  constructor(options: ConcatenateOptions = {}) {
    super("concatenate", options, ["axis"]);
    this.axis = options.axis ?? -1;
  }

  outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    this.checkCount(inputs, 1);
    const first = inputs[0]!;
    const along = axisOf(this.axis, first, `layer "${this.name}" (${this.type})`) - 1;
    inputs.forEach((input, i) => {
      const fits = input.length === first.length && input.every((size, axis) => axis === along || size === first[axis]);
      if (fits) return;
      const [a, b] = [0, i].map((at) => showBatch(inputs[at]!) + (from[at] === undefined ? "" : ` from ${from[at]}`));
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected inputs that differ along axis ${along + 1} only, got ${a} and ${b}.`);
    });
    return [first.map((size, axis) => (axis === along ? inputs.reduce((total, input) => total + input[axis]!, 0) : size))];
  }

  callAll(xs: readonly Tensor[]): readonly Tensor[] {
    return [concat(xs, axisOf(this.axis, xs[0]!.shape.slice(1), this.name))];
  }

  /** Steps laid behind one another keep their masks; what lies side by side is there where any input is. */
  override computeMask(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    const like = masks.find((mask) => mask !== undefined);
    if (like === undefined) return undefined;
    const along = axisOf(this.axis, xs[0]!.shape.slice(1), this.name);
    if (along >= like.shape.length) return masks.includes(undefined) ? undefined : (masks as readonly Tensor[]).reduce((a, b) => logicalOr(a, b));
    return concat(masks.map((mask, i) => mask ?? ones(xs[i]!.shape.slice(0, like.shape.length), "bool")), along);
  }

  protected override ownConfig(): Config {
    return { axis: this.axis };
  }
}

/** Inputs laid side by side along an axis; all other sizes are equal. Throws ShapeError, naming two shapes, when they are not. */
export function concatenate(options: ConcatenateOptions = {}): Concatenate {
  return new Concatenate(options);
}

/** Options of dot(). */
export interface DotOptions extends LayerOptions {
  /** The axis to multiply and add up along, of both inputs or of each; counted with the batch, which is axis 0. */
  readonly axes: number | readonly [first: number, second: number];
  /** Whether inputs are brought to length 1 along their axis first, so that the result is a cosine; default false. */
  readonly normalize?: boolean;
}

/** What dot() makes. */
export class Dot extends Merge {
  override readonly type = "Dot";
  readonly axes: readonly [number, number];
  readonly normalize: boolean;

  constructor(options: DotOptions) {
    super("dot", options, ["axes", "normalize"]);
    const { axes } = options;
    const pair = typeof axes === "number" ? [axes, axes] : axes;
    if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((axis) => Number.isInteger(axis))) {
      throw new ValueError(`dot "${this.name}": axes: expected an axis or a pair of them, got ${JSON.stringify(axes)}.`);
    }
    this.axes = [pair[0] as number, pair[1] as number];
    this.normalize = options.normalize ?? false;
  }

  outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    this.checkCount(inputs, 2, 2);
    const [a, b] = inputs as readonly [Shape, Shape];
    const [i, j] = this.along(a, b);
    if (a[i - 1] !== b[j - 1]) {
      const [first, second] = [a, b].map((shape, at) => showBatch(shape) + (from[at] === undefined ? "" : ` from ${from[at]}`));
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected axes ${showShape([i, j])} of equal size, got ${first} and ${second}.`);
    }
    const rest = [...a.filter((_, axis) => axis !== i - 1), ...b.filter((_, axis) => axis !== j - 1)];
    return [rest.length === 0 ? [1] : rest];
  }

  callAll(xs: readonly Tensor[]): readonly Tensor[] {
    const [a, b] = xs as readonly [Tensor, Tensor];
    const shapes = xs.map(({ shape }) => shape.slice(1));
    const [i, j] = this.along(shapes[0]!, shapes[1]!);
    const [batch, depth] = [a.shape[0]!, a.shape[i]!];
    const [first, second] = this.normalize ? [unitLength(a, [i]), unitLength(b, [j])] : [a, b];
    const [left, right] = [moveAxis(first, i, -1), moveAxis(second, j, 1)];
    const [rows, columns] = [sizeOf(left.shape.slice(1, -1)), sizeOf(right.shape.slice(2))];
    const product = matmul(reshape(left, [batch, rows, depth]), reshape(right, [batch, depth, columns]));
    return [reshape(product, [batch, ...this.outputShapes(shapes)[0]!])];
  }

  override computeMask(): undefined {
    return undefined;
  }

  private along(a: Shape, b: Shape): readonly [number, number] {
    const where = `layer "${this.name}" (${this.type})`;
    return [axisOf(this.axes[0], a, where), axisOf(this.axes[1], b, where)];
  }

  protected override ownConfig(): Config {
    return { axes: this.axes, normalize: this.normalize };
  }
}

/**
 * Products of two inputs, added up along one axis of each, example by example: [batch, …a, k] and [batch, k, …b] give [batch, …a, …b].
 *
 * Two batches of vectors give [batch, 1]. Throws ShapeError, naming both shapes, when the sizes along the axes differ.
 */
export function dot(options: DotOptions): Dot {
  return new Dot(options);
}
