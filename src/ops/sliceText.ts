// sliceText: slices as NumPy writes them, "10:100, :, 7:-7". Views.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { reshape } from "./reshape.js";
import { stridedSlice } from "./stridedSlice.js";

/** One part of the text: a range, a single index, all axes that are not named, a new axis. */
type Part = { readonly range: readonly [number | null, number | null, number | null] } | { readonly index: number } | "..." | "newaxis";

const PART = /^(?:(\.\.\.)|(newaxis|None|null)|([+-]?\d+)|([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?)?)$/;

/**
 * x["10:100, :, 7:-7"]: ranges begin:end:step, single indices (the axis goes), "..." for the axes between, newaxis. Negative numbers count from the end;
 * steps may be negative; ranges are clipped to the axis.
 *
 * Throws ShapeError for text that is no slice, for more parts than axes and for an index out of range.
 */
export function sliceText(x: Value, { text }: { text: string }): Value {
  const parts = text.split(",").map((part) => parse(part.trim(), text));
  const named = parts.filter((part) => part !== "..." && part !== "newaxis").length;
  const rank = x.shape.length;
  if (named > rank || parts.filter((part) => part === "...").length > 1) {
    throw new ShapeError(`slice: "${text}" names ${named} axes, ${showShape(x.shape)} has ${rank}. At most one "..." stands for the rest.`);
  }
  const all = parts.includes("...") ? parts : [...parts, "..." as const];
  const begin: (number | null)[] = [];
  const end: (number | null)[] = [];
  const strides: (number | null)[] = [];
  const sizes: ("kept" | "dropped" | "new")[] = [];
  for (const part of all) {
    if (part === "newaxis") sizes.push("new");
    else if (part === "...") {
      for (let i = named; i < rank; i++) {
        begin.push(null);
        end.push(null);
        strides.push(null);
        sizes.push("kept");
      }
    } else {
      const axis = begin.length;
      const [first, last, step] = "range" in part ? part.range : one(part.index, x.shape[axis]!, axis, text);
      begin.push(first);
      end.push(last);
      strides.push(step);
      sizes.push("range" in part ? "kept" : "dropped");
    }
  }
  const box = stridedSlice(x, { begin, end, strides });
  let axis = 0;
  const shape = sizes.flatMap((size) => (size === "new" ? [1] : size === "kept" ? [box.shape[axis++]!] : (axis++, [])));
  return reshape(box, { shape });
}

function parse(part: string, text: string): Part {
  const found = PART.exec(part);
  if (found === null || part === "") {
    throw new ShapeError(`slice: "${part}" in "${text}" is no slice; expected begin:end:step, an index, "..." or newaxis.`);
  }
  const [, dots, added, index, begin, end, step] = found;
  if (dots) return "...";
  if (added) return "newaxis";
  if (index) return { index: Number(index) };
  const [first, last, by] = [begin, end, step].map((digits) => (digits === undefined ? null : Number(digits)));
  return { range: [first!, last!, by!] };
}

function one(index: number, dim: number, axis: number, text: string): [number, number, number] {
  const at = index < 0 ? index + dim : index;
  if (at < 0 || at >= dim) throw new ShapeError(`slice: index ${index} in "${text}" is out of range for axis ${axis}, which has size ${dim}.`);
  return [at, at + 1, 1];
}
