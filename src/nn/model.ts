// A model: layers with one input and one output, and what can be done with them: compile, fit, evaluate, predict.
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, type Shape } from "../base/shape.js";
import { cast, init, randomSeed, tensor, Tensor, type CompiledFunction, type TensorLike, type Variable } from "../engine/index.js";
import type { History } from "./callbacks/history.js";
import type { Logs } from "./callbacks/callback.js";
import { evaluateRows, predictRows } from "./evaluate.js";
import { checkCounts, checkInputs, checkLabels, rowsOf, settle, type DataLike, type Rows } from "./feed.js";
import { fit, type FitOptions } from "./fit.js";
import type { CallOptions, Layer } from "./layer.js";
import { getLoss, type LossLike } from "./losses/named.js";
import { getMetric, type MetricLike } from "./metrics/named.js";
import { checkOptions, checkWhole } from "./options.js";
import { getOptimizer, type Optimizer, type OptimizerLike } from "./optimizers/index.js";
import { evaluationStep, keyFor, predictionStep, trainStep, type Goal, type Scores, type TrainStep } from "./steps.js";
import { summaryLines } from "./summary.js";
import { StepRunner } from "./trainer.js";

export interface ModelOptions {
  /** Default "sequential". */
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

export abstract class Model {
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

  protected constructor({ name = "sequential", seed = randomSeed() }: ModelOptions) {
    this.name = name;
    this.seed = seed;
  }

  abstract readonly layers: readonly Layer[];
  /** Shape of one example; undefined until the model is built. */
  abstract readonly inputShape: Shape | undefined;
  /** Shape of one result. Throws ValueError before the model is built. */
  abstract readonly outputShape: Shape;
  abstract readonly built: boolean;
  /** Whether the last layer has no activation, so that results for a cross-entropy are logits. */
  abstract readonly linearOutput: boolean;
  /** Makes the weights for inputs of this shape (of one example). */
  abstract build(inputShape: Shape): void;
  /** The model's function; x: [batch, ...inputShape]. */
  abstract call(x: Tensor, options: CallOptions): Tensor;
  /** Output shape of every layer. */
  protected abstract layerShapes(): readonly Shape[];

  /** The model's function on a tensor [batch, …], lazy as any other; builds the model if need be. */
  apply(x: TensorLike, options: CallOptions = {}): Tensor {
    const input = x instanceof Tensor ? x : tensor(x);
    this.build(input.shape.slice(1));
    return this.call(cast(input, "float32"), options);
  }

  /** All weights, layer by layer. */
  get weights(): readonly Variable[] {
    return this.layers.flatMap(({ weights }) => weights);
  }

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

  /** Prints the table of layers, output shapes and parameters, line by line. */
  summary(print: (line: string) => void = console.log): void {
    this.needBuilt("summary");
    for (const line of summaryLines(this.name, this.layers, this.layerShapes())) print(line);
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
    if (this.training === undefined) {
      const { goal } = this;
      if (this.trainableWeights.length === 0) throw new ValueError(`model "${this.name}": expected trainable weights, all are frozen or there are none.`);
      goal.optimizer.build(this.trainableWeights);
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
}

function batchSizeOf(options: BatchOptions, where: string): number {
  const { batchSize = 32 } = checkOptions(options, ["batchSize"], where);
  return checkWhole(batchSize, `${where}: batchSize`);
}
