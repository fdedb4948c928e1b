// Evaluation of lazy values: gathers what they need, runs it as one program, and keeps what was dear to compute.
import type { TypedArray } from "../base/dtype.js";
import { mapped, topological } from "../graph/graph.js";
import { isLeaf, PART, type Value } from "../graph/value.js";
import { rebuild } from "../graph/rebuild.js";
import { rootOf, rulesOf } from "../ops/op.js";
import { cachedProgram, runBound, startBound, type Bound } from "./programs.js";
import { throwOnFailure } from "./status.js";
import { dataLeaf, dataOf, fromProgram, inProgram, type Source } from "./source.js";

/** Results kept for other graphs that hold the same values: at most so many bytes and values, the oldest go first. */
const KEEP_BYTES = 64 * 1024 * 1024;
const KEEP_COUNT = 4096;

/** Versions of variables that were overwritten while somebody still read them. */
const versions = new WeakMap<Value, Value>();
/** Results of earlier runs. */
const results = new WeakMap<Value, Value>();
const recent: { readonly value: WeakRef<Value>; readonly bytes: number }[] = [];
let recentBytes = 0;
/** A token held by all who may look at a heavy value: while one of them lives, it lives, and the value is worth keeping. */
const tokens = new WeakMap<Value, WeakRef<object>>();

/** From now on, `value` is `data`. */
export function remember(value: Value, data: TypedArray): void {
  versions.set(value, dataLeaf(data, value.shape, value.dtype));
}

/** What to hold on to by those who may look at a value that is heavy, or a view of one; null for light values. */
export function hold(value: Value): object | null {
  if (value.depth === 0) return null;
  const root = rootOf(value);
  if (root.op === PART || isLeaf(root) || rulesOf(root).heavy !== true) return null;
  const known = tokens.get(root)?.deref();
  if (known !== undefined) return known;
  const token = {};
  tokens.set(root, new WeakRef(token));
  return token;
}

function known(value: Value): Value | undefined {
  return versions.get(value) ?? results.get(value);
}

/** The data of each value, computed now by one program. The arrays are not to be changed. Needs a running engine unless all are at hand. */
export function evaluate(values: readonly Value[]): TypedArray[] {
  const roots = values.map((value) => known(value) ?? value);
  const pending = new Set(roots.filter((value) => dataOf(value) === null));
  const fresh = pending.size > 0 ? run([...pending]) : new Map<Value, TypedArray>();
  return roots.map((value) => dataOf(value) ?? fresh.get(value)!);
}

/** As evaluate(), for callers that can wait. */
export async function evaluateAsync(values: readonly Value[]): Promise<TypedArray[]> {
  const roots = values.map((value) => known(value) ?? value);
  const pending = new Set(roots.filter((value) => dataOf(value) === null));
  const fresh = pending.size > 0 ? await start([...pending]) : new Map<Value, TypedArray>();
  return roots.map((value) => dataOf(value) ?? fresh.get(value)!);
}

function run(wanted: readonly Value[]): Map<Value, TypedArray> {
  const { outputs, bound, sources } = plan(wanted);
  const status = runBound(bound, sources, []);
  throwOnFailure(status, bound);
  return kept(outputs, (i) => bound.linked.output(i));
}

async function start(wanted: readonly Value[]): Promise<Map<Value, TypedArray>> {
  const { outputs, bound, sources } = plan(wanted);
  const { status, outputs: results } = await startBound(bound, sources, []);
  throwOnFailure(status, bound);
  return kept(outputs, (i) => results[i]!);
}

/** The program for these values, and for others on the way that are worth keeping. */
function plan(wanted: readonly Value[]): { outputs: readonly Value[]; bound: Bound; sources: readonly Source[] } {
  const order = topological(wanted, (value) => known(value) !== undefined);
  const asked = new Set(wanted);
  const dear = order.filter((value) => !asked.has(value) && known(value) === undefined && tokens.get(value)?.deref() !== undefined);
  const outputs = [...wanted, ...dear];
  const map = new Map<Value, Value>();
  for (const value of order) {
    const leaf = known(value);
    const inputs = leaf ? [] : value.inputs.map((input) => map.get(input)!);
    map.set(value, leaf ?? (inputs.some((input, i) => input !== value.inputs[i]) ? rebuild(value, inputs) : value));
  }
  const graph = mapped({ outputs, updates: [] }, (value) => inProgram(map.get(value)!));
  return { outputs, ...cachedProgram(graph) };
}

/** The results by value, kept for others. */
function kept(outputs: readonly Value[], result: (i: number) => TypedArray): Map<Value, TypedArray> {
  const data = new Map(outputs.map((value, i) => [value, fromProgram(result(i), value.dtype)] as const));
  for (const [value, array] of data) keep(value, array);
  return data;
}

function keep(value: Value, data: TypedArray): void {
  results.set(value, dataLeaf(data, value.shape, value.dtype));
  recent.push({ value: new WeakRef(value), bytes: data.byteLength });
  recentBytes += data.byteLength;
  while (recentBytes > KEEP_BYTES || recent.length > KEEP_COUNT) {
    const oldest = recent.shift()!;
    recentBytes -= oldest.bytes;
    const old = oldest.value.deref();
    if (old !== undefined) results.delete(old);
  }
}
