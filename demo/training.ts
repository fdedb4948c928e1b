// "Train here": the panel with its controls, curves and figures. The training itself runs in worker.ts.
import { Chart } from "./chart.js";
import { element } from "./dom.js";
import { kernels } from "./kernels.js";
import type { Lesson, Network, News, Order } from "./protocol.js";

export interface Trained {
  /** A model file: see model.ts. */
  readonly file: Uint8Array;
  /** Share of the held-back digits read right. */
  readonly accuracy: number;
}

export interface TrainingOptions {
  /** The user wants this network to read; resolves when it does. */
  readonly onUse: (trained: Trained) => Promise<void>;
}

/** Seconds over which throughput is averaged, roughly. */
const CALM_S = 1.5;

export class TrainingPanel {
  private readonly section = element("trainer", HTMLElement);
  private readonly form = element("train-form", HTMLFormElement);
  private readonly buttons = {
    train: element("train", HTMLButtonElement),
    stop: element("stop", HTMLButtonElement),
    use: element("use", HTMLButtonElement),
  };
  private readonly progress = element("progress", HTMLDivElement);
  private readonly figures = {
    throughput: element("throughput", HTMLElement),
    epoch: element("epoch", HTMLElement),
    elapsed: element("elapsed", HTMLElement),
    parameters: element("trained-parameters", HTMLElement),
  };
  private readonly status = element("train-status", HTMLParagraphElement);
  private readonly loss = new Chart(element("loss-chart", HTMLElement), {
    from: 0.01,
    to: 3,
    log: true,
    ticks: [0.01, 0.1, 1],
    format: (value) => String(Number(value.toPrecision(2))),
  });
  private readonly accuracy = new Chart(element("accuracy-chart", HTMLElement), {
    from: 0,
    to: 1,
    ticks: [0, 0.5, 1],
    format: (value) => `${Number((100 * value).toFixed(1))} %`,
  });
  private worker: Worker | undefined;
  private trained: Trained | undefined;
  private lesson: Lesson = { network: "mlp", epochs: 1, seed: 0 };
  private lastAccuracy = 0;
  private startedAt = 0;
  private imagesPerSecond = 0;

  constructor(private readonly options: TrainingOptions) {
    const { stop, use } = this.buttons;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.start();
    });
    stop.addEventListener("click", () => {
      this.send({ type: "stop" });
      stop.disabled = true;
      this.say("Stopping…");
    });
    use.addEventListener("click", () => {
      if (this.trained) void this.options.onUse(this.trained);
    });
  }

  private async start(): Promise<void> {
    const form = new FormData(this.form);
    this.lesson = { network: form.get("network") as Network, epochs: Number(form.get("epochs")), seed: crypto.getRandomValues(new Uint32Array(1))[0]! };
    this.trained = undefined;
    this.imagesPerSecond = this.lastAccuracy = 0;
    this.loss.reset(this.lesson.epochs);
    this.accuracy.reset(this.lesson.epochs);
    this.showProgress(0);
    this.section.classList.remove("fresh");
    for (const figure of Object.values(this.figures)) figure.textContent = "–";
    this.running(true);
    this.say("Loading the training kernels…");
    try {
      const [core, train] = await Promise.all([kernels("core"), kernels("train")]);
      this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }: MessageEvent<News>) => this.hear(data);
      this.worker.onerror = (event) => this.fail(event.message || "the training worker could not be started");
      this.send({ type: "train", lesson: this.lesson, modules: { core, train } });
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private send(order: Order): void {
    this.worker?.postMessage(order);
  }

  private hear(news: News): void {
    const { epochs } = this.lesson;
    switch (news.type) {
      case "writing":
        return this.say(`Writing ${count(news.digits)} digits to learn from…`);
      case "started":
        this.startedAt = performance.now();
        this.figures.parameters.textContent = count(news.parameters);
        return this.say("Learning.");
      case "progress": {
        for (const { epoch, loss, accuracy } of news.points) {
          this.loss.add(epoch, loss);
          this.accuracy.add(epoch, accuracy);
        }
        this.loss.draw();
        this.accuracy.draw();
        const last = news.points.at(-1);
        if (!last) return;
        const seconds = (performance.now() - this.startedAt) / 1000;
        const weight = this.imagesPerSecond === 0 ? 1 : 0.1 / CALM_S;
        this.imagesPerSecond += weight * (news.imagesPerSecond - this.imagesPerSecond);
        this.figures.throughput.textContent = count(Number(this.imagesPerSecond.toPrecision(3)));
        this.figures.epoch.textContent = `${Math.min(epochs, Math.floor(last.epoch) + 1)} of ${epochs}`;
        this.figures.elapsed.textContent = `${seconds.toFixed(1)} s`;
        return this.showProgress(last.epoch / epochs);
      }
      case "epoch":
        this.lastAccuracy = news.accuracy;
        this.loss.mark(news.epoch, news.loss);
        this.accuracy.mark(news.epoch, news.accuracy);
        return this.say(`Epoch ${news.epoch} of ${epochs}: ${percent(news.accuracy)} of the digits held back are read right.`);
      case "finished": {
        // Whoever has gone on drawing keeps the focus.
        const watched = document.activeElement === this.buttons.stop;
        this.end();
        this.trained = { file: news.file, accuracy: this.lastAccuracy };
        this.buttons.use.hidden = false;
        if (watched) this.buttons.use.focus({ preventScroll: true });
        this.figures.elapsed.textContent = `${news.seconds.toFixed(1)} s`;
        return this.say(
          news.stopped
            ? "Stopped. What it has learned so far can be used."
            : `Done: it reads ${percent(this.lastAccuracy)} of 1,000 digits it has never seen, after ${news.seconds.toFixed(1)} s of training.`,
        );
      }
      case "failed":
        return this.fail(news.message);
      default:
        news satisfies never;
    }
  }

  private fail(message: string): void {
    this.end();
    this.say(`Training failed: ${message}`, true);
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.running(false);
  }

  private running(on: boolean): void {
    const { train, stop, use } = this.buttons;
    train.hidden = on;
    stop.hidden = !on;
    stop.disabled = false;
    if (on) {
      use.hidden = true;
      stop.focus({ preventScroll: true });
    }
    train.textContent = "Train again";
    train.classList.remove("primary");
    for (const input of this.form.querySelectorAll("input")) input.disabled = on;
  }

  private showProgress(share: number): void {
    this.progress.style.setProperty("--done", share.toFixed(4));
    this.progress.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  }

  private say(text: string, bad = false): void {
    this.status.textContent = text;
    this.status.classList.toggle("bad", bad);
  }
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
