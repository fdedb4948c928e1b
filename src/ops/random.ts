// random: numbers that depend on a key, a stream and their place only (Philox 4×32-10, Salmon et al. 2011).
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, sizeOf, type Shape } from "../base/shape.js";
import type { TensorType, Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { rowUnits } from "../program/split.js";
import { flat } from "./elementwise.js";
import { at, op, type Op } from "./op.js";

/** The kernel's kind word. */
const DISTRIBUTIONS = { uniform: 0, normal: 1, bernoulli: 2 } as const;

export interface RandomAttrs {
  readonly distribution: keyof typeof DISTRIBUTIONS;
  readonly shape: Shape;
  /** Draws under one key need streams of their own. */
  readonly stream: number;
  /** uniform: from a up to, not including, b; normal: mean a, deviation b; bernoulli: 1 with probability a. */
  readonly a: number;
  readonly b?: number;
}

/**
 * float32 random numbers of `shape`. The same key and stream give the same numbers, on every device.
 *
 * key: int32 [4], seed (low, high) and call counter (low, high)   Throws DTypeError or ShapeError for another key.
 */
export const random: Op<[key: Value], RandomAttrs> = op({
  name: "random",
  shape: ([key], { shape }) => {
    checkKey(key, "random");
    return { shape, dtype: "float32" };
  },
  vjp: flat,
  lower: ([out], [key], { distribution, stream, a, b = 0 }) => {
    const { units, elements, bytes } = rowUnits(out.shape, "float32");
    return {
      kernel: "f32_random",
      words: [at(out), at(key), stream, sizeOf(out.shape), DISTRIBUTIONS[distribution], f32Word(a), f32Word(b), elements],
      split: { units, outputs: [bytes], inputs: [null] },
    };
  },
  heavy: true,
});

export function checkKey(key: TensorType, where: string): void {
  if (key.dtype !== "int32") throw new DTypeError(`${where}: a key is int32, got ${key.dtype}.`);
  if (key.shape.length !== 1 || key.shape[0] !== 4) throw new ShapeError(`${where}: a key is [4], got ${showShape(key.shape)}.`);
}
