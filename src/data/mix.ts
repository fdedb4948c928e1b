// mixUp and cutMix as stages of a dataset of batches: examples of a batch are mixed with others of it, and their labels alike.
import { ShapeError, ValueError } from "../base/errors.js";
import { pow } from "../base/math.js";
import { checkNumber, checkOptions, checkWhole } from "../base/options.js";
import { createRandom, type Random } from "../base/random.js";
import { showShape, type Shape } from "../base/shape.js";
import { add, cast, gather, mul, randomSeed, reshape, sub, tensor, type Tensor } from "../engine/index.js";
import type { ElementInfo } from "./stages/stage.js";

/** Options of mixUp() and cutMix(). */
export interface MixOptions {
  /** Shares come from Beta(alpha, alpha): near 0 and 1 where it is small, even at 1. Above 0, at most 4. Default 0.2 (cutMix: 1). */
  readonly alpha?: number;
  /** What is mixed with what follows from it, the pass and the number of the batch; default: what setRandomSeed set last. */
  readonly seed?: number;
}

/** Examples and their labels, as shares of classes: one-hot rows, [batch, classes]. */
interface Batch {
  readonly xs: Tensor;
  readonly ys: Tensor;
}

type Mixing = <T extends Batch>(batch: T, info: ElementInfo) => T;

/** Batches of a pass that have streams of their own. */
const PASS = 2 ** 24;

/** shareOf: how much of each element stays, [batch, …], and of each label, for shares that were drawn. */
function mixing(name: string, alpha: number, options: MixOptions, shareOf: (random: Random, shares: readonly number[], shape: Shape) => readonly [elements: Tensor, labels: readonly number[]]): Mixing {
  const { seed = randomSeed() } = checkOptions(options, ["alpha", "seed"], name);
  checkWhole(seed, `${name}: seed`, 0);
  if (checkNumber(alpha, `${name}: alpha`, 0, 4) === 0) throw new ValueError(`${name}: alpha: expected a number above 0, got 0.`);
  return (batch, { epoch, index }) => {
    const { xs, ys } = batch;
    if (ys?.shape.length !== 2 || xs?.shape[0] !== ys.shape[0]) {
      throw new ShapeError(`${name}: expected batches { xs: [batch, …], ys: [batch, classes] }, got xs ${showShape(xs?.shape ?? [])} and ys ${showShape(ys?.shape ?? [])}. Use batch() first, and oneHot() for class numbers.`);
    }
    const count = xs.shape[0]!;
    const random = createRandom(seed, epoch * PASS + index);
    const partners = tensor(Int32Array.from(random.permutation(count)));
    const [elements, labels] = shareOf(random, Array.from({ length: count }, () => beta(random, alpha)), xs.shape);
    const mixed = (x: Tensor, share: Tensor): Tensor => add(mul(cast(x, "float32"), share), mul(gather(cast(x, "float32"), partners), sub(1, share)));
    return { ...batch, xs: mixed(xs, elements), ys: mixed(ys, tensor([...labels], [count, 1], "float32")) };
  };
}

/** A draw from Beta(a, a).   Jöhnk 1964 */
function beta(random: Random, a: number): number {
  for (;;) {
    const [x, y] = [pow(random.uniform(), 1 / a), pow(random.uniform(), 1 / a)];
    if (x + y > 0 && x + y <= 1) return x / (x + y);
  }
}

/**
 * A function for Dataset.map that mixes each example of a batch with another, share · x + (1 − share) · x′, and its labels alike.
 *
 * Elements: { xs: [batch, …], ys: [batch, classes] }; both become float32. Throws ShapeError for others.   Zhang et al. 2018
 */
export function mixUp(options: MixOptions = {}): Mixing {
  return mixing("mixUp", options.alpha ?? 0.2, options, (_random, shares, shape) => [reshape(tensor([...shares], undefined, "float32"), [shares.length, ...shape.slice(1).map(() => 1)]), shares]);
}

/**
 * A function for Dataset.map that puts a rectangle of another image of the batch into each, of about 1 − share of its pixels; labels count by what is seen.
 *
 * Elements: { xs: [batch, height, width, channels], ys: [batch, classes] }; both become float32. Throws ShapeError for others.   Yun et al. 2019
 */
export function cutMix(options: MixOptions = {}): Mixing {
  return mixing("cutMix", options.alpha ?? 1, options, (random, shares, shape) => {
    if (shape.length !== 4) throw new ShapeError(`cutMix: expected images [batch, height, width, channels], got ${showShape(shape)}.`);
    const [count, height, width] = shape as readonly [number, number, number, number];
    const kept = new Float32Array(count * height * width).fill(1);
    const labels = shares.map((share, i) => {
      // Cut off where it reaches over the border.
      const [top, bottom] = span(random, height, Math.sqrt(1 - share));
      const [left, right] = span(random, width, Math.sqrt(1 - share));
      for (let row = top; row < bottom; row++) kept.fill(0, (i * height + row) * width + left, (i * height + row) * width + right);
      return 1 - ((bottom - top) * (right - left)) / (height * width);
    });
    return [tensor(kept, [count, height, width, 1]), labels];
  });
}

/** Part of a line around a place that is drawn. */
function span(random: Random, size: number, part: number): readonly [begin: number, end: number] {
  const [centre, half] = [random.integer(size), Math.floor((size * part) / 2)];
  return [Math.max(0, centre - half), Math.min(size, centre + half)];
}
