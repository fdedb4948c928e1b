// A model as one safetensors file: weights and optimizer state as tensors; topology, training state and the planned predict
// program as metadata. Training goes on from a file to the same bits as if it had never stopped.
import { BYTES, viewOf, type DType } from "../base/dtype.js";
import { FormatError, InternalError, ValueError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import { init, tensor, type Tensor, type Variable } from "../engine/index.js";
import { NAMES_KEY, PROGRAM_KEY } from "../program/program.js";
import { readSafetensors, writeSafetensors, type SafetensorsDType, type StoredTensor } from "../formats/safetensors.js";
import { withBlankWeights, type Config } from "./layer.js";
import { storedGoal, type StoredGoal } from "./goal.js";
import type { Model, ModelOf, Results } from "./model.js";
import { checkWhole } from "../base/options.js";
import { optimizerFromConfig } from "./optimizers/fromConfig.js";
import { modelFromConfig, type CustomObjects, type StoredModel } from "./topology.js";

const MODEL_KEY = "edgegrad.model";
/** Name of the random layers' key among the tensors. */
const RANDOM_KEY = "random/key";
const TRAINING_KEY = "edgegrad.training";

interface StoredTraining extends StoredGoal {
  readonly optimizer: { readonly name: string; readonly config: Config };
  readonly iterations: number;
  readonly epochs: number;
}

const DTYPES: Readonly<Record<DType, SafetensorsDType>> = { float32: "F32", int32: "I32", bool: "I32", uint8: "U8", float16: "F16" };

/**
 * The bytes of a model file. Starts the engine to plan the predict program, for one example.
 *
 * Throws ValueError for a model without weights. A loss or metric that is a function is left out: compile the loaded model again.
 */
export async function modelToBytes(model: Model): Promise<Uint8Array> {
  needWeights(model, "save");
  await init();
  const config = { className: model.type, ...model.getConfig() };
  // Before the program is made, which calls its weights by these names.
  const variables = namedVariables(model);
  const program = model.predictionStep.programFor(...model.inputShapes!.map((shape) => tensor(new Float32Array(sizeOf(shape)), [1, ...shape])));
  return writeSafetensors(storedOf(variables), {
    format: "edgegrad",
    version: "1",
    [MODEL_KEY]: JSON.stringify(config),
    [PROGRAM_KEY]: JSON.stringify(program),
    ...((model.inputNames.length > 1 || model.outputNames.length > 1) && { [NAMES_KEY]: JSON.stringify({ inputs: model.inputNames, outputs: model.outputNames }) }),
    ...(model.isCompiled && { [TRAINING_KEY]: JSON.stringify(trainingOf(model)) }),
  });
}

/**
 * The model in a file's bytes: compiled, and ready to train on, if it was when it was saved.
 *
 * name: how errors call the file   custom: makers of layers of one's own, by class name   Throws FormatError when the file is damaged or no model, and, listing
 * them all, when weights are missing, unknown or of another dtype or shape.
 */
export function modelFromBytes<R extends Results = Tensor>(bytes: Uint8Array, name = "model file", custom: CustomObjects = {}): ModelOf<R> {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const model = ofFile(name, () => withBlankWeights(() => modelOf(metadata, name, custom)));
  restore(namedVariables(model, model.isCompiled, tensors.keys()), tensors, name);
  return model as ModelOf<R>;
}

/**
 * Sets the weights of a model from the bytes of another's file, or of one that holds weights only; optimizer state is left out.
 *
 * Throws FormatError that lists every weight which is missing, unknown or of another shape or dtype; the model then is as it was.
 */
export function weightsFromBytes(model: Model, bytes: Uint8Array, name = "weights file"): void {
  const { tensors } = readSafetensors(bytes, name);
  needWeights(model, name);
  const wanted = namedVariables(model, false);
  restore(wanted, new Map([...tensors].filter(([key]) => wanted.has(key) || !(key.startsWith(SLOTS) || key === RANDOM_KEY))), name);
}

/** The weights of a model alone, as safetensors. */
export function weightsToBytes(model: Model): Uint8Array {
  needWeights(model, "save");
  return writeSafetensors(storedOf(namedVariables(model, false)), { format: "edgegrad", version: "1" });
}

function needWeights(model: Model, where: string): void {
  if (!model.built) throw new ValueError(`${where}: model "${model.name}" has no weights yet. ${model.howToBuild}`);
}

/** All that training changes, by name: weights, the key of the random layers, the optimizer's state. */
export function trainingTensors(model: Model): Map<string, StoredTensor> {
  return storedOf(namedVariables(model));
}

/** Sets what trainingTensors() gave. Throws FormatError that lists every tensor which is missing, unknown or of another shape; the model then is as it was. */
export function restoreTraining(model: Model, tensors: ReadonlyMap<string, StoredTensor>, name: string): void {
  restore(namedVariables(model, model.isCompiled, tensors.keys()), tensors, name);
}

/** The untrained model that the metadata describes, compiled if it was. */
function modelOf(metadata: Readonly<Record<string, string>>, name: string, custom: CustomObjects): Model {
  const model = modelFromConfig(parse<StoredModel>(metadata[MODEL_KEY], `${name}: ${MODEL_KEY}`), name, custom);
  if (!model.built) throw new FormatError(`${name}: expected a model with its inputShape.`);
  const training = metadata[TRAINING_KEY] === undefined ? undefined : parse<StoredTraining>(metadata[TRAINING_KEY], `${name}: ${TRAINING_KEY}`);
  if (training) compileFrom(model, training, name);
  return model;
}

/** What `make` gives; an error about what it was given says which file holds that. */
function ofFile<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    const { message } = cause as Error;
    throw message.startsWith(name) || cause instanceof InternalError ? cause : new FormatError(`${name}: ${message}`, { cause });
  }
}

/**
 * All that a file holds bytes of, by the names it has there: weights, the key of the random layers, the optimizer's state.
 *
 * stored: names in the file that is read; what its optimizer knows of weights that are frozen now has its place, too.
 */
function namedVariables(model: Model, training = model.isCompiled, stored: Iterable<string> = []): ReadonlyMap<string, Variable> {
  model.placeWeights();
  const { weights } = model;
  if (!training) return byName(weights);
  const slots = [...stored].filter((key) => key.startsWith(SLOTS));
  model.optimizer.build(new Set([...model.trainableWeights, ...weights.filter(({ name }) => slots.some((key) => key.startsWith(`${SLOTS}${name}/`)))]));
  return byName([...weights, model.randomKey, ...model.optimizer.slots]);
}

const SLOTS = "optimizer/";

function byName(variables: readonly Variable[]): ReadonlyMap<string, Variable> {
  const named = new Map(variables.map((variable) => [variable.name, variable]));
  if (named.size < variables.length) throw new InternalError(`save: two variables have one name: ${variables.map(({ name }) => name).join(", ")}`);
  return named;
}

function storedOf(variables: ReadonlyMap<string, Variable>): Map<string, StoredTensor> {
  return new Map([...variables].map(([key, variable]) => [key, store(variable)]));
}

function store(variable: Variable): StoredTensor {
  const data = variable.snapshot();
  return { dtype: DTYPES[variable.dtype], shape: variable.shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function trainingOf(model: Model): StoredTraining {
  const { goal } = model;
  const { optimizer } = goal;
  return {
    optimizer: { name: optimizer.type, config: optimizer.config() },
    iterations: optimizer.iterations,
    epochs: model.epochsTrained,
    ...storedGoal(goal),
  };
}

function compileFrom(model: Model, { optimizer, iterations, epochs, loss, ...goal }: StoredTraining, name: string): void {
  model.epochsTrained = checkWhole(epochs, `${name}: epochs`, 0);
  const made = optimizerFromConfig(optimizer.name, optimizer.config, `${name}: optimizer`);
  made.iterations = checkWhole(iterations, `${name}: iterations`, 0);
  model.compile({ optimizer: made, loss: loss ?? missingLoss(name), ...goal });
}

/** Stands for a loss that was a function: the optimizer keeps its state, and training says what to do. */
function missingLoss(name: string): () => never {
  return () => {
    throw new ValueError(`${name}: was saved with a loss that is a function, which a file cannot hold. Call model.compile({ optimizer: model.optimizer, loss }) again.`);
  };
}

/** Writes stored values over variables; everything is checked first, and all that differs is said at once. */
function restore(variables: ReadonlyMap<string, Variable>, tensors: ReadonlyMap<string, StoredTensor>, name: string): void {
  const differences = [
    ...[...variables].flatMap(([key, { shape, dtype }]) => {
      const found = tensors.get(key);
      if (found === undefined) return [`"${key}" ${showShape(shape)} is missing`];
      if (found.dtype !== DTYPES[dtype]) return [`"${key}": expected dtype ${DTYPES[dtype]}, got ${found.dtype}`];
      return sameShape(found.shape, shape) ? [] : [`"${key}": expected shape ${showShape(shape)}, got ${showShape(found.shape)}`];
    }),
    ...[...tensors.keys()].filter((key) => !variables.has(key)).map((key) => `"${key}" ${showShape(tensors.get(key)!.shape)} belongs to no layer of the model`),
  ];
  if (differences.length > 0) throw new FormatError(`${name}: the weights are not those of this model: ${differences.join("; ")}.`);
  const values = [...variables].map(([key, { shape, dtype }]) => {
    const { data } = tensors.get(key)!;
    // store() copies. The bytes of a file may be aligned to nothing: then a view needs a copy before. (Not slice(): that of a Node Buffer copies nothing.)
    return data.byteOffset % BYTES[dtype] === 0 ? viewOf(dtype, data.buffer as ArrayBuffer, data.byteOffset, sizeOf(shape)) : viewOf(dtype, new Uint8Array(data).buffer, 0, sizeOf(shape));
  });
  [...variables.values()].forEach((variable, i) => variable.store(values[i]!));
}

function parse<T>(text: string | undefined, where: string): T {
  if (text === undefined) throw new FormatError(`${where}: missing from the metadata. Is this a model saved by edgegrad?`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError(`${where}: expected JSON, got ${JSON.stringify(text.slice(0, 40))}.`);
  }
  if (typeof value !== "object" || value === null) throw new FormatError(`${where}: expected a JSON object, got ${text.slice(0, 40)}.`);
  return value as T;
}
