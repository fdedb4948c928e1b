// Runs rows through the real path (graph, compiler, program, WASM executor) and compares with their float64 references.
import { expect } from "vitest";
import { allocate, isFloat, type DType, type TypedArray } from "../../src/base/dtype.js";
import { fromHalf, toHalf, toHalves } from "../../src/base/half.js";
import { Random } from "../../src/base/random.js";
import { gradients } from "../../src/compile/grad.js";
import { evaluate } from "../../src/engine/evaluate.js";
import { dataLeaf, givenOut } from "../../src/engine/source.js";
import { constant, type Value } from "../../src/graph/value.js";
import { OPS } from "../../src/ops/index.js";
import { build, count, get, total, type Plain } from "./plain.js";
import type { Case, Input, Row } from "./row.js";

/** The inputs of a case: the same numbers for the same seed. */
export function draw(row: Row, { inputs }: Case<unknown>, seed: number): Plain[] {
  const random = new Random(seed);
  return inputs.map(({ shape, dtype = "float32", domain = row.domain ?? [-1, 1], values }: Input): Plain => {
    const next = (i: number): number => {
      if (values !== undefined) return values[i % values.length]!;
      const x = domain[0] + (domain[1] - domain[0]) * (random.bits() / 2 ** 32);
      return isFloat(dtype) ? x : Math.floor(x);
    };
    const rounded = (x: number): number => (dtype === "float32" ? Math.fround(x) : dtype === "float16" ? fromHalf(toHalf(x)) : x);
    return { shape, data: Array.from({ length: count(shape) }, (_, i) => rounded(next(i))) };
  });
}

/** The inputs of a case as graph leaves. */
export function leavesOf(row: Row, one: Case<unknown>, seed: number): Value[] {
  return draw(row, one, seed).map((x, k) => leaf(x, dtypeOf(one.inputs[k]!)));
}

/** How an input lies in memory before the op sees it. Elements that it must not read are NaN (99 in integers). */
export const LAYOUTS: Readonly<Record<string, (x: Plain, dtype: DType) => Value>> = {
  contiguous: leaf,
  transposed: (x, dtype) => {
    const turned = build([...x.shape].reverse(), (index) => get(x, [...index].reverse()));
    return OPS.transpose(leaf(turned, dtype));
  },
  "every second element of a larger tensor": (x, dtype) => {
    const trap = isFloat(dtype) ? NaN : 99;
    const larger = build(x.shape.map((dim) => 2 * dim + 1), (index) => (index.every((k) => k % 2 === 1) ? get(x, index.map((k) => (k - 1) / 2)) : trap));
    return OPS.slice(leaf(larger, dtype), { begin: x.shape.map(() => 1), size: x.shape, steps: x.shape.map(() => 2) });
  },
};

function leaf(x: Plain, dtype: DType): Value {
  const data = allocate(dtype, x.data.length);
  data.set(dtype === "float16" ? toHalves(x.data) : x.data);
  return dataLeaf(data, x.shape, dtype);
}

/** A tensor as an input of a case lies in memory. */
export function leafOf(x: Plain, input: Input): Value {
  return leaf(x, dtypeOf(input));
}

function dtypeOf(input: Input): DType {
  return input.dtype ?? "float32";
}

function list<T>(x: T | readonly T[]): readonly T[] {
  return Array.isArray(x) ? (x as readonly T[]) : [x as T];
}

/** Forward, for every layout of the inputs. */
export function checkForward(row: Row): void {
  row.cases.forEach((one, seed) => {
    const plain = draw(row, one, seed);
    const expected = list(row.reference(plain, one.attrs));
    for (const [layout, place] of Object.entries(LAYOUTS)) {
      const inputs = plain.map((x, i) => place(x, dtypeOf(one.inputs[i]!)));
      const results = list(row.apply(inputs, one.attrs));
      const data = evaluate(results);
      const label = `${nameOf(row)} ${show(one)}, ${layout}, seed ${seed}`;
      expect(results.map(({ shape }) => [...shape]), label).toEqual(expected.map(({ shape }) => [...shape]));
      data.forEach((got, k) => compare(givenOut(got, results[k]!.dtype), expected[k]!.data, results[k]!.dtype, row.tolerance[0], label));
    }
  });
}

/** Bound of float32 gradients: rules of up to about twenty operations, each rounded to 6e-8, on sums as long as the row's own. */
const GRADIENT_BOUND = 4e-5;
/** The same twice over, and differences of differences: h² = 1e-6 of the fourth derivative. */
const SECOND_BOUND = 2e-4;

/** Coordinates of an input that are compared. */
const SAMPLES = 6;

/** Gradient of Σ op(x)·w against central differences of the reference. */
export function checkGradient(row: Row): number {
  let compared = 0;
  forDifferentiable(row, (one, seed) => {
    const { plain, weights, loss, leaves } = weighted(row, one, seed);
    const wanted = floats(one);
    const found = evaluate(gradients(loss, wanted.map((k) => leaves[k]!)).map((grad, i) => grad ?? constant(0, "float32", leaves[wanted[i]!]!.shape)));
    wanted.forEach((k, i) => {
      const label = `d ${nameOf(row)} / d input ${k}, ${show(one)}, seed ${seed}`;
      const at = samples(plain[k]!.data.length, seed);
      const numeric = at.map((j) => {
        const h = 1e-5;
        return (objective(row, one, moved(plain, [[k, j, h]]), weights) - objective(row, one, moved(plain, [[k, j, -h]]), weights)) / (2 * h);
      });
      compare(at.map((j) => found[i]![j]!), numeric, "float32", GRADIENT_BOUND, label);
      compared += at.length;
    });
  });
  return compared;
}

/** Gradient of Σ gradient(x)·v against second differences of the reference, on the small cases. */
export function checkSecond(row: Row): number {
  let compared = 0;
  forDifferentiable(row, (one, seed) => {
    if (one.inputs.some(({ shape }) => count(shape) > 300)) return;
    const { plain, weights, loss, leaves } = weighted(row, one, seed);
    const wanted = floats(one);
    const directions = draw(row, { inputs: one.inputs.map(({ shape }) => ({ shape, domain: [-1, 1] as const })), attrs: {} }, seed + 1000);
    const xs = wanted.map((k) => leaves[k]!);
    const slopes = gradients(loss, xs).map((grad, i) => (grad ? OPS.sum(OPS.mul(grad, leaf(directions[wanted[i]!]!, "float32"))) : constant(0)));
    const slope = slopes.reduce((sum, x) => OPS.add(sum, x));
    const found = evaluate(gradients(slope, xs).map((grad, i) => grad ?? constant(0, "float32", xs[i]!.shape)));
    wanted.forEach((k, i) => {
      const label = `d² ${nameOf(row)} / d input ${k}, ${show(one)}, seed ${seed}`;
      const at = samples(plain[k]!.data.length, seed).slice(0, 3);
      const numeric = at.map((j) => {
        const h = 1e-3;
        const along = (sign: number): Plain[] => plain.map((x, m) => (wanted.includes(m) ? { ...x, data: x.data.map((value, n) => value + sign * h * directions[m]!.data[n]!) } : x));
        const f = (s: number, t: number): number => objective(row, one, moved(along(t), [[k, j, s * h]]), weights);
        return (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * h * h);
      });
      compare(at.map((j) => found[i]![j]!), numeric, "float32", SECOND_BOUND, label);
      compared += at.length;
    });
  });
  return compared;
}

function forDifferentiable(row: Row, check: (one: Case<unknown>, seed: number) => void): void {
  row.cases.forEach((one, seed) => {
    if (one.special !== true && floats(one).length > 0 && one.inputs.every(({ dtype, values }) => dtype !== undefined || values === undefined)) check(one, seed);
  });
}

function floats({ inputs }: Case<unknown>): number[] {
  return inputs.flatMap((input, k) => (dtypeOf(input) === "float32" ? [k] : []));
}

/** Σ results · weights, as a graph and as what it takes to compute it in float64. */
function weighted(row: Row, one: Case<unknown>, seed: number): { plain: Plain[]; weights: Plain[]; loss: Value; leaves: Value[] } {
  const plain = draw(row, one, seed);
  const leaves = leavesOf(row, one, seed);
  const results = list(row.apply(leaves, one.attrs));
  const weights = draw(row, { inputs: results.map(({ shape }) => ({ shape, domain: [0.5, 1.5] as const })), attrs: {} }, seed + 500);
  const terms = results.map((y, k) => OPS.sum(OPS.mul(y, leaf(weights[k]!, "float32"))));
  return { plain, weights, leaves, loss: terms.reduce((sum, term) => OPS.add(sum, term)) };
}

function objective(row: Row, one: Case<unknown>, plain: readonly Plain[], weights: readonly Plain[]): number {
  const results = list(row.reference(plain, one.attrs));
  return total(results.flatMap((y, k) => y.data.map((value, i) => value * weights[k]!.data[i]!)));
}

function moved(plain: readonly Plain[], moves: readonly (readonly [input: number, at: number, by: number])[]): Plain[] {
  return plain.map((x, k) => ({ ...x, data: x.data.map((value, i) => moves.reduce((sum, [input, at, by]) => (input === k && at === i ? sum + by : sum), value)) }));
}

function samples(length: number, seed: number): number[] {
  if (length <= SAMPLES) return Array.from({ length }, (_, i) => i);
  const random = new Random(seed, 1);
  return [...new Set(Array.from({ length: SAMPLES }, () => random.bits() % length))];
}

/** Every element within bound · max(1, largest expected); NaN where NaN is expected, infinities exactly. */
export function compare(got: TypedArray | readonly number[], expected: readonly number[], dtype: DType, bound: number, label: string): void {
  expect(got.length, `${label}: number of elements`).toBe(expected.length);
  const finite = expected.filter(Number.isFinite).map(Math.abs);
  const allowed = bound * finite.reduce((largest, x) => Math.max(largest, x), 1);
  for (let i = 0; i < expected.length; i++) {
    const want = isFloat(dtype) ? Math.fround(expected[i]!) : expected[i]!;
    const has = got[i]!;
    const close = Number.isFinite(want) ? Math.abs(has - want) <= allowed : Object.is(has, want);
    if (!close) expect.fail(`${label}: element ${i} is ${has}, expected ${want} within ${allowed}`);
  }
}

export function nameOf(row: Row): string {
  return row.variant ? `${row.op} (${row.variant})` : row.op;
}

function show({ inputs, attrs }: Case<unknown>): string {
  return `${inputs.map(({ shape, dtype = "" }) => `${dtype}[${shape.join(", ")}]`).join(" ")} ${JSON.stringify(attrs)}`;
}
