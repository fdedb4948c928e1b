// A float64 interpreter of graphs: one element at a time, no passes, no layouts, no memory. It shares no arithmetic with src/.
import { topological } from "../src/graph/graph.js";
import { CONSTANT, constantValue, type Value } from "../src/graph/value.js";
import { erf } from "./rows/elementwise.js";
import { build, get, map, reduce, total, withShape, type Plain } from "./rows/plain.js";

type Rule = (inputs: readonly Plain[], value: Value) => Plain;

const each = (f: (...xs: number[]) => number): Rule => (inputs) => map(f, ...inputs);

const list = (value: Value, name: string): readonly number[] => value.attrs[name] as readonly number[];

const reduction = (f: (list: readonly number[]) => number): Rule => ([x], { attrs }) => {
  const [from, to] = [Number(attrs["from"]), Number(attrs["to"])];
  return reduce(x!, x!.shape.flatMap((_, i) => (i >= from && i < to ? [i] : [])), f);
};

/** Activation of a matmul whose epilogue was fused. */
const activated = (x: number, value: Value): number => (value.attrs["activation"] === "relu" ? relu(x) : x);
const relu = (x: number): number => (Number.isNaN(x) ? x : Math.max(x, 0));
const not = (x: number): number => Number(x === 0);

const RULES: Readonly<Record<string, Rule>> = {
  add: each((a, b) => a + b),
  sub: each((a, b) => a - b),
  mul: each((a, b) => a * b),
  div: each((a, b) => a / b),
  maximum: each(Math.max),
  minimum: each(Math.min),
  neg: each((x) => -x),
  abs: each(Math.abs),
  exp: each(Math.exp),
  tanh: each(Math.tanh),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  square: each((x) => x * x),
  sin: each(Math.sin),
  cos: each(Math.cos),
  log: each(Math.log),
  log1p: each(Math.log1p),
  expm1: each(Math.expm1),
  erf: each(erf),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  reciprocal: each((x) => 1 / x),
  rsqrt: each((x) => 1 / Math.sqrt(x)),
  sqrt: each(Math.sqrt),
  relu: each(relu),
  reluGrad: each((dy, y) => (Number.isNaN(y) ? y : y > 0 ? dy : 0)),
  sign: each(Math.sign),
  floor: each(Math.floor),
  equal: each((a, b) => Number(a === b)),
  greater: each((a, b) => Number(a > b)),
  less: each((a, b) => Number(a < b)),
  isFinite: each((x) => Number(Number.isFinite(x))),
  isNaN: each((x) => Number(Number.isNaN(x))),
  notEqual: each((a, b) => Number(a !== b)),
  greaterEqual: each((a, b) => Number(a >= b)),
  lessEqual: each((a, b) => Number(a <= b)),
  logicalAnd: each((a, b) => Number(a !== 0 && b !== 0)),
  logicalOr: each((a, b) => Number(a !== 0 || b !== 0)),
  logicalNot: each(not),
  where: each((condition, a, b) => (condition !== 0 ? a : b)),
  cast: ([x], { dtype }) => map(dtype === "bool" ? (v) => Number(v !== 0) : dtype === "int32" ? Math.trunc : (v) => v, x!),
  stopGradient: ([x]) => x!,
  sum: reduction(total),
  mean: reduction((items) => total(items) / items.length),
  max: reduction((items) => Math.max(...items)),
  min: reduction((items) => Math.min(...items)),
  softmax: ([x]) => {
    const last = [x!.shape.length - 1];
    const powers = map((v, peak) => Math.exp(v - peak), x!, reduce(x!, last, (items) => Math.max(...items)));
    return map((v, sum) => v / sum, powers, reduce(powers, last, total));
  },
  flip: ([x], value) => build(value.shape, (index) => get(x!, index.map((k, i) => (list(value, "axes").includes(i) ? x!.shape[i]! - 1 - k : k)))),
  prod: reduction((items) => items.reduce((product, x) => product * x, 1)),
  reshape: ([x], { shape }) => withShape(x!, shape),
  transpose: ([x], value) => build(value.shape, (index) => get(x!, x!.shape.map((_, axis) => index[list(value, "perm").indexOf(axis)]!))),
  slice: ([x], value) => build(value.shape, (index) => get(x!, index.map((k, i) => list(value, "begin")[i]! + k * list(value, "steps")[i]!))),
  broadcastTo: ([x], { shape }) => map((a) => a, x!, build(shape, () => 0)),
  place: ([x], value) =>
    build(value.shape, (index) => {
      const at = index.map((k, i) => (k - list(value, "begin")[i]!) / list(value, "steps")[i]!);
      return at.every((k, i) => Number.isInteger(k) && k >= 0 && k < x!.shape[i]!) ? get(x!, at) : Number(value.attrs["value"]);
    }),
  concat: (xs, value) =>
    build(value.shape, (index) => {
      const axis = Number(value.attrs["axis"]);
      let k = index[axis]!;
      const x = xs.find((one) => (k < one.shape[axis]! ? true : ((k -= one.shape[axis]!), false)))!;
      return get(x, index.map((j, i) => (i === axis ? k : j)));
    }),
  matmul: ([a, b, bias], value) =>
    build(value.shape, (index) => {
      const [row, col] = index.slice(-2) as [number, number];
      const lead = (x: Plain): number[] => x.shape.slice(0, -2).map((dim, i) => (dim === 1 ? 0 : index[i + index.length - x.shape.length]!));
      const terms = Array.from({ length: a!.shape[a!.shape.length - 1]! }, (_, k) => get(a!, [...lead(a!), row, k]) * get(b!, [...lead(b!), k, col]));
      return activated(total(terms) + (bias ? get(bias, [col]) : 0), value);
    }),
};

/** Values of `outputs` from those of the leaves. Throws for an op it does not know. */
export function interpret(outputs: readonly Value[], leaves: ReadonlyMap<Value, Plain>): Plain[] {
  const known = new Map<Value, Plain>(leaves);
  for (const value of topological(outputs, (one) => leaves.has(one))) {
    if (known.has(value)) continue;
    if (value.op === CONSTANT) {
      known.set(value, build(value.shape, () => Math.fround(constantValue(value))));
      continue;
    }
    const rule = RULES[value.op.name];
    if (rule === undefined) throw new Error(`interpreter: ${value.op.name} is not known`);
    known.set(value, rule(value.inputs.map((input) => known.get(input)!), value));
  }
  return outputs.map((value) => known.get(value)!);
}
