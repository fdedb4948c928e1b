// A model: layers with one input and one output, and what can be done with them: compile, fit, evaluate, predict.
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, type Shape } from "../base/shape.js";
import { zeros } from "../engine/create.js";
import { cast, init, randomSeed, tensor, Tensor, type CompiledFunction, type TensorLike, type Variable } from "../engine/index.js";
import type { History } from "./callbacks/history.js";
import type { Logs } from "./callbacks/callback.js";
import { evaluateRows, predictRows } from "./evaluate.js";
import { checkCounts, checkInputs, checkLabels, rowsOf, settle, type DataLike, type Rows } from "./feed.js";
import { fit, type FitOptions } from "./fit.js";
import { isLinear } from "./activations.js";
import type { Constraint } from "./constraints.js";
import { Layer, numberNames, showBatch, WeightSource, withSource, type CallOptions, type Config } from "./layer.js";
import { getLoss, type LossLike } from "./losses/named.js";
import { getMetric, type MetricLike } from "./metrics/named.js";
import { checkOptions, checkWhole } from "./options.js";
import { getOptimizer, type Optimizer, type OptimizerLike } from "./optimizers/index.js";
import { evaluationStep, keyFor, predictionStep, trainStep, type Goal, type Scores, type TrainStep } from "./steps.js";
import { ModelLayer } from "./modelLayer.js";
import { nearestName } from "./names.js";
import { summaryLines, type SummaryRow } from "./summary.js";
import type { SymbolicTensor } from "./symbolic.js";
import { StepRunner } from "./trainer.js";

export interface ModelOptions {
  /** Default "sequential" or "model". */
  readonly name?: string;
  /** Starting weights, order of samples and dropout follow from it; default: what setRandomSeed set last, 0 at first. */
  readonly seed?: number;
}

export interface CompileOptions {
  /** "sgd", "rmsprop", "adam", or one with options of its own: adam({ learningRate: 0.01 }). */
  readonly optimizer: OptimizerLike;
  /** "meanSquaredError", "categorical_crossentropy" …, { name, fromLogits }, or a function of (yTrue, yPred). */
  readonly loss: LossLike;
  /** "accuracy", names of losses, or functions. */
  readonly metrics?: readonly MetricLike[];
}

export interface BatchOptions {
  /** Examples at a time; default 32. The result does not depend on it, except by rounding. */
  readonly batchSize?: number;
}

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
  readonly seed: number;
  /** Callbacks set it to end the run after the current step. */
  stopTraining = false;
  /** Epochs trained to their end. The order of samples in the next one depends on it. */
  epochsTrained = 0;
  private chosen: Goal | undefined;
  private key: Variable | undefined;
  private training: TrainStep | undefined;
  private evaluation: CompiledFunction<[x: Tensor, y: Tensor], Scores> | undefined;
  private prediction: CompiledFunction<[x: Tensor], Tensor> | undefined;
  private standing: ModelLayer | undefined;
  private shapes: { readonly inputs: readonly Shape[]; readonly outputs: readonly Shape[] } | undefined;

  protected constructor({ name = "model", seed = randomSeed() }: ModelOptions = {}) {
    this.name = name;
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
    for (const [name, value] of Object.entries(this)) if (name !== "standing") look(value);
    return found;
  }

  /** Shapes of one example of each input; undefined until they are known. */
  get inputShapes(): readonly Shape[] | undefined {
    return this.shapes?.inputs;
  }

  /** Shapes of one result of each output. Throws ValueError before the model is built. */
  get outputShapes(): readonly Shape[] {
    if (this.shapes === undefined) throw this.notBuilt();
    return this.shapes.outputs;
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
    return (this.shapes?.outputs ?? [0]).map(() => false);
  }

  /** Whether the weights exist. */
  get built(): boolean {
    return this.shapes !== undefined;
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

  /** Makes the weights for inputs of this shape (of one example). */
  build(inputShape: Shape): void {
    this.buildAll([inputShape]);
  }

  /** build() of a model of several inputs. source: where starting values come from, for a model inside another. */
  buildAll(inputShapes: readonly Shape[], source = new WeightSource(this.seed)): void {
    if (this.shapes !== undefined) {
      const other = inputShapes.findIndex((shape, i) => !sameShape(shape, this.shapes!.inputs[i] ?? []));
      if (other < 0 && inputShapes.length === this.shapes.inputs.length) return;
      throw new ShapeError(`model "${this.name}": expected inputs ${this.shapes.inputs.map(showBatch).join(" and ")}, for which it was built, got ${inputShapes.map(showBatch).join(" and ")}.`);
    }
    numberNames(this.layers, `model "${this.name}"`);
    // Nothing is computed: the layers make their weights, and the results tell their shapes.
    const examples = inputShapes.map((shape) => zeros([1, ...shape]));
    const results = withSource(source, () => this.callAll(examples, {}));
    this.shapes = { inputs: inputShapes.map((shape) => shape.slice()), outputs: results.map(({ shape }) => shape.slice(1)) };
  }

  /** The model's function; x: [batch, ...inputShape]. A class of one's own has this, or callAll(). */
  call(_x: Tensor, _options: CallOptions): Tensor {
    throw new ValueError(`model "${this.name}": expected a call() that says what it computes, its class has none.`);
  }

  /** call() of a model of several inputs or outputs. */
  callAll(xs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    if (xs.length !== 1) throw new ShapeError(`model "${this.name}": expected one input, got ${xs.length}.`);
    return [this.call(xs[0]!, options)];
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
    return (this.standing ??= new ModelLayer(this));
  }

  /**
   * The model's function on a tensor [batch, …], lazy as any other; builds the model if need be. Of symbolic tensors it makes a part of another model.
   *
   * x: a tensor, or a list of them for several inputs   Throws ValueError for a model of several outputs: see applyAll().
   */
  apply(x: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
  apply(x: TensorLike | readonly Tensor[], options?: CallOptions): Tensor;
  apply(x: SymbolicTensor | readonly SymbolicTensor[] | TensorLike | readonly Tensor[], options?: CallOptions): SymbolicTensor | Tensor {
    return this.asLayer().apply(x as TensorLike, options);
  }

  /** apply() for a model of several outputs. */
  applyAll(xs: readonly SymbolicTensor[]): readonly SymbolicTensor[];
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
    return this.layers.flatMap((layer) => layer.penalties());
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
    return this.layers.flatMap(({ weights }) => weights);
  }

  /** The weights that training changes. */
  get trainableWeights(): readonly Variable[] {
    return this.layers.flatMap(({ trainableWeights }) => trainableWeights);
  }

  /** Key of dropout masks: seed, and a counter that every training step advances. */
  get randomKey(): Variable {
    return (this.key ??= keyFor(this.seed));
  }

  /** The goal that compile() set. Throws ValueError before. */
  get goal(): Goal {
    if (this.chosen === undefined) throw new ValueError(`model "${this.name}": not compiled. Call compile({ optimizer, loss }) first.`);
    return this.chosen;
  }

  get isCompiled(): boolean {
    return this.chosen !== undefined;
  }

  get optimizer(): Optimizer {
    return this.goal.optimizer;
  }

  /** Chooses what training aims at. Both spellings of names work: "categoricalCrossentropy", "categorical_crossentropy". */
  compile(options: CompileOptions): void {
    const { optimizer, loss, metrics = [] } = checkOptions(options, ["optimizer", "loss", "metrics"], "compile");
    if (loss === undefined || loss === null) throw new ValueError("compile: expected a loss, got none.");
    if (!Array.isArray(metrics)) throw new ValueError(`compile: metrics: expected a list, got ${JSON.stringify(metrics)}.`);
    const chosenOptimizer = getOptimizer(optimizer, {}, "compile: optimizer");
    const chosenLoss = getLoss(loss, this.linearOutput, "compile: loss");
    const chosenMetrics = metrics.map((metric) => getMetric(metric, chosenLoss.link, "compile: metric"));
    const names = ["loss", ...chosenMetrics.map(({ name }) => name)];
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new ValueError(`compile: metrics: "${twice}" stands twice.`);
    this.forget();
    this.chosen = { optimizer: chosenOptimizer, loss: chosenLoss, metrics: chosenMetrics };
  }

  /**
   * Trains for a number of epochs and returns the history. Starts the engine, and lets other work of the thread run about every 50 ms.
   *
   * x: [examples, …]   y: labels as the loss takes them   Everything is checked before anything is changed. A loss or gradient
   * that is not finite ends the run with a ValueError that names the step; the weights are those from before it.
   */
  async fit(x: DataLike, y: DataLike, options: FitOptions = {}): Promise<History> {
    await init();
    return fit(this, x, y, options);
  }

  /** Loss and metrics over all examples: { loss, accuracy … }. */
  async evaluate(x: DataLike, y: DataLike, options: BatchOptions = {}): Promise<Logs> {
    const batchSize = batchSizeOf(options, "evaluate");
    await init();
    await settle(x, y);
    const [inputs, labels] = this.prepare(x, y, "evaluate");
    return evaluateRows(this.evaluationStep, this.goal.metrics, inputs, labels, batchSize);
  }

  /** Results for all examples, [examples, …]. */
  async predict(x: DataLike, options: BatchOptions = {}): Promise<Tensor> {
    const batchSize = batchSizeOf(options, "predict");
    await init();
    await settle(x);
    return predictRows(this.predictionStep, this.prepareInputs(x, "predict"), this.outputShape, batchSize);
  }

  /** Results for one batch, at once. Throws DeviceError before init(). */
  predictOnBatch(x: DataLike): Tensor {
    const { data, count, shape } = this.prepareInputs(x, "predictOnBatch");
    return this.predictionStep(tensor(data, [count, ...shape]));
  }

  /** One training step on one batch; its loss and metrics, from before the step. Errors as fit. */
  async trainOnBatch(x: DataLike, y: DataLike): Promise<Logs> {
    await init();
    await settle(x, y);
    const [inputs, labels] = this.prepare(x, y, "trainOnBatch");
    const runner = new StepRunner(this, inputs, labels, { batchSize: inputs.count, where: "trainOnBatch" });
    await runner.step(undefined, 0, inputs.count);
    return runner.sums.means();
  }

  /** Number of weight elements. */
  countParams(): number {
    this.needBuilt("countParams");
    return this.layers.reduce((sum, layer) => sum + layer.countParams(), 0);
  }

  /** The rows of its summary. */
  rows(): readonly SummaryRow[] {
    return this.layers.map((layer) => ({ layer, shapes: layer.builtShapes === undefined ? [] : layer.outputShapes(layer.builtShapes) }));
  }

  /** Prints the table of layers, output shapes, parameters and, where layers do not follow one another, connections; line by line. */
  summary(print: (line: string) => void = console.log): void {
    this.needBuilt("summary");
    for (const line of summaryLines(this.name, this.rows())) print(line);
  }

  /** Copies of all weights, layer by layer. */
  getWeights(): Tensor[] {
    return this.weights.map((weight) => tensor(weight.snapshot(), weight.shape, weight.dtype));
  }

  /** Sets all weights, in the order of getWeights(). Throws ShapeError, naming the weight, before any is changed. */
  setWeights(values: readonly TensorLike[]): void {
    this.needBuilt("setWeights");
    const { weights } = this;
    if (values.length !== weights.length) {
      throw new ShapeError(`setWeights: expected ${weights.length} weights (${weights.map(({ name }) => name).join(", ")}), got ${values.length}.`);
    }
    const next = values.map((value) => (value instanceof Tensor ? value : tensor(value)));
    weights.forEach((weight, i) => {
      if (sameShape(weight.shape, next[i]!.shape)) return;
      throw new ShapeError(`setWeights: expected ${weight.name} of shape ${showShape(weight.shape)}, got ${showShape(next[i]!.shape)}.`);
    });
    weights.forEach((weight, i) => weight.assign(cast(next[i]!, weight.dtype)));
  }

  /** Inputs and labels, checked and brought into the form programs take; builds the model if need be. */
  prepare(x: DataLike, y: DataLike, where: string): [inputs: Rows, labels: Rows] {
    const { loss } = this.goal;
    const inputs = this.prepareInputs(x, where);
    const labels = rowsOf(y, `${where}: y`);
    checkCounts(inputs, labels, where);
    return [inputs, checkLabels(labels, loss.labels, this.outputShape, `${where}: y`, loss.config?.ignoreClass)];
  }

  /** The compiled training step. */
  get trainStep(): TrainStep {
    const { trainableWeights } = this;
    // Layers may have been frozen since.
    if (this.training !== undefined && (this.training.watched.length !== trainableWeights.length || this.training.watched.some((weight, i) => weight !== trainableWeights[i]))) {
      this.training.run.release();
      this.training = undefined;
    }
    if (this.training === undefined) {
      const { goal } = this;
      if (trainableWeights.length === 0) throw new ValueError(`model "${this.name}": expected trainable weights, all are frozen or there are none.`);
      goal.optimizer.build(trainableWeights);
      this.training = trainStep(this, goal);
    }
    return this.training;
  }

  get evaluationStep(): CompiledFunction<[x: Tensor, y: Tensor], Scores> {
    return (this.evaluation ??= evaluationStep(this, this.goal));
  }

  get predictionStep(): CompiledFunction<[x: Tensor], Tensor> {
    return (this.prediction ??= predictionStep(this));
  }

  /** Frees programs that no longer fit. */
  protected forget(): void {
    this.training?.run.release();
    this.evaluation?.release();
    this.prediction?.release();
    this.training = this.evaluation = this.prediction = undefined;
  }

  private prepareInputs(x: DataLike, where: string): Rows {
    const rows = rowsOf(x, `${where}: x`);
    if (!this.built) this.build(this.inputShape ?? rows.shape);
    return checkInputs(rows, this.inputShape!, `${where}: x`);
  }

  private needBuilt(what: string): void {
    if (!this.built) throw new ValueError(`${what}: model "${this.name}" has no weights yet. Give its first layer an inputShape, or show it data first.`);
  }

  /** The error of who asks for results' shapes too early. */
  protected notBuilt(): ValueError {
    return new ValueError(`model "${this.name}": its output shape is not known before it is built.`);
  }
}

function batchSizeOf(options: BatchOptions, where: string): number {
  const { batchSize = 32 } = checkOptions(options, ["batchSize"], where);
  return checkWhole(batchSize, `${where}: batchSize`);
}

/** Whether a layer has an activation, and it is none: what it gives a cross-entropy are logits. */
export function endsLinear(layer: Layer | undefined): boolean {
  if (layer instanceof ModelLayer) return layer.model.linearOutput;
  return layer !== undefined && "activation" in layer && typeof layer.activation === "string" && isLinear(layer.activation);
}
