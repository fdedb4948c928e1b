// A layer is an op with state: it knows its weights' shapes once it knows its input's, and applies them. Shapes here are
// those of one example: the batch axis is left out.
import { ShapeError, ValueError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import { borrowed, cast, randomSeed, tensor, Tensor, variable, type TensorLike, type Variable } from "../engine/index.js";
import type { Constraint } from "./constraints.js";
import { getInitializer, type Initializer, type InitializerLike } from "./initializers.js";
import { checkOptions, checkWhole } from "../base/options.js";
import type { Regularizer } from "./regularizers.js";
import { applySymbolic, SymbolicTensor, type Application, type UseOptions } from "./symbolic.js";
import { WEIGHTS } from "./streams.js";

/** Plain data a file can hold. */
export type Config = { readonly [key: string]: unknown };

/** Options that every layer has. */
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

export const LAYER_OPTIONS = ["name", "inputShape", "inputDim", "trainable"] as const satisfies readonly (keyof LayerOptions)[];

/** What layers are told when they are called. */
export interface CallOptions {
  /** Whether dropout drops and batch normalisation uses the batch's own statistics. */
  readonly training?: boolean;
  /** Takes the new value of a moving average; assigns it at once when left out. */
  readonly update?: (target: Variable, value: Tensor) => void;
  /** Takes a number that is added to the loss, from a layer that penalises what it gives; nobody asks for it when left out. */
  readonly addLoss?: (penalty: Tensor) => void;
  /** Which elements along the first axes are there: bool, [batch, …]; those of a layer's input, or none. */
  readonly mask?: Tensor | undefined;
  /** The same of each input, for layers of several. */
  readonly masks?: readonly (Tensor | undefined)[] | undefined;
}

/** Results with their masks. */
export interface Masked {
  readonly results: readonly Tensor[];
  readonly masks: readonly (Tensor | undefined)[];
}

/** What a weight is beside its values. */
export interface WeightOptions {
  /** Default true. */
  readonly trainable?: boolean;
  /** A penalty on its size, added to the loss in training. */
  readonly regularizer?: Regularizer | undefined;
  /** What it is brought back to after every step. */
  readonly constraint?: Constraint | undefined;
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

let freezes = 0;

/** Grows whenever a layer is frozen or thawed. */
export function freezeCount(): number {
  return freezes;
}

let described: Map<Layer, number> | undefined;

/** What fn gives; a layer that layerEntry() meets again meanwhile is the same one. */
export function describing<T>(fn: () => T): T {
  const outer = described;
  described ??= new Map();
  try {
    return fn();
  } finally {
    described = outer;
  }
}

/** A layer as configurations hold it. One that stood before, here or in a model inside, is referred to by its number, so that its weights stay shared. */
export function layerEntry(layer: Layer): Config {
  return describing(() => {
    const known = described!;
    const shared = known.get(layer);
    if (shared !== undefined) return { shared };
    const entry = { className: layer.type, config: layer.config() };
    known.set(layer, known.size);
    return entry;
  });
}

let building: WeightSource | undefined;

/** Runs fn; layers that are built meanwhile take their starting values from `source`. */
export function withSource<T>(source: WeightSource, fn: () => T): T {
  const outer = building;
  building = source;
  try {
    return fn();
  } finally {
    building = outer;
  }
}

function currentSource(): WeightSource {
  return building ?? standaloneSource();
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

/** What apply() takes. */
type Applied = SymbolicTensor | readonly SymbolicTensor[] | TensorLike | readonly Tensor[];

function isSymbolic(x: Applied): x is SymbolicTensor | readonly SymbolicTensor[] {
  return x instanceof SymbolicTensor || (Array.isArray(x) && (x as readonly unknown[]).some((one) => one instanceof SymbolicTensor));
}

function tensorsOf(x: Exclude<Applied, SymbolicTensor>): readonly Tensor[] {
  if (Array.isArray(x) && x[0] instanceof Tensor) return x as readonly Tensor[];
  return [x instanceof Tensor ? x : tensor(x as TensorLike)];
}

/** What all layers share: a name, weights made for the shape of an input, and a function that uses them. One's own extend what ownLayer.ts makes of it. */
export abstract class Layer {
  /** Class name as Keras spells it, written to files: "Dense". */
  abstract readonly type: string;
  readonly inputShape: Shape | undefined;
  /** Whether the name was given by the user; others are numbered by the model. */
  readonly named: boolean;
  #currentName: string;
  /** Whether it stands in a model, which knows it by its name. */
  #placed = false;
  #trainableNow: boolean;
  readonly #uses: Application[] = [];
  readonly #owned: Variable[] = [];
  readonly #rules = new Map<Variable, WeightOptions & { readonly ownName: string; readonly initializer: Initializer }>();
  #builtFor: readonly Shape[] | undefined;
  #source: WeightSource | undefined;
  /** Shapes that call() was tried on before the layer was built: its weights are then made for them, and blank. */
  #triedFor: readonly Shape[] | undefined;

  /** own: names of the options that the kind of layer has beside those of all; none are checked when left out. */
  protected constructor(defaultName: string, options: LayerOptions = {}, own?: readonly string[]) {
    if (own) checkOptions(options, [...own, ...LAYER_OPTIONS], `layer "${defaultName}"`);
    if (options.name === "" || /["\\\n]/.test(options.name ?? "")) {
      throw new ValueError(`${defaultName}: name must not be empty or hold quotes, got ${JSON.stringify(options.name)}.`);
    }
    this.named = options.name !== undefined;
    this.#currentName = options.name ?? defaultName;
    this.#trainableNow = options.trainable ?? true;
    const { inputDim, inputShape } = options;
    if (inputShape !== undefined && !Array.isArray(inputShape)) {
      throw new ValueError(`${this.name}: inputShape: expected a list of sizes, [784] or [28, 28, 1], got ${JSON.stringify(inputShape)}.`);
    }
    this.inputShape = inputShape?.slice() ?? (inputDim === undefined ? undefined : [inputDim]);
    for (const size of this.inputShape ?? []) checkWhole(size, `${this.name}: inputShape`);
  }

  /** The name, unique in its model. */
  get name(): string {
    return this.#currentName;
  }

  /** Takes its place in a model, under a number where its name is taken. Throws ValueError when the name cannot change: the user gave it, or another model knows it. */
  place(taken: ReadonlySet<string>, where: string): void {
    if (taken.has(this.name)) {
      if (this.named) throw new ValueError(`${where}: expected layer names to differ, "${this.name}" stands twice.`);
      if (this.#placed) throw new ValueError(`${where}: expected layer names to differ, "${this.name}" stands twice, and other models know both layers by it. Name them when you make them.`);
      let number = 1;
      while (taken.has(`${this.name}_${number}`)) number++;
      this.#currentName = `${this.name}_${number}`;
    }
    this.#placed = true;
    this.placeWeights("");
  }

  /** Whether its name stays in a model that it is put into. */
  get keepsName(): boolean {
    return this.named || this.#placed;
  }

  /** Calls the weights by their place, "dense/kernel", in a model inside "encoder/dense/kernel", but for those that have theirs. Whether any was called otherwise. */
  placeWeights(prefix: string, done = new Set<Variable>()): boolean {
    let changed = false;
    for (const weight of this.#owned) {
      if (done.has(weight)) continue;
      done.add(weight);
      const name = `${prefix}${this.name}/${this.#rules.get(weight)!.ownName}`;
      changed ||= weight.name !== name;
      weight.name = name;
    }
    return changed;
  }

  /** The layers that weights belong to: itself, unless it stands for a model. */
  get leaves(): readonly Layer[] {
    return [this];
  }

  /** Whether the weights exist. */
  get built(): boolean {
    return this.#builtFor !== undefined;
  }

  /** Shapes of the inputs it was built for; undefined before. */
  get builtShapes(): readonly Shape[] | undefined {
    return this.#builtFor;
  }

  /** All weights, trainable or not, in the order they were made. */
  get weights(): readonly Variable[] {
    return this.#owned;
  }

  /** The weights that training does not change; all while the layer is frozen. */
  get nonTrainableWeights(): readonly Variable[] {
    const { trainableWeights } = this;
    return this.weights.filter((weight) => !trainableWeights.includes(weight));
  }

  /** The weights that training changes; none while the layer is frozen. */
  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#owned.filter(({ trainable }) => trainable) : [];
  }

  /** Whether training changes the weights. Set, it holds from the next training step on, without another compile(). */
  get trainable(): boolean {
    return this.#trainableNow;
  }

  set trainable(value: boolean) {
    this.#trainableNow = value;
    freezes++;
  }

  /** Copies of all weights, in the order they were made. */
  getWeights(): Tensor[] {
    return copiesOf(this.weights);
  }

  /** Sets all weights, in the order of getWeights(). Throws ShapeError, naming the weight, before any is changed, and ValueError before there are any. */
  setWeights(values: readonly TensorLike[]): void {
    if (!this.built) throw new ValueError(`layer "${this.name}" (${this.type}): setWeights: its weights are made when it is built. Call build(inputShape), or use it in a model, first.`);
    assignAll(this.weights, values, `layer "${this.name}": setWeights`);
  }

  /** Number of weight elements. */
  countParams(): number {
    return this.#owned.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /**
   * Shape of one result for an input of this shape.
   *
   * from: who gives the input, for the error   Throws ShapeError when the layer cannot take it.
   */
  abstract outputShape(input: Shape, from?: string): Shape;

  /** The layer's function. x: [batch, ...input]. */
  abstract call(x: Tensor, options: CallOptions): Tensor;

  /** outputShape() of a layer of several inputs or results; those of one input leave it as it is. */
  outputShapes(inputs: readonly Shape[], from: readonly string[] = []): readonly Shape[] {
    return [this.outputShape(this.#only(inputs), from[0])];
  }

  /** call() of a layer of several inputs or results. */
  callAll(xs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    return [this.call(this.#only(xs), options)];
  }

  /** The mask of the result, bool, for layers after this one; the input's as it is, unless the layer says otherwise. */
  computeMask(_xs: readonly Tensor[], masks: readonly (Tensor | undefined)[]): Tensor | undefined {
    return masks[0];
  }

  /** Options that make an equal layer, without name and input shape. */
  protected abstract ownConfig(): Config;

  /** Makes the weights. */
  protected createWeights(_input: Shape): void {}

  /** createWeights() of a layer of several inputs. */
  protected createWeightsFor(inputs: readonly Shape[]): void {
    this.createWeights(inputs[0]!);
  }

  /** applyAll(), and the masks of its results. */
  applyMasked(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[], options: CallOptions): Masked {
    const results = this.applyAll(xs, { ...options, mask: masks[0], masks });
    const mask = this.computeMask(xs, masks);
    return { results, masks: results.map(() => mask) };
  }

  /** Makes the weights for inputs of this shape; a second call with the same shape does nothing. */
  build(input: Shape, source = currentSource(), from = "the input"): void {
    if (this.#source !== undefined) return; // super.build(), within one's own
    this.buildAll([input], source, [from]);
  }

  /** build() of a layer of several inputs. */
  buildAll(inputs: readonly Shape[], source = currentSource(), from: readonly string[] = []): void {
    const builtFor = this.#builtFor;
    if (builtFor !== undefined) {
      const other = inputs.findIndex((input, i) => builtFor[i] === undefined || !sameShape(builtFor[i], input));
      if (other < 0 && inputs.length === builtFor.length) return;
      this.#checkAgain(inputs, builtFor, from);
      return;
    }
    this.outputShapes(inputs, from);
    if (this.#triedFor === undefined) this.#makeWeights(inputs, source);
    // Made already, by outputShapes(), which tried call() on these shapes.
    else for (const weight of this.#owned) weight.store(source.values(this.#rules.get(weight)!.initializer, weight.shape));
    this.#builtFor = inputs.map((input) => input.slice());
  }

  #makeWeights(inputs: readonly Shape[], source: WeightSource): void {
    this.#source = source;
    try {
      this.createWeightsFor(inputs);
    } finally {
      this.#source = undefined;
    }
  }

  /** Sees to it that there are weights to try call() with: of a layer that is not built they are blank until it is. */
  protected makeBlankWeights(inputs: readonly Shape[]): void {
    const triedFor = this.#triedFor;
    if (this.built || (triedFor?.length === inputs.length && triedFor.every((shape, i) => sameShape(shape, inputs[i]!)))) return;
    this.#owned.length = 0;
    this.#rules.clear();
    withBlankWeights(() => this.#makeWeights(inputs, new WeightSource(0)));
    this.#triedFor = inputs.map((input) => input.slice());
  }

  /**
   * Applies the layer, building it for this input first if need be.
   *
   * x: a tensor [batch, ...input], or a list of them for a layer of several inputs; integers are cast to float32. Or symbolic tensors, of which a functional
   * model is made; the layer's weights are then made by that model.   Throws ShapeError when the layer cannot take it, ValueError for a layer of several results: see applyAll().
   */
  apply(x: SymbolicTensor | readonly SymbolicTensor[], options?: UseOptions): SymbolicTensor;
  apply(x: TensorLike | readonly Tensor[], options?: CallOptions): Tensor;
  apply(x: Applied, options: CallOptions = {}): SymbolicTensor | Tensor {
    const results = this.resultsOf(x, options);
    if (results.length !== 1) throw new ValueError(`layer "${this.name}" (${this.type}): expected one result, it gives ${results.length}. Use applyAll().`);
    return results[0]!;
  }

  /** apply() that gives a list, for whatever apply() takes. */
  resultsOf(x: Applied, options: CallOptions = {}): readonly SymbolicTensor[] | readonly Tensor[] {
    return isSymbolic(x) ? this.#applySymbols(x, options) : this.applyAll(tensorsOf(x), options);
  }

  /** apply() for a layer of several results. */
  applyAll(xs: readonly SymbolicTensor[], options?: UseOptions): readonly SymbolicTensor[];
  applyAll(xs: readonly Tensor[], options?: CallOptions): readonly Tensor[];
  applyAll(xs: readonly SymbolicTensor[] | readonly Tensor[], options: CallOptions = {}): readonly SymbolicTensor[] | readonly Tensor[] {
    if (isSymbolic(xs)) return this.#applySymbols(xs, options);
    const tensors = xs as readonly Tensor[];
    this.buildAll(tensors.map(({ shape }) => shape.slice(1)), currentSource());
    return this.callAll(this.takesIntegers ? tensors : tensors.map((x) => (x.dtype === "float32" ? x : cast(x, "float32"))), options);
  }

  /** What the layer gives where it is used in a graph of layers: a place to cut another model out at. Throws ValueError unless it is used just once. */
  get output(): SymbolicTensor {
    const [use, other] = this.#uses;
    if (use?.outputs.length !== 1 || other) throw new ValueError(`layer "${this.name}" (${this.type}): output: expected one use with one result, there are ${this.#uses.length} uses. Keep what apply() gives, or ask a sequential model for its inputs first.`);
    return use.outputs[0]!;
  }

  #applySymbols(given: SymbolicTensor | readonly SymbolicTensor[], options: UseOptions): readonly SymbolicTensor[] {
    const inputs = given instanceof SymbolicTensor ? [given] : given;
    const other = inputs.findIndex((input) => !(input instanceof SymbolicTensor));
    if (other >= 0) throw new ValueError(`layer "${this.name}" (${this.type}): expected tensors or symbolic tensors, got both: input ${other} is no symbolic tensor.`);
    const shapes = this.outputShapes(inputs.map(({ shape }) => shape), inputs.map(({ from }) => from));
    const results = applySymbolic(this, inputs, shapes, "float32", checkOptions(options, ["training"], `layer "${this.name}": apply, to symbolic tensors`).training);
    this.#uses.push(results[0]!.maker);
    return results;
  }

  /** Whether inputs come as they are; those of other layers are cast to float32. */
  protected get takesIntegers(): boolean {
    return false;
  }

  /** The penalties on this layer's trainable weights, scalars. */
  penalties(): readonly Tensor[] {
    return this.trainableWeights.flatMap((weight) => {
      const regularizer = this.#rules.get(weight)?.regularizer;
      return regularizer ? [regularizer.call(weight)] : [];
    });
  }

  /** penalties(), by Keras' name. */
  get losses(): readonly Tensor[] {
    return this.penalties();
  }

  /** What a weight is brought back to after every step. */
  constraintOf(weight: Variable): Constraint | undefined {
    return this.#rules.get(weight)?.constraint;
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

  /**
   * Makes a weight, in createWeights(); initializer: one, or its name; default "glorotUniform". Every weight of a layer needs a name of its own.
   *
   * Throws ValueError for a name that is taken or an unknown initializer, ShapeError for a weight larger than memory.
   */
  protected addWeight(name: string, shape: Shape, initializer: InitializerLike = "glorotUniform", rules: WeightOptions = {}): Variable {
    if (this.#source === undefined) throw new ValueError(`layer "${this.name}" (${this.type}): expected weights to be added in createWeights(inputShape), "${name}" is added elsewhere.`);
    if (4 * sizeOf(shape) > LARGEST_WEIGHT) {
      throw new ShapeError(`layer "${this.name}" (${this.type}): expected a ${name} of at most ${LARGEST_WEIGHT} bytes, ${showShape(shape)} takes ${4 * sizeOf(shape)}.`);
    }
    if ([...this.#rules.values()].some(({ ownName }) => ownName === name)) throw new ValueError(`layer "${this.name}" (${this.type}): expected the names of its weights to differ, "${name}" stands twice.`);
    const chosen = getInitializer(initializer, `layer "${this.name}": ${name}`);
    // borrowed: variable() copies.
    const weight = variable(borrowed(this.#source.values(chosen, shape), shape, "float32"), { name: `${this.name}/${name}`, trainable: rules.trainable ?? true });
    this.#owned.push(weight);
    this.#rules.set(weight, { ...rules, ownName: name, initializer: chosen });
    return weight;
  }

  /** The error for an input the layer cannot take. */
  protected mismatch(expected: string, input: Shape, from = "the input", cure = ""): ShapeError {
    return new ShapeError(`layer "${this.name}" (${this.type}): expected ${expected}, got ${showBatch(input)} from ${from}.${cure}`);
  }

  /** Layers without weights take another shape later; others say what they were built for. */
  #checkAgain(inputs: readonly Shape[], builtFor: readonly Shape[], from: readonly string[]): void {
    if (this.#owned.length > 0) {
      const at = Math.max(0, inputs.findIndex((input, i) => builtFor[i] === undefined || !sameShape(builtFor[i], input)));
      throw this.mismatch(`${builtFor.map(showBatch).join(" and ")}, for which it was built`, inputs[at]!, from[at]);
    }
    this.outputShapes(inputs, from);
  }

  #only<T>(given: readonly T[]): T {
    if (given.length !== 1) throw new ShapeError(`layer "${this.name}" (${this.type}): expected one input, got ${given.length}.`);
    return given[0]!;
  }
}

/** Numbers unnamed layers of a kind, "dense", "dense_1" …, in the order of a model; layers named by the user and those that stand in the model already keep their names. */
export function numberNames(layers: readonly Layer[], where: string, standing = 0): void {
  const taken = new Set(layers.slice(0, standing).map(({ name }) => name));
  const added = layers.slice(standing);
  for (const layer of [...added.filter(({ keepsName }) => keepsName), ...added.filter(({ keepsName }) => !keepsName)]) {
    layer.place(taken, where);
    taken.add(layer.name);
  }
}

/** Copies of variables. */
export function copiesOf(weights: readonly Variable[]): Tensor[] {
  return weights.map((weight) => tensor(weight.snapshot(), weight.shape, weight.dtype));
}

/** Assigns values to weights, one each. Throws ShapeError, naming the weight, before any is changed. */
export function assignAll(weights: readonly Variable[], values: readonly TensorLike[], where: string): void {
  if (values.length !== weights.length) throw new ShapeError(`${where}: expected ${weights.length} weights (${weights.map(({ name }) => name).join(", ")}), got ${values.length}.`);
  const next = values.map((value) => (value instanceof Tensor ? value : tensor(value)));
  weights.forEach((weight, i) => {
    if (sameShape(weight.shape, next[i]!.shape)) return;
    throw new ShapeError(`${where}: expected ${weight.name} of shape ${showShape(weight.shape)}, got ${showShape(next[i]!.shape)}.`);
  });
  weights.forEach((weight, i) => weight.assign(cast(next[i]!, weight.dtype)));
}
