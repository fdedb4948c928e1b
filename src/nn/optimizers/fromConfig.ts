// Optimizers as files hold them.
import type { Config } from "../layer.js";
import { rateFromConfig } from "../schedules/named.js";
import { getOptimizer } from "./index.js";
import type { Optimizer } from "./optimizer.js";

/** The optimizer with this name and the options that config() gave. Throws ValueError on an unknown name, of a schedule too, and on unknown options. */
export function optimizerFromConfig(name: string, config: Config, where = "optimizer"): Optimizer {
  return getOptimizer(name, { ...config, learningRate: rateFromConfig(config["learningRate"], `${where}: learningRate`) }, where);
}
