// Model files on disk, in Node, Deno and Bun.
import { FormatError, ValueError } from "../base/errors.js";
import { readIfThere, writeAtomically } from "../data/files.js";
import type { Tensor } from "../engine/index.js";
import { modelFromBytes, modelToBytes, weightsFromBytes, weightsToBytes } from "../nn/serialize.js";
import type { Model, ModelOf, Results } from "../nn/model.js";
import type { CustomObjects } from "../nn/topology.js";

/**
 * Saves a model as one safetensors file. Until the new file is complete the old one, if any, stays as it is.
 *
 * Throws FileError, with the path, when it cannot be written; nothing is left behind then.
 */
export async function saveModel(model: Model, path: string): Promise<void> {
  checkPath(path, "saveModel");
  await writeAtomically(path, await modelToBytes(model));
}

/** Loads a model that saveModel wrote; custom: makers of layers of one's own, by class name. Throws FormatError or ShapeError that names the file when it is missing, damaged or no model, FileError when it cannot be read. */
export async function loadModel<R extends Results = Tensor>(path: string, custom: CustomObjects = {}): Promise<ModelOf<R>> {
  return modelFromBytes<R>(await read(path, "a model file"), path, custom);
}

/** Saves the weights of a model alone, without topology and optimizer, as saveModel saves the whole. */
export async function saveWeights(model: Model, path: string): Promise<void> {
  checkPath(path, "saveWeights");
  await writeAtomically(path, weightsToBytes(model));
}

/** Sets the weights of a model from a file that saveWeights or saveModel wrote. Throws FormatError that lists all that differs when they are those of another architecture; the model then is as it was. */
export async function loadWeights(model: Model, path: string): Promise<void> {
  weightsFromBytes(model, await read(path, "a file of weights"), path);
}

/** The order is easily taken for the other one, and editors of plain JavaScript do not tell. */
function checkPath(path: unknown, where: string): void {
  if (typeof path !== "string") throw new ValueError(`${where}: expected a model and then a path, got ${path === undefined ? "no path" : `a path that is ${path instanceof Object ? "an object" : String(path)}`}.`);
}

async function read(path: string, what: string): Promise<Uint8Array> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw new FormatError(`${path}: expected ${what}, there is none.`);
  return bytes;
}
