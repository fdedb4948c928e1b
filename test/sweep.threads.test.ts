// Random shapes through pooling, normalisations, attention, convolutions of one and three axes, transposed ones, reductions and scans, with their
// gradients: the same bits on 1, 2, 3 and 8 threads. A failure names its seed and case.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../src/base/random.js";
import { gradients } from "../src/compile/grad.js";
import type { Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { isShareable } from "../src/program/split.js";
import type { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { input, newExecutor, runGraph } from "./runGraph.js";
import { SEED } from "./seed.js";
import { threadedExecutor } from "./threaded.js";

const COUNTS = [2, 3, 8];
const CASES = 12;

let alone: WasmExecutor;
let shared: readonly WasmExecutor[] = [];
beforeAll(async () => {
  alone = await newExecutor(false);
  shared = await Promise.all(COUNTS.map(threadedExecutor));
});
afterAll(() => shared.forEach((executor) => executor.close()));

/** Draws what an op is given. */
class Draw {
  constructor(private readonly random: Random) {}

  upTo(most: number, least = 1): number {
    return least + (this.random.bits() % (most - least + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.bits() % list.length]!;
  }

  tensor(...shape: readonly number[]): Value {
    const size = shape.reduce((product, dim) => product * dim, 1);
    return input(Float32Array.from({ length: size }, () => this.random.bits() / 2 ** 31 - 1), shape);
  }
}

/** An op on its operands, which gradients are taken for. */
type Drawn = readonly [operands: readonly Value[], apply: (...operands: Value[]) => Value];

const pool = (op: "maxPool2d" | "averagePool2d") => (d: Draw): Drawn => {
  const poolSize = d.upTo(4);
  const attrs = { poolSize, strides: d.upTo(3), padding: d.pick(["same", "valid"] as const) };
  return [[d.tensor(d.upTo(9), d.upTo(17, poolSize), d.upTo(17, poolSize), d.upTo(20))], (x) => OPS[op](x!, attrs)];
};

const reduction = (op: "sum" | "mean" | "max" | "prod" | "variance" | "logSumExp") => (d: Draw): Drawn => {
  const axes = d.pick([[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]]);
  return [[d.tensor(d.upTo(40), d.upTo(40), d.upTo(40))], (x) => OPS[op](x!, { axes })];
};

const scan = (op: "cumsum" | "cumprod") => (d: Draw): Drawn => {
  const attrs = { axis: d.upTo(2, 0), exclusive: d.pick([true, false]), reverse: d.pick([true, false]) };
  return [[d.tensor(d.upTo(20), d.upTo(30), d.upTo(70))], (x) => OPS[op](x!, attrs)];
};

const OPERATIONS: Readonly<Record<string, (d: Draw) => Drawn>> = {
  maxPool2d: pool("maxPool2d"),
  averagePool2d: pool("averagePool2d"),
  averagePool3d: (d) => [[d.tensor(d.upTo(3), d.upTo(7, 2), d.upTo(7, 2), d.upTo(7, 2), d.upTo(9))], (x) => OPS.averagePool3d(x!, { poolSize: 2 })],
  layerNorm: (d) => {
    const cols = d.upTo(70);
    return [[d.tensor(d.upTo(90), cols), d.tensor(cols), d.tensor(cols)], (x, scale, offset) => OPS.layerNorm(x!, { scale: scale!, offset: offset! })];
  },
  rmsNorm: (d) => [[d.tensor(d.upTo(90), d.upTo(70))], (x) => OPS.rmsNorm(x!)],
  groupNorm: (d) => {
    const groups = d.upTo(4);
    return [[d.tensor(d.upTo(5), d.upTo(9), d.upTo(9), groups * d.upTo(5))], (x) => OPS.groupNorm(x!, { groups })];
  },
  batchNormalize: (d) => {
    const cols = d.upTo(40);
    return [[d.tensor(d.upTo(90, 2), cols), d.tensor(cols), d.tensor(cols)], (x, gamma, beta) => OPS.batchNormalize(x!, gamma!, beta!, { epsilon: 1e-3 })];
  },
  softmax: (d) => [[d.tensor(d.upTo(90), d.upTo(70))], (x) => OPS.softmax(x!)],
  logSoftmax: (d) => [[d.tensor(d.upTo(90), d.upTo(70))], (x) => OPS.logSoftmax(x!)],
  attention: (d) => {
    const [n, h, t, s, e] = [d.upTo(3), d.upTo(3), d.upTo(150), d.upTo(70), d.upTo(20)];
    const causal = d.pick([true, false]);
    return [[d.tensor(n, h, t, e), d.tensor(n, h, s, e), d.tensor(n, h, s, d.upTo(9))], (q, k, v) => OPS.scaledDotProductAttention(q!, k!, v!, { causal })];
  },
  conv1d: (d) => {
    const [c, k] = [d.upTo(9), d.upTo(5)];
    const attrs = { strides: d.upTo(2), padding: d.pick(["same", "valid"] as const) };
    return [[d.tensor(d.upTo(9), d.upTo(50, k), c), d.tensor(k, c, d.upTo(17))], (x, w) => OPS.conv1d(x!, w!, attrs)];
  },
  conv3d: (d) => {
    const [c, k] = [d.upTo(4), d.upTo(3)];
    const side = (): number => d.upTo(7, k);
    const attrs = { strides: d.upTo(2), padding: d.pick(["same", "valid"] as const) };
    return [[d.tensor(d.upTo(3), side(), side(), side(), c), d.tensor(k, k, k, c, d.upTo(9))], (x, w) => OPS.conv3d(x!, w!, attrs)];
  },
  conv2dTranspose: (d) => {
    const [c, k] = [d.upTo(9), d.upTo(4)];
    const attrs = { strides: d.upTo(3), padding: d.pick(["same", "valid"] as const) };
    return [[d.tensor(d.upTo(4), d.upTo(12), d.upTo(12), c), d.tensor(k, k, d.upTo(9), c)], (x, w) => OPS.conv2dTranspose(x!, w!, attrs)];
  },
  sum: reduction("sum"),
  mean: reduction("mean"),
  max: reduction("max"),
  prod: reduction("prod"),
  variance: reduction("variance"),
  logSumExp: reduction("logSumExp"),
  cumsum: scan("cumsum"),
  cumprod: scan("cumprod"),
};

describe(`random shapes, SEED=${SEED}`, () => {
  let split = 0;

  test.each(Object.entries(OPERATIONS))(`%s and its gradients have the same bits on 1, 2, 3 and 8 threads: ${CASES} cases`, (name, draw) => {
    for (let i = 0; i < CASES; i++) {
      const [operands, apply] = draw(new Draw(new Random(SEED * 10_000 + i, name.length)));
      const y = apply(...operands);
      const grads = gradients(OPS.sum(OPS.square(y)), operands);
      const graph = { outputs: [y, ...grads.map((grad) => grad!)], updates: [] };
      const expected = runGraph(alone, graph);
      if (isShareable(expected.program.steps)) split++;
      shared.forEach((executor, t) => {
        runGraph(executor, graph).outputs.forEach((values, k) => {
          const at = values.findIndex((value, j) => !Object.is(value, expected.outputs[k]![j]!));
          if (at >= 0) expect.fail(`SEED=${SEED}, ${name}, case ${i}, ${operands.map(({ shape }) => `[${shape.join()}]`).join(" ")}: result ${k}, element ${at} is ${values[at]!} on ${COUNTS[t]!} threads, ${expected.outputs[k]![at]!} on one`);
        });
      });
    }
  });

  test("most of them are shared", () => expect(split).toBeGreaterThan((Object.keys(OPERATIONS).length * CASES) / 2));
});
