// The programs of training steps, the course's MLP and LeNet-5, batch 128, and a block of attention: what they hold, what memory they take, how long they
// take to compile.
// Prints the figures.
import { beforeAll, describe, expect, it } from "vitest";
import { scaledDotProductAttention } from "../src/engine/attention.js";
import { add, compile, gelu, init, matmul, mean, square, sub, tensor, variable, variableGrads, type Tensor, type Variable } from "../src/engine/index.js";
import { layerNorm } from "../src/engine/normalization.js";
import { adam, layers, rmsprop, sequential, type Layer } from "../src/nn/index.js";
import type { Optimizer } from "../src/nn/optimizers/optimizer.js";
import { memoryReport } from "../src/program/memory.js";
import type { Program } from "../src/program/program.js";
import { kernelSteps } from "../src/program/walk.js";

const { conv2d, dense, flatten, maxPooling2d } = layers;
const BATCH = 128;

interface Network {
  readonly input: readonly number[];
  readonly optimizer: () => Optimizer;
  readonly layers: () => Layer[];
  /** Its optimizer's kernel. */
  readonly update: string;
}

const NETWORKS: Readonly<Record<string, Network>> = {
  "784-512-10": {
    input: [784],
    optimizer: () => rmsprop(0.001),
    layers: () => [dense({ units: 512, activation: "relu", inputShape: [784] }), dense({ units: 10, activation: "softmax" })],
    update: "f32_rmsprop",
  },
  "LeNet-5": {
    input: [28, 28, 1],
    optimizer: () => adam(0.001),
    layers: () => [
      conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "relu", inputShape: [28, 28, 1] }), maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 5, activation: "relu" }), maxPooling2d({ poolSize: 2 }), flatten(),
      dense({ units: 120, activation: "relu" }), dense({ units: 84, activation: "relu" }), dense({ units: 10, activation: "softmax" }),
    ],
    update: "f32_adam",
  },
};

beforeAll(() => init());

type Compile = () => Program;

/** Compiles the training step of a network. */
function stepOf({ input, optimizer, layers: make }: Network): Compile {
  const model = sequential({ layers: make() });
  model.compile({ optimizer: optimizer(), loss: "categoricalCrossentropy" });
  const [x, y] = [tensor(new Float32Array(BATCH * input.reduce((size, dim) => size * dim)), [BATCH, ...input]), tensor(new Float32Array(BATCH * 10), [BATCH, 10])];
  return () => model.trainStep.run.programFor(x, y);
}

const [SEQUENCES, TIME, WIDTH, HEADS] = [8, 64, 128, 4];

/** A block as transformers have it: attention with several heads and a residual, normalised, a hidden layer with gelu and a residual, normalised. */
function blockStep(): Compile {
  const weight = (name: string, ...shape: number[]) => variable(tensor(new Float32Array(shape.reduce((size, dim) => size * dim)).fill(0.01), shape), { name });
  const [q, k, v, o] = ["q", "k", "v", "o"].map((name) => weight(name, WIDTH, WIDTH)) as [Variable, Variable, Variable, Variable];
  const [up, down, ...norms] = [weight("up", WIDTH, 4 * WIDTH), weight("down", 4 * WIDTH, WIDTH), weight("gamma1", WIDTH), weight("beta1", WIDTH), weight("gamma2", WIDTH), weight("beta2", WIDTH)];
  const heads = (x: Tensor): Tensor => x.reshape([SEQUENCES, TIME, HEADS, WIDTH / HEADS]).transpose([0, 2, 1, 3]);
  const optimizer = adam(0.001);
  const step = compile((x: Tensor, y: Tensor) => {
    const { value, grads } = variableGrads(() => {
      const attended = scaledDotProductAttention(heads(matmul(x, q)), heads(matmul(x, k)), heads(matmul(x, v)));
      const joined = matmul(attended.transpose([0, 2, 1, 3]).reshape([SEQUENCES, TIME, WIDTH]), o);
      const first = layerNorm(add(x, joined), { scale: norms[0]!, offset: norms[1]! });
      const second = layerNorm(add(first, matmul(gelu(matmul(first, up)), down)), { scale: norms[2]!, offset: norms[3]! });
      return mean(square(sub(second, y)));
    });
    optimizer.apply(grads);
    return value;
  });
  const x = tensor(new Float32Array(SEQUENCES * TIME * WIDTH), [SEQUENCES, TIME, WIDTH]);
  return () => step.programFor(x, x);
}

const STEPS: readonly (readonly [name: string, make: () => Compile])[] = [
  ...Object.entries(NETWORKS).map(([name, network]) => [name, () => stepOf(network)] as const),
  ["a block of attention", blockStep],
];

/** The program of a training step, compiled anew with some passes off, and the milliseconds of the processor that tracing and compiling it took. */
function compiled(make: () => Compile, off: readonly string[] = []): { program: Program; ms: number } {
  for (const pass of off) process.env[pass] = "0";
  const compileStep = make();
  const start = process.cpuUsage();
  const program = compileStep();
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  for (const pass of off) delete process.env[pass];
  return { program, ms };
}

describe.each(Object.entries(NETWORKS))("a training step of %s", (_, network) => {
  it("copies nothing, turns nothing, and updates all parameters in one step", () => {
    const kernels = kernelSteps(compiled(() => stepOf(network)).program.steps).map(({ kernel }) => kernel);
    expect(kernels.filter((kernel) => kernel === "copy" || kernel === "fill")).toEqual([]);
    expect(kernels.filter((kernel) => kernel === network.update)).toHaveLength(1);
    expect(kernels.indexOf(network.update)).toBe(kernels.length - 1);
  });
});

describe.each(STEPS)("a training step of %s", (name, make) => {
  it("takes an arena of at most 1.05 times the bytes alive at once, which are no more than in the order of the trace", () => {
    const [planned, traced] = [memoryReport(compiled(make).program), memoryReport(compiled(make, ["SCHEDULE"]).program)];
    console.log(`${name}: arena ${planned.planned} B, alive at once ${planned.peak} B (in the order of the trace ${traced.peak} B), side by side ${planned.sum} B`);
    expect(planned.planned / planned.peak).toBeLessThanOrEqual(1.05);
    expect(planned.peak).toBeLessThanOrEqual(traced.peak);
    expect(planned.sum).toBeGreaterThan(planned.peak);
  });

  it("compiles in 30 ms of the processor, trace included, once the compiler is warm", () => {
    const times = Array.from({ length: 12 }, () => compiled(make).ms).slice(2).sort((a, b) => a - b);
    console.log(`${name}: traced and compiled in ${times[0]!.toFixed(1)} ms at best, ${times[times.length >> 1]!.toFixed(1)} ms in the median`);
    expect(times[0]!).toBeLessThan(30);
  });
});
