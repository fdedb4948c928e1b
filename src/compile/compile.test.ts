// The compiler from end to end: programs run on the WASM executor with poison on, against a float64 interpreter and against themselves
// with passes switched off.
import { describe, expect, it } from "vitest";
import { constant, part, type Value } from "../graph/value.js";
import type { Graph } from "../graph/graph.js";
import { OPS } from "../ops/index.js";
import { printProgram } from "../program/print.js";
import { randomExpression } from "../../test/expressions.js";
import { interpret } from "../../test/interpreter.js";
import { count, type Plain } from "../../test/rows/plain.js";
import { EXACT, input, kernelsOf, newExecutor, PASSES, runGraph, state } from "../../test/runGraph.js";
import { gradients } from "./grad.js";
import type { PassName } from "./index.js";
import { SEED } from "../../test/seed.js";

const { add, cast, exp, matmul, mul, neg, relu, reshape, slice, sub, sum, tanh, transpose } = OPS;
const executor = await newExecutor();
const plain = await newExecutor(false);

const graphOf = (...outputs: Value[]): Graph => ({ outputs, updates: [] });

function plainOf(leaf: Value): Plain {
  return { shape: leaf.shape, data: [...(leaf.source as { data: ArrayLike<number> & Iterable<number> }).data] };
}

function leavesOf(...leaves: Value[]): Map<Value, Plain> {
  return new Map(leaves.map((leaf) => [leaf, plainOf(leaf)] as const));
}

/** Largest |got − expected|, relative to the larger of 1 and the largest expected; equal where both are NaN or infinite. */
function distance(got: readonly number[], expected: readonly number[]): number {
  expect(got).toHaveLength(expected.length);
  const scale = expected.filter(Number.isFinite).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return got.reduce((most, x, i) => (Object.is(x, expected[i]) || x === expected[i] ? most : Math.max(most, Math.abs(x - expected[i]!) / scale)), 0);
}

/** The numbers 1, 2, 3 … scaled into [−1, 1), in no simple pattern. */
const numbers = (length: number, seed = 1): Float32Array => Float32Array.from({ length }, (_, i) => (((i + seed) * 7919) % 1009) / 504.5 - 1);
const tensor = (shape: readonly number[], seed = 1): Value => input(numbers(count(shape), seed), shape);

describe("tiles against the interpreter, in every layout", () => {
  // Expressions of x and y, both float32, that broadcast to one shape.
  const chains: readonly (readonly [string, (x: Value, y: Value) => Value[]])[] = [
    ["one op", (x, y) => [add(x, y)]],
    ["a diamond", (x, y) => [add(mul(tanh(x), y), neg(tanh(x)))]],
    ["two results", (x, y) => ((z) => [z, exp(z)])(mul(x, y))],
    ["a result in the middle, and its input again", (x, y) => ((z) => [z, sub(x, exp(add(z, x)))])(mul(x, y))],
    ["comparison and choice", (x, y) => [OPS.where(OPS.greater(x, y), mul(x, x), neg(y))]],
  ];
  const shapes: readonly (readonly [x: readonly number[], y: readonly number[]])[] = [
    [[], []], [[1], [1]], [[0], [0]], [[3], []], [[5], [5]], [[7], [1]], [[1025], [1025]], [[4099], []],
    [[3, 5], [5]], [[3, 5], [3, 1]], [[300, 7], [7]], [[300, 6], [6]], [[90, 255], [255]], [[200, 10], [10]], [[200, 10], [200, 1]], [[9, 257], [257]], [[5, 1], [1, 7]], [[1, 1], [3, 4]], [[0, 4], [4]], [[4, 0], [4, 1]],
    [[2, 3, 4], [4]], [[2, 3, 4], [3, 1]], [[2, 3, 4], [2, 1, 4]], [[2, 3, 4, 5], [3, 1, 5]], [[2, 1, 3, 1, 4], [2, 1, 2, 4]], [[2, 3, 2, 3, 2], [3, 1, 3, 1]],
  ];
  // How x lies in memory; the values stay those of x.
  const layouts: Readonly<Record<string, (shape: readonly number[]) => Value>> = {
    "in a row": (shape) => tensor(shape),
    // Memory that a result may take over.
    "in scratch": (shape) => sum(reshape(tensor(shape), { shape: [...shape, 1] }), { axes: [-1] }),
    transposed: (shape) => transpose(tensor([...shape].reverse())),
    strided: (shape) => slice(tensor(shape.map((dim) => 2 * dim + 1)), { begin: shape.map(() => 1), size: shape, steps: shape.map(() => 2) }),
  };
  for (const [name, chain] of chains) {
    it(`${name}: error below 1e-6`, () => {
      for (const [xShape, yShape] of shapes) {
        for (const [layout, make] of Object.entries(layouts)) {
          const [x, y] = [make(xShape), tensor(yShape, 77)];
          const outputs = chain(x, y);
          let root = x;
          while (root.inputs.length > 0) root = root.inputs[0]!;
          const expected = interpret(outputs, leavesOf(root, y));
          for (const off of [[], ["FUSE"], ["PLAN"]] as const) {
            const { outputs: got } = runGraph(executor, graphOf(...outputs), { off: new Set(off) }, 2);
            got.forEach((data, i) => expect(distance(data, expected[i]!.data), `[${xShape}] ${layout}, [${yShape}], off ${off}`).toBeLessThan(1e-6));
          }
        }
      }
    });
  }

  it("a result does not take over the memory of an operand that is also read turned round", () => {
    const x = tensor([64, 64]);
    const y = matmul(x, x);
    const outputs = [sum(add(y, transpose(y)), { axes: [1] })];
    expect(distance(runGraph(executor, graphOf(...outputs)).outputs[0]!, interpret(outputs, leavesOf(x))[0]!.data)).toBeLessThan(1e-5);
  });

  it("uint8 operands in a row, turned, sliced, repeated and as a column", () => {
    const bytes = Uint8Array.from({ length: 30 }, (_, i) => (i * 37) % 256);
    const x = input(bytes, [5, 6], "uint8");
    const float = (value: Value): Value => cast(value, { dtype: "float32" });
    const y = tensor([5, 6]);
    const outputs = [
      mul(float(x), constant(1 / 255)),
      add(transpose(y), float(transpose(x))),
      float(slice(x, { begin: [1, 1], size: [3, 2] })),
      add(y, float(reshape(slice(x, { begin: [2], size: [1] }), { shape: [6] }))),
      add(y, float(slice(x, { begin: [0, 3], size: [5, 1] }))),
      add(float(reshape(x, { shape: [2, 15] })), constant(1)),
    ];
    const got = runGraph(executor, graphOf(...outputs)).outputs;
    interpret(outputs, leavesOf(x, y)).forEach((expected, i) => expect(distance(got[i]!, expected.data), `output ${i}`).toBeLessThan(1e-6));
  });

  it("relu keeps NaN, and −0 as it is", () => {
    const x = input([NaN, -Infinity, Infinity, -0, 2]);
    expect(runGraph(executor, graphOf(relu(x))).outputs[0]).toEqual([NaN, 0, Infinity, -0, 2]);
  });
});

describe("views", () => {
  it("of views of views: slices of transposes, reshapes that need a copy, results that are views", () => {
    const x = tensor([4, 6]);
    const turned = transpose(x);
    const outputs = [reshape(turned, { shape: [24] }), slice(turned, { begin: [1, 2], size: [3, 1] }), reshape(slice(x, { begin: [0, 2], size: [4, 2] }), { shape: [2, 4] }), x, turned, reshape(x, { shape: [2, 12] })];
    const got = runGraph(executor, graphOf(...outputs)).outputs;
    interpret(outputs, leavesOf(x)).forEach((expected, i) => expect(got[i], `output ${i}`).toEqual([...expected.data]));
  });

  it("a view that outlives its root's last other reader keeps the memory", () => {
    const y = exp(tensor([64]));
    const tail = slice(y, { begin: [32] });
    const big = neg(tanh(matmul(reshape(neg(y), { shape: [8, 8] }), reshape(y, { shape: [8, 8] }))));
    const outputs = [add(sum(big), sum(mul(tail, tail)))];
    const x = outputs[0]!;
    const leaf = y.inputs[0]!;
    expect(distance(runGraph(executor, graphOf(x)).outputs[0]!, interpret(outputs, leavesOf(leaf))[0]!.data)).toBeLessThan(1e-6);
  });

  it("a constant read by the prologue after a step has copied it", () => {
    const w = constant(2, "float32", [1, 2, 1, 1]);
    const got = runGraph(executor, graphOf(OPS.conv2d(input([1, 2], [1, 1, 2, 1]), w), sum(w)), {}, 2);
    expect(got.outputs).toEqual([[6], [4]]);
  });

  it("the slot of a result has the result's shape", () => {
    const { program } = runGraph(executor, graphOf(reshape(exp(tensor([6])), { shape: [2, 3] })));
    expect(program.slots[program.outputs[0]!]!.shape).toEqual([2, 3]);
  });
});

describe("updates", () => {
  const one = constant(1);
  const at = (graph: Graph, off: readonly (typeof PASSES)[number][] = []) => runGraph(executor, graph, { off: new Set(off) });

  it("swap two variables", () => {
    const [a, b] = [state("a", [1, 2]), state("b", [3, 4])];
    expect(at({ outputs: [], updates: [{ state: a, value: b }, { state: b, value: a }] }).states).toEqual({ a: [3, 4], b: [1, 2] });
  });

  it("swap through ops, in place where that is possible", () => {
    const [a, b] = [state("a", [1, 2]), state("b", [3, 4])];
    for (const off of [[], ["FUSE"], ["PLAN"]] as const) {
      const ran = at({ outputs: [add(a, b)], updates: [{ state: a, value: neg(b) }, { state: b, value: mul(a, constant(10)) }] }, off);
      expect(ran).toMatchObject({ states: { a: [-3, -4], b: [10, 20] }, outputs: [[4, 6]] });
    }
  });

  it("rotate three variables, and shift a chain, each from the old values", () => {
    const [a, b, c] = [state("a", [1]), state("b", [2]), state("c", [3])];
    expect(at({ outputs: [], updates: [{ state: a, value: add(b, one) }, { state: b, value: add(c, one) }, { state: c, value: add(a, one) }] }).states).toEqual({ a: [3], b: [4], c: [2] });
    expect(at({ outputs: [], updates: [{ state: c, value: add(b, one) }, { state: b, value: add(a, one) }, { state: a, value: neg(a) }] }).states).toEqual({ a: [-1], b: [2], c: [3] });
    expect(at({ outputs: [], updates: [{ state: a, value: neg(a) }, { state: b, value: add(a, one) }, { state: c, value: add(b, one) }] }).states).toEqual({ a: [-1], b: [2], c: [3] });
  });

  it("results show the old value of a variable, and views of it too", () => {
    const a = state("a", [1, 2, 3]);
    const ran = at({ outputs: [a, slice(a, { begin: [1] }), neg(a)], updates: [{ state: a, value: exp(neg(a)) }] });
    expect(ran.outputs).toEqual([[1, 2, 3], [2, 3], [-1, -2, -3]]);
    expect(ran.states["a"]![0]).toBeCloseTo(Math.exp(-1), 6);
  });

  it("a variable written from its own view goes through a copy", () => {
    const a = state("a", [1, 2, 3, 4], [2, 2]);
    for (const off of [[], ["SIMPLIFY"], ["FUSE"], ["PLAN"]] as const) {
      expect(at({ outputs: [], updates: [{ state: a, value: add(transpose(a), one) }] }, off).states).toEqual({ a: [2, 4, 3, 5] });
      expect(at({ outputs: [], updates: [{ state: a, value: transpose(a) }] }, off).states).toEqual({ a: [1, 3, 2, 4] });
      expect(at({ outputs: [], updates: [{ state: a, value: matmul(a, a) }] }, off).states).toEqual({ a: [7, 10, 15, 22] });
    }
  });

  it("one value may go into two variables, and be a result", () => {
    const [a, b] = [state("a", [1]), state("b", [2])];
    const value = add(a, b);
    expect(at({ outputs: [value], updates: [{ state: a, value }, { state: b, value }] })).toMatchObject({ outputs: [[3]], states: { a: [3], b: [3] } });
  });

  it("a guard of 0 holds back what is guarded and nothing else, whatever order the updates are in", () => {
    for (const [go, expected] of [[1, { q: [6], e: [1], p: [11] }], [0, { q: [5], e: [1], p: [1] }]] as const) {
      const [p, q, e] = [state("p", [1]), state("q", [5]), state("e", [0])];
      const guard = input([go], [], "int32");
      const updates = [{ state: q, value: add(q, one), guard }, { state: e, value: add(e, p) }, { state: p, value: add(p, constant(10)), guard }];
      for (const order of [updates, [...updates].reverse(), [updates[1]!, updates[0]!, updates[2]!]]) {
        expect(at({ outputs: [], updates: order }).states, `guard ${go}`).toEqual(expected);
      }
    }
  });

  it("optimizer steps write in place: one kernel, no copy, no scratch", () => {
    const [p, v, g] = [state("p", [1, 2]), state("v", [0, 0]), input([10, 10])];
    const step = OPS.momentumStep(p, v, g, input([0.5], []), { momentum: 0.9, nesterov: false });
    const graph: Graph = { outputs: [], updates: [{ state: p, value: part(step, 0) }, { state: v, value: part(step, 1) }] };
    const { program, states } = at(graph);
    expect(states).toEqual({ p: [-4, -3], v: [-5, -5] });
    expect(kernelsOf(program.steps)).toEqual(["f32_sgd"]);
    expect(program.bytes.scratch).toBe(0);
  });

  it("an optimizer step whose parameter is read afterwards changes a copy", () => {
    const p = state("p", [1, 2]);
    const next = OPS.sgdStep(p, input([1, 1]), input([1], []));
    const first = part(next, 0);
    const ran = at({ outputs: [add(first, p)], updates: [{ state: p, value: first }] });
    expect(ran).toMatchObject({ outputs: [[1, 3]], states: { p: [0, 1] } });
  });

  it("a plain update in place takes one tile and no scratch beside its workspace", () => {
    const w = state("w", [1, 2, 3]);
    const { program } = at({ outputs: [], updates: [{ state: w, value: sub(w, mul(input([1, 1, 1]), input([0.5], []))) }] });
    expect(kernelsOf(program.steps)).toEqual(["f32_tile"]);
    expect(printProgram(program)).toContain("state.w");
  });
});

/** Seeds of random expressions; CI takes them all. */
const SEEDS = 500;
/** Each pass by itself, and all of them. */
const OFF: readonly PassName[][] = [...PASSES.map((name) => [name]), [...PASSES]];

describe("random expressions of 20–60 ops", () => {
  it(`${SEEDS} seeds, SEED=${SEED}: error below 3e-5 against float64; with PLAN, CSE or FOLD off the same bits, with SIMPLIFY or FUSE off within 3e-5; poison changes nothing`, () => {
    for (let seed = (SEED - 1) * SEEDS; seed < SEED * SEEDS; seed++) {
      const { outputs, leaves } = randomExpression(seed);
      const graph = graphOf(...outputs);
      const { outputs: got } = runGraph(executor, graph, {}, 2);
      const label = (what: string, i: number): string => `seed ${seed}, ${what}, output ${i}`;
      // 60 ops of at most 4 roundings and vector functions of 2e-7, sums of up to 2,000 terms: well below.
      interpret(outputs, leaves).forEach((expected, i) => expect(distance(got[i]!, expected.data), label("float64", i)).toBeLessThan(3e-5));
      for (const off of OFF) {
        const { outputs: other } = runGraph(executor, graph, { off: new Set(off) });
        got.forEach((data, i) => {
          if (off.every((name) => EXACT.has(name))) expect(other[i], label(`without ${off}`, i)).toEqual(data);
          else expect(distance(other[i]!, data), label(`without ${off}`, i)).toBeLessThan(3e-5);
        });
      }
      expect(runGraph(plain, graph).outputs, `seed ${seed}, without poison`).toEqual(got);
    }
  });

  it("60 seeds: gradients meet central differences of the interpreter to 2e-4", () => {
    let compared = 0;
    for (let seed = 200; seed < 260; seed++) {
      const { outputs, leaves } = randomExpression(seed);
      const loss = OPS.mean(tanh(outputs[0]!));
      const xs = [...leaves.keys()];
      const grads = gradients(loss, xs).map((grad, i) => grad ?? constant(0, "float32", xs[i]!.shape));
      const { outputs: got } = runGraph(executor, graphOf(...grads));
      const at = (leaf: Value, i: number, by: number): number => {
        const moved = new Map(leaves);
        const { shape, data } = leaves.get(leaf)!;
        moved.set(leaf, { shape, data: data.map((x, k) => (k === i ? x + by : x)) });
        return interpret([loss], moved)[0]!.data[0]!;
      };
      xs.forEach((leaf, k) => {
        for (const i of [0, Math.floor(got[k]!.length / 2)]) {
          const [left, here, right] = [at(leaf, i, -1e-6), at(leaf, i, 0), at(leaf, i, 1e-6)];
          // Where the slopes of both sides differ there is a kink: no derivative to compare with.
          if (Math.abs(right - 2 * here + left) > 1e-10) continue;
          expect(Math.abs(got[k]![i]! - (right - left) / 2e-6), `seed ${seed}, leaf ${k}, element ${i}`).toBeLessThan(2e-4);
          compared++;
        }
      });
    }
    expect(compared).toBeGreaterThan(150);
  });
});

describe("gradients", () => {
  it("are null where none flows, and sums where paths meet", () => {
    const [x, y] = [tensor([3]), tensor([3])];
    const [dx, dy] = gradients(sum(add(mul(x, x), x)), [x, y]);
    expect(dy).toBeNull();
    expect(distance(runGraph(executor, graphOf(dx!)).outputs[0]!, plainOf(x).data.map((v) => 2 * v + 1))).toBeLessThan(1e-6);
  });

  it("refuse a y that is no scalar, a dy of another shape, ops without a rule", () => {
    const x = tensor([3]);
    expect(() => gradients(exp(x), [x])).toThrow(/y must be a scalar, got \[3\]/);
    expect(() => gradients(exp(x), [x], constant(1))).toThrow(/dy must have the shape of y, \[3\], got \[\]/);
  });

  it("take what is older than `since` for constant", () => {
    const x = tensor([]);
    const h = mul(x, x);
    const y = mul(h, x);
    const [whole] = gradients(y, [x]);
    const [partial] = gradients(y, [x], undefined, y.id);
    const [got, cut] = runGraph(executor, graphOf(whole!, partial!)).outputs;
    const v = plainOf(x).data[0]!;
    expect(got![0]).toBeCloseTo(3 * v * v, 5);
    expect(cut![0]).toBeCloseTo(v * v, 5);
  });
});

describe("optimizer steps that were merged", () => {
  it("run as one kernel step, to the bits of steps of their own", () => {
    const shapes = [[7, 10], [1000], [3], [2, 300], [0], [70, 33]];
    const graph = (): Graph => {
      const rate = input([0.01], []);
      const updates = shapes.flatMap((shape, i) => {
        const [p, m, v] = ["p", "m", "v"].map((name, k) => state(`${name}${i}`, numbers(count(shape), 3 * i + k).map(Math.abs), shape)) as [Value, Value, Value];
        const step = OPS.adamStep(p, m, v, tensor(shape, i + 50), rate, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
        return [p, m, v].map((leaf, k) => ({ state: leaf, value: part(step, k) }));
      });
      return { outputs: [], updates };
    };
    const merged = runGraph(executor, graph());
    const apart = runGraph(executor, graph(), { off: new Set(["FUSE"]) });
    expect(kernelsOf(merged.program.steps)).toEqual(["f32_adam"]);
    expect(kernelsOf(apart.program.steps)).toEqual(shapes.map(() => "f32_adam"));
    expect(merged.states).toEqual(apart.states);
  });
});

describe("programs", () => {
  it("hold one gemm with bias and relu in its store", () => {
    const { program } = runGraph(executor, graphOf(relu(add(matmul(tensor([4, 3]), tensor([3, 5])), tensor([5])))));
    expect(kernelsOf(program.steps)).toEqual(["f32_gemm"]);
  });

  it("compute constants in the prologue, unless FOLD is off", () => {
    const graph = graphOf(add(tensor([4]), exp(constant(1, "float32", [4]))));
    const folded = runGraph(executor, graph);
    expect([kernelsOf(folded.program.prologue), kernelsOf(folded.program.steps)]).toEqual([["f32_tile"], ["f32_tile"]]);
    const unfolded = runGraph(executor, graph, { off: new Set(["FOLD"]) });
    expect([kernelsOf(unfolded.program.prologue), kernelsOf(unfolded.program.steps)]).toEqual([[], ["f32_tile"]]);
  });

  it("reuse scratch: a chain of 20 matmuls needs two buffers, without PLAN 20", () => {
    let x = tensor([32, 32]);
    const w = tensor([32, 32], 5);
    for (let i = 0; i < 20; i++) x = tanh(matmul(x, w));
    const bytes = (off: readonly "PLAN"[]): number => runGraph(executor, graphOf(sum(x)), { off: new Set(off) }).program.bytes.scratch;
    expect(bytes([])).toBeLessThan(bytes(["PLAN"]) / 5);
  });

  /** Checks take longer than what they check. */
  const NOTHING = { graph: () => {}, program: () => {} };

  it("take a graph of 3,000 nodes in less than 2 s", () => {
    let x = tensor([8]);
    const y = tensor([8], 3);
    for (let i = 0; i < 1000; i++) x = add(tanh(mul(x, y)), sum(x, { keepDims: true }));
    const start = performance.now();
    runGraph(plain, graphOf(x), { verify: NOTHING });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
