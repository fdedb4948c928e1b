// Clusters: which elementwise nodes run together. Nodes join the units they read, in order, as long as the units keep an order of their own:
// two units join only where no third one stands between them.
import { sameShape } from "../base/shape.js";
import { isLeaf, PART, type Value } from "../graph/value.js";
import { rulesOf } from "../ops/op.js";

/** More operands than this would not share L1. */
export const MAX_OPERANDS = 14;
export const MAX_MICROS = 48;

/** Nodes that run together: an elementwise cluster, or a single other node. */
export interface Unit {
  readonly members: readonly Value[];
  readonly elementwise: boolean;
}

/** A unit in the order of units, a list: those that read it come after it and have a larger place. */
interface Placed extends Unit {
  place: number;
  before: Placed | null;
  after: Placed | null;
}

/** Counts the units looked at: what the search costs, on any machine. */
export interface Tally {
  visited: number;
}

/** The unit of each node of `nodes`, which stand after their inputs. Those in `derived` and others never share one; with `chains` off, nobody does. */
export function clusters(nodes: readonly Value[], derived: ReadonlySet<Value>, chains: boolean, tally: Tally = { visited: 0 }): ReadonlyMap<Value, Unit> {
  const units = new Units(nodes, tally);
  for (const value of nodes) {
    const elementwise = isElementwise(value);
    let unit = units.add(value, elementwise);
    if (!elementwise || !chains) continue;
    for (const input of value.inputs) {
      const other = units.of.get(input)!;
      if (other === unit || !other.elementwise || !sameShape(other.members[0]!.shape, value.shape)) continue;
      if (derived.has(input) !== derived.has(value)) continue;
      const members = [...other.members, ...unit.members];
      if (members.length > MAX_MICROS || externals(members) > MAX_OPERANDS) continue;
      unit = units.join(other, unit, members) ?? unit;
    }
  }
  return units.of;
}

function isElementwise(value: Value): boolean {
  return !isLeaf(value) && value.op !== PART && rulesOf(value).micro !== undefined;
}

/** Operands read from memory, and a result at least. */
export function externals(members: readonly Value[]): number {
  const inside = new Set(members);
  const outside = new Set(members.flatMap((member) => member.inputs.filter((input) => !inside.has(input))));
  return outside.size + 1;
}

/** Nodes, evenly spread, of which it is known what leads to them and what they lead to: one bit each. */
const PIVOTS = 32;

/** Between the places of two units, times the units among which there is none: far above what a float64 tells apart. */
const LEAST_GAP = 2 ** -20;

/** The units so far, in order. Places and pivots keep the question whether two may join from walking the graph each time. */
class Units {
  readonly of = new Map<Value, Placed>();
  /** Pivots that a node leads to, and that lead to it; a pivot leads to itself. */
  private readonly ahead = new Map<Value, number>();
  private readonly behind = new Map<Value, number>();
  private newest: Placed | null = null;

  constructor(
    nodes: readonly Value[],
    private readonly tally: Tally,
  ) {
    const spacing = Math.ceil(nodes.length / PIVOTS);
    nodes.forEach((value, i) => {
      let bits = i % spacing === 0 ? 1 << (i / spacing) : 0;
      this.ahead.set(value, bits);
      for (const input of value.inputs) bits |= this.behind.get(input)!;
      this.behind.set(value, bits);
    });
    for (let i = nodes.length - 1; i >= 0; i--) {
      const bits = this.ahead.get(nodes[i]!)!;
      for (const input of nodes[i]!.inputs) this.ahead.set(input, this.ahead.get(input)! | bits);
    }
  }

  /** A unit of one node, the newest: nothing reads it yet. */
  add(value: Value, elementwise: boolean): Placed {
    const unit: Placed = { members: [value], elementwise, place: this.newest === null ? 0 : this.newest.place + 1, before: this.newest, after: null };
    if (this.newest !== null) this.newest.after = unit;
    this.newest = unit;
    this.of.set(value, unit);
    return unit;
  }

  /** Joins `from` and `to`, which holds the newest node and reads `from`; null where `to` also reads, through a third unit, what `from` computes. */
  join(from: Placed, to: Placed, members: readonly Value[]): Placed | null {
    const between = this.readAfter(from, to);
    if (between === null) return null;
    // None of these reads `from`, so they may come before it; then the joined unit may take its place.
    for (const unit of between.sort((a, b) => a.place - b.place)) this.moveBefore(unit, from);
    this.unlink(to);
    const joined: Placed = { members, elementwise: true, place: from.place, before: from.before, after: from.after };
    if (from.before !== null) from.before.after = joined;
    if (from.after !== null) from.after.before = joined;
    if (this.newest === from) this.newest = joined;
    for (const member of members) this.of.set(member, joined);
    return joined;
  }

  /** Third units behind `to` that come after `from`; null where one of them reads it. */
  private readAfter(from: Placed, to: Placed): Placed[] | null {
    const pivots = from.members.reduce((bits, member) => bits | this.ahead.get(member)!, 0);
    const seen = new Set<Placed>([from, to]);
    const found: Placed[] = [];
    for (const member of to.members) {
      for (const input of member.inputs) {
        const unit = this.of.get(input)!;
        this.tally.visited++;
        if (seen.has(unit)) continue;
        if ((pivots & this.behind.get(input)!) !== 0) return null;
        seen.add(unit);
        if (unit.place > from.place) found.push(unit);
      }
    }
    for (const unit of found) {
      for (const member of unit.members) {
        for (const input of member.inputs) {
          const next = this.of.get(input)!;
          this.tally.visited++;
          if (next === from) return null;
          if (seen.has(next)) continue;
          seen.add(next);
          if (next.place > from.place) found.push(next);
        }
      }
    }
    return found;
  }

  private unlink(unit: Placed): void {
    if (unit.before !== null) unit.before.after = unit.after;
    if (unit.after !== null) unit.after.before = unit.before;
    if (this.newest === unit) this.newest = unit.before;
  }

  private moveBefore(unit: Placed, next: Placed): void {
    this.unlink(unit);
    unit.before = next.before;
    unit.after = next;
    if (next.before !== null) next.before.after = unit;
    next.before = unit;
    unit.place = unit.before === null ? next.place - 1 : (unit.before.place + next.place) / 2;
    if (unit.place === next.place || unit.place === unit.before?.place) this.renumber(unit);
  }

  /** Places halve the gap they are put into; after fifty times there is none left. Those nearby make room: as many as it takes to find a gap that grows with them. */
  private renumber(unit: Placed): void {
    let [first, last, count] = [unit, unit, 1];
    while (last.place - first.place < LEAST_GAP * count * count) {
      if (first.before === null && last.after === null) break;
      if (first.before !== null) [first, count] = [first.before, count + 1];
      if (last.after !== null) [last, count] = [last.after, count + 1];
    }
    const step = Math.max((last.place - first.place) / (count - 1), LEAST_GAP * count);
    // Both ends stay where they are, but at an end of the list, beyond which there is room.
    const low = last.after !== null && first.before === null ? last.place - step * (count - 1) : first.place;
    let next = first;
    for (let i = 0; next !== last; i++, next = next.after!) {
      next.place = low + step * i;
      this.tally.visited++;
    }
    if (last.after === null) last.place = low + step * (count - 1);
  }
}
