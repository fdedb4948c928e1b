// The axes that a reduction takes: a number, a list, or options by name.
import { ValueError } from "../base/errors.js";
import type { ReduceAttrs } from "../ops/reduction.js";
import type { Axes } from "./tensor.js";

/** Axes to reduce, by either name. */
export interface ReduceOptions extends ReduceAttrs {
  readonly axis?: Axes;
}

/** Options of std() and variance(). */
export interface SpreadOptions extends ReduceOptions {
  /** Subtracted from the count in the divisor: 0 (the population's, when absent), 1 the sample's. */
  readonly correction?: number;
}

const REDUCE_OPTIONS = ["axis", "axes", "keepDims"];
export const SPREAD_OPTIONS = ["axis", "axes", "keepDims", "correction"];

/** What ops know of the axes that a reduction is given. Throws ValueError for an option that is none of `names`. */
export function attrsOf(given: Axes | ReduceOptions | undefined, keepDims = false, names: readonly string[] = REDUCE_OPTIONS): ReduceAttrs {
  const options: ReduceOptions = isOptions(given) ? given : { axes: given, keepDims };
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ValueError(`reduction: option "${unknown}" is not known; expected ${names.join(", ")}.`);
  return { axes: options.axes ?? options.axis, keepDims: options.keepDims };
}

/** Whether options are given, and not axes by themselves. */
export function isOptions(given: Axes | ReduceOptions | undefined): given is ReduceOptions {
  return typeof given === "object" && !Array.isArray(given);
}
