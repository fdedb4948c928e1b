// Data formats: where the channels lie. Ops compute channels-last; images that lie otherwise are turned before and after, which the compiler
// undoes between neighbours.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { transpose } from "./transpose.js";

export type DataFormat = "channelsLast" | "channelsFirst" | "NWC" | "NCW" | "NHWC" | "NCHW" | "NDHWC" | "NCDHW";

/** Names by the rank of the tensor; Keras's two serve every rank. */
const LAST: Readonly<Record<number, string>> = { 3: "NWC", 4: "NHWC", 5: "NDHWC" };
const FIRST: Readonly<Record<number, string>> = { 3: "NCW", 4: "NCHW", 5: "NCDHW" };

/** f of x, both channels-last inside. Throws ValueError for a format that x's rank does not have. */
export function channelsLast(x: Value, format: DataFormat = "channelsLast", where: string, f: (x: Value) => Value): Value {
  const rank = x.shape.length;
  if (format === "channelsLast" || format === LAST[rank]) return f(x);
  const [last, first] = [LAST[rank], FIRST[rank]];
  if (last === undefined) throw new ShapeError(`${where}: takes tensors of rank 3 to 5, got ${showShape(x.shape)}.`);
  if (format !== "channelsFirst" && format !== first) {
    throw new ValueError(`${where}: dataFormat of ${showShape(x.shape)} must be "${last}", "${first}", "channelsLast" or "channelsFirst", got "${String(format)}".`);
  }
  const pixels = x.shape.map((_, i) => i).slice(1, -1);
  return transpose(f(transpose(x, { perm: [0, ...pixels.map((axis) => axis + 1), 1] })), { perm: [0, rank - 1, ...pixels] });
}
