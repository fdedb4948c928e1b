// Layers that make one of several inputs element by element: add, subtract, multiply, average, maximum, minimum.
import { ShapeError } from "../../base/errors.js";
import { broadcastShapes, showShape, type Shape } from "../../base/shape.js";
import { add as plus, logicalOr, maximum as larger, minimum as smaller, mul, reshape, sub, type Tensor } from "../../engine/index.js";
import { Layer, showBatch, type Config, type LayerOptions } from "../layer.js";

/** A layer of several inputs and one result. */
export abstract class Merge extends Layer {
  abstract override outputShapes(inputs: readonly Shape[], from?: readonly string[]): readonly Shape[];
  abstract override callAll(xs: readonly Tensor[]): readonly Tensor[];

  override outputShape(input: Shape, from?: string): Shape {
    return this.outputShapes([input], from === undefined ? [] : [from])[0]!;
  }

  call(x: Tensor): Tensor {
    return this.callAll([x])[0]!;
  }

  /** An element is there where any input has it; without a mask where an input has none, since that one has all. */
  override computeMask(_xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    const present = masks.filter((mask) => mask !== undefined);
    return present.length < masks.length || present.length === 0 ? undefined : present.reduce((a, b) => logicalOr(a, b));
  }

  /** Throws ShapeError unless there are that many inputs. */
  protected checkCount(inputs: readonly unknown[], least: number, most = Infinity): void {
    if (inputs.length >= least && inputs.length <= most) return;
    const wanted = most === Infinity ? `at least ${least} inputs` : `${least} inputs`;
    throw new ShapeError(`layer "${this.name}" (${this.type}): expected ${wanted}, got ${inputs.length}. Apply it to a list of tensors.`);
  }

  protected override ownConfig(): Config {
    return {};
  }
}

interface Operation {
  /** Of the first two and so on from left to right. */
  readonly combine: (a: Tensor, b: Tensor) => Tensor;
  /** After all. */
  readonly finish?: (result: Tensor, count: number) => Tensor;
  readonly most?: number;
}

const OPERATIONS = {
  Add: { combine: plus },
  Subtract: { combine: sub, most: 2 },
  Multiply: { combine: mul },
  Average: { combine: plus, finish: (result, count) => mul(result, 1 / count) },
  Maximum: { combine: larger },
  Minimum: { combine: smaller },
} as const satisfies Readonly<Record<string, Operation>>;

/** What add(), average(), maximum(), minimum(), multiply() and subtract() make. */
export class Elementwise extends Merge {
  private readonly operation: Operation;

  constructor(override readonly type: keyof typeof OPERATIONS, options: LayerOptions = {}) {
    super(type.toLowerCase(), options, []);
    this.operation = OPERATIONS[type];
  }

  outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    this.checkCount(inputs, 2, this.operation.most);
    return [inputs.reduce((a, b, i) => this.broadcast(a, b, inputs, i, from))];
  }

  callAll(xs: readonly Tensor[]): readonly Tensor[] {
    const rank = Math.max(...xs.map((x) => x.shape.length));
    const { combine, finish } = this.operation;
    const result = xs.map((x) => padded(x, rank)).reduce((a, b) => combine(a, b));
    return [finish ? finish(result, xs.length) : result];
  }

  private broadcast(a: Shape, b: Shape, inputs: readonly Shape[], i: number, from: readonly string[]): Shape {
    try {
      return broadcastShapes(a, b, this.type);
    } catch {
      const names = inputs.slice(0, i + 1).map((shape, at) => showBatch(shape) + (from[at] === undefined ? "" : ` from ${from[at]}`));
      const rule = "expected inputs whose sizes are equal or 1, counted from the last axis";
      throw new ShapeError(`layer "${this.name}" (${this.type}): ${rule}, got ${names.join(" and ")}: ${showShape(a)} and ${showShape(b)} do not fit.`);
    }
  }
}

/** x with axes of size 1 behind the batch, so that examples broadcast from the last axis on. */
function padded(x: Tensor, rank: number): Tensor {
  const missing = rank - x.shape.length;
  return missing === 0 ? x : reshape(x, [x.shape[0]!, ...new Array<number>(missing).fill(1), ...x.shape.slice(1)]);
}

/** The sum of two inputs or more; examples broadcast. Throws ShapeError, naming both shapes, when they do not. */
export function add(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Add", options);
}

/** The first input less the second; examples broadcast. Throws ShapeError unless there are two inputs that broadcast. */
export function subtract(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Subtract", options);
}

/** The product of two inputs or more, element by element; examples broadcast. Throws ShapeError when they do not. */
export function multiply(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Multiply", options);
}

/** The mean of two inputs or more, element by element; examples broadcast. Throws ShapeError when they do not. */
export function average(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Average", options);
}

/** The largest of two inputs or more, element by element; examples broadcast. Throws ShapeError when they do not. */
export function maximum(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Maximum", options);
}

/** The smallest of two inputs or more, element by element; examples broadcast. Throws ShapeError when they do not. */
export function minimum(options: LayerOptions = {}): Elementwise {
  return new Elementwise("Minimum", options);
}
