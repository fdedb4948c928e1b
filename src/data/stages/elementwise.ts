// Stages that call the user's function with each element: map and filter.
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

/** The elements for which fn, which may be async, gives true. */
export function filtered<T>(open: Open<T>, fn: (element: T, info: ElementInfo) => boolean | Promise<boolean>): Open<T> {
  return async function* (pass) {
    let index = 0;
    for await (const element of open(pass)) {
      let wanted: boolean;
      try {
        wanted = await fn(element, { ...pass, index });
      } catch (cause) {
        throw stageError("filter", index, cause);
      }
      if (wanted) yield element;
      index++;
    }
  };
}
