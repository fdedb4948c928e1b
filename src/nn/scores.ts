// Scores: loss and metrics of all batches so far.
import type { Tensor } from "../engine/index.js";
import type { Goal } from "./goal.js";

/** What ScoreSums hold, as plain numbers. */
export interface ScoreState {
  readonly count: number;
  readonly loss: number;
  readonly sums: readonly (readonly number[])[];
}

/** Sums in float64: losses count by the size of their batch, metrics add up. */
export class ScoreSums {
  private count = 0;
  private loss = 0;
  private sums: Float64Array[] = [];

  constructor(private readonly goal: Goal) {}

  reset(): void {
    this.count = this.loss = 0;
    this.sums = [];
  }

  /** Adds what a step gave for a batch. */
  add([loss, ...reported]: readonly Tensor[], examples: number): void {
    this.count += examples;
    this.loss += loss!.dataSync()[0]! * examples;
    reported.forEach((tensor, k) => {
      const values = tensor.dataSync();
      const sums = (this.sums[k] ??= new Float64Array(values.length));
      for (let i = 0; i < values.length; i++) sums[i]! += values[i]!;
    });
  }

  /** Loss and metrics over all examples so far. */
  means(): Record<string, number> {
    const means: Record<string, number> = { loss: this.loss / this.count };
    this.goal.reported.forEach(({ name, result }, i) => (means[name] = result(this.sums[i]!)));
    return means;
  }

  get state(): ScoreState {
    return { count: this.count, loss: this.loss, sums: this.sums.map((sums) => [...sums]) };
  }

  set state({ count, loss, sums }: ScoreState) {
    this.count = count;
    this.loss = loss;
    this.sums = sums.map((values) => Float64Array.from(values));
  }
}
