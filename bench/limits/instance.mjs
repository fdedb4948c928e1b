// An instance of the loops over a memory of its own.
const STATIC_BYTES = 65536;
/** Calls until V8 has compiled a loop for speed, and its wait for that. */
const WARM_CALLS = 40;
const WARM_ROUNDS = 20_000;
const COMPILE_MS = 100;

export function instantiate(binary, bytes = 0) {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((STATIC_BYTES + bytes) / 65536), maximum: 65536 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory, abort: () => {} } });
  // Factors just below 1 keep the chains finite, and far from denormals.
  new Float32Array(memory.buffer, 1024, 256).forEach((_, i, all) => (all[i] = i < 8 ? 0.999 : 0.001 * i));
  return { exports, memory };
}

/** The faster of the loops of multiplies and adds, as a function of the number of rounds. */
export async function fastestLoop(binary) {
  const { exports } = instantiate(binary);
  const loops = [exports.chains, exports.products].map((loop) => (rounds) => loop(rounds, 1024));
  for (let i = 0; i < WARM_CALLS; i++) for (const loop of loops) loop(WARM_ROUNDS);
  await new Promise((resolve) => setTimeout(resolve, COMPILE_MS));
  const best = loops.map(() => Infinity);
  for (let i = 0; i < WARM_CALLS; i++) {
    loops.forEach((loop, which) => {
      const start = performance.now();
      loop(WARM_ROUNDS);
      best[which] = Math.min(best[which], performance.now() - start);
    });
  }
  return loops[best[0] <= best[1] ? 0 : 1];
}
