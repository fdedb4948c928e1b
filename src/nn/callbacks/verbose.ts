// What the option verbose of fit and evaluate writes: loaded by those that ask for it.
import { terminal } from "../../data/terminal.js";
import { consoleWriter, type Callback, type Logs } from "./callback.js";
import { progressBar, showLogs } from "./progressBar.js";
import type { Verbose } from "../fit.js";

/** 2: a line an epoch on the console; else a bar, in a terminal, elsewhere as 2. */
export function verboseBar(verbose: Verbose): Callback {
  return progressBar({ writer: (verbose === 2 ? undefined : terminal()) ?? consoleWriter() });
}

/** One line for what evaluate gives: "loss: 0.2500 - accuracy: 0.9000". */
export function writeScores(scores: Logs): void {
  consoleWriter().write(`${showLogs(scores).slice(" - ".length)}\n`);
}
