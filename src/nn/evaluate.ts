// Evaluation and prediction over many examples, batch by batch.
import { allocate } from "../base/dtype.js";
import { sizeOf, type Shape } from "../base/shape.js";
import { borrowed, type CompiledFunction, type Tensor } from "../engine/index.js";
import type { Logs } from "./callbacks/callback.js";
import { BatchBuffer, type Rows } from "./feed.js";
import type { Scores } from "./steps.js";
import { Breather } from "./yielding.js";

/** Running means of scores over examples, in float64: batches count by their size. */
export class ScoreSums {
  private count = 0;
  private readonly sums = new Map<string, number>();

  add(name: string, mean: number, examples: number): void {
    this.sums.set(name, (this.sums.get(name) ?? 0) + mean * examples);
  }

  counted(examples: number): void {
    this.count += examples;
  }

  reset(): void {
    this.count = 0;
    this.sums.clear();
  }

  means(): Record<string, number> {
    return Object.fromEntries([...this.sums].map(([name, sum]) => [name, sum / this.count]));
  }

  /** Adds the scores of a batch. */
  addScores(scores: Scores, examples: number): void {
    for (const name in scores) this.add(name, scores[name]!.dataSync()[0]!, examples);
    this.counted(examples);
  }
}

/** Loss and metrics over all rows. */
export async function evaluateRows(step: CompiledFunction<[x: Tensor, y: Tensor], Scores>, x: Rows, y: Rows, batchSize: number): Promise<Logs> {
  const sums = new ScoreSums();
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
