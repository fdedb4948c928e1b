// Universal approximation, built instead of trained: a steep sigmoid is a step, two of them make a tower, and towers of the right heights side by side
// make any continuous function. The construction of Cybenko's theorem as it is usually drawn.
import { tensor } from "../../engine/index.js";
import { dense } from "../layers/dense.js";
import { checkNumber, checkOptions, checkWhole } from "../../base/options.js";
import { sequential, type Sequential } from "../sequential.js";

/** Options of towers() and towers2d(). */
export interface TowerOptions {
  /** The ends of the interval, or of both sides of a square; default 0 and 1. */
  readonly from?: number;
  readonly to?: number;
  /** Towers side by side. */
  readonly towers: number;
  /** How steep the sides are: the sigmoids' weight times the width of a tower; default 1000. */
  readonly steepness?: number;
}

/**
 * A network of 2n + 1 neurons that follows f from above n intervals: dense(2n, sigmoid), dense(1). Each tower is as high as f in its middle, so the error is
 * at most the most that f changes over half a tower, and falls as 1 / n.
 *
 * model: [batch, 1] → [batch, 1]
 */
export function towers(f: (x: number) => number, options: TowerOptions): Sequential {
  const { from, to, count, width, weight } = gridOf(options);
  const model = sequential({ name: "towers", layers: [dense({ units: 2 * count, activation: "sigmoid", inputShape: [1] }), dense({ units: 1 })] });
  const sides = sidesOf(from, to, count, width);
  const heights = Array.from({ length: count }, (_, i) => f(from + (i + 0.5) * width));
  model.setWeights([
    tensor([sides.map(() => weight)], undefined, "float32"),
    tensor(sides.map((side) => -weight * side), undefined, "float32"),
    tensor(heights.flatMap((height) => [[height], [-height]]), undefined, "float32"),
    tensor([0], undefined, "float32"),
  ]);
  return model;
}

/**
 * The same over a square: 4n sigmoids make n ridges along each axis, n² sigmoids fire where two ridges cross, and the output gives each crossing its height.
 *
 * model: [batch, 2] → [batch, 1]
 */
export function towers2d(f: (x: number, y: number) => number, options: TowerOptions): Sequential {
  const { from, to, count, width, weight } = gridOf(options);
  const sides = sidesOf(from, to, count, width);
  const model = sequential({
    name: "towers_2d",
    layers: [dense({ units: 4 * count, activation: "sigmoid", inputShape: [2] }), dense({ units: count * count, activation: "sigmoid" }), dense({ units: 1 })],
  });
  const middle = (i: number): number => from + (i + 0.5) * width;
  const crossings = Array.from({ length: count * count }, (_, k) => [Math.floor(k / count), k % count] as const);
  // A ridge is 1 on top; where two cross there are 2, which only passes a threshold of 1.5.
  const CROSSING = 40;
  const ridges = Array.from({ length: 4 * count }, (_, unit) => {
    const [axis, ridge, sign] = [Math.floor(unit / (2 * count)), Math.floor((unit % (2 * count)) / 2), unit % 2 === 0 ? 1 : -1];
    return crossings.map((at) => (at[axis] === ridge ? sign * CROSSING : 0));
  });
  model.setWeights([
    tensor([[...sides.map(() => weight), ...sides.map(() => 0)], [...sides.map(() => 0), ...sides.map(() => weight)]], undefined, "float32"),
    tensor([...sides, ...sides].map((side) => -weight * side), undefined, "float32"),
    tensor(ridges, undefined, "float32"),
    tensor(crossings.map(() => -1.5 * CROSSING), undefined, "float32"),
    tensor(crossings.map(([i, j]) => [f(middle(i), middle(j))]), undefined, "float32"),
    tensor([0], undefined, "float32"),
  ]);
  return model;
}

function gridOf(options: TowerOptions): { from: number; to: number; count: number; width: number; weight: number } {
  const { from = 0, to = 1, towers: count, steepness = 1000 } = checkOptions(options, ["from", "to", "towers", "steepness"], "towers");
  checkWhole(count, "towers: towers");
  checkNumber(to, "towers: to", checkNumber(from, "towers: from"));
  const width = (to - from) / count;
  return { from, to, count, width, weight: checkNumber(steepness, "towers: steepness", 0) / width };
}

/** Where the sigmoids of each tower rise and fall: two a tower. The outermost stand farther out, so that the ends are on top. */
function sidesOf(from: number, to: number, count: number, width: number): number[] {
  return Array.from({ length: count }, (_, i) => [i === 0 ? from - width : from + i * width, i === count - 1 ? to + width : from + (i + 1) * width]).flat();
}
