// The schedules by name, as files hold them. Apart from what optimizers need, so that programs without files load no schedule they do not name.
import { lookUp } from "../../base/names.js";
import { cyclical, oneCycle, warmup } from "./cycles.js";
import { cosineDecay, cosineDecayRestarts, exponentialDecay, inverseTimeDecay, linear, piecewiseConstantDecay, polynomialDecay, stepDecay } from "./decays.js";
import type { Schedule } from "./schedule.js";

/** Their options come from files; each checks its own. */
type Maker = (config: never) => Schedule;

const SCHEDULES: Readonly<Record<string, Maker>> = {
  exponentialDecay, inverseTimeDecay, polynomialDecay, piecewiseConstantDecay, cosineDecay, cosineDecayRestarts, stepDecay, linear, cyclical, oneCycle,
  warmup: (config: Parameters<typeof warmup>[0]) => warmup({ ...config, schedule: rateFromConfig(config.schedule, "warmup: schedule") as number | Schedule }),
}; // prettier-ignore

/** A learning rate as a file holds it: a number as it is, { name, config } as the schedule it means. Throws ValueError on an unknown name. */
export function rateFromConfig(stored: unknown, where: string): unknown {
  if (typeof stored !== "object" || stored === null || !("name" in stored) || !("config" in stored)) return stored;
  return lookUp(SCHEDULES, String(stored.name), where)(stored.config as never);
}
