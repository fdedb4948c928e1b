// Evaluation of lazy values: gathers what they need, runs it as one program, and keeps what was dear to compute.
import type { TypedArray } from "../base/dtype.js";
import { invariant } from "../base/errors.js";
import { rebuild } from "../compile/rebuild.js";
import { topological, type Graph } from "../graph/graph.js";
import { INPUT, isLeaf, PART, type Value } from "../graph/value.js";
import { rootOf, rulesOf } from "../ops/op.js";
import { cachedProgram, runBound, throwOnFailure } from "./programs.js";
import { dataLeaf, dataOf } from "./source.js";

/** Heavy intermediates kept for a second look: at most this many bytes, least recently made out first. */
const KEEP_BYTES = 64 * 1024 * 1024;

/** Versions of variables that were overwritten while somebody still read them. */
const versions = new WeakMap<Value, Value>();
/** Results of earlier runs, for other graphs that hold the same values. */
const results = new WeakMap<Value, Value>();
const recent: { readonly value: WeakRef<Value>; readonly bytes: number }[] = [];
let recentBytes = 0;
/** Who holds a heavy value: only those are worth keeping. */
const holders = new WeakMap<Value, WeakRef<object>>();

/** From now on, `value` is `data`. */
export function remember(value: Value, data: TypedArray): void {
  versions.set(value, dataLeaf(data, value.shape, value.dtype));
}

/** Notes that `holder` may look at a value that is heavy, or a view of one. */
export function hold(value: Value, holder: object): void {
  if (value.depth === 0) return;
  const root = rootOf(value);
  if (root.op !== PART && !isLeaf(root) && rulesOf(root).heavy === true) holders.set(root, new WeakRef(holder));
}

function known(value: Value): Value | undefined {
  return versions.get(value) ?? results.get(value);
}

/** The data of each value, computed now by one program. The arrays are not to be changed. Needs a running engine unless all are at hand. */
export function evaluate(values: readonly Value[]): TypedArray[] {
  const roots = values.map((value) => known(value) ?? value);
  const pending = roots.filter((value) => dataOf(value) === null);
  if (pending.length > 0) run(pending);
  return roots.map((value) => {
    const data = dataOf(known(value) ?? value);
    invariant(data !== null, `evaluate: %${value.id} ${value.op.name} has no data after its run`);
    return data;
  });
}

function run(pending: readonly Value[]): void {
  const wanted = [...new Set(pending)];
  const order = topological(wanted, (value) => known(value) !== undefined);
  const kept = order.filter((value) => known(value) === undefined && !wanted.includes(value) && holders.get(value)?.deref() !== undefined);
  const outputs = [...wanted, ...kept];
  const map = new Map<Value, Value>();
  for (const value of order) {
    const leaf = known(value);
    const inputs = leaf ? [] : value.inputs.map((input) => map.get(input)!);
    map.set(value, leaf ?? (inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value));
  }
  const graph: Graph = { outputs: outputs.map((value) => map.get(value)!), updates: [] };
  const { bound, sources } = cachedProgram(graph);
  const status = runBound(bound, sources, []);
  throwOnFailure(status, bound.program);
  outputs.forEach((value, i) => keep(value, bound.linked.output(i)));
}

function keep(value: Value, data: TypedArray): void {
  results.set(value, dataLeaf(data, value.shape, value.dtype));
  recent.push({ value: new WeakRef(value), bytes: data.byteLength });
  recentBytes += data.byteLength;
  // The newest result stays in any case: its reader has not fetched it yet.
  while (recentBytes > KEEP_BYTES && recent.length > 64) {
    const oldest = recent.shift()!;
    recentBytes -= oldest.bytes;
    const old = oldest.value.deref();
    if (old !== undefined && old.op !== INPUT) results.delete(old);
  }
}
