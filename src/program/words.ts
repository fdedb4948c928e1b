// Words of a linked program: those its steps have, and the range that stands before each step's.
import type { Step } from "./program.js";
import { kernelSteps } from "./walk.js";

/** First unit, and the unit behind the last. */
const RANGE_WORDS = 2;

/** Words that the steps take in memory, ranges included. */
export function countWords(steps: readonly Step[]): number {
  return kernelSteps(steps).reduce((sum, { words }) => sum + RANGE_WORDS + words.length, 0);
}
