// Debugging, exported as `debug`: which op made the first number that is none.
import { isFloat, type TypedArray } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { withOrigins } from "../base/origin.js";
import { showShape } from "../base/shape.js";
import { topological } from "../graph/graph.js";
import { CONSTANT, INPUT, isLeaf, PART, STATE, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import { fedData, traceGraph, type Argument, type Arguments, type Outputs, type Parameter } from "./compile.js";
import { device } from "./device.js";
import { bind, runBound } from "./programs.js";
import { ArgumentSource, dataLeaf, fromProgram } from "./source.js";
import { throwOnFailure } from "./status.js";
import { Tensor } from "./tensor.js";
import type { Variable } from "./variable.js";

/** Options of checkNumerics(). */
export interface CheckNumericsOptions {
  /** Whether infinities count; default true. Attention that masks with −∞ makes some on purpose. */
  readonly infinity?: boolean;
}

/**
 * fn's result, after a look at everything computed on the way: gradients and updates that fn makes are looked at too. Runs like a call of compile(fn), but
 * keeps all intermediates, so it is slow and large.
 *
 * args: what fn is called with   Throws ValueError that names the first op with a NaN or infinity in its result, the element, the range of what it was given, and
 * the line of the user's code that made it, where that is known; no variable is assigned then. Throws DeviceError before init().
 */
export function checkNumerics<P extends readonly Parameter[], R extends Outputs>(fn: (...args: P) => R, args: Arguments<P>, options: CheckNumericsOptions = {}): R {
  const { infinity = true } = options;
  device("checkNumerics");
  const given = args as readonly Argument[];
  const { graph, pack, types } = withOrigins(() => traceGraph(fn, given, true));
  const fed = fedData(given);
  const watched = topological([...graph.outputs, ...graph.updates.flatMap(({ value, guard }) => (guard ? [value, guard] : [value]))]).filter(isWatched);
  const looked = run({ outputs: watched, updates: [] }, fed);
  const data = new Map(watched.map((value, i) => [value, looked[i]!] as const));
  for (const value of [...watched].sort((a, b) => a.id - b.id)) {
    const at = data.get(value)!.findIndex((x) => Number.isNaN(x) || (infinity && !Number.isFinite(x)));
    if (at >= 0) throw new ValueError(`checkNumerics: ${describe(value, data, at)}`);
  }
  return pack(run(graph, fed).map((result, i) => new Tensor(dataLeaf(result, types[i]!.shape, types[i]!.dtype))));
}

/** Values whose elements say something: not constants, which rules put there; not views; not tuples, whose parts are looked at. */
function isWatched(value: Value): boolean {
  if (!isFloat(value.dtype) || value.op === CONSTANT || value.parts !== undefined) return false;
  return isLeaf(value) || value.op === PART || rulesOf(value).view === undefined;
}

function run(graph: Parameters<typeof bind>[0], fed: readonly TypedArray[]): TypedArray[] {
  const { bound, sources } = bind(graph);
  try {
    throwOnFailure(runBound(bound, sources, fed), bound);
    return graph.outputs.map(({ dtype }, i) => fromProgram(bound.linked.output(i), dtype));
  } finally {
    bound.release();
  }
}

function describe(value: Value, data: ReadonlyMap<Value, TypedArray>, at: number): string {
  const number = `${data.get(value)![at]} at element ${at}`;
  if (value.op === INPUT) return `${value.source instanceof ArgumentSource ? "an argument" : "a tensor from outside"} of shape ${showShape(value.shape)} holds ${number}.`;
  if (value.op === STATE) return `variable ${(value.source as Variable).name} holds ${number}.`;
  const maker = value.op === PART ? value.inputs[0]! : value;
  const line = maker.origin === undefined ? "" : `, made at ${maker.origin}`;
  const inputs = maker.inputs.map((input) => `${showShape(input.shape)}${rangeOf(data.get(input))}`).join("; ");
  return `${maker.op.name} made ${number} of its result ${showShape(value.shape)}${line}. It was given ${inputs || "nothing"}.`;
}

function rangeOf(data: TypedArray | undefined): string {
  if (data === undefined || data.length === 0) return "";
  let [least, most] = [Infinity, -Infinity];
  for (const x of data) [least, most] = [Math.min(least, x), Math.max(most, x)];
  return ` in [${least}, ${most}]`;
}
