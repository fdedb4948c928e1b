// backupAndRestore: a run that was killed goes on where its last backup stands, to the bits of one that was not.
import { viewOf, type DType } from "../../base/dtype.js";
import { FormatError, ValueError } from "../../base/errors.js";
import { checkOptions, checkWhole } from "../../base/options.js";
import { sizeOf } from "../../base/shape.js";
import { joinPath, listFolder, readIfThere, isFolder, removeFile, writeAtomically } from "../../data/files.js";
import { tensor, type Tensor } from "../../engine/index.js";
import { readSafetensors, writeSafetensors, type StoredTensor } from "../../formats/safetensors.js";
import type { Callback, CallbackState, Run, RunInfo, RunState } from "../../nn/callbacks/callback.js";
import type { Model } from "../../nn/model.js";
import { restoreTraining, trainingTensors } from "../../nn/serialize.js";

/** Options of backupAndRestore(). */
export interface BackupAndRestoreOptions {
  /** "epoch" (default), or every how many steps. */
  readonly saveFreq?: "epoch" | number;
  /** Whether the backup is deleted when the run ends by itself; default true. */
  readonly deleteCheckpoint?: boolean;
}

const FILE = "backup.safetensors";
const KEY = "edgegrad.run";
/** Tensors that callbacks remember, as "callback/2/0". */
const CALLBACK = "callback/";
const DTYPES: Readonly<Partial<Record<StoredTensor["dtype"], DType>>> = { F32: "float32", I32: "int32", U8: "uint8" };

/** What the metadata holds beside the tensors. */
interface StoredRun {
  readonly state: RunState;
  readonly iterations: number;
  /** null: a schedule sets it. */
  readonly learningRate: number | null;
}

class BackupAndRestore implements Callback {
  private model: Model | undefined;
  private run: Run | undefined;
  private path = "";
  private steps = 0;

  constructor(private readonly folder: string, private readonly options: BackupAndRestoreOptions) {
    checkOptions(options, ["saveFreq", "deleteCheckpoint"], "backupAndRestore");
    if (typeof folder !== "string" || folder === "") throw new ValueError(`backupAndRestore: expected the path of a folder, got ${JSON.stringify(folder)}.`);
    if (options.saveFreq !== undefined && options.saveFreq !== "epoch") checkWhole(options.saveFreq, "backupAndRestore: saveFreq");
  }

  async onTrainBegin({ model, run }: RunInfo): Promise<void> {
    [this.model, this.run, this.steps] = [model, run, 0];
    this.path = await joinPath(this.folder, FILE);
    await this.clean();
    const bytes = await readIfThere(this.path);
    if (bytes !== undefined) restore(model, run!, bytes, this.path);
  }

  async onBatchDone(): Promise<void> {
    const { saveFreq } = this.options;
    if (typeof saveFreq === "number" && ++this.steps % saveFreq === 0) await this.save();
  }

  async onEpochDone(): Promise<void> {
    await this.save();
  }

  async onTrainEnd(): Promise<void> {
    // A run that was aborted goes on another time.
    if (this.options.deleteCheckpoint !== false && !this.run!.aborted) await removeFile(this.path);
  }

  private async save(): Promise<void> {
    await writeAtomically(this.path, bytesOf(this.model!, this.run!.capture()));
  }

  /** A process that is killed while it writes leaves an unfinished file behind. */
  private async clean(): Promise<void> {
    if (!(await isFolder(this.folder))) return;
    for (const { name } of await listFolder(this.folder)) if (/^\.edgegrad-.*\.part$/.test(name)) await removeFile(await joinPath(this.folder, name));
  }
}

function bytesOf(model: Model, state: RunState): Uint8Array {
  const tensors = trainingTensors(model);
  const callbacks: Record<number, CallbackState> = {};
  for (const [place, { values, tensors: own = [] }] of Object.entries(state.callbacks)) {
    callbacks[Number(place)] = { values };
    own.forEach((one, k) => tensors.set(`${CALLBACK}${place}/${k}`, stored(one)));
  }
  const run: StoredRun = { state: { ...state, callbacks }, iterations: model.optimizer.iterations, learningRate: rateOf(model) };
  return writeSafetensors(tensors, { format: "edgegrad", version: "1", [KEY]: JSON.stringify(run) });
}

function restore(model: Model, run: Run, bytes: Uint8Array, name: string): void {
  const { tensors, metadata } = readSafetensors(bytes, name);
  if (metadata[KEY] === undefined) throw new FormatError(`${name}: expected the backup of a run, it holds none.`);
  const { state, iterations, learningRate } = JSON.parse(metadata[KEY]) as StoredRun;
  restoreTraining(model, new Map([...tensors].filter(([key]) => !key.startsWith(CALLBACK))), name);
  model.optimizer.iterations = iterations;
  if (learningRate !== null) model.optimizer.learningRate = learningRate;
  const callbacks = Object.fromEntries(Object.entries(state.callbacks).map(([place, { values }]) => {
    const own: Tensor[] = [];
    for (let k = 0, found; (found = tensors.get(`${CALLBACK}${place}/${k}`)); k++) own.push(tensorOf(found));
    return [place, { values, ...(own.length > 0 && { tensors: own }) }];
  }));
  run.restore({ ...state, callbacks });
}

/** The learning rate where it is a number, which callbacks may have changed; that of a schedule follows from the steps. */
function rateOf({ optimizer }: Model): number | null {
  try {
    const { learningRate } = optimizer.config();
    return typeof learningRate === "number" ? learningRate : null;
  } catch {
    return null;
  }
}

function stored(one: Tensor): StoredTensor {
  const data = one.dataSync();
  const dtype = Object.entries(DTYPES).find(([, name]) => name === one.dtype)?.[0] as StoredTensor["dtype"] | undefined;
  if (dtype === undefined) throw new ValueError(`backupAndRestore: a callback remembers a tensor of ${one.dtype}; expected ${Object.values(DTYPES).join(", ")}.`);
  return { dtype, shape: one.shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function tensorOf({ dtype, shape, data }: StoredTensor): Tensor {
  return tensor(viewOf(DTYPES[dtype]!, new Uint8Array(data).buffer, 0, sizeOf(shape)), shape);
}

/**
 * Keeps a backup of the run in a folder of its own: after every epoch, and every saveFreq steps. A fit of the same model with the same data and options, in
 * another process too, goes on from there: epoch, step, order of examples, scores, optimizer, random key, and what the other callbacks remember. It
 * ends with the weights of a run that was never broken off, to the bit.
 *
 * The file is replaced as a whole, so there is always one that can be read: there is no doubleCheckpoint, as Keras has. Throws FileError where the backup cannot be written, FormatError where it is of another model. Keras' BackupAndRestore
 */
export function backupAndRestore(folder: string, options: BackupAndRestoreOptions = {}): Callback {
  return new BackupAndRestore(folder, options);
}
