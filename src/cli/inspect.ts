// `edgegrad inspect`: what a model file holds: layers, weights, the program that predicts and what it costs; as text or as a page.
import { showShape } from "../base/shape.js";
import { init, zeros, type Tensor } from "../engine/index.js";
import { graphOf, profile } from "../inspect/index.js";
import { count } from "../inspect/units.js";
import { loadModel } from "../io/files.js";
import { writeAtomically } from "../data/files.js";
import type { Model } from "../nn/index.js";
import { printProgram } from "../program/print.js";
import { describeOptions, flag, readOptions, text, UsageError, whole } from "./options.js";

const RULES = {
  html: text("OUT", "writes a page: the graph after every pass, the program, its memory plan", undefined),
  "batch-size": whole("examples the program is planned for", 1, 1),
  profile: flag("runs the program on zeros and prints a time a step"),
};

export const INSPECT_HELP = `edgegrad inspect FILE: shows what a saved model holds and what predicting with it costs

FILE is a model saved by edgegrad train digits --out FILE, or by saveModel().

${describeOptions(RULES)}`;

/** Runs the command; returns the exit status. */
export async function inspect(args: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(args, RULES);
  const [path, ...more] = rest;
  if (path === undefined || more.length > 0) throw new UsageError(`inspect: expected one FILE, got ${rest.length === 0 ? "none" : rest.length}`);
  const model = await loadModel(path);
  await init();
  const shapes = model.inputShapes!.map((shape) => [options["batch-size"], ...shape]);
  const inputs = shapes.map((shape) => zeros(shape));
  const predict = (...xs: Tensor[]): Tensor[] => [...model.applyAll(xs)];
  const view = graphOf(predict, ...inputs);
  const shown = shapes.map(showShape).join(" and ");
  const { steps, flops, bytes, arenaBytes } = view.cost();

  model.summary();
  console.log(`\nweights\n${weightTable(model)}`);
  console.log(`\n${printProgram(view.program)}`);
  console.log(`\ncost of ${shown}: ${steps} steps, ${count(flops)}FLOP, ${count(bytes)}B read and written, arena ${count(arenaBytes)}B`);
  if (options.profile) console.log(`\n${String(profile(predict, inputs))}`);
  if (options.html !== undefined) {
    await writeAtomically(options.html, new TextEncoder().encode(view.toHTML(`${model.name}: predict ${shown}`)));
    console.log(`\n${options.html}: written`);
  }
  return 0;
}

/** A line a weight: where its numbers lie, and whether any is none. */
function weightTable(model: Model): string {
  const rows = model.weights.map((weight) => {
    const data = weight.dataSync();
    let [least, most, sum, strange] = [Infinity, -Infinity, 0, 0];
    for (const value of data) {
      if (!Number.isFinite(value)) strange++;
      else {
        least = Math.min(least, value);
        most = Math.max(most, value);
        sum += value;
      }
    }
    const finite = data.length - strange;
    const range = finite > 0 ? `${least.toPrecision(4)} … ${most.toPrecision(4)}, mean ${(sum / finite).toPrecision(3)}` : "no finite number";
    return [weight.name, `${weight.dtype}${showShape(weight.shape)}`, `${count(data.byteLength)}B`, range, strange > 0 ? `${strange} not finite` : ""];
  });
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()}`).join("\n");
}
