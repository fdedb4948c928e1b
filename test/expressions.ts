// Random expressions: graphs of 20–60 ops over a few leaves, drawn from a seed, with values that stay in a tame range.
import { Random } from "../src/base/random.js";
import { constant, type Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { count, type Plain } from "./rows/plain.js";
import { input } from "./runGraph.js";

export interface Expression {
  readonly outputs: readonly Value[];
  /** The float leaves, and their values. */
  readonly leaves: ReadonlyMap<Value, Plain>;
}

const { abs, add, broadcastTo, concat, cos, div, erf, exp, expm1, flip, log, log1p, logSumExp, max, maximum, mean, minimum, mul, neg, pad, relu, reshape, sigmoid, sin, slice, softmax, softplus, sqrt, square, stack, std, sub, sum, tanh, transpose } = OPS;

/** What a draw may add to the values made so far; null when it does not apply to x. */
type Growth = (x: Value, other: Value, random: Random) => Value | null;

// Everything stays within about ±4: sums are averaged, products squashed.
const GROWTH: readonly Growth[] = [
  (x) => neg(x),
  (x) => tanh(x),
  (x) => sigmoid(x),
  (x) => relu(x),
  (x) => abs(x),
  (x) => tanh(square(x)),
  (x) => mul(x, constant(0.5)),
  (x) => add(x, constant(0)),
  (x) => sin(x),
  (x) => cos(mul(x, constant(2))),
  (x) => tanh(exp(mul(x, constant(0.3)))),
  (x) => log1p(square(x)),
  (x) => log(add(square(x), constant(1))),
  (x) => sqrt(add(square(x), constant(0.5))),
  (x) => tanh(softplus(x)),
  (x) => erf(x),
  (x) => tanh(expm1(mul(x, constant(0.5)))),
  (x, y) => (broadcast(x, y) ? div(tanh(x), add(square(y), constant(1))) : null),
  (x) => (x.shape.length > 0 ? softmax(x) : null),
  (x, _, random) => (x.shape.length > 0 ? tanh(logSumExp(x, { axes: [pick(axesOf(x), random)] })) : null),
  (x, _, random) => (x.shape.length > 0 && x.shape[x.shape.length - 1]! > 1 ? tanh(std(add(x, square(x)), { axes: [x.shape.length - 1], keepDims: random.bits() % 2 === 0 })) : null),
  (x, _, random) => (x.shape.length > 0 ? flip(x, { axes: [pick(axesOf(x), random)] }) : null),
  (x, _, random) => (x.shape.length > 0 && x.shape.length < 4 ? pad(x, { padding: x.shape.map(() => [random.bits() % 2, random.bits() % 3] as [number, number]), value: 0.5 }) : null),
  (x, y) => (x.shape.length < 3 && x.shape.length === y.shape.length && x.shape.every((dim, i) => dim === y.shape[i]) ? stack([x, y], { axis: x.shape.length }) : null),
  (x, y) => (broadcast(x, y) ? tanh(add(x, y)) : null),
  (x, y) => (broadcast(x, y) ? tanh(mul(x, y)) : null),
  (x, y) => (broadcast(x, y) ? sub(tanh(x), y) : null),
  (x, y) => (broadcast(x, y) ? maximum(x, y) : null),
  (x, y) => (broadcast(x, y) ? minimum(x, y) : null),
  (x, y) => (broadcast(x, y) ? add(mul(tanh(x), constant(0.25)), mul(sigmoid(y), tanh(x))) : null),
  (x, y) => (broadcast(x, y) ? OPS.where(OPS.greater(x, constant(0.1)), x, y) : null),
  (x, _, random) => (x.shape.length > 0 ? mean(x, { axes: [pick(axesOf(x), random)], keepDims: random.bits() % 2 === 0 }) : null),
  (x, _, random) => (x.shape.length > 0 ? max(x, { axes: [pick(axesOf(x), random)], keepDims: random.bits() % 2 === 0 }) : null),
  (x) => (x.shape.length > 0 ? tanh(sum(mul(x, constant(1 / 16)))) : null),
  (x, _, random) => (x.shape.length > 1 ? transpose(x, { perm: shuffled(axesOf(x), random) }) : null),
  (x) => reshape(x, { shape: [count(x.shape)] }),
  (x) => (x.shape.length > 1 ? reshape(x, { shape: [-1, x.shape[x.shape.length - 1]!] }) : null),
  (x, _, random) => {
    if (x.shape.length === 0) return null;
    const begin = x.shape.map((dim) => random.bits() % dim);
    return slice(x, { begin, size: x.shape.map((dim, i) => 1 + (random.bits() % (dim - begin[i]!))) });
  },
  (x, _, random) => (x.shape.length > 0 ? slice(x, { begin: [0], steps: x.shape.map(() => 1 + (random.bits() % 2)) }) : null),
  (x) => (x.shape.length < 3 && count(x.shape) < 64 ? broadcastTo(x, { shape: [3, ...x.shape] }) : null),
  (x, y) => (x.shape.length > 0 && x.shape.length === y.shape.length && x.shape.every((dim, i) => i === 0 || dim === y.shape[i]) && count(x.shape) + count(y.shape) < 500 ? concat([x, y], { axis: 0 }) : null),
  (x, y) => (x.shape.length === 2 && y.shape.length === 2 && x.shape[1] === y.shape[0] ? tanh(OPS.matmul(x, y)) : null),
  (x) => (x.shape.length === 2 ? tanh(OPS.matmul(x, transpose(x))) : null),
  (x) => (x.shape.length === 2 ? relu(add(OPS.matmul(x, constant(0.1, "float32", [x.shape[1]!, 5])), input([0.5, -0.5, 0.25, 0, 1]))) : null),
];

const SHAPES: readonly (readonly number[])[] = [[], [1], [5], [4, 5], [5, 4], [1, 5], [4, 1], [2, 4, 5], [3, 7], [2, 3, 1, 5], [17], [300]];

/** The expression of a seed. */
export function randomExpression(seed: number): Expression {
  const random = new Random(seed);
  const leaves = new Map<Value, Plain>();
  const values: Value[] = [];
  const leaf = (shape: readonly number[]): void => {
    const data = Float32Array.from({ length: count(shape) }, () => random.uniform() * 2 - 1);
    const value = input(data, shape);
    leaves.set(value, { shape, data: [...data] });
    values.push(value);
  };
  for (let i = 0; i < 4; i++) leaf(pick(SHAPES, random));
  const wanted = 20 + (random.bits() % 41);
  for (let made = 0, tries = 0; made < wanted && tries < 1000; tries++) {
    const x = pick(values, random);
    const grown = pick(GROWTH, random)(x, pick(values, random), random);
    if (grown === null || grown === x || count(grown.shape) > 2000) continue;
    noteLeaves(grown, leaves);
    values.push(grown);
    made++;
  }
  // The last value, and some on the way: results that others read.
  const outputs = [values[values.length - 1]!, ...Array.from({ length: random.bits() % 3 }, () => pick(values.slice(4), random))];
  return { outputs, leaves };
}

/** Leaves made inside a growth. */
function noteLeaves(value: Value, leaves: Map<Value, Plain>): void {
  for (const one of [value, ...value.inputs, ...value.inputs.flatMap(({ inputs }) => inputs)]) {
    if (one.source !== undefined && !leaves.has(one)) leaves.set(one, { shape: one.shape, data: [...(one.source as { data: Float32Array }).data] });
  }
}

function broadcast(x: Value, y: Value): boolean {
  const rank = Math.max(x.shape.length, y.shape.length);
  for (let i = 1; i <= rank; i++) {
    const [m, n] = [x.shape[x.shape.length - i] ?? 1, y.shape[y.shape.length - i] ?? 1];
    if (m !== n && m !== 1 && n !== 1) return false;
  }
  return true;
}

function axesOf(x: Value): number[] {
  return x.shape.map((_, i) => i);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.bits() % list.length]!;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const items = [...list];
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.bits() % (i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
