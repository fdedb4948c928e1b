// Model files on disk, in Node, Deno and Bun. Writing is atomic: under a temporary name first, then renamed.
import { FormatError } from "../base/errors.js";
import { modelFromBytes, modelToBytes } from "../nn/serialize.js";
import type { Sequential } from "../nn/sequential.js";

/**
 * Saves a model as one safetensors file. Until the new file is complete the old one, if any, stays as it is.
 *
 * Throws what the file system throws, with the path; the temporary file is then removed.
 */
export async function saveModel(model: Sequential, path: string): Promise<void> {
  await writeFileAtomically(path, await modelToBytes(model));
}

/** Loads a model that saveModel wrote. Throws FormatError or ShapeError that names the file when it is damaged or no model. */
export async function loadModel(path: string): Promise<Sequential> {
  const { readFile } = await import("node:fs/promises");
  let bytes: Uint8Array;
  try {
    const buffer = await readFile(path);
    bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    throw new FormatError(`${path}: cannot be read: ${reason(error)}.`);
  }
  return modelFromBytes(bytes, path);
}

/** Writes a file so that its name stands for the old bytes or the new ones, never for a part of them. */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const { open, rename, rm } = await import("node:fs/promises");
  // In the same folder, since a rename across file systems is a copy.
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      // The bytes are on disk before the name points at them.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
