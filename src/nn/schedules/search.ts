// Searches for a learning rate: a loss is asked for at one rate after the other.
import { ValueError } from "../../base/errors.js";
import { exp, log } from "../../base/math.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";

/** The loss after a step of this rate, or after a whole training with it. */
export type LossAt = (rate: number) => number | Promise<number>;

/** One rate that was asked for, and its loss. */
export interface Trial {
  readonly rate: number;
  readonly loss: number;
}

/** The best rate that was found, and all that were asked for. */
export interface SearchResult extends Trial {
  /** All rates that were asked for, in that order. */
  readonly tried: readonly Trial[];
}

/** Options of lineSearch(). */
export interface LineSearchOptions {
  /** The slope of the loss at rate 0, below 0: −‖gradient‖² along the gradient. Asked for unless `rates` are given. */
  readonly slope?: number;
  /** The first rate; default 1. */
  readonly initialRate?: number;
  /** What a rate that was too large is multiplied by; default 0.5. */
  readonly shrink?: number;
  /** Share of the decrease that the slope promises with which a rate is good enough; default 1e-4. */
  readonly sufficient?: number;
  /** Most rates that are asked for; default 30. */
  readonly most?: number;
  /** An exact search among these instead: the one with the lowest loss. */
  readonly rates?: readonly number[];
}

/**
 * The rate of one step along a line: the first of initialRate, · shrink, · shrink² … with loss(rate) ≤ loss(0) + sufficient · rate · slope.   Armijo 1966
 *
 * Rate 0 when none of them was; with `rates`, the best of those. Throws ValueError when the slope does not fall.
 */
export async function lineSearch(lossAt: LossAt, options: LineSearchOptions = {}): Promise<SearchResult> {
  const { slope, initialRate = 1, shrink = 0.5, sufficient = 1e-4, most = 30, rates } = checkOptions(
    options, ["slope", "initialRate", "shrink", "sufficient", "most", "rates"], "lineSearch"); // prettier-ignore
  if (rates !== undefined) return best(lossAt, rates, "lineSearch: rates");
  checkNumber(slope, "lineSearch: slope");
  if (slope! >= 0) throw new ValueError(`lineSearch: slope: expected a number below 0, since the loss falls along the line, got ${slope}.`);
  checkNumber(initialRate, "lineSearch: initialRate", 0);
  checkNumber(shrink, "lineSearch: shrink", 0, 1, true);
  checkNumber(sufficient, "lineSearch: sufficient", 0, 1);
  checkWhole(most, "lineSearch: most");
  const start = { rate: 0, loss: await lossAt(0) };
  const tried: Trial[] = [start];
  for (let rate = initialRate; tried.length <= most; rate *= shrink) {
    const trial = { rate, loss: await lossAt(rate) };
    tried.push(trial);
    if (trial.loss <= start.loss + sufficient * rate * slope!) return { ...trial, tried };
  }
  return { ...start, tried };
}

/** Options of logSearch(). */
export interface LogSearchOptions {
  /** Default 1e-5. */
  readonly from?: number;
  /** Default 1. */
  readonly to?: number;
  /** How many rates, evenly spaced by their logarithm, both ends included; default 6. */
  readonly count?: number;
  /** The rates themselves instead. */
  readonly rates?: readonly number[];
}

/** The rate with the lowest loss among some that are evenly spaced by their logarithm. A loss that is not a number loses. */
export async function logSearch(lossAt: LossAt, options: LogSearchOptions = {}): Promise<SearchResult> {
  const { from = 1e-5, to = 1, count = 6, rates } = checkOptions(options, ["from", "to", "count", "rates"], "logSearch");
  if (rates !== undefined) return best(lossAt, rates, "logSearch: rates");
  checkNumber(from, "logSearch: from", Number.MIN_VALUE);
  checkNumber(to, "logSearch: to", from);
  checkWhole(count, "logSearch: count", 2);
  const [low, high] = [log(from), log(to)];
  // The ends as they were given; a logarithm and back is off by a bit.
  const rate = (i: number): number => (i === 0 ? from : i === count - 1 ? to : exp(low + ((high - low) * i) / (count - 1)));
  return best(lossAt, Array.from({ length: count }, (_, i) => rate(i)), "logSearch: rates");
}

async function best(lossAt: LossAt, rates: readonly number[], where: string): Promise<SearchResult> {
  if (!Array.isArray(rates) || rates.length === 0) throw new ValueError(`${where}: expected at least one rate, got ${JSON.stringify(rates)}.`);
  const tried: Trial[] = [];
  for (const rate of rates) tried.push({ rate: checkNumber(rate, where, 0), loss: await lossAt(rate) });
  let found = tried[0]!;
  for (const trial of tried) if (trial.loss < found.loss || found.loss !== found.loss) found = trial;
  return { ...found, tried };
}
