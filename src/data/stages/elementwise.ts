// Stages that call the user's function with each element: map, filter and takeWhile.
import type { ElementInfo, Open } from "./stage.js";
import { stageError } from "./stage.js";

/** Each element through fn, which may be async: one at a time, in order. */
export function mapped<T, U>(open: Open<T>, fn: (element: T, info: ElementInfo) => U | Promise<U>): Open<U> {
  return async function* (pass) {
    let index = 0;
    for await (const element of open(pass)) {
      let result: U;
      try {
        result = await fn(element, { ...pass, index });
      } catch (cause) {
        throw stageError("map", index, cause);
      }
      yield result;
      index++;
    }
  };
}

/** What becomes of elements for which fn gives false: they are left out, or end the pass. */
type Unwanted = "left out" | "the end";

/** The elements for which fn, which may be async, gives true. stage: for errors */
export function filtered<T>(open: Open<T>, fn: (element: T, info: ElementInfo) => boolean | Promise<boolean>, stage = "filter", unwanted: Unwanted = "left out"): Open<T> {
  return async function* (pass) {
    let index = 0;
    for await (const element of open(pass)) {
      let wanted: boolean;
      try {
        wanted = await fn(element, { ...pass, index });
      } catch (cause) {
        throw stageError(stage, index, cause);
      }
      if (wanted) yield element;
      else if (unwanted === "the end") return;
      index++;
    }
  };
}
