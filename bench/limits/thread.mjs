// Another thread of limit:cores: runs the loop whenever a call begins.
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { fastestLoop } from "./instance.mjs";

const { signal, module, rounds } = workerData;
const loop = await fastestLoop(readFileSync(module));
parentPort.postMessage("ready");
for (let begun = 0; ; begun++) {
  Atomics.wait(signal, 0, begun);
  loop(rounds);
  Atomics.add(signal, 1, 1);
  Atomics.notify(signal, 1);
}
