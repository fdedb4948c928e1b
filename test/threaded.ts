// An executor whose every run is shared by all of its threads, however short: what one thread does is tested elsewhere.
import * as threading from "../src/runtime/wasm/threading.js";
import { vi } from "vitest";
import { MODULES } from "../src/program/kernels.js";
import { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { packagedModules } from "../src/runtime/wasm/module.js";
import { Pace } from "../src/runtime/wasm/pace.js";
import { Hand } from "./executor.contract.js";
import { built } from "./shared.js";

const STARTING_MS = 30_000;

/** With `threads` threads at work. Programs run on all of them from now on, on other executors of this file too. */
export async function threadedExecutor(threads: number): Promise<WasmExecutor> {
  built("runtime/wasm/worker.js");
  vi.spyOn(Pace.prototype, "isLong", "get").mockReturnValue(true);
  vi.spyOn(Pace.prototype, "together", "get").mockReturnValue(true);
  let lost = "";
  const executor = await WasmExecutor.create({ source: packagedModules("simd", threads > 1 ? threading.withSharedMemory : undefined), preload: MODULES, threads, threading, onThreadsLost: (reason) => (lost = reason) });
  const hand = new Hand();
  const out = hand.slot("output", [1000]);
  const linked = executor.link(hand.program({ outputs: [out], steps: [hand.fill(out, 1)] }), []);
  for (const begin = performance.now(); executor.threads.ready < threads; await new Promise((resolve) => setTimeout(resolve, 5))) {
    linked.run([]);
    if (lost || performance.now() - begin > STARTING_MS) throw new Error(`${threads} threads have not started: ${lost || `${STARTING_MS} ms are over`}`);
  }
  linked.release();
  return executor;
}
