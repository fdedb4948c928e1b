// Recomputation: what a cluster computes from values that lie in memory anyway, and only clusters behind it read, is not stored: each of those computes it
// again. A comparison that the backward pass of an activation reads costs nothing beside the memory it would take there and back. The bits stay.
import { sameShape, sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";
import type { Micro } from "../program/micro.js";
import { externals, MAX_MICROS, MAX_OPERANDS, type Unit } from "./clusters.js";

export interface Recomputed {
  /** What a unit computes besides its members. */
  readonly again: ReadonlyMap<Unit, ReadonlySet<Value>>;
  /** Values that are not stored. */
  readonly gone: ReadonlySet<Value>;
}

/** Micro-ops of a cycle or two a vector. */
const CHEAP: ReadonlySet<Micro> = new Set<Micro>([
  "copy", "add", "sub", "mul", "neg", "abs", "square", "maximum", "minimum", "relu", "relu_grad", "sign",
  "equal", "not_equal", "less", "less_equal", "equal_i32", "not_equal_i32", "less_i32", "less_equal_i32", "select",
  "bit_and", "bit_or", "logical_not", "add_i32", "sub_i32", "mul_i32", "i32_to_f32", "f32_to_bool", "i32_to_bool",
]); // prettier-ignore
/** Micro-ops that a value may take; more would cost what the memory saves. */
const MOST_MICROS = 6;

/** users: who reads a value; null stands for the world outside the graph. */
export function recomputed(of: ReadonlyMap<Value, Unit>, users: ReadonlyMap<Value, ReadonlySet<Value | null>>, derived: ReadonlySet<Value>): Recomputed {
  const again = new Map<Unit, Set<Value>>();
  const gone = new Set<Value>();
  /** Elementwise values that somebody computes from: they must be stored. */
  const needed = new Set<Value>();
  for (const [value, unit] of of) {
    if (!unit.elementwise || needed.has(value) || derived.has(value)) continue;
    const readers = [...(users.get(value) ?? [])].filter((user) => user === null || of.get(user) !== unit);
    const units = new Set(readers.map((user) => (user === null ? null : of.get(user)!)));
    if (units.size === 0 || ![...units].every((reader) => reader?.elementwise === true && sameShape(reader.members[0]!.shape, value.shape))) continue;
    if (readers.some((user) => derived.has(user!))) continue;
    const tree = treeOf(value, new Set(unit.members));
    if (tree === null || tree.sources.some((source) => gone.has(source))) continue;
    const readIn = (reader: Unit): ReadonlySet<Value> => new Set([...reader.members, ...(again.get(reader) ?? [])]);
    const fits = [...units].every((reader) => {
      const members = [...new Set([...readIn(reader!), ...tree.members])];
      const inputs = new Set(members.flatMap((member) => member.inputs));
      const large = tree.sources.filter((source) => sizeOf(source.shape) > 1 && ![...readIn(reader!)].some((member) => member.inputs.includes(source)));
      return members.length <= MAX_MICROS && externals(members) <= MAX_OPERANDS && inputs.has(value) && large.length <= 1;
    });
    if (!fits) continue;
    gone.add(value);
    for (const source of tree.sources) if (of.get(source)!.elementwise) needed.add(source);
    for (const reader of units) again.set(reader!, new Set([...(again.get(reader!) ?? []), ...tree.members]));
  }
  return { again, gone };
}

/** The members of its unit that a value is computed by, and what they read from memory; null where they are dear, or many. */
function treeOf(value: Value, inside: ReadonlySet<Value>): { members: ReadonlySet<Value>; sources: readonly Value[] } | null {
  const members = new Set([value]);
  const sources = new Set<Value>();
  for (const member of members) {
    if (members.size > MOST_MICROS || !CHEAP.has(rulesOf(member).micro!(member.inputs, member.attrs))) return null;
    for (const input of member.inputs) (inside.has(input) ? members : sources).add(input);
  }
  return { members, sources: [...sources] };
}
