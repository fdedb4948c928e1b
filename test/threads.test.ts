// Threads change no bit of any result; and what happens when one fails.
import * as threading from "../src/runtime/wasm/threading.js";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BYTES, type TypedArray } from "../src/base/dtype.js";
import { DeviceError } from "../src/base/errors.js";
import { Random } from "../src/base/random.js";
import { sizeOf } from "../src/base/shape.js";
import { makeModel, type ModelName } from "../src/cli/models.js";
import { init, tensor } from "../src/engine/index.js";
import { adam, rmsprop, type OptimizerLike } from "../src/nn/index.js";
import { MODULES } from "../src/program/kernels.js";
import { f32Word, type Program, type Step } from "../src/program/program.js";
import { isShareable } from "../src/program/split.js";
import { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { packagedModules } from "../src/runtime/wasm/module.js";
import { at, Hand } from "./executor.contract.js";
import { randomExpression } from "./expressions.js";
import { newExecutor, runGraph } from "./runGraph.js";
import { SEED } from "./seed.js";
import { built } from "./shared.js";
import { threadedExecutor } from "./threaded.js";

const COUNTS = [2, 3, 8];
/** What takes longer hangs; a busy machine may take many seconds. */
const HANG_MS = 60_000;
let alone: WasmExecutor;
let shared: readonly WasmExecutor[] = [];

beforeAll(async () => {
  alone = await newExecutor(false);
  shared = await Promise.all(COUNTS.map(threadedExecutor));
});
afterAll(() => shared.forEach((executor) => executor.close()));

function bits(...arrays: readonly TypedArray[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest("hex");
}

describe("random expressions", () => {
  it(`have the same bits on 1, 2, 3 and 8 threads: 100 seeds, SEED=${SEED}`, () => {
    let split = 0;
    for (let seed = 100 * (SEED - 1); seed < 100 * SEED; seed++) {
      const graph = { outputs: randomExpression(seed).outputs, updates: [] };
      const expected = runGraph(alone, graph);
      if (isShareable(expected.program.steps)) split++;
      const hash = bits(...expected.outputs.map((list) => Float32Array.from(list)));
      shared.forEach((executor, i) => {
        const { outputs } = runGraph(executor, graph);
        expect(bits(...outputs.map((list) => Float32Array.from(list))), `seed ${seed}, ${COUNTS[i]} threads`).toBe(hash);
      });
    }
    expect(split).toBeGreaterThan(50);
  });
});

/** All a program leaves behind after some runs on seeded inputs and variables. */
function afterRuns(executor: WasmExecutor, program: Program, runs: number): string {
  const random = new Random(7);
  const draw = (slot: number): TypedArray => {
    const { dtype, shape } = program.slots[slot]!;
    const size = sizeOf(shape);
    if (dtype !== "float32") return new Int32Array(size);
    // Labels are rows that sum to 1; scalars are learning rates; variables of optimizers must not be negative.
    if (shape.length === 2 && shape[1] === 10) return Float32Array.from({ length: size }, (_, i) => Number(i % 10 === Math.floor(i / 10) % 10));
    if (size === 1) return Float32Array.of(0.001);
    return Float32Array.from({ length: size }, () => random.uniform() * 0.05);
  };
  const states = program.states.map((slot) => {
    const data = draw(slot);
    const state = executor.allocate(data.byteLength);
    executor.write(state, data);
    return state;
  });
  const linked = executor.link(program, states);
  const losses: TypedArray[] = [];
  for (let run = 0; run < runs; run++) {
    expect(linked.run(program.inputs.map(draw)).code).toBe(0);
    losses.push(...program.outputs.map((_, i) => linked.output(i)));
  }
  const left = states.map((state, i) => {
    const { dtype, bytes } = program.slots[program.states[i]!]!;
    return executor.read(state, dtype, bytes / BYTES[dtype]);
  });
  linked.release();
  states.forEach((state) => executor.free(state));
  return bits(...left, ...losses);
}

describe("training", () => {
  const rows: readonly [name: ModelName, optimizer: OptimizerLike, steps: number, batch: number][] = [
    ["mlp", rmsprop(), 50, 128],
    ["lenet", adam(), 20, 128],
    ["lenet", adam(), 5, 30],
    ["cnn", adam(), 3, 20],
  ];
  it.each(rows)("%s leaves the same weights after its steps on 1, 2, 3 and 8 threads", async (name, optimizer, steps, batch) => {
    await init({ threads: 1 });
    const model = makeModel(name, 28, 28, 1);
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    const program = model.trainStep.run.programFor(tensor(new Float32Array(batch * 784), [batch, 28, 28, 1]), tensor(new Float32Array(batch * 10), [batch, 10]));
    console.log(`${name}, batch ${batch}: ${describeThreads(program)}`);
    const expected = afterRuns(alone, program, steps);
    shared.forEach((executor, i) => expect(afterRuns(executor, program, steps), `${COUNTS[i]} threads`).toBe(expected));
  });
});

function describeThreads(program: Program): string {
  const kernels = (steps: readonly Step[]): Step[] => steps.flatMap((step) => [step, ...(step.kind === "kernel" ? [] : kernels(step.steps))]);
  const all = kernels(program.steps);
  const alone = all.flatMap((step) => (step.kind === "kernel" && step.split === undefined ? [step.kernel] : []));
  return `${all.length} steps, ${all.filter(({ barrier }) => barrier).length} barriers, on one thread: ${alone.join(" ") || "none"}`;
}

/** out = 1 + 1 + …, by enough steps and elements for every thread. */
function counting(): Program {
  const hand = new Hand();
  const [one, sum, out] = [hand.slot("scratch", [5000]), hand.slot("scratch", [5000]), hand.slot("output", [5000])];
  return hand.program({ outputs: [out], steps: [hand.fill(one, 1), hand.fill(sum, 0), { kind: "loop", count: 20, steps: [hand.add(sum, one, sum)] }, hand.copy(sum, out)] });
}

function expectOne(executor: WasmExecutor): void {
  expect(executor.threads).toEqual({ wanted: 1, ready: 1 });
  const linked = executor.link(counting(), []);
  linked.run([]);
  expect(linked.output(0).every((v) => v === 20)).toBe(true);
  linked.release();
}

describe("a thread that fails", () => {
  /** The workers that a test starts. */
  async function watched(make: () => Promise<WasmExecutor>): Promise<{ executor: WasmExecutor; workers: readonly Worker[] }> {
    const threads = process.getBuiltinModule("node:worker_threads");
    const workers: Worker[] = [];
    const { Worker } = threads;
    threads.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        workers.push(this);
      }
    };
    try {
      return { executor: await make(), workers };
    } finally {
      threads.Worker = Worker;
    }
  }

  it("by a trap in its kernel: DeviceError with the reason, and one thread from then on", async () => {
    const executor = await threadedExecutor(2);
    const hand = new Hand();
    const out = hand.slot("output", [512]);
    // The first 256 words lie in the memory, the others behind its end.
    const end = executor.usage().totalBytes;
    const step = hand.step("copy", [at(out), end - 1024, 1, 512, 1, 1], [], [out], { split: { units: 2, slices: { [out]: 1024 } } });
    const linked = executor.link(hand.program({ outputs: [out], steps: [step] }), []);
    expect(() => linked.run([])).toThrow(DeviceError);
    expectOne(executor);
  });

  it("by a trap in the caller's kernel: the trap itself, and the others go on working", async () => {
    const executor = await threadedExecutor(3);
    const hand = new Hand();
    const out = hand.slot("output", [3072]);
    const far = f32Word(-1);
    const split = { units: 12, slices: { [out]: 1024 } };
    const trap = hand.step("copy", [at(out), far, 1, 256, 1, 1], [], [out], { split });
    const linked = executor.link(hand.program({ outputs: [out], steps: [trap, { ...hand.fill(out, 1), barrier: true }] }), []);
    expect(() => linked.run([])).toThrow(WebAssembly.RuntimeError);
    expect(executor.threads).toEqual({ wanted: 3, ready: 3 });
    const again = executor.link(counting(), []);
    for (let i = 0; i < 20; i++) again.run([]);
    expect(again.output(0).every((v) => v === 20)).toBe(true);
    executor.close();
    expectOne(executor);
  });

  it("by dying between two runs: the next run is on one thread", async () => {
    const { executor, workers } = await watched(() => threadedExecutor(2));
    expect(workers.length).toBe(1);
    await workers[0]!.terminate();
    await new Promise((resolve) => setTimeout(resolve));
    expectOne(executor);
  });

  it("by dying when a run needs it: DeviceError after a few seconds, not a hang", async () => {
    const { executor, workers } = await watched(() => threadedExecutor(2));
    const linked = executor.link(counting(), []);
    linked.run([]);
    void workers[0]!.terminate();
    const begin = performance.now();
    expect(() => {
      // It may have the time for one more.
      for (let run = 0; run < 3; run++) linked.run([]);
    }).toThrow(/thread 1 of 2 has not answered for 2000 ms/);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
    expectOne(executor);
  }, 2 * HANG_MS);

  it("at its start, because the platform refuses: one thread, and the reason is told", async () => {
    const threads = process.getBuiltinModule("node:worker_threads");
    const { Worker } = threads;
    const refuse = function (): never {
      throw new Error("no permission to read worker.js");
    };
    Object.assign(threads, { Worker: refuse });
    try {
      const told = vi.fn();
      const executor = await WasmExecutor.create({ source: packagedModules("simd", threading.withSharedMemory), preload: MODULES, threading, threads: 2, onThreadsLost: told });
      executor.link(counting(), []).run([]);
      expect(told.mock.calls).toEqual([["no permission to read worker.js", false]]);
      expectOne(executor);
    } finally {
      threads.Worker = Worker;
    }
  });
});

describe("a script", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgegrad-threads-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("that closes nothing still ends, with its threads at work", async () => {
    const file = join(folder, "script.mjs");
    writeFileSync(file, `
      import { compile, init, tensor } from ${JSON.stringify(pathToFileURL(built("index.js")).href)};
      import { threads } from ${JSON.stringify(pathToFileURL(built("engine/device.js")).href)};
      await init({ threads: 2 });
      const x = tensor(new Float32Array(512 * 512).fill(0.5), [512, 512]);
      const product = compile((a) => a.matmul(a));
      const begin = performance.now();
      // No await: the event loop stands still, and the threads start all the same.
      while (threads().ready < 2 && performance.now() - begin < 30_000) product(x);
      for (let i = 0; i < 5; i++) product(x);
      console.log(threads().ready, product(x).dataSync()[0]);
    `); // prettier-ignore
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: HANG_MS });
    expect(stdout.trim()).toBe("2 128");
  }, 2 * HANG_MS);
});
