// What a schedule is: the learning rate as a function of the step, with its name and options, enough to make it again.
import type { Config } from "../layer.js";

/** A learning rate by the number of the step: a function, and its name and options, so that a file can hold it. */
export interface Schedule {
  readonly name: string;
  readonly config: Config;
  /** The learning rate of a step, counted from 0. */
  readonly call: (step: number) => number;
}

/** A rate, a schedule, one as a file holds it, or a function of the step, counted from 0, which a file cannot hold. */
export type LearningRate = number | Schedule | { readonly name: string; readonly config: Config } | ((step: number) => number);
