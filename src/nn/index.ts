// The public names of models and training.
export * as callbacks from "./callbacks/index.js";
export * as initializers from "./initializers.js";
export * as constraints from "./constraints.js";
export * as layers from "./layers/index.js";
export * as losses from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export * as regularizers from "./regularizers.js";
export * as train from "./optimizers/index.js";
export { earlyStopping, EarlyStopping, History, lambdaCallback, progressBar, type Callback, type Logs, type RunInfo, type Writer } from "./callbacks/index.js";
export { type DataLike } from "./feed.js";
export { type FitOptions } from "./fit.js";
export { Layer, type CallOptions, type LayerOptions } from "./layer.js";
export { type LossConfig, type LossLike } from "./losses/named.js";
export { Model, type BatchOptions, type CompileOptions, type ModelOptions } from "./model.js";
export { adam, Adam, Optimizer, rmsprop, RMSprop, sgd, SGD, type OptimizerLike } from "./optimizers/index.js";
export { modelFromBytes, modelToBytes } from "./serialize.js";
export { sequential, Sequential, type SequentialOptions } from "./sequential.js";
export { type Augment } from "./trainer.js";
