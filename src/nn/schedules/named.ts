// The schedules by name, and what an optimizer takes for a learning rate.
import { ValueError } from "../../base/errors.js";
import { lookUp } from "../names.js";
import { checkNumber } from "../options.js";
import { cyclical, oneCycle, warmup } from "./cycles.js";
import { cosineDecay, cosineDecayRestarts, exponentialDecay, inverseTimeDecay, linear, piecewiseConstantDecay, polynomialDecay, stepDecay } from "./decays.js";
import type { LearningRate, Schedule } from "./schedule.js";

/** Their options come from files, which their own checks read. */
type Maker = (config: never) => Schedule;

const SCHEDULES: Readonly<Record<string, Maker>> = {
  exponentialDecay, inverseTimeDecay, polynomialDecay, piecewiseConstantDecay, cosineDecay, cosineDecayRestarts, stepDecay, linear, cyclical, oneCycle,
  warmup: (config: { schedule: LearningRate }) => warmup({ ...(config as never as Parameters<typeof warmup>[0]), schedule: getRate(config.schedule, "warmup: schedule") }),
}; // prettier-ignore

/** The number or schedule that a learning rate means. Throws ValueError on an unknown name and on numbers that are negative or not finite. */
export function getRate(like: LearningRate, where: string): number | Schedule {
  if (typeof like === "number") return checkNumber(like, where, 0);
  if (typeof like === "function") return { name: "", config: {}, call: like };
  if (typeof like !== "object" || like === null) throw new ValueError(`${where}: expected a number or a schedule, got ${String(like)}.`);
  return "call" in like ? like : lookUp(SCHEDULES, like.name, where)(like.config as never);
}
