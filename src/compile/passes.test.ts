// Passes as graphs printed before and after.
import { describe, expect, it } from "vitest";
import { linearise, printGraph, type Graph, type Update } from "../graph/graph.js";
import { verifyGraph } from "../graph/verify.js";
import { constant, part, stateLeaf, type Value } from "../graph/value.js";
import { OPS } from "../ops/index.js";
import { input, state } from "../../test/runGraph.js";
import { cse } from "./cse.js";
import { epilogue } from "./epilogue.js";
import { expand } from "./expand.js";
import { derivedValues } from "./fold.js";
import { fuse } from "./fuse.js";
import { gradients } from "./grad.js";
import { mergeSteps } from "./merge.js";
import { peakBytes, schedule } from "./schedule.js";
import { simplify } from "./simplify.js";
import { sink } from "./sink.js";

const { add, broadcastTo, cast, div, exp, matmul, mul, neg, relu, reshape, slice, stopGradient, sub, sum, tanh, transpose } = OPS;

const graphOf = (...outputs: Value[]): Graph => ({ outputs, updates: [] });

/** Lines of the graph that `pass` makes; verified. */
function after(pass: (graph: Graph) => Graph, graph: Graph): string[] {
  verifyGraph(graph, "the test");
  const result = pass(graph);
  verifyGraph(result, "the pass");
  return printGraph(result).split("\n");
}

const vector = (): Value => input([1, 2, 3, 4]);
const matrix = (): Value => input([1, 2, 3, 4], [2, 2]);

describe("cse", () => {
  it("makes one of two equal nodes, through all that reads them", () => {
    const x = vector();
    expect(after(cse, graphOf(add(exp(neg(x)), exp(neg(x)))))).toEqual([
      "%0 = input() float32[4]",
      "%1 = neg(%0) float32[4]",
      "%2 = exp(%1) float32[4]",
      "%3 = add(%2, %2) float32[4]",
      "return %3",
    ]);
  });

  it("tells attributes apart that JSON does not: −∞ and ∞, 0 and −0", () => {
    const x = matrix();
    const padded = (value: number): Value => OPS.pad(x, { padding: [[1, 0], [0, 0]], value });
    for (const [a, b] of [[-Infinity, Infinity], [NaN, Infinity], [0, -0]] as const) {
      expect(cse(graphOf(padded(a), padded(b))).outputs[0]).not.toBe(cse(graphOf(padded(a), padded(b))).outputs[1]);
      expect(linearise(graphOf(padded(a))).key).not.toBe(linearise(graphOf(padded(b))).key);
    }
    const once = cse(graphOf(padded(-Infinity), padded(-Infinity)));
    expect(once.outputs[0]).toBe(once.outputs[1]);
  });

  it("tells two ops of one name apart", () => {
    const first = { ...relu, name: "mine" };
    const second = { ...relu, name: "mine" };
    const x = vector();
    const made = (rules: object): Value => ({ ...relu(x), op: rules as Value["op"] });
    expect(linearise(graphOf(made(first))).key).not.toBe(linearise(graphOf(made(second))).key);
    expect(linearise(graphOf(made(first))).key).toBe(linearise(graphOf(made(first))).key);
  });
});

describe("expand", () => {
  it("leaves nothing of stopGradient", () => {
    const x = vector();
    expect(after(expand, graphOf(exp(stopGradient(x))))).toEqual(["%0 = input() float32[4]", "%1 = exp(%0) float32[4]", "return %1"]);
  });

  it("makes one leaf of those with one source, where updates name them too", () => {
    const first = state("w", [1, 2]);
    const second = stateLeaf(first, first.source!);
    const graph = expand({ outputs: [neg(first)], updates: [{ state: second, value: exp(second) }] });
    expect(printGraph(graph).split("\n")).toEqual(["%0 = state() float32[2]", "%1 = neg(%0) float32[2]", "%2 = exp(%0) float32[2]", "%0 := %2", "return %1"]);
  });

  it("widens bytes before they are turned, and not before they are only reshaped", () => {
    const bytes = (): Value => input(new Uint8Array(4), [2, 2], "uint8");
    const float = { dtype: "float32" } as const;
    expect(after(expand, graphOf(cast(slice(transpose(bytes()), { begin: [1] }), float)))).toEqual([
      "%0 = input() uint8[2, 2]",
      '%1 = cast(%0) {"dtype":"float32"} float32[2, 2]',
      '%2 = transpose(%1) {"perm":[1,0]} float32[2, 2]',
      '%3 = slice(%2) {"begin":[1,0],"size":[1,2],"steps":[1,1]} float32[1, 2]',
      "return %3",
    ]);
    expect(after(expand, graphOf(cast(reshape(bytes(), { shape: [4] }), float)))).toEqual([
      "%0 = input() uint8[2, 2]",
      '%1 = reshape(%0) {"shape":[4]} uint8[4]',
      '%2 = cast(%1) {"dtype":"float32"} float32[4]',
      "return %2",
    ]);
  });
});

describe("simplify", () => {
  const x = vector();
  const gone: readonly (readonly [string, Value])[] = [
    ["x + 0", add(x, constant(0))],
    ["0 + x", add(constant(0), x)],
    ["x − 0", sub(x, constant(0))],
    ["x · 1", mul(x, constant(1))],
    ["1 · x", mul(constant(1), x)],
    ["x / 1", div(x, constant(1))],
    ["−−x", neg(neg(x))],
    ["reshape there and back", reshape(reshape(x, { shape: [2, 2] }), { shape: [4] })],
  ];
  it.each(gone)("%s is x", (_, value) => {
    expect(after(simplify, graphOf(value))).toEqual(["%0 = input() float32[4]", "return %0"]);
  });

  it("transposes that undo each other vanish; those that do not stay", () => {
    const y = input(new Float32Array(24), [2, 3, 4]);
    const turned = transpose(y, { perm: [1, 2, 0] });
    expect(after(simplify, graphOf(transpose(turned, { perm: [2, 0, 1] })))).toHaveLength(2);
    expect(after(simplify, graphOf(transpose(turned, { perm: [1, 2, 0] })))).toHaveLength(4);
  });

  const stays: readonly (readonly [string, Value])[] = [
    ["x + 0 that broadcasts", add(input([1], [1]), constant(0, "float32", [4]))],
    ["0 − x", sub(constant(0), x)],
    ["1 / x", div(constant(1), x)],
    ["x · −1", mul(x, constant(-1))],
  ];
  it.each(stays)("%s stays", (_, value) => {
    expect(after(simplify, graphOf(value))).toHaveLength(4);
  });

  it("drops a broadcast that the elementwise op does by itself, and keeps the one that alone gives the shape", () => {
    const row = input([1, 2], [2]);
    const wide = broadcastTo(row, { shape: [2, 2] });
    expect(after(simplify, graphOf(add(matrix(), wide)))).toEqual(["%0 = input() float32[2, 2]", "%1 = input() float32[2]", "%2 = add(%0, %1) float32[2, 2]", "return %2"]);
    expect(after(simplify, graphOf(mul(wide, constant(3)))).join()).toContain("broadcastTo");
  });
});

describe("sink", () => {
  const image = (): Value => input(new Float32Array(24), [2, 3, 4]);
  const [there, back] = [{ perm: [0, 2, 1] }, { perm: [0, 2, 1] }];

  it("moves a transpose below elementwise ops to the one that undoes it, rows and numbers with it", () => {
    const bias = input(new Float32Array(4), [4, 1]);
    const inner = relu(add(mul(transpose(image(), there), constant(2)), bias));
    expect(after((graph) => simplify(sink(graph)), graphOf(transpose(inner, back)))).toEqual([
      "%0 = input() float32[2, 3, 4]",
      "%1 = constant(2) float32[]",
      "%2 = mul(%0, %1) float32[2, 3, 4]",
      "%3 = input() float32[4, 1]",
      "%4 = reshape(%3) {\"shape\":[4]} float32[4]",
      "%5 = add(%2, %4) float32[2, 3, 4]",
      "%6 = relu(%5) float32[2, 3, 4]",
      "return %6",
    ]);
  });

  const stays: readonly (readonly [string, Value])[] = [
    ["nothing undoes it", relu(transpose(image(), there))],
    ["another permutation follows", transpose(relu(transpose(image(), there)), { perm: [1, 0, 2] })],
    ["an operand would have to be turned instead", transpose(add(transpose(image(), there), input(new Float32Array(24), [2, 4, 3])), back)],
  ];
  it.each(stays)("leaves it where %s", (_, value) => {
    expect(after(sink, graphOf(value))).toEqual(printGraph(graphOf(value)).split("\n"));
  });

  it("runs a channels-first network channels-last: bias and relu in the stores, two transposes in all", () => {
    const x = input(new Float32Array(2 * 3 * 36), [2, 3, 6, 6]);
    const layer = (y: Value, channels: number): Value =>
      relu(add(OPS.conv2d(y, input(new Float32Array(9 * channels * 5), [3, 3, channels, 5]), { dataFormat: "NCHW" }), input(new Float32Array(5), [5, 1, 1])));
    const lines = after((graph) => epilogue(simplify(sink(graph))), graphOf(layer(layer(x, 3), 5)));
    expect(lines.filter((line) => line.includes("transpose("))).toHaveLength(2);
    expect(lines.filter((line) => line.includes("conv2d("))[0]).toContain('"activation":"relu"');
  });
});

describe("epilogue", () => {
  const product = (): Value => matmul(matrix(), matrix());
  const bias = (): Value => input([10, 20], [2]);

  it("takes bias and relu into the matmul", () => {
    expect(after(epilogue, graphOf(relu(add(product(), bias()))))).toEqual([
      "%0 = input() float32[2, 2]",
      "%1 = input() float32[2, 2]",
      "%2 = input() float32[2]",
      '%3 = matmul(%0, %1, %2) {"activation":"relu"} float32[2, 2]',
      "return %3",
    ]);
  });

  it("takes a bias on either side", () => {
    expect(after(epilogue, graphOf(add(bias(), product()))).join("\n")).toContain("matmul(%0, %1, %2)");
  });

  const bare = product();
  const biased = add(bare, bias());
  const untouched: readonly (readonly [string, Graph])[] = [
    ["the bare product is read elsewhere", graphOf(biased, bare)],
    ["the product is added to itself", graphOf(((p) => add(p, p))(product()))],
    ["the bias is a column", graphOf(add(product(), input([1, 2], [2, 1])))],
    ["the bias is a whole matrix", graphOf(add(product(), matrix()))],
    ["the bias comes after relu", graphOf(add(matmul(matrix(), matrix(), { activation: "relu" }), bias()))],
    ["relu was taken before", graphOf(relu(matmul(matrix(), matrix(), { activation: "relu" })))],
  ];
  it.each(untouched)("leaves the graph alone when %s", (_, graph) => {
    expect(after(epilogue, graph)).toEqual(printGraph(graph).split("\n"));
  });

  it("takes relu's gradient into the product before it", () => {
    const h = relu(matrix());
    expect(after(epilogue, graphOf(OPS.reluGrad(product(), h)))).toEqual([
      "%0 = input() float32[2, 2]",
      "%1 = input() float32[2, 2]",
      "%2 = input() float32[2, 2]",
      "%3 = relu(%2) float32[2, 2]",
      '%4 = matmul(%0, %1, %3) {"masked":true} float32[2, 2]',
      "return %4",
    ]);
  });

  const unmasked: readonly (readonly [string, Graph])[] = [
    ["is a view", graphOf(OPS.reluGrad(product(), transpose(relu(matrix()))))],
    ["is one number", graphOf(OPS.reluGrad(product(), constant(1, "float32", [2, 2])))],
    ["broadcasts", graphOf(OPS.reluGrad(product(), input([1, 2])))],
    ["makes the product broadcast", graphOf(OPS.reluGrad(product(), input([1, 2, 3, 4], [1, 2, 2])))],
  ];
  it.each(unmasked)("takes no mask that %s", (_, graph) => expect(after(epilogue, graph).join()).toContain("reluGrad("));

  it("takes no mask where the bare product is read elsewhere, nor after relu", () => {
    const bare = product();
    expect(after(epilogue, graphOf(bare, OPS.reluGrad(bare, matrix()))).join()).toContain("reluGrad(");
    expect(after(epilogue, graphOf(OPS.reluGrad(relu(product()), matrix()))).join()).toContain("reluGrad(");
  });

  it("takes one bias, not two", () => {
    expect(after(epilogue, graphOf(add(add(product(), bias()), bias()))).filter((line) => line.includes(" add("))).toHaveLength(1);
  });
});

describe("merge", () => {
  /** sgd of a new variable by `rate`. */
  const sgd = (name: string, rate: Value, guard?: Value): Update => {
    const p = state(name, [1, 2, 3, 4]);
    return { state: p, value: part(OPS.sgdStep(p, vector(), rate), 0), ...(guard && { guard }) };
  };
  const rate = (): Value => input([0.1], []);
  const steps = (...updates: Update[]): string[] => after(mergeSteps, { outputs: [], updates }).filter((line) => line.includes("Step"));

  it("makes one node of the steps that share op, scalars, rate and guard", () => {
    const [one, guard] = [rate(), input([1], [], "int32")];
    expect(after(mergeSteps, { outputs: [], updates: [sgd("a", one, guard), sgd("b", one, guard)] })).toEqual([
      "%0 = state() float32[4]",
      "%1 = input() float32[4]",
      "%2 = state() float32[4]",
      "%3 = input() float32[4]",
      "%4 = input() float32[]",
      "%5 = sgdStep × 2(%0, %1, %2, %3, %4) float32[4] × float32[4]",
      '%6 = part(%5) {"index":0} float32[4]',
      "%7 = input() int32[]",
      '%8 = part(%5) {"index":1} float32[4]',
      "%0 := %6 if %7",
      "%2 := %8 if %7",
      "return ",
    ]);
  });

  it("keeps apart what differs in its rate, its guard or its scalars", () => {
    const one = rate();
    expect(steps(sgd("a", one), sgd("b", rate()))).toHaveLength(2);
    expect(steps(sgd("a", one), sgd("b", one, input([1], [], "int32")))).toHaveLength(2);
    const momentum = (name: string, factor: number): Update[] => {
      const [p, v] = [state(name, [1, 2]), state(`${name}/v`, [0, 0])];
      const step = OPS.momentumStep(p, v, input([1, 1]), one, { momentum: factor, nesterov: false });
      return [{ state: p, value: part(step, 0) }, { state: v, value: part(step, 1) }];
    };
    expect(steps(...momentum("a", 0.5), ...momentum("b", 0.9))).toHaveLength(2);
    expect(steps(...momentum("a", 0.5), ...momentum("b", 0.5))).toHaveLength(1);
  });

  it("leaves a step alone whose result somebody else reads, or that updates another variable than the one it reads", () => {
    const one = rate();
    const [a, b] = [sgd("a", one), sgd("b", one)];
    const reader: Update = { state: state("mean", [0, 0, 0, 0]), value: neg(a.value) };
    expect(steps(a, b, reader)).toHaveLength(2);
    expect(steps({ ...a, state: state("other", [0, 0, 0, 0]) }, b)).toHaveLength(2);
  });
});

describe("fold", () => {
  it("derives what depends on constants only; with states, on variables that nobody updates too", () => {
    const [w, v] = [state("w", [1, 2]), state("v", [1, 2])];
    const [ofConstant, ofW, ofV] = [exp(constant(1, "float32", [2])), neg(w), neg(v)];
    const graph: Graph = { outputs: [ofConstant, ofW, ofV, add(ofW, input([1, 2]))], updates: [{ state: v, value: exp(v) }] };
    expect([...derivedValues(graph, false)]).toEqual([ofConstant]);
    expect([...derivedValues(graph, true)]).toEqual([ofConstant, ofW]);
  });
});

describe("fuse", () => {
  const fused = (graph: Graph, chains = true): string[] => after((g) => fuse(g, new Set(), chains), graph);
  const tiles = (lines: readonly string[]): string[] =>
    lines.filter((line) => line.includes("= tile(")).map((line) => [...line.matchAll(/"micro":"(\w+)"/g)].map(([, micro]) => micro).join(" "));

  it("makes one tile of a diamond, and a · b + c one micro", () => {
    const x = vector();
    const y = exp(x);
    expect(tiles(fused(graphOf(add(mul(y, tanh(y)), neg(y)))))).toEqual(["exp tanh neg fma"]);
  });

  it("keeps a product that others read out of fma", () => {
    const [x, y] = [vector(), vector()];
    const product = mul(x, y);
    expect(tiles(fused(graphOf(add(product, x), product)))).toEqual(["mul add"]);
  });

  it("gives a tile several results", () => {
    const y = exp(vector());
    const lines = fused(graphOf(neg(y), y));
    expect(tiles(lines)).toEqual(["exp neg"]);
    expect(lines.filter((line) => line.includes("= part("))).toHaveLength(2);
  });

  it("never joins what a third step stands between: y + exp(y · w) is two tiles, in both orders", () => {
    const w = matrix();
    for (const flip of [false, true]) {
      const y = relu(matrix());
      const z = exp(matmul(y, w));
      expect(tiles(fused(graphOf(flip ? add(z, y) : add(y, z))))).toEqual(["relu", "exp add"]);
    }
  });

  it("joins chains of one shape only", () => {
    expect(tiles(fused(graphOf(add(matrix(), exp(input([1, 2], [2]))))))).toEqual(["exp", "add"]);
  });

  it("with chains off, a tile an op", () => {
    expect(tiles(fused(graphOf(neg(exp(vector()))), false))).toEqual(["exp", "neg"]);
  });

  it("splits chains that would take more than 48 micros or 14 operands", () => {
    let long = vector();
    for (let i = 0; i < 100; i++) long = exp(long);
    expect(tiles(fused(graphOf(long))).map((micros) => micros.split(" ").length)).toEqual([48, 48, 4]);
    const wide = Array.from({ length: 30 }, vector).reduce((x, y) => add(x, y));
    const lines = fused(graphOf(wide)).filter((line) => line.includes("= tile("));
    for (const line of lines) expect(line.slice(0, line.indexOf(")")).split(",").length).toBeLessThanOrEqual(13);
    expect(lines.length).toBeGreaterThan(1);
  });

  it("computes again what costs less than to store it: the comparison that the backward pass of leakyRelu reads", () => {
    const [x, w] = [input([1, 2, 3, 4], [2, 2]), matrix()];
    const z = matmul(x, w);
    const y = OPS.leakyRelu(z, { alpha: 0.5 });
    const out = matmul(y, w);
    const [dw] = gradients(sum(mul(out, out)), [w]) as [Value];
    const tiles = after((graph) => fuse(simplify(cse(graph)), new Set(), true), graphOf(y, dw)).filter((line) => line.includes("tile("));
    // Forward: one result. Backward: it reads z, not the comparison.
    expect(tiles.every((line) => !line.includes("×"))).toBe(true);
    expect(tiles.filter((line) => line.includes('"less"'))).toHaveLength(2);
  });

  it("stores what others than tiles read, what is dear, and what would take more from memory than it spares", () => {
    const tiles = (...outputs: Value[]): number => after((graph) => fuse(graph, new Set(), true), graphOf(...outputs)).filter((line) => line.includes("part(")).length;
    const far = (x: Value): Value => matmul(x, x);
    const [x, y] = [far(matrix()), far(matrix())];
    // Each of these is computed with exp(x), and read behind a matmul of that.
    const behind = (t: Value, near: Value): Value => mul(t, far(near));
    const cheap = mul(x, x);
    expect(tiles(behind(cheap, exp(cheap)))).toBe(0);
    expect(tiles(behind(cheap, exp(cheap)), cheap)).toBe(2);
    expect(tiles(behind(cheap, exp(cheap)), transpose(cheap))).toBe(2);
    const dear = tanh(x);
    expect(tiles(behind(dear, exp(dear)))).toBe(2);
    const two = mul(x, y);
    expect(tiles(behind(two, exp(two)))).toBe(2);
    expect(tiles(mul(behind(two, exp(two)), add(x, x)))).toBe(0);
  });
});

describe("schedule", () => {
  it("computes inputs first, puts writers last, and takes the order with the lower peak", () => {
    // Four large maps summed one by one: the trace makes all of them first.
    const x = input(new Float32Array(1000));
    const maps = [exp(x), neg(x), tanh(x), relu(x)];
    const total = maps.map((map) => sum(map)).reduce((a, b) => add(a, b));
    const graph = graphOf(total);
    const order = schedule(graph, []);
    order.forEach((value, i) => {
      for (const one of value.inputs) expect(order.indexOf(one)).toBeLessThan(i);
    });
    expect(peakBytes(order, new Set([total]))).toBeLessThanOrEqual(4000 + 4 * 4);
    const writer = neg(x);
    expect(schedule(graphOf(total, writer), [writer]).at(-1)).toBe(writer);
  });
});

describe("the verifier of graphs", () => {
  it("refuses updates of another type, twice, or of no variable", () => {
    const w = state("w", [1, 2]);
    const bad: readonly (readonly [string, Graph])[] = [
      ["takes a value of another type", { outputs: [], updates: [{ state: w, value: vector() }] }],
      ["is updated twice", { outputs: [], updates: [{ state: w, value: neg(w) }, { state: w, value: exp(w) }] }],
      ["which is no variable", { outputs: [], updates: [{ state: vector(), value: vector() }] }],
    ];
    for (const [message, graph] of bad) expect(() => verifyGraph(graph, "test")).toThrow(message);
  });
});
