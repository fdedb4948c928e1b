// Small data sets made by a formula and a seed: for examples, tests and first steps. Nothing here was measured.
import { ValueError } from "../base/errors.js";
import { cos, exp, sin } from "../base/math.js";
import { checkNumber, checkOptions, checkWhole } from "../base/options.js";
import { createRandom, type Random } from "../base/random.js";

/** Examples as fit takes them. */
export interface SyntheticData {
  /** float32 [count, features]. */
  readonly x: { readonly data: Float32Array; readonly shape: readonly [count: number, features: number] };
  /** Class numbers, int32 [count]; or values, float32 [count, 1]. */
  readonly y: { readonly data: Int32Array | Float32Array; readonly shape: readonly number[] };
}

/** How many points, how far from their form, and from which seed. */
export interface PointsOptions {
  /** Examples (200). Classes take turns: example i is of class i mod classes. */
  readonly count?: number;
  /** Spread of what is added to every coordinate; 0 leaves the pure form. */
  readonly noise?: number;
  /** Whole number (0). */
  readonly seed?: number;
}

/** Points in the plane on two spiral arms, which no line parts. turns: how often each arm goes round (1.5). */
export function spirals(options: PointsOptions & { readonly turns?: number; readonly classes?: number } = {}): SyntheticData {
  const { count = 200, noise = 0.02, seed = 0, turns = 1.5, classes = 2 } = checkPoints(options, ["turns", "classes"], "spirals");
  checkNumber(turns, "spirals: turns", 0);
  checkWhole(classes, "spirals: classes");
  return points(count, classes, noise, seed, (label, random) => {
    const way = random.uniform(0.05, 1);
    const angle = 2 * Math.PI * (turns * way + label / classes);
    return [way * cos(angle), way * sin(angle)];
  });
}

/** Two half circles that reach into each other. */
export function moons(options: PointsOptions = {}): SyntheticData {
  const { count = 200, noise = 0.1, seed = 0 } = checkPoints(options, [], "moons");
  return points(count, 2, noise, seed, (label, random) => {
    const angle = random.uniform(0, Math.PI);
    return label === 0 ? [cos(angle), sin(angle)] : [1 - cos(angle), 0.5 - sin(angle)];
  });
}

/** A circle within a circle. factor: the inner one's radius; the outer one's is 1 (0.5). */
export function circles(options: PointsOptions & { readonly factor?: number } = {}): SyntheticData {
  const { count = 200, noise = 0.05, seed = 0, factor = 0.5 } = checkPoints(options, ["factor"], "circles");
  checkNumber(factor, "circles: factor", 0, 1);
  return points(count, 2, noise, seed, (label, random) => {
    const angle = random.uniform(0, 2 * Math.PI);
    const radius = label === 0 ? 1 : factor;
    return [radius * cos(angle), radius * sin(angle)];
  });
}

/** Round clouds of points, as many as there are classes (3), their centres drawn from a square of ±10. noise: their spread (1). */
export function blobs(options: PointsOptions & { readonly classes?: number; readonly features?: number } = {}): SyntheticData {
  const { count = 200, noise = 1, seed = 0, classes = 3, features = 2 } = checkPoints(options, ["classes", "features"], "blobs");
  checkWhole(classes, "blobs: classes");
  checkWhole(features, "blobs: features");
  const random = createRandom(seed, CENTRES);
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, () => random.uniform(-10, 10)));
  return points(count, classes, noise, seed, (label) => centres[label]!);
}

/** Options of linearRegression. */
export interface RegressionOptions {
  /** Examples (200). */
  readonly count?: number;
  /** Inputs (1). */
  readonly features?: number;
  /** Spread of what is added to the values (0.1). */
  readonly noise?: number;
  /** One a feature; drawn from ±2 when left out. */
  readonly weights?: readonly number[];
  /** Added to every value (0.5). */
  readonly bias?: number;
  /** Whole number (0). */
  readonly seed?: number;
}

/** Values that follow a line, with noise: y = x·weights + bias, x standard normal. The weights are given back. */
export function linearRegression(options: RegressionOptions = {}): SyntheticData & { readonly weights: readonly number[]; readonly bias: number } {
  checkOptions(options, ["count", "features", "noise", "weights", "bias", "seed"], "linearRegression");
  const { count = 200, noise = 0.1, bias = 0.5, seed = 0, features = options.weights?.length ?? 1 } = options;
  checkWhole(count, "linearRegression: count");
  checkWhole(features, "linearRegression: features");
  checkNumber(noise, "linearRegression: noise", 0);
  const drawn = createRandom(seed, CENTRES);
  const weights = options.weights ?? Array.from({ length: features }, () => drawn.uniform(-2, 2));
  if (weights.length !== features) throw new ValueError(`linearRegression: expected a weight for each of ${features} features, got ${weights.length}.`);
  const x = new Float32Array(count * features);
  const y = new Float32Array(count);
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    let value = bias;
    for (let k = 0; k < features; k++) value += weights[k]! * (x[i * features + k] = random.normal());
    y[i] = value + noise * random.normal();
  }
  return { x: { data: x, shape: [count, features] }, y: { data: y, shape: [count, 1] }, weights, bias };
}

/** A column of the table of cell nuclei: typical value and spread among benign ones, and how many spreads malignant ones lie higher. */
const CELLS: readonly (readonly [name: string, mean: number, spread: number, shift: number])[] = [
  ["radius", 12.1, 1.8, 2.4],
  ["texture", 17.9, 4.0, 0.9],
  ["perimeter", 78, 12, 2.4],
  ["area", 460, 135, 2.2],
  ["smoothness", 0.0925, 0.0135, 0.8],
  ["compactness", 0.08, 0.034, 1.6],
  ["concavity", 0.046, 0.043, 1.9],
  ["concavePoints", 0.026, 0.016, 2.6],
  ["symmetry", 0.174, 0.025, 0.7],
  ["fractalDimension", 0.063, 0.0067, 0],
];

/** A table with names of its columns and classes. */
export interface CellsData extends SyntheticData {
  /** Names of the columns. */
  readonly featureNames: readonly string[];
  /** "benign", "malignant". */
  readonly classNames: readonly string[];
}

/**
 * A made-up table of cell nuclei in the manner of the breast-cancer table: ten measures, benign (0) or malignant (1, every third row). Columns differ a
 * hundred-thousandfold in size and hang together, so that it shows why inputs are normalised. No patient stands behind a row.
 */
export function cells(options: { readonly count?: number; readonly seed?: number } = {}): CellsData {
  const { count = 569, seed = 0 } = checkOptions(options, ["count", "seed"], "cells");
  checkWhole(count, "cells: count");
  const features = CELLS.length;
  const x = new Float32Array(count * features);
  const y = new Int32Array(count);
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const malignant = (y[i] = Number(i % 3 === 2));
    // What all columns of a row share: large nuclei are large in every measure.
    const size = random.normal();
    for (const [k, [, mean, spread, shift]] of CELLS.entries()) {
      const deviation = malignant * shift + 0.6 * size + 0.8 * random.normal();
      // Lognormal: a measure is never below 0, and large values are rarer than as far below the middle.
      x[i * features + k] = mean * exp((spread / mean) * deviation);
    }
  }
  return { x: { data: x, shape: [count, features] }, y: { data: y, shape: [count] }, featureNames: CELLS.map(([name]) => name), classNames: ["benign", "malignant"] };
}

/** A stream of random numbers apart from that of the examples, so that centres stay when their number changes. */
const CENTRES = 1;

const POINTS = ["count", "noise", "seed"] as const satisfies readonly (keyof PointsOptions)[];

function checkPoints<O extends PointsOptions>(options: O, more: readonly string[], where: string): O {
  checkOptions(options, [...POINTS, ...more], where);
  if (options.count !== undefined) checkWhole(options.count, `${where}: count`);
  if (options.noise !== undefined) checkNumber(options.noise, `${where}: noise`, 0);
  return options;
}

function points(count: number, classes: number, noise: number, seed: number, place: (label: number, random: Random) => readonly number[]): SyntheticData {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, (_, i) => place(i % classes, random).map((coordinate) => coordinate + noise * random.normal()));
  const features = rows[0]!.length;
  return { x: { data: Float32Array.from(rows.flat()), shape: [count, features] }, y: { data: Int32Array.from({ length: count }, (_, i) => i % classes), shape: [count] } };
}
