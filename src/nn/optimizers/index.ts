// The optimizers by name.
import { ValueError } from "../../base/errors.js";
import type { Config } from "../layer.js";
import { lookUp } from "../names.js";
import { adam, adamw } from "./adam.js";
import { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

export { adam, Adam, adamw, AdamW, type AdamOptions } from "./adam.js";
export { Optimizer, type Gradients, type OptimizerOptions, type UpdateOptions } from "./optimizer.js";
export { rmsprop, RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { sgd, SGD, type SGDOptions } from "./sgd.js";

const OPTIMIZERS: Readonly<Record<string, (config: Config) => Optimizer>> = { sgd, rmsprop, adam, adamw };

/** A name with Keras' default options, or an optimizer. */
export type OptimizerLike = string | Optimizer;

/** The optimizer that a name means, made new. Throws ValueError on an unknown name. */
export function getOptimizer(like: OptimizerLike, config: Config = {}, where = "optimizer"): Optimizer {
  if (like instanceof Optimizer) return like;
  if (typeof like !== "string") throw new ValueError(`${where}: expected a name or an optimizer, got ${String(like)}.`);
  return lookUp(OPTIMIZERS, like, where)(config);
}
