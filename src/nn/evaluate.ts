// Evaluation and prediction over many examples, batch by batch.
import { allocate } from "../base/dtype.js";
import { sizeOf, type Shape } from "../base/shape.js";
import { borrowed, type CompiledFunction, type Tensor } from "../engine/index.js";
import type { Logs } from "./callbacks/callback.js";
import { BatchBuffer, type Rows } from "./feed.js";
import type { ChosenMetric } from "./metrics/metric.js";
import type { Scores } from "./steps.js";
import { Breather } from "./yielding.js";

/** Scores of all examples so far, in float64: losses count by the size of their batch, metrics add their sums. */
export class ScoreSums {
  private count = 0;
  private loss = 0;
  private readonly sums = new Map<string, Float64Array>();

  constructor(private readonly metrics: readonly ChosenMetric[]) {}

  reset(): void {
    this.count = this.loss = 0;
    this.sums.clear();
  }

  means(): Record<string, number> {
    return { loss: this.loss / this.count, ...Object.fromEntries(this.metrics.map((metric) => [metric.name, metric.result(this.sums.get(metric.name)!)])) };
  }

  /** Adds the scores of a batch. */
  addScores(scores: Scores, examples: number): void {
    this.count += examples;
    this.loss += scores["loss"]!.dataSync()[0]! * examples;
    for (const { name } of this.metrics) {
      const values = scores[name]!.dataSync();
      const sums = this.sums.get(name) ?? new Float64Array(values.length);
      values.forEach((value: number, i: number) => (sums[i]! += value));
      this.sums.set(name, sums);
    }
  }
}

/** Loss and metrics over all rows. */
export async function evaluateRows(
  step: CompiledFunction<[x: Tensor, y: Tensor], Scores>,
  metrics: readonly ChosenMetric[],
  x: Rows,
  y: Rows,
  batchSize: number,
): Promise<Logs> {
  const sums = new ScoreSums(metrics);
  const capacity = Math.min(batchSize, x.count);
  const [inputs, labels] = [new BatchBuffer(x, capacity), new BatchBuffer(y, capacity)];
  await eachBatch(x.count, capacity, async (begin, count) => {
    sums.addScores(await step.callAsync(inputs.gather(undefined, begin, count), labels.gather(undefined, begin, count)), count);
  });
  return sums.means();
}

/** Results for all rows. shape: that of one result. */
export async function predictRows(step: CompiledFunction<[x: Tensor], Tensor>, x: Rows, shape: Shape, batchSize: number): Promise<Tensor> {
  const width = sizeOf(shape);
  const results = allocate("float32", x.count * width);
  const capacity = Math.min(batchSize, x.count);
  const inputs = new BatchBuffer(x, capacity);
  await eachBatch(x.count, capacity, async (begin, count) => {
    results.set((await step.callAsync(inputs.gather(undefined, begin, count))).dataSync(), begin * width);
  });
  return borrowed(results, [x.count, ...shape], "float32");
}

async function eachBatch(total: number, batchSize: number, work: (begin: number, count: number) => Promise<void>): Promise<void> {
  const breather = new Breather();
  try {
    for (let begin = 0; begin < total; begin += batchSize) {
      await work(begin, Math.min(batchSize, total - begin));
      if (breather.due) await breather.breathe();
    }
  } finally {
    breather.close();
  }
}
