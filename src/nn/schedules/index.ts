// Learning rates as functions of the step, and searches for a rate.
export { cyclical, oneCycle, warmup, type CyclicalOptions, type OneCycleOptions, type WarmupOptions } from "./cycles.js";
export {
  cosineDecay, cosineDecayRestarts, exponentialDecay, inverseTimeDecay, linear, piecewiseConstantDecay, polynomialDecay, stepDecay,
  type CosineDecayOptions, type CosineDecayRestartsOptions, type DecayOptions, type LinearOptions, type PiecewiseConstantDecayOptions, type PolynomialDecayOptions,
} from "./decays.js"; // prettier-ignore
export type { LearningRate, Schedule } from "./schedule.js";
export { lineSearch, logSearch, type LineSearchOptions, type LogSearchOptions, type LossAt, type SearchResult, type Trial } from "./search.js";
