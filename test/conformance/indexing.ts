// Golden cases of functions that pick, move and sort elements.
import type { Tensor } from "../../src/engine/tensor.js";
import { attr, axisOf, channelsFirst, channelsLast, each, formula, get, MissingFunction, numbers, type Context, type Outputs, type Run } from "./context.js";
import { reduction } from "./reduction.js";

/** What stands in the last parentheses of a call: "x.flip((0,2))" [[0, 2]], "x.roll(2,1)" [2, 1]. */
function argumentsIn(call: string): (number | number[])[] {
  const text = /^[\w.]*\((.*?)\)(?:[,:\s].*)?$/.exec(call.replaceAll("((", "([").replaceAll("))", "])"))?.[1] ?? "";
  const json = `[${text.replace(/\(/g, "[").replace(/\)/g, "]").replace(/\b(?:dims?|axis|shifts)\s*=\s*/g, "")}]`;
  try {
    return JSON.parse(json) as (number | number[])[];
  } catch {
    throw new MissingFunction(`no numbers in "${call}"`);
  }
}

/** An argument by its names among the attributes, or by its place in the call. */
function given({ attrs, call }: Context, place: number, ...names: string[]): unknown {
  return attr(attrs, ...names) ?? argumentsIn(call)[place];
}

/** All arguments of the call, as one list: x.permute(2,0,1) or x.permute((2,0,1)). */
function list({ attrs, call }: Context, ...names: string[]): number[] {
  return numbers(attr(attrs, ...names) ?? argumentsIn(call)).flat();
}

function swapped(context: Context): Outputs {
  const x = context.inputs["x"]!;
  const axes = [given(context, 0, "dim0", "axis0"), given(context, 1, "dim1", "axis1")].map((axis) => (Number(axis) + x.shape.length) % x.shape.length);
  const perm = x.shape.map((_, i) => (i === axes[0] ? axes[1]! : i === axes[1] ? axes[0]! : i));
  return { y: get(context, "transpose")(x, perm) };
}

/** PyTorch lists paddings from the last axis on, [left, right, top, bottom …]. */
function padded(context: Context): Outputs {
  const { attrs, inputs } = context;
  const x = inputs["x"]!;
  const flat = numbers(attr(attrs, "pad", "padding")).flat();
  const pairs = x.shape.map((_, i): [number, number] => [flat[2 * (x.shape.length - 1 - i)] ?? 0, flat[2 * (x.shape.length - 1 - i) + 1] ?? 0]);
  const mode = String(attrs["mode"] ?? /constant|reflect|replicate|edge|circular/.exec(context.call)?.[0] ?? "constant");
  return { y: get(context, "pad")(x, pairs, mode === "constant" ? Number(attrs["value"] ?? 0) : { replicate: "edge", circular: "wrap" }[mode] ?? mode) };
}

/** Functions of PyTorch that move elements, by the call. */
export const INDEXING: readonly (readonly [call: RegExp, run: Run])[] = [
  [/^(?:torch\.)?(?:cat|concat)/, (c) => ({ y: get(c, "concat")(Object.values(c.inputs), axisOf(c, 0)) })],
  [/^(?:torch\.)?stack/, (c) => ({ y: get(c, "stack")(Object.values(c.inputs), axisOf(c, 0)) })],
  [/^x\[/, (c) => ({ y: c.inputs["x"]!.slice(/\[(.*)\]/.exec(c.call)![1]!) })],
  [/flip/, (c) => ({ y: get(c, "flip")(c.inputs["x"], list(c, "axes", "axis", "dims")) })],
  [/roll/, (c) => ({ y: get(c, "roll")(c.inputs["x"], given(c, 0, "shifts", "shift"), given(c, 1, "axes", "axis", "dims")) })],
  [/torch\.gather|take_along/, (c) => ({ y: get(c, "takeAlongAxis")(c.inputs["x"], c.inputs["i"], axisOf(c, 0)) })],
  [/index_select|take/, (c) => ({ y: get(c, "gather")(c.inputs["x"], c.inputs["i"], { axis: axisOf(c, 0) }) })],
  [/scatter_add/, (c) => ({ y: get(c, "scatterAddAlongAxis")(c.inputs["x"], c.inputs["i"], c.inputs["src"], axisOf(c, 0)) })],
  [/scatter/, (c) => ({ y: get(c, "putAlongAxis")(c.inputs["x"], c.inputs["i"], c.inputs["src"], axisOf(c, 0)) })],
  [/index_add/, (c) => ({ y: get(c, "scatterAdd")(c.inputs["x"], c.inputs["i"], c.inputs["src"], axisOf(c, 0)) })],
  [/topk/, largest],
  [/sort/, sorted],
  [/split|chunk/, splitPart],
  [/interpolate|upsample/, resize],
  [/pixel_shuffle|depth_to_space/, (c) => ({ y: channelsFirst(c, get(c, "depthToSpace")(channelsLast(c, c.inputs["x"]!), given(c, 0, "r", "upscale_factor", "block"))) })],
  [/tri[ul]|=/, formula],
  [/masked_fill/, (c) => ({ y: get(c, "where")(Object.values(c.inputs)[1], Number(given(c, 1, "value", "v")), c.inputs["x"]) })],
  [/repeat_interleave/, (c) => ({ y: get(c, "repeat")(c.inputs["x"], given(c, 0, "repeats"), given(c, 1, "axis", "dim")) })],
  [/tile|repeat/, (c) => ({ y: get(c, "tile")(c.inputs["x"], list(c, "repeats", "reps")) })],
  [/expand|broadcast_to/, (c) => ({ y: get(c, "broadcastTo")(c.inputs["x"], list(c, "shape", "sizes")) })],
  [/permute/, (c) => ({ y: get(c, "transpose")(c.inputs["x"], list(c, "perm", "dims", "axes")) })],
  [/transpose|swapaxes/, (c) => (attr(c.attrs, "perm") === undefined ? swapped(c) : { y: get(c, "transpose")(c.inputs["x"], c.attrs["perm"]) })],
  [/reshape|view/, (c) => ({ y: get(c, "reshape")(c.inputs["x"], list(c, "shape")) })],
  [/pad/, padded],
  [/cum/, reduction],
];

function sorted(context: Context): Outputs {
  const { attrs, inputs } = context;
  const options = { axis: axisOf(context), descending: attrs["descending"] === true };
  return { y: get(context, "sort")(inputs["x"], options), idx: get(context, "argsort")(inputs["x"], options) };
}

function largest(context: Context): Outputs {
  const { attrs, inputs } = context;
  const found = get(context, "topK")(inputs["x"], attrs["k"], { axis: axisOf(context), largest: attrs["largest"] !== false });
  const { values, indices } = found as unknown as { readonly values: Tensor; readonly indices: Tensor };
  return { y: values, idx: indices };
}

/** Pieces by name in their order, or only the last of them. */
function splitPart(context: Context): Outputs {
  const { attrs, inputs, wanted } = context;
  const pieces = get(context, "split")(inputs["x"], attr(attrs, "sizes", "chunks", "sections"), axisOf(context, 0)) as unknown as Tensor[];
  if (wanted.length === pieces.length) return Object.fromEntries(wanted.map((name, i) => [name, pieces[i]!]));
  const only = /only (\d)/.exec(context.call);
  return { [wanted[0]!]: pieces[only ? Number(only[1]) - 1 : pieces.length - 1]! };
}

function resize(context: Context): Outputs {
  const { attrs, call, inputs } = context;
  const x = channelsLast(context, Object.values(inputs)[0]!);
  const scale = attrs["scale"] === undefined ? undefined : each(attrs["scale"], x.shape.length - 2, 1);
  const size = scale ? scale.map((factor, i) => Math.floor(x.shape[i + 1]! * factor)) : numbers(attrs["size"]);
  const alignCorners = attrs["align_corners"] === true;
  const y = /bilinear/.test(call) ? get(context, "resizeBilinear")(x, size, { alignCorners, halfPixelCenters: !alignCorners }) : get(context, "resizeNearest")(x, size);
  return { y: channelsFirst(context, y) };
}
