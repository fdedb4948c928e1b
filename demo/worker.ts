// The training worker: writes digits, trains a network on them, tells the page how it goes, hands the model over as a file.
import { init } from "../src/engine/index.js";
import { generateDigits } from "../src/data/digits/generate.js";
import { makeModel } from "../src/cli/models.js";
import { modelToBytes, type Callback, type Logs } from "../src/nn/index.js";
import type { CurvePoint, Lesson, News, Order } from "./protocol.js";

/** What a module worker's global scope offers, of all that the page's own does not. */
declare const self: {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(news: News, transfer?: Transferable[]): void;
};

const DIGITS = 10_000;
const HELD_BACK = 1_000;
const BATCH = 64;
/** Curves move ten times a second: often enough to look alive, and nothing the page notices. */
const NEWS_MS = 100;

let abort: AbortController | undefined;

self.onmessage = ({ data: order }) => {
  if (order.type === "stop") {
    abort?.abort();
    return;
  }
  abort = new AbortController();
  train(order.lesson, order.modules, abort.signal).catch((error: unknown) => {
    self.postMessage({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  });
};

async function train({ network, epochs, seed }: Lesson, modules: Readonly<Record<string, WebAssembly.Module>>, signal: AbortSignal): Promise<void> {
  await init({ modules });
  self.postMessage({ type: "writing", digits: DIGITS + HELD_BACK });
  const learned = generateDigits({ count: DIGITS, seed });
  const heldBack = generateDigits({ count: HELD_BACK, seed, first: DIGITS });
  const model = makeModel(network, 28, 28, seed);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  self.postMessage({ type: "started", parameters: model.countParams() });
  const start = performance.now();
  await model.fit(pixels(learned.images), labels(learned.labels), {
    epochs,
    batchSize: BATCH,
    validationData: [pixels(heldBack.images), labels(heldBack.labels)],
    callbacks: new Reporter(),
    signal,
  });
  const seconds = (performance.now() - start) / 1000;
  const file = new Uint8Array(await modelToBytes(model));
  self.postMessage({ type: "finished", stopped: signal.aborted, file, seconds }, [file.buffer]);
}

function pixels(data: Uint8Array): { data: Uint8Array; shape: number[] } {
  return { data, shape: [data.length / (28 * 28), 28, 28, 1] };
}

function labels(data: Uint8Array): { data: Uint8Array; shape: number[] } {
  return { data, shape: [data.length] };
}

/** Turns fit's running means into points of a curve and sends them in bundles. */
class Reporter implements Callback {
  private epoch = 0;
  private before: Logs = { loss: 0, accuracy: 0 };
  private smooth: { loss: number; accuracy: number } | undefined;
  private points: CurvePoint[] = [];
  private images = 0;
  private lastNews = performance.now();

  onEpochBegin(epoch: number): void {
    this.epoch = epoch;
    this.before = { loss: 0, accuracy: 0 };
  }

  onBatchEnd(batch: number, logs: Logs): void {
    const seen = Math.min(DIGITS, (batch + 1) * BATCH);
    const count = seen - batch * BATCH;
    // The batch's own value is what moved the epoch's mean.
    const own = (name: "loss" | "accuracy"): number => (logs[name]! * seen - this.before[name]! * (seen - count)) / count;
    const { loss, accuracy } = this.smooth ?? { loss: own("loss"), accuracy: own("accuracy") };
    this.smooth = { loss: loss + SMOOTHING * (own("loss") - loss), accuracy: accuracy + SMOOTHING * (own("accuracy") - accuracy) };
    this.before = logs;
    this.points.push({ epoch: this.epoch + seen / DIGITS, ...this.smooth });
    this.images += count;
    if (performance.now() - this.lastNews > NEWS_MS) this.send();
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    this.send();
    self.postMessage({ type: "epoch", epoch: epoch + 1, loss: logs["val_loss"]!, accuracy: logs["val_accuracy"]! });
    this.lastNews = performance.now();
  }

  private send(): void {
    const now = performance.now();
    self.postMessage({ type: "progress", points: this.points, imagesPerSecond: (this.images * 1000) / (now - this.lastNews) });
    this.points = [];
    this.images = 0;
    this.lastNews = now;
  }
}

/** Part of a batch's value in the curve: single batches of 64 jump too much to be looked at. */
const SMOOTHING = 0.08;
