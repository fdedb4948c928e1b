// Public names, nothing else.
export { DeviceError, DTypeError, FileError, FormatError, InternalError, ShapeError, ValueError } from "./base/errors.js";
export type { DType, TypedArray } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export {
  addDevice, borrowed, checkpoint, compile, cond, customGrad, customGradient, devices, fedScalar, grad, gradients, GradientTape, grads, guarded, hessian, init, jacobian, jvp, memory, onDevice, perExampleGrads, printGraph, randomSeed, removeDevice, scan, setRandomSeed, shutdown, stopGradient, tensor, Tensor, threads, valueAndGrad, valueAndGrads, variable, Variable,
  variableGrads, vjp, whileLoop, type Arguments, type CompiledFunction, type InitOptions, type NestedArray, type Numerics, type Outputs, type Parameter, type Pixels, type RunStatus, type ScanOptions, type TapeOptions, type TensorLike, type VariableOptions, type WhileOptions, type WithGradient,
} from "./engine/index.js"; // prettier-ignore
export * from "./engine/activations.js";
export * from "./engine/aliases.js";
export * from "./engine/border.js";
export * from "./engine/complex.js";
export * from "./engine/convolutions.js";
export * from "./engine/create.js";
export * as debug from "./engine/debug.js";
export * from "./engine/einsum.js";
export * from "./engine/elementwise.js";
export * from "./engine/familiar.js";
export * as fft from "./engine/fft.js";
export * from "./engine/functions.js";
export * from "./engine/attention.js";
export * as image from "./engine/image.js";
export * from "./engine/normalization.js";
export * from "./engine/pooling.js";
export * from "./engine/reductions.js";
export * from "./engine/indexing.js";
export * from "./engine/statistics.js";
export * as linalg from "./engine/linalg.js";
export { norm } from "./engine/linalg.js";
export * from "./engine/ranks.js";
export * from "./engine/scopes.js";
export * from "./engine/shapes.js";
export { bernoulli, categorical, dropout, permutation, randomInt, randomNormal, randomUniform, truncatedNormal, type CategoricalOptions, type DrawOptions } from "./engine/random.js";
export * from "./nn/index.js";
export type { Cost } from "./program/cost.js";
export type { Program } from "./program/program.js";
export type { WasmModules } from "./runtime/wasm/module.js";
export * as data from "./data/index.js";
export * as dataset from "./data/index.js";
export { Dataset } from "./data/dataset.js";
export * as datasets from "./data/known.js";
export * as applications from "./io/applications/index.js";
export { imageAugmenter, type AugmenterOptions } from "./data/image.js";
export { toDigitImage } from "./data/images.js";
export { generateDigits } from "./data/digits/generate.js";
export { loadMnist } from "./data/mnist.js";
export * as callbacks from "./io/callbacks/index.js";
export { backupAndRestore, type BackupAndRestoreOptions } from "./io/callbacks/backupAndRestore.js";
export { csvLogger, type CsvLoggerOptions } from "./io/callbacks/csvLogger.js";
export { modelCheckpoint, type ModelCheckpointOptions } from "./io/callbacks/modelCheckpoint.js";
export { tensorBoard, type TensorBoardOptions } from "./io/callbacks/tensorBoard.js";
export { loadModel, loadWeights, saveModel, saveWeights } from "./io/files.js";
