// What all models share: compile, fit, evaluate, predict, weights by their places, freezing, summaries; and classes of one's own.
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, type Shape } from "../base/shape.js";
import { zeros } from "../engine/create.js";
import { init, randomSeed, Tensor, type CompiledFunction, type TensorLike, type Variable } from "../engine/index.js";
import type { History } from "./callbacks/history.js";
import type { Logs } from "./callbacks/callback.js";
import { RowsSource } from "./batches.js";
import type { DatasetBatch, DatasetLike, DatasetOptions, FitDatasetOptions } from "./datasetBatches.js";
import { evaluateSource, predictSource } from "./evaluate.js";
import type { Weighting } from "./exampleWeights.js";
import { borrow, checkCounts, checkInputs, checkLabels, partsOf, rowsOf, settle, type Feed, type Rows } from "./feed.js";
import { checkVerbose, fit, type FitOptions, type Verbose } from "./fit.js";
import { goalOf, type CompileOptions, type Goal } from "./goal.js";
import { isLinear } from "./activations.js";
import type { Constraint } from "./constraints.js";
import { assignAll, copiesOf, freezeCount, Layer, numberNames, showBatch, WeightSource, withSource, type CallOptions, type Config, type Masked } from "./layer.js";
import { checkOptions, checkWhole } from "../base/options.js";
import type { Optimizer } from "./optimizers/index.js";
import { ScoreSums } from "./scores.js";
import { evaluationStep, keyFor, predictionStep, trainStep, type Scoring, type TrainStep } from "./steps.js";
import { ModelLayer } from "./modelLayer.js";
import { nearestName } from "../base/names.js";
import { summaryLines, type SummaryRow } from "./summary.js";
import type { SymbolicTensor, UseOptions } from "./symbolic.js";
import { trainOn } from "./trainer.js";

/** Options that every model has. */
export interface ModelOptions {
  /** Default "sequential" or "model". */
  readonly name?: string;
  /**
   * Starting weights, order of samples and dropout follow from it; default: what setRandomSeed set last, 0 at first. Models of one seed and architecture start with the
   * same weights: give two towers of one model seeds of their own.
   */
  readonly seed?: number;
}

/** Options of evaluate() and predict(). */
export interface BatchOptions {
  /** Examples at a time; default 32. The result does not depend on it, except by rounding. */
  readonly batchSize?: number;
  /** Default 0: silent. Above it, evaluate writes a line with its scores on the console; predict has none to write. */
  readonly verbose?: Verbose;
}

/** Options of evaluate(). */
export interface EvaluateOptions extends BatchOptions {
  /** How much each example counts in the loss and in weighted metrics; as fit takes it. */
  readonly sampleWeight?: Feed;
}

export type { CompileOptions };

/** What a model gives for a batch: a tensor, or one for each of several outputs. */
export type Results = Tensor | readonly Tensor[];

/** What a model that gives R for tensors gives for symbolic tensors. */
export type Symbols<R extends Results> = R extends Tensor ? SymbolicTensor : { readonly [K in keyof R]: SymbolicTensor };

/** A model of which only that is known: what loading gives. */
export type ModelOf<R extends Results> = Model & { call(x: Results, options: CallOptions): R };

/**
 * What all models share. sequential() and model() make them from layers; a class of one's own extends Model: layers as properties, and call().
 *
 *   class Mine extends Model {
 *     hidden = layers.dense({ units: 8, activation: "relu" });
 *     out = layers.dense({ units: 1 });
 *     override call(x: Tensor, options: CallOptions) { return this.out.apply(this.hidden.apply(x, options), options); }
 *   }
 */
export abstract class Model {
  /** Name as files hold it: "Sequential", "Functional"; "Model" for a class of one's own. */
  get type(): string {
    return "Model";
  }
  readonly name: string;
  /** Whether the name was given by the user; inside another model, others are numbered. */
  readonly named: boolean;
  readonly seed: number;
  /** Callbacks set it to end the run after the current step. */
  stopTraining = false;
  /** Epochs trained to their end. The order of samples in the next one depends on it. */
  epochsTrained = 0;
  #chosen: Goal | undefined;
  #drawKey: Variable | undefined;
  #training: TrainStep | undefined;
  /** freezeCount() when the training step was made. */
  #freezesSeen = 0;
  #evaluation: Scoring | undefined;
  #prediction: CompiledFunction<Tensor[], readonly Tensor[]> | undefined;
  #standing: ModelLayer | undefined;
  #shapes: { readonly inputs: readonly Shape[]; readonly outputs: readonly Shape[] } | undefined;

  constructor({ name, seed = randomSeed() }: ModelOptions = {}, defaultName = "model") {
    this.name = name ?? defaultName;
    this.named = name !== undefined;
    this.seed = seed;
  }

  /** The layers, in the order in which they were added, first used, or assigned as properties; a model among them stands as one layer. */
  get layers(): readonly Layer[] {
    const found: Layer[] = [];
    const look = (value: unknown): void => {
      const layer = value instanceof Model ? value.asLayer() : value;
      if (layer instanceof Layer && !found.includes(layer)) found.push(layer);
      else if (Array.isArray(value)) value.forEach(look);
    };
    for (const value of Object.values(this)) look(value);
    return found;
  }

  /** Shapes of one example of each input; undefined until they are known. */
  get inputShapes(): readonly Shape[] | undefined {
    return this.#shapes?.inputs;
  }

  /** Shapes of one result of each output. Throws ValueError before the model is built. */
  get outputShapes(): readonly Shape[] {
    if (this.#shapes === undefined) throw this.notBuilt();
    return this.#shapes.outputs;
  }

  /** What the inputs are called, in logs and errors. */
  get inputNames(): readonly string[] {
    return (this.inputShapes ?? [0]).map((_, i, all) => (all.length === 1 ? "input" : `input_${i}`));
  }

  /** What the outputs are called, in logs and where losses are chosen by name. */
  get outputNames(): readonly string[] {
    return this.outputShapes.map((_, i, all) => (all.length === 1 ? "output" : `output_${i}`));
  }

  /** Whether the layer that makes each output has no activation, so that results for a cross-entropy are logits. */
  get linearOutputs(): readonly boolean[] {
    return (this.#shapes?.outputs ?? [0]).map(() => false);
  }

  /** Whether the weights exist. */
  get built(): boolean {
    return this.#shapes !== undefined;
  }

  /** Shape of one example; undefined until it is known. The first, of several inputs. */
  get inputShape(): Shape | undefined {
    return this.inputShapes?.[0];
  }

  /** Shape of one result; the first, of several outputs. Throws ValueError before the model is built. */
  get outputShape(): Shape {
    return this.outputShapes[0]!;
  }

  /** linearOutputs of the first output. */
  get linearOutput(): boolean {
    return this.linearOutputs[0] === true;
  }

  /** Makes the weights for an input of this shape, or for several inputs of these. Shapes are those of one example, without the batch axis. */
  build(inputShape: Shape | readonly Shape[]): void {
    const several = Array.isArray(inputShape) && Array.isArray(inputShape[0]);
    const shapes = (several ? inputShape : [inputShape]) as readonly Shape[];
    for (const shape of shapes) {
      if (Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0)) continue;
      throw new ShapeError(`model "${this.name}": build: expected the shape of one example, without the batch axis, as [28, 28, 1]; got ${JSON.stringify(shape)}.`);
    }
    this.buildAll(shapes);
  }

  /** build() for a list of shapes. source: where starting values come from, for a model inside another. */
  buildAll(inputShapes: readonly Shape[], source = new WeightSource(this.seed)): void {
    if (this.#shapes !== undefined) {
      const other = inputShapes.findIndex((shape, i) => !sameShape(shape, this.#shapes!.inputs[i] ?? []));
      if (other < 0 && inputShapes.length === this.#shapes.inputs.length) return;
      throw new ShapeError(`model "${this.name}": expected inputs ${this.#shapes.inputs.map(showBatch).join(" and ")}, for which it was built, got ${inputShapes.map(showBatch).join(" and ")}.`);
    }
    numberNames(this.layers, `model "${this.name}"`);
    // Nothing is computed: the layers make their weights, and the results tell their shapes.
    const examples = inputShapes.map((shape) => zeros([1, ...shape]));
    const results = withSource(source, () => this.callAll(examples, {}));
    this.#shapes = { inputs: inputShapes.map((shape) => shape.slice()), outputs: results.map(({ shape }) => shape.slice(1)) };
  }

  /** The model's function, which a class of one's own says; x: [batch, ...inputShape], or a list of them for several inputs. It gives one result, or a list. */
  call(_x: Results, _options: CallOptions): Results {
    throw new ValueError(`model "${this.name}": expected a call() that says what it computes, its class has none.`);
  }

  /** callAll(), and the masks of its results; none, where only the code of a class knows them. */
  callMasked(xs: readonly Tensor[], masks: readonly (Tensor | undefined)[], options: CallOptions): Masked {
    const results = this.callAll(xs, { ...options, mask: masks[0], masks });
    return { results, masks: results.map(() => undefined) };
  }

  /** call() with lists on both sides, whatever their lengths. Throws ValueError when it gives no tensors. */
  callAll(xs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    const given = this.call(xs.length === 1 ? xs[0]! : xs, options);
    const results = given instanceof Tensor ? [given] : given;
    if (!Array.isArray(results) || results.length === 0 || !results.every((one) => one instanceof Tensor)) throw new ValueError(`model "${this.name}": expected call() to give a tensor or a list of them, got ${String(given)}.`);
    return results as readonly Tensor[];
  }

  /** Shapes of all outputs for inputs of these shapes, without making weights where they are missing. */
  computeOutputShapes(inputs: readonly Shape[], _from: readonly string[] = []): readonly Shape[] {
    this.buildAll(inputs);
    return this.outputShapes;
  }

  /** All that makes an equal model, without weights. Throws ValueError for a class of one's own, which only its code describes. */
  getConfig(): Config {
    throw new ValueError(`model "${this.name}": a model of a class of your own has no configuration. Save its weights instead.`);
  }

  /** getConfig() as text, for modelFromJSON(). */
  toJSON(): string {
    return JSON.stringify({ className: this.type, config: this.getConfig() });
  }

  /** The model as a layer of another one; the same each time, so its weights are shared. */
  asLayer(): ModelLayer {
    return (this.#standing ??= new ModelLayer(this));
  }

  /**
   * The model's function on a tensor [batch, …], lazy as any other; builds the model if need be. Of symbolic tensors it makes a part of another model.
   *
   * x: a tensor, or a list of them for several inputs   returns a tensor; of several outputs a list
   */
  apply(x: SymbolicTensor | readonly SymbolicTensor[], options?: UseOptions): Symbols<ReturnType<this["call"]>>;
  apply(x: TensorLike | readonly Tensor[], options?: CallOptions): ReturnType<this["call"]>;
  apply(x: SymbolicTensor | readonly SymbolicTensor[] | TensorLike | readonly Tensor[], options?: CallOptions): unknown {
    const results = this.asLayer().resultsOf(x as TensorLike, options);
    return results.length === 1 ? results[0] : results;
  }

  /** apply() that gives a list, whatever the number of outputs. */
  applyAll(xs: readonly SymbolicTensor[], options?: UseOptions): readonly SymbolicTensor[];
  applyAll(xs: readonly Tensor[], options?: CallOptions): readonly Tensor[];
  applyAll(xs: readonly SymbolicTensor[] | readonly Tensor[], options?: CallOptions): readonly SymbolicTensor[] | readonly Tensor[] {
    return this.asLayer().applyAll(xs as readonly Tensor[], options);
  }

  /** A layer by its name, or by its place in `layers`. Throws ValueError with the nearest name. */
  getLayer(which: string | number): Layer {
    const { layers } = this;
    const found = typeof which === "number" ? layers[which] : layers.find(({ name }) => name === which);
    if (found !== undefined) return found;
    const nearest = typeof which === "string" ? nearestName(which, layers.map(({ name }) => name)) : undefined;
    throw new ValueError(`getLayer: model "${this.name}" has no layer ${JSON.stringify(which)}; it has ${layers.map(({ name }) => name).join(", ")}.${nearest ? ` Did you mean "${nearest}"?` : ""}`);
  }

  /** Whether any layer trains. Set, it freezes all layers, or none; the next training step is compiled anew. */
  get trainable(): boolean {
    return this.layers.some(({ trainable }) => trainable);
  }

  set trainable(value: boolean) {
    for (const layer of this.layers) layer.trainable = value;
  }

  /** The penalties of all layers on their trainable weights, scalars that training adds to the loss. */
  penalties(): readonly Tensor[] {
    return this.leaves.flatMap((layer) => layer.penalties());
  }

  /** penalties(), by Keras' name. */
  get losses(): readonly Tensor[] {
    return this.penalties();
  }

  /**
   * Calls all weights by their places in this model: "dense/kernel", "encoder/dense/kernel". Of models that share weights, the one that was asked last has its way;
   * programs made under other names are made again.
   */
  placeWeights(prefix = "", done = new Set<Variable>()): boolean {
    const changed = this.layers.map((layer) => layer.placeWeights(prefix, done)).includes(true);
    if (changed) {
      this.#prediction?.release();
      this.#prediction = undefined;
    }
    return changed;
  }

  /** The layers of this model and of those inside, each once. */
  get leaves(): readonly Layer[] {
    return [...new Set(this.layers.flatMap(({ leaves }) => leaves))];
  }

  /** What a weight is brought back to after every step. */
  constraintOf(weight: Variable): Constraint | undefined {
    for (const layer of this.layers) {
      const constraint = layer.constraintOf(weight);
      if (constraint !== undefined) return constraint;
    }
    return undefined;
  }

  /** All weights, layer by layer. */
  get weights(): readonly Variable[] {
    return this.leaves.flatMap(({ weights }) => weights);
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly Variable[] {
    return this.leaves.flatMap(({ trainableWeights }) => trainableWeights);
  }

  /** The weights that training does not change: those of frozen layers, and statistics as moving means. */
  get nonTrainableWeights(): readonly Variable[] {
    return this.leaves.flatMap(({ nonTrainableWeights }) => nonTrainableWeights);
  }

  /** Key of dropout masks: seed, and a counter that every training step advances. */
  get randomKey(): Variable {
    return (this.#drawKey ??= keyFor(this.seed));
  }

  /** The goal that compile() set. Throws ValueError before. */
  get goal(): Goal {
    if (this.#chosen === undefined) throw new ValueError(`model "${this.name}": not compiled. Call compile({ optimizer, loss }) first.`);
    return this.#chosen;
  }

  /** Whether compile() has chosen a goal. */
  get isCompiled(): boolean {
    return this.#chosen !== undefined;
  }

  /** The optimizer that compile() chose. Throws ValueError before. */
  get optimizer(): Optimizer {
    return this.goal.optimizer;
  }

  /**
   * Chooses what training aims at: optimizer, loss, lossWeights, metrics, weightedMetrics. Both spellings of names work: "categoricalCrossentropy", "categorical_crossentropy".
   *
   * Throws ValueError for names that are not known, with the nearest that is, and for losses and metrics that do not go with the outputs.
   */
  compile(options: CompileOptions): void {
    const chosen = goalOf(options, { outputNames: this.built ? this.outputNames : guessedNames(options?.loss), linearOutputs: this.linearOutputs });
    this.forget();
    this.#chosen = chosen;
  }

  /**
   * Trains for a number of epochs and returns the history. Starts the engine, and lets other work of the thread run about every 50 ms.
   *
   * x: [examples, …]   y: labels as the loss takes them; for several inputs or outputs a list, or an object by their names
   * Everything is checked before anything is changed. A loss or gradient that is not finite ends the run with a ValueError that names
   * the step; the weights are those from before it.
   */
  async fit(x: Feed, y: Feed, options: FitOptions = {}): Promise<History> {
    refuseDataset(x, "fit");
    await init();
    return fit(this, x, y, options);
  }

  /**
   * fit() on batches that come one after the other: a Dataset, any iterable of { xs, ys }, [x, y] or [x, y, sampleWeight], or a function that gives one for each epoch.
   *
   * Throws ValueError when there is no batch; an error of the data set ends the run, and the weights are those of the last step.
   */
  async fitDataset(dataset: DatasetLike, options: FitDatasetOptions = {}): Promise<History> {
    await init();
    return (await import("./datasetBatches.js")).fitDataset(this, dataset, options);
  }

  /** Loss and metrics over all examples: { loss, accuracy … }. */
  async evaluate(x: Feed, y: Feed, options: EvaluateOptions = {}): Promise<Logs> {
    refuseDataset(x, "evaluate");
    const { batchSize = 32, sampleWeight, verbose = 0 } = checkOptions(options, ["batchSize", "sampleWeight", "verbose"], "evaluate");
    checkWhole(batchSize, "evaluate: batchSize");
    checkVerbose(verbose, "evaluate");
    await init();
    await settle(x, y, sampleWeight);
    const scores = await evaluateSource(this, new RowsSource(await this.prepare(x, y, "evaluate", { sampleWeight }), { batchSize }), "evaluate");
    if (verbose) (await import("./callbacks/verbose.js")).writeScores(scores);
    return scores;
  }

  /** evaluate() on batches, as fitDataset takes them. */
  async evaluateDataset(dataset: DatasetLike, options: DatasetOptions = {}): Promise<Logs> {
    await init();
    return (await import("./datasetBatches.js")).evaluateDataset(this, dataset, options);
  }

  /** Results for all examples, [examples, …]; of several outputs a list, one for each in the order of outputNames. */
  async predict(x: Feed, options: BatchOptions = {}): Promise<ReturnType<this["call"]>> {
    refuseDataset(x, "predict");
    const { batchSize = 32, verbose = 0 } = checkOptions(options, ["batchSize", "verbose"], "predict");
    checkWhole(batchSize, "predict: batchSize");
    checkVerbose(verbose, "predict");
    await init();
    await settle(x);
    return this.#given(await predictSource(this, new RowsSource(this.prepareInputs(x, "predict"), { batchSize }), "predict"));
  }

  /** predict() for all batches of a data set, which may hold labels too. */
  async predictDataset(dataset: DatasetLike<Feed | DatasetBatch>, options: DatasetOptions = {}): Promise<ReturnType<this["call"]>> {
    await init();
    return this.#given(await (await import("./datasetBatches.js")).predictDataset(this, dataset, options));
  }

  /** predict() for one batch, at once. Throws DeviceError before init(). */
  predictOnBatch(x: Feed): ReturnType<this["call"]> {
    return this.#given(this.predictionStep(...this.prepareInputs(x, "predictOnBatch").map(borrow)));
  }

  /** One training step on one batch; its loss and metrics, from before the step. Errors as fit. */
  async trainOnBatch(x: Feed, y: Feed, weighting: Weighting = {}): Promise<Logs> {
    return this.#onBatch(x, y, weighting, "trainOnBatch", (tensors, count, sums) => trainOn(this, { tensors, count }, sums, "trainOnBatch"));
  }

  /** Loss and metrics of one batch. */
  async testOnBatch(x: Feed, y: Feed, weighting: Weighting = {}): Promise<Logs> {
    return this.#onBatch(x, y, weighting, "testOnBatch", async (tensors, count, sums) => sums.add(await this.evaluationStep.callAsync(...tensors), count));
  }

  /** Number of weight elements. */
  countParams(): number {
    this.#needBuilt("countParams");
    return this.leaves.reduce((sum, layer) => sum + layer.countParams(), 0);
  }

  /** The rows of its summary. */
  rows(): readonly SummaryRow[] {
    return this.layers.map((layer) => ({ layer, shapes: layer.builtShapes === undefined ? [] : layer.outputShapes(layer.builtShapes) }));
  }

  /**
   * Prints the table of layers, output shapes, parameters and, where layers do not follow one another, connections; line by line.
   *
   * expandNested: the layers of models inside follow their rows; default false
   */
  summary(print: (line: string) => void = console.log, options: { readonly expandNested?: boolean } = {}): void {
    this.#needBuilt("summary");
    const { expandNested = false } = checkOptions(options, ["expandNested"], "summary");
    const rowsInside = (layer: Layer): readonly SummaryRow[] => (expandNested && layer instanceof ModelLayer ? layer.model.rows() : []);
    for (const line of summaryLines(this.name, this.rows(), rowsInside)) print(line);
  }

  /** Copies of all weights, layer by layer. */
  getWeights(): Tensor[] {
    return copiesOf(this.weights);
  }

  /** Sets all weights, in the order of getWeights(). Throws ShapeError, naming the weight, before any is changed. */
  setWeights(values: readonly TensorLike[]): void {
    this.#needBuilt("setWeights");
    assignAll(this.weights, values, "setWeights");
  }

  /** Inputs, labels and, where they count differently, weights of examples: checked and brought into the form programs take. Builds the model if need be. */
  async prepare(x: Feed, y: Feed, where: string, weighting: Weighting = {}): Promise<readonly Rows[]> {
    const { targets } = this.goal;
    const inputs = this.prepareInputs(x, where);
    if (targets.length !== this.outputNames.length) throw new ValueError(`${where}: model "${this.name}" has the outputs ${this.outputNames.join(", ")}, and was compiled with a loss for ${targets.length}.`);
    const parts = partsOf(y, this.outputNames, `${where}: y`);
    const given = parts.map((part) => rowsOf(part.data, part.where));
    checkCounts(inputs, given, where);
    const labels = given.map((rows, i) => {
      const { loss } = targets[i]!;
      return checkLabels(rows, loss?.labels ?? "any", this.outputShapes[i]!, parts[i]!.where, loss?.config?.ignoreClass);
    });
    if (weighting.sampleWeight === undefined && weighting.classWeight === undefined) return [...inputs, ...labels];
    const { weightRows } = await import("./exampleWeights.js");
    return [...inputs, ...labels, ...weightRows(weighting, labels, this.outputNames, where)];
  }

  /** Inputs, checked and brought into the form programs take; builds the model if need be. */
  prepareInputs(x: Feed, where: string): readonly Rows[] {
    const parts = partsOf(x, this.inputShapes && this.inputNames, `${where}: x`);
    const rows = parts.map((part) => rowsOf(part.data, part.where));
    if (!this.built) this.buildAll(this.inputShapes ?? rows.map(({ shape }) => shape));
    const checked = rows.map((part, i) => checkInputs(part, this.inputShapes![i]!, parts[i]!.where));
    checkCounts(checked, [], where);
    return checked;
  }

  /** The compiled training step. */
  get trainStep(): TrainStep {
    // Layers may have been frozen since.
    if (this.#training !== undefined && this.#freezesSeen !== freezeCount()) {
      this.#training.run.release();
      this.#training = undefined;
    }
    if (this.#training === undefined) {
      const { goal, trainableWeights } = this;
      if (trainableWeights.length === 0) throw this.#nothingToTrain();
      this.placeWeights();
      goal.optimizer.build(trainableWeights);
      this.#freezesSeen = freezeCount();
      this.#training = trainStep(this, goal);
    }
    return this.#training;
  }

  /** The compiled evaluation. */
  get evaluationStep(): Scoring {
    return (this.#evaluation ??= evaluationStep(this, this.goal));
  }

  /** The compiled prediction: inputs to outputs. */
  get predictionStep(): CompiledFunction<Tensor[], readonly Tensor[]> {
    return (this.#prediction ??= predictionStep(this));
  }

  /** Frees programs that no longer fit. */
  protected forget(): void {
    this.#training?.run.release();
    this.#evaluation?.release();
    this.#prediction?.release();
    this.#training = this.#evaluation = this.#prediction = undefined;
  }

  async #onBatch(x: Feed, y: Feed, weighting: Weighting, where: string, work: (tensors: readonly Tensor[], count: number, sums: ScoreSums) => Promise<void>): Promise<Logs> {
    await init();
    await settle(x, y, weighting.sampleWeight);
    const rows = await this.prepare(x, y, where, weighting);
    const sums = new ScoreSums(this.goal);
    await work(rows.map(borrow), rows[0]!.count, sums);
    return sums.means();
  }

  /** Of one output, its result alone. */
  #given(outputs: readonly Tensor[]): ReturnType<this["call"]> {
    return (outputs.length === 1 ? outputs[0]! : outputs) as ReturnType<this["call"]>;
  }

  #needBuilt(what: string): void {
    if (!this.built) throw new ValueError(`${what}: model "${this.name}" has no weights yet. ${this.howToBuild}`);
  }

  #nothingToTrain(): ValueError {
    const what =
      this.weights.length > 0 ? `all ${this.weights.length} are frozen. Set trainable = true on the model, or on the layers that shall learn`
      : this.layers.length > 0 ? "its layers have none. Add one that has, as layers.dense()"
      : "no layers are seen. Those of a class of your own stand in its properties, alone or in lists, but not in #private ones"; // prettier-ignore
    return new ValueError(`model "${this.name}": expected weights to train, ${what}.`);
  }

  /** What to do about a model without weights, for errors. */
  get howToBuild(): string {
    return "Show it data first, by fit() or predict(), or call build(inputShape), of several inputs build([shape, shape]); shapes are those of one example.";
  }

  /** The error of who asks for results' shapes too early. */
  protected notBuilt(): ValueError {
    return new ValueError(`model "${this.name}": its output shape is not known before it is built.`);
  }
}

/** Outputs of a model that is not built, from the losses given for them. */
function guessedNames(loss: unknown): readonly string[] {
  if (Array.isArray(loss) && loss.length > 1) return loss.map((_, i) => `output_${i}`);
  if (typeof loss === "object" && loss !== null && !Array.isArray(loss) && !("name" in loss)) return Object.keys(loss);
  return ["output"];
}

/** Whether a layer has an activation, and it is none: what it gives a cross-entropy are logits. */
export function endsLinear(layer: Layer | undefined, result = 0): boolean {
  if (layer instanceof ModelLayer) return layer.model.linearOutputs[result] === true;
  return layer !== undefined && "activation" in layer && typeof layer.activation === "string" && isLinear(layer.activation);
}

/** Data sets have methods of their own, whose code only those load who have one. */
function refuseDataset(x: Feed, where: string): void {
  if (Symbol.asyncIterator in Object(x)) throw new ValueError(`${where}: x: expected arrays or tensors, got a data set: use ${where}Dataset(dataset.batch(32), options).`);
}
