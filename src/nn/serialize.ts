// A model as one safetensors file: weights and optimizer state as tensors; topology, training state and the planned predict
// program as metadata. Training goes on from a file to the same bits as if it had never stopped.
import { viewOf, type DType } from "../base/dtype.js";
import { FormatError, InternalError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import { init, tensor, type Variable } from "../engine/index.js";
import { PROGRAM_KEY } from "../program/program.js";
import { readSafetensors, writeSafetensors, type SafetensorsDType, type StoredTensor } from "../formats/safetensors.js";
import { layerFromConfig } from "./layers/fromConfig.js";
import { withBlankWeights, type Config } from "./layer.js";
import type { LossLike } from "./losses/named.js";
import type { MetricConfig } from "./metrics/metric.js";
import type { Model } from "./model.js";
import { checkWhole } from "./options.js";
import { getOptimizer } from "./optimizers/index.js";
import { Sequential } from "./sequential.js";

const MODEL_KEY = "edgegrad.model";
const TRAINING_KEY = "edgegrad.training";

interface StoredLayer {
  readonly className: string;
  readonly config: Config;
}

interface StoredModel {
  readonly className: "Sequential";
  readonly name: string;
  readonly seed: number;
  readonly inputShape: Shape;
  readonly layers: readonly StoredLayer[];
}

interface StoredTraining {
  readonly optimizer: { readonly name: string; readonly config: Config };
  readonly iterations: number;
  readonly epochs: number;
  /** null: a function, which a file cannot hold. */
  readonly loss: Exclude<LossLike, (...args: never[]) => unknown> | null;
  readonly metrics: readonly MetricConfig[];
}

const DTYPES: Readonly<Record<DType, SafetensorsDType>> = { float32: "F32", int32: "I32", bool: "I32", uint8: "U8", float16: "F16" };

/**
 * The bytes of a model file. Starts the engine to plan the predict program, for one example.
 *
 * Throws ValueError for a model without weights. A loss or metric that is a function is left out: compile the loaded model again.
 */
export async function modelToBytes(model: Sequential): Promise<Uint8Array> {
  if (!model.built) throw new ValueError(`save: model "${model.name}" has no weights yet. Give its first layer an inputShape, or train it first.`);
  await init();
  const input = model.inputShape!;
  const program = model.predictionStep.programFor(tensor(new Float32Array(sizeOf(input)), [1, ...input]));
  const stored: StoredModel = {
    className: "Sequential",
    name: model.name,
    seed: model.seed,
    inputShape: input,
    layers: model.layers.map((layer) => ({ className: layer.type, config: layer.config() })),
  };
  return writeSafetensors(new Map(variablesOf(model).map((variable) => [variable.name, store(variable)])), {
    format: "edgegrad",
    version: "1",
    [MODEL_KEY]: JSON.stringify(stored),
    [PROGRAM_KEY]: JSON.stringify(program),
    ...(model.isCompiled && { [TRAINING_KEY]: JSON.stringify(trainingOf(model)) }),
  });
}

/**
 * The model in a file's bytes: compiled, and ready to train on, if it was when it was saved.
 *
 * name: how errors call the file   Throws FormatError when the file is damaged or no model, and when a weight is missing, unknown or of
 * another dtype; ShapeError when a weight has another shape than its layer.
 */
export function modelFromBytes(bytes: Uint8Array, name = "model file"): Sequential {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const model = ofFile(name, () => withBlankWeights(() => modelOf(metadata, name)));
  restore(variablesOf(model), tensors, name);
  return model;
}

/** The untrained model that the metadata describes, compiled if it was. */
function modelOf(metadata: Readonly<Record<string, string>>, name: string): Sequential {
  const stored = parse<StoredModel>(metadata[MODEL_KEY], `${name}: ${MODEL_KEY}`);
  if (stored.className !== "Sequential" || !Array.isArray(stored.layers) || !Array.isArray(stored.inputShape)) {
    throw new FormatError(`${name}: expected the topology of a Sequential model, got ${JSON.stringify(stored).slice(0, 80)}.`);
  }
  const model = new Sequential({ name: stored.name, seed: stored.seed });
  for (const layer of stored.layers) {
    if (typeof layer?.config !== "object" || layer.config === null) throw new FormatError(`${name}: expected layers with a className and config, got ${JSON.stringify(layer)}.`);
    model.add(layerFromConfig(layer.className, layer.config, name));
  }
  model.build(stored.inputShape);
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

/** All that a file holds bytes of: weights, the key of the random layers, the optimizer's state. */
function variablesOf(model: Model): readonly Variable[] {
  if (!model.isCompiled) return model.weights;
  model.optimizer.build(model.trainableWeights);
  return [...model.weights, model.randomKey, ...model.optimizer.slots];
}

function store(variable: Variable): StoredTensor {
  const data = variable.snapshot();
  return { dtype: DTYPES[variable.dtype], shape: variable.shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function trainingOf(model: Model): StoredTraining {
  const { optimizer, loss, metrics } = model.goal;
  return {
    optimizer: { name: optimizer.type, config: optimizer.config() },
    iterations: optimizer.iterations,
    epochs: model.epochsTrained,
    loss: loss.config ?? null,
    metrics: metrics.flatMap(({ config }) => (config === undefined ? [] : [config])),
  };
}

function compileFrom(model: Model, { optimizer, iterations, epochs, loss, metrics }: StoredTraining, name: string): void {
  model.epochsTrained = checkWhole(epochs, `${name}: epochs`, 0);
  const made = getOptimizer(optimizer.name, optimizer.config, `${name}: optimizer`);
  made.iterations = checkWhole(iterations, `${name}: iterations`, 0);
  model.compile({ optimizer: made, loss: loss ?? missingLoss(name), metrics });
}

/** Stands for a loss that was a function: the optimizer keeps its state, and training says what to do. */
function missingLoss(name: string): () => never {
  return () => {
    throw new ValueError(`${name}: was saved with a loss that is a function, which a file cannot hold. Call model.compile({ optimizer: model.optimizer, loss }) again.`);
  };
}

/** Writes stored values over variables; everything is checked first. */
function restore(variables: readonly Variable[], tensors: ReadonlyMap<string, StoredTensor>, name: string): void {
  const wanted = new Set(variables.map((variable) => variable.name));
  const unknown = [...tensors.keys()].find((key) => !wanted.has(key));
  if (unknown !== undefined) throw new FormatError(`${name}: tensor "${unknown}" belongs to no layer of the model.`);
  const values = variables.map(({ name: key, shape, dtype }) => {
    const found = tensors.get(key);
    if (found === undefined) throw new FormatError(`${name}: expected tensor "${key}" of shape ${showShape(shape)}, it is missing.`);
    if (found.dtype !== DTYPES[dtype]) throw new FormatError(`${name}: tensor "${key}": expected dtype ${DTYPES[dtype]}, got ${found.dtype}.`);
    if (!sameShape(found.shape, shape)) throw new ShapeError(`${name}: tensor "${key}": expected shape ${showShape(shape)}, got ${showShape(found.shape)}.`);
    // A copy, since the bytes in the file are aligned to nothing. (Not slice(): that of a Node Buffer copies nothing.)
    return viewOf(dtype, new Uint8Array(found.data).buffer, 0, sizeOf(shape));
  });
  variables.forEach((variable, i) => variable.store(values[i]!));
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
