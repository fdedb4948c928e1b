// The platform under the executor: cores, workers, and files that can be read at once. Node, Deno and Bun share Node's interfaces; pages have their own.
import type * as nodeFs from "node:fs";
import type * as nodeOs from "node:os";
import type * as nodeThreads from "node:worker_threads";
import type { WorkerStart } from "./worker.js";

/** Whether this is a page's own thread, which must not block. */
export const onPage = (): boolean => typeof document === "object";

/** Whether threads can share memory here: pages and their workers need two headers for that. */
export function canShareMemory(): boolean {
  return typeof SharedArrayBuffer === "function" && (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
}

/** A module of Node's, at once, where there are any: Node 20.16, Deno 2.1 and Bun have this way; undefined elsewhere. */
function builtin<M>(name: string): M | undefined {
  try {
    return typeof process === "object" ? (process as { getBuiltinModule?: (name: string) => M | undefined }).getBuiltinModule?.(name) : undefined;
  } catch {
    // Not permitted.
    return undefined;
  }
}

/** Cores this process may run on, as far as it is told; 1 where it is not. */
export function coreCount(): number {
  return builtin<typeof nodeOs>("node:os")?.availableParallelism?.() ?? (typeof navigator === "object" ? navigator.hardwareConcurrency : undefined) ?? 1;
}

/** The bytes of a file, at once; null where that is not possible. */
export function readNow(url: URL): Uint8Array<ArrayBuffer> | null {
  if (url.protocol !== "file:") return null;
  const fs = builtin<typeof nodeFs>("node:fs");
  return fs ? new Uint8Array(fs.readFileSync(url)) : null;
}

/** A worker, however the platform makes it. */
export interface HostWorker {
  end(): void;
}

export interface WorkerEvents {
  /** It has led a job to its end: on pages only. */
  readonly onReport: (job: number) => void;
  /** It is no more, or never was. */
  readonly onEnd: (reason: string) => void;
}

/** Starts a worker; throws where there are none. A program does not stay alive for its workers' sake. */
export function startWorker(start: WorkerStart, { onReport, onEnd }: WorkerEvents): HostWorker {
  const threads = builtin<typeof nodeThreads>("node:worker_threads");
  if (threads) {
    const worker = new threads.Worker(new URL("../../../dist/runtime/wasm/worker.js", import.meta.url), { workerData: start, execArgv: [] });
    worker.on("error", (error: Error) => onEnd(error.message));
    worker.on("exit", (code) => onEnd(`it exited with code ${code}`));
    worker.unref();
    return { end: () => void worker.terminate() };
  }
  const worker = new Worker(new URL("../../../dist/runtime/wasm/worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => onReport(data as number);
  worker.onerror = ({ message }) => onEnd(message || "its file could not be loaded");
  worker.postMessage(start);
  return { end: () => worker.terminate() };
}
