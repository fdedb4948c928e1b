// Fed scalars: numbers that reach a program anew at every run, such as a learning rate.
import { inputLeaf } from "../graph/value.js";
import { ScalarSource } from "./source.js";
import { Tensor } from "./tensor.js";

/** A float32 scalar that is asked for at every run of the program that holds it. Changing it recompiles nothing. */
export function fedScalar(get: () => number): Tensor {
  return new Tensor(inputLeaf({ shape: [], dtype: "float32" }, new ScalarSource(get)));
}
