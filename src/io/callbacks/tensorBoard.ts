// tensorBoard: curves, histograms of weights and the graph of layers as event files that TensorBoard reads.
import { appendTo, joinPath } from "../../data/files.js";
import { ValueError } from "../../base/errors.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { graphEvent, histogramEvent, scalarEvent, versionEvent, type GraphNode } from "../../formats/tensorboard.js";
import type { Callback, Logs, RunInfo } from "../../nn/callbacks/callback.js";
import type { Model } from "../../nn/model.js";

/** Options of tensorBoard; defaults as Keras has them. */
export interface TensorBoardOptions {
  /** The folder that `tensorboard --logdir` is given ("logs"); runs "train" and "validation" lie in it. */
  readonly logDir?: string;
  /** Epochs from one histogram of all weights to the next (0: none). */
  readonly histogramFreq?: number;
  /** Whether the graph of layers is written (true). */
  readonly writeGraph?: boolean;
  /** "epoch" (default); "batch", or steps from one to the next, writes the running values within epochs too. */
  readonly updateFreq?: "epoch" | "batch" | number;
  /** Whether there is a curve epoch_steps_per_second too (false). */
  readonly writeStepsPerSecond?: boolean;
}

const OPTIONS = ["logDir", "histogramFreq", "writeGraph", "updateFreq", "writeStepsPerSecond"] as const satisfies readonly (keyof TensorBoardOptions)[];

/** Events wait until there are this many bytes, or an epoch ends. */
const WAITING_BYTES = 1 << 16;

/**
 * A callback that writes event files: `tensorboard --logdir logs` shows them, while training goes on too.
 *
 * Curves epoch_loss, epoch_<metric> and epoch_learning_rate by epoch, in the runs train and validation; batch_loss … by step, where
 * updateFreq asks for it; histograms <weight>/histogram by epoch. Of Keras' options there are no writeImages, profileBatch and embeddingsFreq. Throws FileError where the folder cannot be written. Keras' TensorBoard
 */
export function tensorBoard(options: TensorBoardOptions = {}): Callback {
  const { logDir = "logs", histogramFreq = 0, writeGraph = true, updateFreq = "epoch", writeStepsPerSecond = false } = checkOptions(options, OPTIONS, "tensorBoard");
  if (typeof logDir !== "string" || logDir === "") throw new ValueError(`tensorBoard: logDir: expected a folder, got ${JSON.stringify(logDir)}.`);
  checkWhole(histogramFreq, "tensorBoard: histogramFreq", 0);
  const stepsBetween = updateFreq === "epoch" ? Infinity : updateFreq === "batch" ? 1 : checkNumber(updateFreq, "tensorBoard: updateFreq", 1);
  const train = new EventFile(logDir, "train");
  const validation = new EventFile(logDir, "validation");
  let model: Model | undefined;
  let steps = 0;
  let epochBegan = { step: 0, time: 0 };
  return {
    async onTrainBegin(info: RunInfo) {
      model = info.model;
      steps = 0;
      await train.begin();
      await validation.begin();
      if (writeGraph && model.built) train.add(graphEvent(now(), graphOf(model)));
      await train.flush();
    },
    onEpochBegin() {
      epochBegan = { step: steps, time: performance.now() };
    },
    onBatchEnd(_batch: number, logs: Logs) {
      const step = steps++;
      if (stepsBetween === Infinity || step % stepsBetween !== 0) return undefined;
      for (const [name, value] of Object.entries(logs)) train.add(scalarEvent({ wallTime: now(), step }, `batch_${name}`, value));
      return train.waiting >= WAITING_BYTES ? train.flush() : undefined;
    },
    async onEpochEnd(epoch: number, logs: Logs) {
      const time = { wallTime: now(), step: epoch };
      for (const [name, value] of Object.entries(logs)) {
        const file = name.startsWith("val_") ? validation : train;
        file.add(scalarEvent(time, `epoch_${name.replace(/^val_/, "")}`, value));
      }
      if (model?.isCompiled && !("learning_rate" in logs)) train.add(scalarEvent(time, "epoch_learning_rate", model.optimizer.learningRate));
      if (writeStepsPerSecond) train.add(scalarEvent(time, "epoch_steps_per_second", (1000 * (steps - epochBegan.step)) / (performance.now() - epochBegan.time)));
      if (model && histogramFreq > 0 && epoch % histogramFreq === 0) {
        for (const weight of model.weights) train.add(histogramEvent(time, `${weight.name}/histogram`, await weight.data()));
      }
      await train.flush();
      await validation.flush();
    },
    async onTrainEnd() {
      await train.flush();
      await validation.flush();
    },
    saveState: () => ({ values: { steps } }),
    loadState: ({ values }) => void (steps = Number(values["steps"])),
  };
}

function now(): number {
  return Date.now() / 1000;
}

/** One event file of a run, begun when there is something to write. */
class EventFile {
  waiting = 0;
  private events: Uint8Array[] = [];
  private path = "";

  constructor(
    private readonly folder: string,
    private readonly run: string,
  ) {}

  /** A name of its own for each training: TensorBoard shows those of a run as one. */
  async begin(): Promise<void> {
    const seconds = String(Math.floor(now())).padStart(10, "0");
    this.path = await joinPath(this.folder, this.run, `events.out.tfevents.${seconds}.edgegrad.${crypto.randomUUID().slice(0, 8)}.v2`);
    this.events = [];
    this.waiting = 0;
    this.begun = false;
  }

  private begun = false;

  add(event: Uint8Array): void {
    if (!this.begun) {
      this.begun = true;
      this.events.push(versionEvent(now()));
    }
    this.events.push(event);
    this.waiting += event.length;
  }

  /** Whole events at the end of the file, in one write: a run that is killed leaves no half of one behind. */
  async flush(): Promise<void> {
    const { events } = this;
    if (events.length === 0) return;
    this.events = [];
    this.waiting = 0;
    const bytes = new Uint8Array(events.reduce((sum, { length }) => sum + length, 0));
    let position = 0;
    for (const event of events) {
      bytes.set(event, position);
      position += event.length;
    }
    await appendTo(this.path, bytes);
  }
}

/** Layers as nodes, in groups by name, each with its weights; the batch axis is −1. Of a class of one's own only the layers are known, not what connects them. */
function graphOf(model: Model): GraphNode[] {
  const rows = model.rows();
  const nodeOf = new Map(rows.map(({ layer }) => [layer.name, `${model.name}/${layer.name}/${layer.type}`]));
  const nodes: GraphNode[] = [];
  let before: string[] = [];
  if (model.type === "Sequential") {
    before = [`${model.name}/input`];
    nodes.push({ name: before[0]!, op: "Placeholder", inputs: [], shape: [-1, ...(model.inputShapes?.[0] ?? [])] });
  }
  for (const { layer, shapes, from } of rows) {
    const name = nodeOf.get(layer.name)!;
    const group = `${model.name}/${layer.name}`;
    const weights = layer.weights.map((weight) => ({
      name: `${group}/${weight.name.startsWith(`${layer.name}/`) ? weight.name.slice(layer.name.length + 1) : weight.name}`,
      op: "Variable",
      inputs: [],
      shape: weight.shape,
    }));
    // "name", or "name[1]" for one of several results.
    const sources = from?.map((source) => nodeOf.get(source.replace(/\[\d+\]$/, "")) ?? source) ?? before;
    nodes.push(...weights, { name, op: layer.type, inputs: [...sources, ...weights.map((weight) => weight.name)], ...(shapes[0] && { shape: [-1, ...shapes[0]] }) });
    if (model.type === "Sequential") before = [name];
  }
  return nodes;
}
