// What users pass as callbacks, checked: a hook under another name would never be called. Loaded by runs that have callbacks.
import { ValueError } from "../../base/errors.js";
import { nearestName } from "../../base/names.js";
import type { Callback } from "./callback.js";

/** Hooks by their names; of batches first, which answers onTrainBatchEnd. */
const HOOKS = [
  "onBatchBegin", "onBatchEnd", "onBatchDone", "onEpochBegin", "onEpochEnd", "onEpochDone", "onTrainBegin", "onTrainEnd", "onTrainError", "onNotFinite",
] as const satisfies readonly (keyof Callback)[]; // prettier-ignore

/** The callbacks of an option. Throws ValueError for what is none, and for hooks under other names. */
export function callbacksOf(given: Callback | readonly Callback[], where: string): readonly Callback[] {
  const list: readonly Callback[] = Array.isArray(given) ? given : [given as Callback];
  for (const callback of list as readonly unknown[]) {
    if (typeof callback === "function") throw new ValueError(`${where}: callbacks: expected objects with hooks, got the function ${callback.name || "(without a name)"}. Call it? Or give it a hook's name: { onEpochEnd: … }.`);
    if (typeof callback !== "object" || callback === null) throw new ValueError(`${where}: callbacks: expected objects with hooks, got ${String(callback)}.`);
    const wrong = namesIn(callback).find((name) => /^on[A-Z_]/.test(name) && !(HOOKS as readonly string[]).includes(name));
    if (wrong === undefined) continue;
    const nearest = nearestName(wrong, HOOKS);
    throw new ValueError(`${where}: callbacks: no hook is called "${wrong}"; expected ${HOOKS.join(", ")}.${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`);
  }
  return list;
}

/** Names of properties and methods, those of its classes too. */
function namesIn(callback: object): readonly string[] {
  const names: string[] = [];
  for (let at: unknown = callback; typeof at === "object" && at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) names.push(...Object.getOwnPropertyNames(at));
  return names;
}
