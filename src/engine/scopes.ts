// What programs for TensorFlow.js call around their computing, so that they run as they are: scopes of memory, of which none is needed here, backends, of which
// there is one, and frames.
import { DeviceError, ValueError } from "../base/errors.js";
import { start } from "./device.js";

/** Calls fn and returns what it returns. Nothing needs tidying: intermediates lie in a planned arena, values are garbage-collected. A name may stand first. */
export function tidy<T>(nameOrFn: string | (() => T), fn?: () => T): T {
  const body = fn ?? nameOrFn;
  if (typeof body !== "function") throw new ValueError(`tidy: expected a function, got ${JSON.stringify(body)}.`);
  return body();
}

/** Returns x. Tensors live as long as they are referred to. */
export function keep<T>(x: T): T {
  return x;
}

/** Does nothing: a tensor that nobody refers to is garbage-collected. */
export const dispose: (x: unknown) => void = () => {};

/** Starts the engine, as init() does. */
export async function ready(): Promise<void> {
  await start();
}

/** Starts the engine and gives true for the one backend there is, "wasm", and for "cpu". Throws DeviceError for others. */
export async function setBackend(name: string): Promise<boolean> {
  if (name !== "wasm" && name !== "cpu") throw new DeviceError(`setBackend: expected "wasm", got ${JSON.stringify(name)}. edgegrad computes on the CPU, by WebAssembly.`);
  await start();
  return true;
}

/** "wasm". */
export function getBackend(): string {
  return "wasm";
}

/** Resolves when the page has drawn its next frame; where there are no frames, in the next task. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestAnimationFrame === "function") requestAnimationFrame(() => resolve());
    else setTimeout(resolve, 0);
  });
}
