// LambdaCallback: hooks given as functions.
import type { Callback } from "./callback.js";

/** A callback of the given hooks: lambdaCallback({ onEpochEnd: (epoch, logs) => … }). A plain object serves as well. */
export function lambdaCallback(hooks: Callback): Callback {
  return { ...hooks };
}
