// The clusters against their definition: a node joins a unit it reads unless a third unit stands between, found by walking all of the graph.
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.js";
import { sameShape } from "../base/shape.js";
import { topological } from "../graph/graph.js";
import { isLeaf, PART, type Value } from "../graph/value.js";
import { OPS } from "../ops/index.js";
import { rulesOf } from "../ops/op.js";
import { input } from "../../test/runGraph.js";
import { clusters, type Unit } from "./clusters.js";
import { gradients } from "./grad.js";
import { SEED } from "../../test/seed.js";

const { add, exp, matmul, mul, relu, sum, tanh, transpose } = OPS;
const NONE: ReadonlySet<Value> = new Set();

/** A result of `size` random ops on 4 × 4 matrices, and its gradients: forward values are read again far behind. */
function randomGraph(random: Random, size: number): Value[] {
  const values = [0, 1, 2].map(() => input(new Float32Array(16), [4, 4]));
  const leaves = [...values];
  const pick = (): Value => values[Math.floor(Math.sqrt(random.bits() / 2 ** 32) * values.length)]!;
  const makers = [
    () => add(pick(), pick()), () => mul(pick(), pick()), () => tanh(pick()), () => relu(pick()), () => matmul(pick(), pick()),
    () => add(pick(), sum(pick(), { axes: 1, keepDims: true })), () => mul(exp(pick()), sum(pick())), () => transpose(pick()),
  ];
  for (let i = 0; i < size; i++) values.push(makers[random.bits() % makers.length]!());
  const y = sum(values[values.length - 1]!);
  return topological([y, ...gradients(y, leaves).flatMap((grad) => grad ?? [])]);
}

function byWalking(nodes: readonly Value[]): Map<Value, Value[]> {
  const unitOf = new Map<Value, Value[]>();
  const isElementwise = (value: Value): boolean => !isLeaf(value) && value.op !== PART && rulesOf(value).micro !== undefined;
  const between = (from: readonly Value[], to: readonly Value[]): boolean => {
    const seen = new Set<readonly Value[]>([from, to]);
    const stack = to.flatMap(({ inputs }) => inputs.map((x) => unitOf.get(x)!)).filter((unit) => unit !== from && unit !== to);
    for (let unit = stack.pop(); unit !== undefined; unit = stack.pop()) {
      if (seen.has(unit)) continue;
      seen.add(unit);
      const behind = unit.flatMap(({ inputs }) => inputs.map((x) => unitOf.get(x)!));
      if (behind.includes(from as Value[])) return true;
      stack.push(...behind);
    }
    return false;
  };
  for (const value of nodes) {
    unitOf.set(value, [value]);
    if (!isElementwise(value)) continue;
    for (const x of value.inputs) {
      const [other, own] = [unitOf.get(x)!, unitOf.get(value)!];
      if (other === own || !isElementwise(x) || !sameShape(x.shape, value.shape) || between(other, own)) continue;
      const members = [...other, ...own];
      const outside = new Set(members.flatMap(({ inputs }) => inputs).filter((one) => !members.includes(one)));
      if (members.length <= 48 && outside.size + 1 <= 14) for (const member of members) unitOf.set(member, members);
    }
  }
  return unitOf;
}

/** The number of its unit, for each node: units are numbered as they turn up. */
function labels(nodes: readonly Value[], of: (value: Value) => readonly Value[] | Unit): number[] {
  const numbers = new Map<object, number>();
  return nodes.map((value) => {
    const unit = of(value);
    if (!numbers.has(unit)) numbers.set(unit, numbers.size);
    return numbers.get(unit)!;
  });
}

describe("clusters", () => {
  it(`are those of the definition: 60 random graphs with their gradients, SEED=${SEED}`, () => {
    for (let seed = 0; seed < 60; seed++) {
      const nodes = randomGraph(new Random(60 * (SEED - 1) + seed), 10 + 2 * seed);
      const [units, expected] = [clusters(nodes, NONE, true), byWalking(nodes)];
      expect(labels(nodes, (value) => units.get(value)!), `seed ${seed}`).toEqual(labels(nodes, (value) => expected.get(value)!));
    }
  });

  it("visit no more units a node in a network of 1,200 layers than in one of 150, within a tenth", () => {
    const perNode = (layers: number): number => {
      const leaves = [input(new Float32Array(16), [4, 4]), input(new Float32Array(16), [4, 4])] as const;
      let h: Value = leaves[0];
      for (let i = 0; i < layers; i++) h = tanh(add(matmul(h, leaves[1]), leaves[0]));
      const y = sum(h);
      const nodes = topological([y, gradients(y, [leaves[1]])[0]!]);
      const tally = { visited: 0 };
      clusters(nodes, NONE, true, tally);
      return tally.visited / nodes.length;
    };
    const few = perNode(150);
    expect(few).toBeGreaterThan(0);
    expect(perNode(1200) / few).toBeLessThan(1.1);
  });
});
