// Trains a digit recogniser and measures it. Knows no files and no terminal: it runs the same in a page.
import { cos } from "../base/math.js";
import { imageAugmenter } from "../data/image.js";
import type { LabelledImages } from "../data/labelledImages.js";
import { memory } from "../engine/index.js";
import { adam, rmsprop, sgd, type Callback, type Logs, type Optimizer, type Sequential } from "../nn/index.js";
import { confusionMatrix } from "./confusion.js";
import { makeModel, type ModelName } from "./models.js";
import { weightsSha256 } from "./weightsSha256.js";

/** RMSprop in the form that the course's figures were made with. */
const courseRmsprop = (learningRate?: number): Optimizer => rmsprop({ epsilonInside: false, ...(learningRate !== undefined && { learningRate }) });

const OPTIMIZERS = { sgd, rmsprop: courseRmsprop, adam } as const;
export type OptimizerName = keyof typeof OPTIMIZERS;
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

export const SCHEDULES = ["constant", "cosine"] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** Images evaluated at a time. Divides the test sets of MNIST and of the generator, so there is no remainder to compile for. */
const EVALUATION_BATCH = 250;

export interface Digits {
  readonly height: number;
  readonly width: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

export interface TrainingOptions {
  readonly model: ModelName;
  readonly optimizer: OptimizerName;
  /** The optimizer's own when left out. */
  readonly learningRate?: number | undefined;
  /** cosine: from the learning rate at the first step down to 0 after the last. */
  readonly schedule?: Schedule;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Share of the training images, the last ones, that is only evaluated. */
  readonly validationSplit?: number | undefined;
  /** Ends the run after this many steps. */
  readonly steps?: number | undefined;
  /** Whether images are shifted, turned, scaled and bent anew in every epoch. */
  readonly augment?: boolean;
  readonly callbacks?: readonly Callback[];
  readonly signal?: AbortSignal;
}

export interface EpochReport {
  /** Running means over the epoch's steps. */
  readonly loss: number;
  readonly accuracy: number;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly seconds: number;
}

export interface TrainedDigits {
  readonly model: Sequential;
  /** An epoch that was cut short is the last one. */
  readonly epochs: readonly EpochReport[];
  /** Median time of a step, the first one (which compiles) left out; null when there was no other. */
  readonly stepMs: number | null;
}

/** Makes and trains a model. Errors as fit. */
export async function trainDigits({ height, width, train }: Digits, options: TrainingOptions): Promise<TrainedDigits> {
  const { optimizer, learningRate, epochs, batchSize, seed, validationSplit = 0, signal } = options;
  const model = makeModel(options.model, height, width, seed);
  model.compile({
    optimizer: OPTIMIZERS[optimizer](learningRate),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const steps = epochs * Math.ceil(Math.floor(train.count * (1 - validationSplit)) / batchSize);
  const recorder = new Recorder();
  const limit = Math.min(steps, options.steps ?? Infinity);
  await model.fit(inputs(train, height, width), labels(train), {
    epochs,
    batchSize,
    validationSplit,
    callbacks: [
      ...(options.schedule === "cosine" ? [cosineSchedule(model, limit)] : []),
      ...(limit < steps ? [stopAfter(model, limit)] : []),
      recorder,
      ...(options.callbacks ?? []),
    ],
    ...(options.augment && { augment: imageAugmenter({ height, width, seed, rotation: 10, shift: 2, scale: 0.1, elastic: { alpha: 16, sigma: 4 } }) }),
    ...(signal && { signal }),
  });
  return { model, epochs: recorder.epochs, stepMs: recorder.medianStepMs() };
}

export interface Measured {
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** [label][read as] */
  readonly confusion: readonly (readonly number[])[];
}

/** Loss, accuracy and confusion on the test images. */
export async function measureDigits(model: Sequential, { height, width, test }: Digits): Promise<Measured> {
  const x = inputs(test, height, width);
  const scores = await model.evaluate(x, labels(test), { batchSize: EVALUATION_BATCH });
  const probabilities = await model.predict(x, { batchSize: EVALUATION_BATCH });
  const confusion = confusionMatrix(test.labels, await probabilities.argMax(1).data(), 10);
  const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  return { testLoss: scores["loss"]!, testAccuracy: right / test.count, confusion };
}

/** The line that `--json` prints. */
export async function reportOf({ model, epochs, stepMs }: TrainedDigits, { testAccuracy, testLoss }: Measured): Promise<object> {
  return {
    testAccuracy,
    testLoss,
    epochs,
    stepMs,
    parameters: model.countParams(),
    arenaBytes: memory().arenaBytes,
    weightsSha256: await weightsSha256(model),
  };
}

function inputs({ images, count }: LabelledImages, height: number, width: number): { data: Uint8Array; shape: number[] } {
  return { data: images, shape: [count, height, width, 1] };
}

function labels({ labels: data, count }: LabelledImages): { data: Uint8Array; shape: number[] } {
  return { data, shape: [count] };
}

function stopAfter(model: Sequential, steps: number): Callback {
  let done = 0;
  return {
    onBatchEnd: () => {
      if (++done >= steps) model.stopTraining = true;
    },
  };
}

function cosineSchedule(model: Sequential, steps: number): Callback {
  const start = model.optimizer.learningRate;
  let step = 0;
  return {
    onBatchBegin: () => {
      model.optimizer.learningRate = (start / 2) * (1 + cos((Math.PI * step++) / steps));
    },
  };
}

/** Keeps the epochs' numbers and the steps' times. */
class Recorder implements Callback {
  readonly epochs: EpochReport[] = [];
  private readonly stepTimes: number[] = [];
  private epochStart = 0;
  private stepStart = 0;
  /** Of the epoch that is running; undefined between epochs. */
  private running: Logs | undefined;

  onEpochBegin(): void {
    this.epochStart = performance.now();
    this.running = undefined;
  }

  onBatchBegin(): void {
    this.stepStart = performance.now();
  }

  onBatchEnd(_batch: number, logs: Logs): void {
    this.stepTimes.push(performance.now() - this.stepStart);
    this.running = logs;
  }

  onEpochEnd(_epoch: number, logs: Logs): void {
    this.close(logs);
  }

  onTrainEnd(): void {
    if (this.running) this.close(this.running);
  }

  medianStepMs(): number | null {
    const times = this.stepTimes.slice(1).sort((a, b) => a - b);
    return times.length === 0 ? null : times[times.length >> 1]!;
  }

  private close(logs: Logs): void {
    this.running = undefined;
    const { loss, accuracy, val_loss: valLoss = null, val_accuracy: valAccuracy = null } = logs as Record<"loss" | "accuracy", number> & Partial<Logs>;
    this.epochs.push({ loss, accuracy, valLoss, valAccuracy, seconds: (performance.now() - this.epochStart) / 1000 });
  }
}
