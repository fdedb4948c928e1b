// Partition: cuts a graph into parts, one device each, and says what travels between them. A part is a graph of its own, so each becomes a program of
// its own. Made before the passes: what they fuse never crosses a border.
import { BYTES } from "../base/dtype.js";
import { sizeOf, stridesOf } from "../base/shape.js";
import { nodesOf, topological, type Graph, type Update } from "../graph/graph.js";
import { rebuild } from "../graph/rebuild.js";
import { inputLeaf, isLeaf, PART, STATE, type TensorType, type Value } from "../graph/value.js";
import { rulesOf, type Operand } from "../ops/op.js";
import { KERNELS } from "../program/kernels.js";
import { EXTRA_OPCODE, MICRO } from "../program/micro.js";

/** What stands behind a leaf that another part fills. */
export class Transfer {
  readonly name: string;
  constructor(
    /** The part that computes it, and which of its outputs it is. */
    readonly part: number,
    readonly output: number,
    readonly bytes: number,
  ) {
    this.name = `from part ${part}`;
  }
}

export interface Part {
  readonly device: string;
  /** Its outputs are, in order, what other parts and the caller want of it. */
  readonly graph: Graph;
}

/** Parts in an order in which each comes after those it reads. */
export interface Plan {
  readonly parts: readonly Part[];
  /** Where each result of the whole graph comes from. */
  readonly outputs: readonly { readonly part: number; readonly output: number }[];
  /** Everything that crosses a border, by the bytes it takes. */
  readonly transfers: readonly { readonly from: number; readonly to: number; readonly bytes: number }[];
}

interface Placement {
  readonly device: string;
  readonly stage: number;
}

/**
 * deviceOf: the device a node runs on; `home`: that of variables and of everything unmarked. Variables are read and written at home only: elsewhere they
 * arrive by transfer, and what is to be stored in them goes back.
 */
export function partition(graph: Graph, deviceOf: (value: Value) => string, home: string): Plan {
  const nodes = nodesOf(graph);
  const place = new Map<Value, Placement>();
  // Variables that are read elsewhere are sent from home at the start; at home, every part reads them itself.
  const sent = new Set(nodes.flatMap((value) => (isLeaf(value) || value.op === PART || deviceOf(value) === home ? [] : value.inputs.filter(({ op }) => op === STATE))));
  const isAtHand = (value: Value): boolean => isLeaf(value) && !sent.has(value);
  for (const value of nodes) {
    if (isAtHand(value)) continue;
    const device = value.op === STATE ? home : value.op === PART ? place.get(value.inputs[0]!)!.device : deviceOf(value);
    let stage = 0;
    for (const input of value.inputs) {
      const from = place.get(input);
      // Every border that is crossed opens a new stage, so that no two parts read each other.
      if (from !== undefined) stage = Math.max(stage, from.stage + (from.device === device ? 0 : 1));
    }
    place.set(value, { device, stage });
  }
  // Variables change in the last part at home, when all they are to hold has arrived.
  const arrivals = graph.updates.flatMap(({ value, guard }) => (guard ? [value, guard] : [value])).flatMap((value) => place.get(value) ?? []);
  const stages = [...place.values()].filter(({ device }) => device === home).map(({ stage }) => stage);
  const final = Math.max(0, ...stages, ...arrivals.map(({ device, stage }) => stage + (device === home ? 0 : 1)));
  const keys = [...new Set([...[...place.values()].map(keyOf), ...(graph.updates.length > 0 || graph.outputs.some(isLeaf) ? [keyOf({ device: home, stage: final })] : [])])].sort();
  const last = Math.max(0, keys.indexOf(keyOf({ device: home, stage: final })));
  const partOf = (value: Value): number => {
    const at = place.get(value);
    return at === undefined ? last : keys.indexOf(keyOf(at));
  };

  const wanted = keys.map((): Value[] => []);
  const transfers: { from: number; to: number; bytes: number }[] = [];
  const maps = keys.map(() => new Map<Value, Value>());
  const outputOf = (value: Value): { part: number; output: number } => {
    const part = partOf(value);
    let output = wanted[part]!.indexOf(value);
    if (output < 0) output = wanted[part]!.push(value) - 1;
    return { part, output };
  };
  /** A value as part `to` sees it. */
  const seen = (value: Value, to: number): Value => {
    if (isAtHand(value) || (value.op === STATE && deviceIn(keys[to]!) === home)) return value;
    const known = maps[to]!.get(value);
    if (known !== undefined) return known;
    const { part, output } = outputOf(value);
    const bytes = sizeOf(value.shape) * BYTES[value.dtype];
    const leaf = inputLeaf({ shape: value.shape, dtype: value.dtype }, new Transfer(part, output, bytes));
    transfers.push({ from: part, to, bytes });
    maps[to]!.set(value, leaf);
    return leaf;
  };
  for (const value of nodes) {
    if (isLeaf(value)) continue;
    const own = partOf(value);
    maps[own]!.set(value, rebuild(value, value.inputs.map((input) => seen(input, own))));
  }
  // Variables change when all has been read: in the last part at home.
  const updates = graph.updates.map(({ state, value, guard }): Update => ({ state, value: seen(value, last), ...(guard && { guard: seen(guard, last) }) }));
  const outputs = graph.outputs.map(outputOf);
  const parts = keys.map((key, i): Part => ({
    device: deviceIn(key),
    graph: { outputs: wanted[i]!.map((value) => seen(value, i)), updates: i === last ? updates : [] },
  }));
  return { parts, outputs, transfers };
}

const STAGE_DIGITS = 6;

/** Sorts by stage. */
function keyOf({ device, stage }: Placement): string {
  return `${String(stage).padStart(STAGE_DIGITS, "0")} ${device}`;
}

function deviceIn(key: string): string {
  return key.slice(STAGE_DIGITS + 1);
}

/** The kernel modules a node needs: found by lowering it with operands that lie nowhere. */
export function modulesOf(value: Value): Set<string> {
  if (isLeaf(value) || value.op === PART) return new Set();
  if (value.bodies !== undefined) return new Set(["core", "extra", ...value.bodies.flatMap(({ outputs }) => [...modulesOfAll(outputs)])]);
  const rules = rulesOf(value);
  if (rules.view !== undefined) return new Set();
  if (rules.expand !== undefined) {
    const inputs = new Set(value.inputs);
    return modulesOfAll([rules.expand(value.inputs, value.attrs)], (node) => inputs.has(node));
  }
  if (rules.micro !== undefined) return new Set([MICRO[rules.micro(value.inputs, value.attrs)] >= EXTRA_OPCODE ? "extra" : "core"]);
  const operand = ({ shape, dtype }: TensorType): Operand => ({ address: { slot: 0, offset: 0 }, shape, dtype, strides: stridesOf(shape) });
  const [first, ...rest] = (value.parts ?? [value]).map(operand);
  const lowered = rules.lower!([first!, ...rest], value.inputs.map(operand), value.attrs, { numerics: "reproducible" });
  return new Set([lowered].flat().map(({ kernel }) => KERNELS[kernel]));
}

function modulesOfAll(roots: readonly Value[], stop?: (value: Value) => boolean): Set<string> {
  return new Set(topological(roots, stop).flatMap((value) => (stop?.(value) ? [] : [...modulesOf(value)])));
}
