// Origins: the line of the user's code that made a node, "train.js:12:7". Looking for it takes microseconds, so nobody does unless an error may need it.
import { debugLevel } from "./debug.js";

/** Frames looked through: layers and gradients lie between the user and an op. */
const DEPTH = 60;

let tracing = 0;
let all = 0;

/** Runs fn, with origins noted for ops that can fail when they run: a trace is made once and may run a million times. */
export function whileTracing<T>(fn: () => T): T {
  tracing++;
  try {
    return fn();
  } finally {
    tracing--;
  }
}

/** Runs fn, with origins noted for all ops. */
export function withOrigins<T>(fn: () => T): T {
  all++;
  try {
    return fn();
  } finally {
    all--;
  }
}

/** Whether to note the origin of a node. fails: whether its op can fail when it runs. */
export function wantsOrigin(fails: boolean): boolean {
  return all > 0 || (fails && (tracing > 0 || debugLevel() >= 1));
}

/**
 * The line of the first caller outside the library, as the engine's stack prints it; undefined where stacks are of another form, or where one file holds
 * the library and its user.
 */
export function userLine(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  const lines = (new Error().stack ?? "").split("\n").flatMap((line) => PLACE.exec(line)?.[1] ?? []);
  Error.stackTraceLimit = limit;
  const [here] = lines;
  if (here === undefined) return undefined;
  // Unbundled, the library is the folder over base/; bundled, the folder of its chunks.
  const library = /^(.*\/)base\/origin\.[jt]s:/.exec(here)?.[1] ?? here.replace(/[^/]*$/, "");
  return lines.find((line) => (!line.startsWith(library) || line.includes(".test.")) && !line.startsWith("node:"));
}

/** "file:line:column" at the end of a frame, in parentheses or not; V8, SpiderMonkey and JavaScriptCore. */
const PLACE = /((?:[a-z-]+:\/\/|node:|\/|[A-Z]:\\)[^\s()]*:\d+:\d+)\)?$/;
