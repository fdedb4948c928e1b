// What the option verbose of fit and evaluate writes: loaded by those that ask for it.
import { terminal } from "../../data/terminal.js";
import { consoleWriter, type Callback, type Logs } from "./callback.js";
import { progressBar, showLogs } from "./progressBar.js";

/** 1: a bar, in a terminal; 2, and 1 elsewhere: a line an epoch on the console. */
export function verboseBar(verbose: number): Callback {
  return progressBar({ writer: (verbose === 1 ? terminal() : undefined) ?? consoleWriter() });
}

/** One line for what evaluate gives: "loss: 0.2500 - accuracy: 0.9000". */
export function writeScores(scores: Logs): void {
  consoleWriter().write(`${showLogs(scores).slice(" - ".length)}\n`);
}
