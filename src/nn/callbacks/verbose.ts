// What fit's option verbose writes: loaded by trainings that ask for it.
import { terminal } from "../../data/terminal.js";
import { consoleWriter, type Callback } from "./callback.js";
import { progressBar } from "./progressBar.js";

/** 1: a bar, in a terminal; 2, and 1 elsewhere: a line an epoch on the console. */
export function verboseBar(verbose: number): Callback {
  return progressBar({ writer: (verbose === 1 ? terminal() : undefined) ?? consoleWriter() });
}
