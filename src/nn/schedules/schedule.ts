// What a schedule is: the learning rate as a function of the step, with its name and options, enough to make it again.
import { ValueError } from "../../base/errors.js";
import type { Config } from "../layer.js";
import { checkNumber } from "../../base/options.js";

/** A learning rate by the number of the step: a function, and its name and options, so that a file can hold it. */
export interface Schedule {
  readonly name: string;
  readonly config: Config;
  /** The learning rate of a step, counted from 0. */
  readonly call: (step: number) => number;
}

/** A rate, a schedule, or a function of the step, counted from 0, which a file cannot hold. */
export type LearningRate = number | Schedule | ((step: number) => number);

/** The number or schedule that is meant; a function becomes a schedule without a name. Throws ValueError on numbers that are negative or not finite. */
export function getRate(like: LearningRate, where: string): number | Schedule {
  if (typeof like === "number") return checkNumber(like, where, 0);
  if (typeof like === "function") return { name: "", config: {}, call: like };
  if (typeof like !== "object" || like === null || typeof like.call !== "function") throw new ValueError(`${where}: expected a number or a schedule, got ${JSON.stringify(like)}.`);
  return like;
}
