// hardSigmoid: a straight line in place of the sigmoid, a composition.
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { clip } from "./clip.js";
import { mul } from "./mul.js";

/** x/6 + ½ held between 0 and 1, elementwise, as Keras 3 and PyTorch have it. */
export function hardSigmoid(x: Value): Value {
  return clip(add(mul(x, constant(1 / 6)), constant(0.5)), { min: 0, max: 1 });
}
