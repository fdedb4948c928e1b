// The public names of models and training.
export * as callbacks from "./callbacks/index.js";
export * as initializers from "./initializers.js";
export * as classics from "./classics/index.js";
export * as constraints from "./constraints.js";
export * as layers from "./layers/index.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export * as regularizers from "./regularizers.js";
export * as schedules from "./schedules/index.js";
export * as train from "./optimizers/index.js";
export {
  earlyStopping, EarlyStopping, halveAndRepeat, History, lambdaCallback, learningRateScheduler, progressBar, reduceLROnPlateau, terminateOnNaN,
} from "./callbacks/index.js"; // prettier-ignore
export type { Callback, CallbackState, Logs, RunInfo, Writer } from "./callbacks/index.js";
export type { DatasetBatch, DatasetLike, DatasetOptions, FitDatasetOptions } from "./datasetBatches.js";
export type { ClassWeight, Weighting } from "./exampleWeights.js";
export type { DataLike, Feed } from "./feed.js";
export type { FitOptions, RunOptions, Verbose } from "./fit.js";
export type { PerOutput } from "./goal.js";
export type { CallOptions, Config, LayerOptions, WeightOptions } from "./layer.js";
export { Layer, type OwnLayer } from "./ownLayer.js";
export type { LossConfig, LossLike } from "./losses/named.js";
export { Model, type BatchOptions, type CompileOptions, type EvaluateOptions, type ModelOf, type ModelOptions, type Results, type Symbols } from "./model.js";
export {
  adadelta, Adadelta, adafactor, Adafactor, adagrad, Adagrad, adam, Adam, adamax, Adamax, adamw, AdamW, ftrl, Ftrl, lamb, Lamb, lion, Lion, maxprop, MaxProp, muon, Muon, nadam, Nadam, Optimizer, radam, RAdam, rmsprop, RMSprop, sgd, SGD,
  type OptimizerConfig, type OptimizerLike,
} from "./optimizers/index.js"; // prettier-ignore
export { Functional, model, type FunctionalOptions } from "./functional.js";
export { input, InputLayer, type InputOptions } from "./input.js";
export { ModelLayer } from "./modelLayer.js";
export { modelFromBytes, modelToBytes, weightsFromBytes, weightsToBytes } from "./serialize.js";
export { cloneModel, modelFromJSON, type CustomObjects } from "./topology.js";
export { SymbolicTensor, type Application, type UseOptions } from "./symbolic.js";
export { sequential, Sequential, type SequentialOptions } from "./sequential.js";
export type { Augment } from "./batches.js";
