// Merging: the optimizer steps of one op with the same scalars, the same rate and the same guard become one node, which runs as one kernel step
// over all their parameters. Each element is computed as before: the bits stay.
import { countUses, type Graph, type Update } from "../graph/graph.js";
import { attrsKey, node, opKey, PART, part, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";

export function mergeSteps(graph: Graph): Graph {
  const groups = new Map<string, Value[]>();
  for (const [step, guard] of wholeSteps(graph)) {
    const rate = step.inputs[step.inputs.length - 1]!;
    const key = `${opKey(step.op)} ${attrsKey(step.attrs)} ${rate.id} ${guard?.id}`;
    const group = groups.get(key);
    if (group) group.push(step);
    else groups.set(key, [step]);
  }
  const merged = new Map<Value, { readonly tuple: Value; readonly first: number }>();
  for (const steps of groups.values()) {
    if (steps.length < 2) continue;
    const [one] = steps as [Value];
    const inputs = [...steps.flatMap((step) => step.inputs.slice(0, -1)), one.inputs[one.inputs.length - 1]!];
    const parts = steps.flatMap((step) => step.parts!);
    const tuple = node(rulesOf(one).many!(steps.length), inputs, one.attrs, parts[0]!, { parts });
    steps.forEach((step, i) => merged.set(step, { tuple, first: i * step.parts!.length }));
  }
  if (merged.size === 0) return graph;
  const moved = (update: Update): Update => {
    const place = update.value.op === PART ? merged.get(update.value.inputs[0]!) : undefined;
    return place ? { ...update, value: part(place.tuple, place.first + Number(update.value.attrs["index"])) } : update;
  };
  return { outputs: graph.outputs, updates: graph.updates.map(moved) };
}

/** Steps all of whose results are the new values of the variables they change, and are read by nobody else; with their guard. */
function wholeSteps(graph: Graph): Map<Value, Value | undefined> {
  const uses = countUses(graph);
  const updates = new Map<Value, Update[]>();
  for (const update of graph.updates) {
    const step = update.value.op === PART ? update.value.inputs[0]! : null;
    if (step === null || rulesOf(step).many === undefined) continue;
    const list = updates.get(step);
    if (list) list.push(update);
    else updates.set(step, [update]);
  }
  const whole = new Map<Value, Value | undefined>();
  for (const [step, list] of updates) {
    const { mutates = [] } = rulesOf(step);
    const isWhole =
      list.length === step.parts!.length &&
      list.every(({ state, value, guard }) => uses.get(value) === 1 && guard === list[0]!.guard && step.inputs[mutates[Number(value.attrs["index"])]!] === state);
    if (isWhole) whole.set(step, list[0]!.guard);
  }
  return whole;
}
