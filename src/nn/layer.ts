// A layer is an op with state: it knows its weights' shapes once it knows its input's, and applies them. Shapes here are
// those of one example: the batch axis is left out.
import { InternalError, ShapeError, ValueError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import { cast, randomSeed, tensor, variable, type Tensor, type Variable } from "../engine/index.js";
import type { Initializer } from "./initializers.js";
import { checkOptions, checkWhole } from "./options.js";
import { WEIGHTS } from "./streams.js";

/** Plain data a file can hold. */
export type Config = { readonly [key: string]: unknown };

export interface LayerOptions {
  /** The layer's name, unique in its model; "dense", "dense_1" … when left out. */
  readonly name?: string;
  /** Shape of one example, without the batch axis. Needed by the first layer if the model is to be built before it sees data. */
  readonly inputShape?: Shape;
  /** The same for vectors: inputShape [inputDim]. */
  readonly inputDim?: number;
  /** false freezes the weights. */
  readonly trainable?: boolean;
}

const LAYER_OPTIONS = ["name", "inputShape", "inputDim", "trainable"] as const satisfies readonly (keyof LayerOptions)[];

export interface CallOptions {
  /** Whether dropout drops and batch normalisation uses the batch's own statistics. */
  readonly training?: boolean;
  /** Takes the new value of a moving average; assigns it at once when left out. */
  readonly update?: (target: Variable, value: Tensor) => void;
}

/** Where the starting values of a model's weights come from: weight number i depends on (seed, i) only. */
export class WeightSource {
  private count = 0;

  constructor(readonly seed: number) {}

  values(initializer: Initializer, shape: Shape): Float32Array {
    const number = this.count++;
    return blank ? new Float32Array(sizeOf(shape)) : initializer.values(shape, createRandom(this.seed, WEIGHTS + number));
  }
}

let blank = false;

/** What fn gives, its weights made without starting values: for those that are about to get others. To draw them takes longer than to read a file. */
export function withBlankWeights<T>(fn: () => T): T {
  const outer = blank;
  blank = true;
  try {
    return fn();
  } finally {
    blank = outer;
  }
}

let standalone: WeightSource | undefined;

/** For layers used without a model: one after the other draw from the seed that is set. */
function standaloneSource(): WeightSource {
  if (standalone?.seed !== randomSeed()) standalone = new WeightSource(randomSeed());
  return standalone;
}

/** All the memory that WebAssembly can address. */
const LARGEST_WEIGHT = 2 ** 32;

/** A shape of one example, printed with its batch axis: [batch, 28, 28]. */
export function showBatch(shape: Shape): string {
  return `[${["batch", ...shape].join(", ")}]`;
}

export abstract class Layer {
  /** Class name as Keras spells it, written to files: "Dense". */
  abstract readonly type: string;
  readonly inputShape: Shape | undefined;
  /** Whether the name was given by the user; others are numbered by the model. */
  readonly named: boolean;
  private currentName: string;
  private trainableNow: boolean;
  private readonly owned: Variable[] = [];
  private builtFor: Shape | undefined;
  private source: WeightSource | undefined;

  /** own: names of the options that the kind of layer has beside those of all; none are checked when left out. */
  protected constructor(defaultName: string, options: LayerOptions, own?: readonly string[]) {
    if (own) checkOptions(options, [...own, ...LAYER_OPTIONS], `layer "${defaultName}"`);
    if (options.name === "" || /["\\\n]/.test(options.name ?? "")) {
      throw new ValueError(`${defaultName}: name must not be empty or hold quotes, got ${JSON.stringify(options.name)}.`);
    }
    this.named = options.name !== undefined;
    this.currentName = options.name ?? defaultName;
    this.trainableNow = options.trainable ?? true;
    const { inputDim, inputShape } = options;
    if (inputShape !== undefined && !Array.isArray(inputShape)) {
      throw new ValueError(`${this.name}: inputShape: expected a list of sizes, [784] or [28, 28, 1], got ${JSON.stringify(inputShape)}.`);
    }
    this.inputShape = inputShape?.slice() ?? (inputDim === undefined ? undefined : [inputDim]);
    for (const size of this.inputShape ?? []) checkWhole(size, `${this.name}: inputShape`);
  }

  get name(): string {
    return this.currentName;
  }

  /** The model's numbering. Only before the weights exist, since they carry the name. */
  rename(name: string): void {
    if (this.built) throw new InternalError(`layer "${this.name}": renamed after it was built`);
    this.currentName = name;
  }

  get built(): boolean {
    return this.builtFor !== undefined;
  }

  /** All weights, trainable or not, in the order they were made. */
  get weights(): readonly Variable[] {
    return this.owned;
  }

  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.owned.filter(({ trainable }) => trainable) : [];
  }

  get trainable(): boolean {
    return this.trainableNow;
  }

  set trainable(value: boolean) {
    this.trainableNow = value;
  }

  /** Number of weight elements. */
  countParams(): number {
    return this.owned.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /**
   * Shape of one result for an input of this shape.
   *
   * from: who gives the input, for the error   Throws ShapeError when the layer cannot take it.
   */
  abstract outputShape(input: Shape, from?: string): Shape;

  /** The layer's function. x: [batch, ...input]. */
  abstract call(x: Tensor, options: CallOptions): Tensor;

  /** Options that make an equal layer, without name and input shape. */
  protected abstract ownConfig(): Config;

  /** Makes the weights. */
  protected createWeights(_input: Shape): void {}

  /** Makes the weights for inputs of this shape; a second call with the same shape does nothing. */
  build(input: Shape, source = standaloneSource(), from = "the input"): void {
    if (this.builtFor !== undefined) {
      if (sameShape(this.builtFor, input)) return;
      throw this.mismatch(`${showBatch(this.builtFor)}, for which it was built`, input, from);
    }
    this.outputShape(input, from);
    this.source = source;
    this.createWeights(input);
    this.source = undefined;
    this.builtFor = input.slice();
  }

  /** Applies the layer, building it for this input first if need be. x: [batch, ...input]; integers are cast to float32. */
  apply(x: Tensor, options: CallOptions = {}): Tensor {
    this.build(x.shape.slice(1));
    return this.call(x.dtype === "float32" ? x : cast(x, "float32"), options);
  }

  /** All options, as files hold them. */
  config(): Config {
    return {
      name: this.name,
      ...(this.inputShape === undefined ? {} : { inputShape: this.inputShape }),
      ...(this.trainable ? {} : { trainable: false }),
      ...this.ownConfig(),
    };
  }

  protected addWeight(name: string, shape: Shape, initializer: Initializer, trainable = true): Variable {
    if (this.source === undefined) throw new InternalError(`layer "${this.name}": weight "${name}" added outside of build`);
    if (4 * sizeOf(shape) > LARGEST_WEIGHT) {
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected a ${name} of at most ${LARGEST_WEIGHT} bytes, ${showShape(shape)} takes ${4 * sizeOf(shape)}.`);
    }
    const weight = variable(tensor(this.source.values(initializer, shape), shape), { name: `${this.name}/${name}`, trainable });
    this.owned.push(weight);
    return weight;
  }

  /** The error for an input the layer cannot take. */
  protected mismatch(expected: string, input: Shape, from = "the input", cure = ""): ShapeError {
    return new ShapeError(`layer "${this.name}" (${this.type}): expected ${expected}, got ${showBatch(input)} from ${from}.${cure}`);
  }
}
