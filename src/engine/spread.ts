// Spread programs: the parts of a graph, each bound on its own device, run one after the other as if they were one program. Values cross by the host.
import type { TypedArray } from "../base/dtype.js";
import { Transfer } from "../compile/partition.js";
import { linearise, type Graph } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { STATUS } from "../program/program.js";
import type { Finished, Linked, Status } from "../runtime/executor.js";
import { addExecutor, HOME, named, type InitOptions } from "./device.js";
import { isSpread, planFor } from "./placement.js";
import { spreadBy, type Bound, type PartBinder } from "./programs.js";
import { throwOnFailure } from "./status.js";

/** What a part's input is fed: a result of another part, or one of the whole graph's inputs. */
type Feed = { readonly part: number; readonly output: number } | { readonly input: number };

/**
 * One more device beside "wasm", for onDevice(): an engine of its own with memory of its own, on this thread (and its own further threads, where asked for).
 *
 *   await addDevice("wasm:1");
 *   const y = onDevice("wasm:1", () => matmul(x, w));
 *
 * Throws DeviceError when the name is taken or the engine cannot start.
 */
export async function addDevice(name: string, options: Pick<InitOptions, "threads" | "modules"> = {}): Promise<void> {
  await addExecutor(name, options);
  spreadBy((graph, bind) => (isSpread(graph) ? bindPlan(graph, bind) : null));
}

/** Compiles a graph part by part, by `bind`. */
function bindPlan(graph: Graph, bind: PartBinder): Bound {
  const plan = planFor(graph);
  const whole = linearise(graph).inputs.map(({ source }) => source);
  const parts = plan.parts.map(({ device, graph: own }) => {
    const leaves = linearise(own);
    const bound = bind(own, leaves.states, device);
    const feeds = bound.inputs.map((index): Feed => feedOf(leaves.inputs[index]!, whole));
    return { device, bound, feeds };
  });
  const home = parts.filter(({ device }) => device === HOME);
  const last = (home[home.length - 1] ?? parts[parts.length - 1]!).bound;

  /** Runs the parts by turns; `step` runs one and says how it went. */
  const fedBy = ({ feeds }: (typeof parts)[0], inputs: readonly TypedArray[]): TypedArray[] =>
    feeds.map((feed) => ("input" in feed ? inputs[feed.input]! : parts[feed.part]!.bound.linked.output(feed.output)));
  const run = (inputs: readonly TypedArray[]): Status => {
    let own = OK;
    for (const part of parts) {
      const status = part.bound.linked.run(fedBy(part, inputs));
      if (part.bound === last) own = status;
      else throwOnFailure(status, part.bound);
    }
    return own;
  };
  const output = (i: number): TypedArray => parts[plan.outputs[i]!.part]!.bound.linked.output(plan.outputs[i]!.output);
  const start = async (inputs: readonly TypedArray[]): Promise<Finished> => {
    for (const { device, bound } of parts) await named(device, "run").prepare(bound.program.modules);
    const status = run(inputs);
    return { status, outputs: plan.outputs.map((_, i) => output(i)) };
  };
  const release = (): void => parts.forEach(({ bound }) => bound.release());
  const linked: Linked = { run, output, start, release };
  return { program: last.program, inputs: whole.map((_, i) => i), updated: parts.flatMap(({ bound }) => bound.updated), origins: last.origins, watch: undefined, linked, release };
}

const OK: Status = { code: STATUS.ok, step: 0, element: 0 };

function feedOf({ source }: Value, whole: readonly (object | undefined)[]): Feed {
  return source instanceof Transfer ? { part: source.part, output: source.output } : { input: whole.indexOf(source) };
}
