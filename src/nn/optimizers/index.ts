// The optimizers by name.
import { ValueError } from "../../base/errors.js";
import type { Config } from "../layer.js";
import { lookUp, type NameIn } from "../../base/names.js";
import { adadelta } from "./adadelta.js";
import { adafactor } from "./adafactor.js";
import { adagrad } from "./adagrad.js";
import { adam, adamw } from "./adam.js";
import { adamax, maxprop } from "./adamax.js";
import { ftrl } from "./ftrl.js";
import { lamb } from "./lamb.js";
import { lion } from "./lion.js";
import { muon } from "./muon.js";
import { nadam } from "./nadam.js";
import { Optimizer } from "./optimizer.js";
import { radam } from "./radam.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

export { adadelta, Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { adafactor, Adafactor, type AdafactorOptions } from "./adafactor.js";
export { adagrad, Adagrad, type AdagradOptions } from "./adagrad.js";
export { adam, Adam, adamw, AdamW, type AdamOptions } from "./adam.js";
export { adamax, Adamax, maxprop, MaxProp, type AdamaxOptions, type MaxPropOptions } from "./adamax.js";
export { ftrl, Ftrl, type FtrlOptions } from "./ftrl.js";
export { lamb, Lamb } from "./lamb.js";
export { lion, Lion, type LionOptions } from "./lion.js";
export type { MomentOptions } from "./moments.js";
export { muon, Muon, type MuonOptions } from "./muon.js";
export { nadam, Nadam, type NadamOptions } from "./nadam.js";
export { Optimizer, type Gradients, type OptimizerOptions, type UpdateOptions } from "./optimizer.js";
export { radam, RAdam } from "./radam.js";
export { rmsprop, RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { sgd, SGD, type SGDOptions } from "./sgd.js";

type MakeOptimizer = (config: Config) => Optimizer;

const OPTIMIZERS = {
  sgd, rmsprop, adam, adamw, adagrad, adadelta, adamax, maxprop, nadam, radam, lion, lamb, ftrl, adafactor, muon,
} satisfies Readonly<Record<string, MakeOptimizer>>; // prettier-ignore

/** An optimizer by name, with the options that its function takes. */
export interface OptimizerConfig {
  readonly name: NameIn<typeof OPTIMIZERS>;
  readonly [option: string]: unknown;
}

/** A name with Keras' default options, or with others, `{ name: "adam", learningRate: 1e-3 }`; or an optimizer. */
export type OptimizerLike = NameIn<typeof OPTIMIZERS> | OptimizerConfig | Optimizer;

/** The optimizer that a name means, made new. Throws ValueError on an unknown name, and on options that it does not have. */
export function getOptimizer(like: OptimizerLike, config: Config = {}, where = "optimizer"): Optimizer {
  if (like instanceof Optimizer) return like;
  if (typeof like === "object" && typeof like?.name === "string") {
    const { name, ...options } = like;
    return getOptimizer(name, options, where);
  }
  if (typeof like !== "string") {
    throw new ValueError(`${where}: expected a name, { name, …options } or an optimizer, got ${JSON.stringify(like)}.`);
  }
  return lookUp<MakeOptimizer>(OPTIMIZERS, like, where)(config);
}
