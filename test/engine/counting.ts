// Counts what runs: every program linked and every kernel called by the one engine of a test file.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { vi } from "vitest";
import { start } from "../../src/engine/device.js";
import type { Program } from "../../src/program/program.js";
import { WasmExecutor } from "../../src/runtime/wasm/executor.js";

export interface Counts {
  /** Calls of each kernel. */
  readonly calls: Map<string, number>;
  /** Programs linked, in order. */
  readonly linked: Program[];
  reset(): void;
}

/** Starts the engine with its kernels wrapped. */
export async function countKernels(): Promise<Counts> {
  const calls = new Map<string, number>();
  const linked: Program[] = [];
  const kernel = WasmExecutor.prototype.kernel;
  vi.spyOn(WasmExecutor.prototype, "kernel").mockImplementation(function (this: WasmExecutor, name: string) {
    const { number, call } = kernel.call(this, name);
    const counted = (words: number): void => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      call(words);
    };
    return { number, call: counted };
  });
  // Other threads call kernels where nobody counts.
  const executor = await start({ threads: 1 });
  const link = executor.link.bind(executor);
  executor.link = (program, states) => {
    linked.push(program);
    return link(program, states);
  };
  return {
    calls,
    linked,
    reset: () => {
      calls.clear();
      linked.length = 0;
    },
  };
}

/** Collects garbage, and lets finalisers run. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) {
    // What a task has dereferenced by WeakRef lives until it ends.
    await new Promise((resolve) => setTimeout(resolve));
    gc();
  }
  await new Promise((resolve) => setTimeout(resolve));
}
