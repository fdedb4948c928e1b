// Words of a linked program: those its steps have, and the range that stands before each step's.
import type { Step } from "./program.js";

/** First unit, and the unit behind the last. */
export const RANGE_WORDS = 2;

/** Words that the steps take in memory, ranges included. */
export function countWords(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    if (step.kind === "kernel") return sum + RANGE_WORDS + step.words.length;
    return sum + countWords(step.steps) + (step.kind === "branch" ? countWords(step.otherwise) : 0);
  }, 0);
}
