// dropout: a random part of the elements becomes 0, the others grow so that the mean stays.
import { DTypeError, ValueError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { rowUnits } from "../program/split.js";
import { at, like, op, type Op } from "./op.js";
import { checkKey } from "./random.js";

/**
 * x / (1 − rate) where random's bernoulli(1 − rate) with the same key and stream draws 1, else 0.
 * No mask is stored: the gradient draws it again.   Srivastava et al. 2014
 *
 * x: any shape, float32   key: int32 [4]   Throws ValueError unless 0 ≤ rate < 1.
 */
export const dropout: Op<[x: Value, key: Value], { rate: number; stream: number }> = op({
  name: "dropout",
  shape: ([x, key], { rate }) => {
    if (x.dtype !== "float32") throw new DTypeError(`dropout: takes float32, got ${x.dtype}. Cast first.`);
    if (!(rate >= 0 && rate < 1)) throw new ValueError(`dropout: rate must be in [0, 1), got ${rate}.`);
    checkKey(key, "dropout");
    return like(x);
  },
  vjp: (dy, _y, [, key], attrs) => [dropout(dy, key, attrs), null],
  lower: ([out], [x, key], { rate, stream }) => {
    const { units, elements, bytes } = rowUnits(out.shape, "float32");
    return {
      kernel: "f32_dropout",
      words: [at(out), at(x), at(key), stream, sizeOf(x.shape), f32Word(1 - rate), elements],
      split: { units, outputs: [bytes], inputs: [bytes, null] },
    };
  },
  inPlace: [0],
});
