// What the kernel benches share: the built modules over one memory, a round-robin of jobs, the machine's own limit.
// Run after `npm run build`. A figure is the median of the rounds in time of the processor, with the best beside it; inputs change between rounds.
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import asc from "assemblyscript/asc";

const ROUNDS = 9;
const WARM_UP_MS = 150;
const ROUND_MS = 60;

/** All kernels in one variant, "simd" or "relaxed", over a memory of their own. */
export async function loadKernels(variant, bytes) {
  // Node 20 has relaxed SIMD behind a flag.
  if (variant === "relaxed" && process.version.startsWith("v20.")) setFlagsFromString("--experimental-wasm-relaxed-simd");
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536), maximum: 65536 });
  const kernels = {};
  for (const name of ["core", "train", "extra"]) {
    const binary = await readFile(new URL(`../../dist/wasm/${name}.${variant}.wasm`, import.meta.url));
    const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort: () => {} } });
    Object.assign(kernels, instance.exports);
  }
  return { memory, kernels };
}

/** Gives out addresses from 64 KB up, multiples of 64, with room to read past the end. */
export function allocator(start = 65536) {
  let next = start;
  return (bytes) => {
    const at = next;
    next = (next + bytes + 127) & ~63;
    return at;
  };
}

/** Reproducible numbers in [-0.5, 0.5). */
export function fill(floats, seed) {
  let state = seed >>> 0;
  for (let i = 0; i < floats.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    floats[i] = (state >>> 8) / 16777216 - 0.5;
  }
}

/** Times jobs in turn, so that all see the same machine. A job: { name, flops, change(round), run(), check() }. */
export function measure(jobs) {
  for (const job of jobs) {
    job.change(0);
    job.run();
    job.check();
    const start = performance.now();
    let calls = 0;
    do job.run();
    while ((calls++, performance.now() - start < WARM_UP_MS));
    job.repeats = Math.max(1, Math.round((ROUND_MS * calls) / WARM_UP_MS));
    job.times = [];
  }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const job of jobs) {
      job.change(round);
      const start = processorMs();
      for (let i = 0; i < job.repeats; i++) job.run();
      job.times.push((processorMs() - start) / job.repeats);
    }
  }
  for (const job of jobs) job.check();
  return jobs.map(({ name, flops, times }) => {
    const sorted = [...times].sort((a, b) => a - b);
    return { name, ms: sorted[sorted.length >> 1], best: sorted[0], flops };
  });
}

/** Time that this process has had of the processor: what others take of it on a busy machine does not count. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Prints rows of ms and GFLOP/s, and each best as a share of the register loop. */
export function report(title, rows, limit) {
  console.log(`${title}: a loop of multiplies and adds in registers reaches ${limit.toFixed(1)} GFLOP/s, Node ${process.version}`);
  console.table(
    rows.map(({ name, ms, best, flops }) => ({
      job: name,
      "ms median": round(ms, 3),
      "ms best": round(best, 3),
      "GFLOP/s median": round(flops / ms / 1e6, 1),
      "GFLOP/s best": round(flops / best / 1e6, 1),
      "of that loop": round(flops / best / 1e6 / limit, 2),
    })),
  );
}

function round(x, digits) {
  return Number(x.toFixed(digits));
}

/** Best GFLOP/s of a loop of independent f32x4 multiply-adds that never leave their registers: two instructions each, or one that fuses them in "relaxed". */
export async function limitOfOneCore(variant = "simd") {
  const isRelaxed = variant === "relaxed";
  const step = (c) => (isRelaxed ? `f32x4.relaxed_madd(${c}, x, y)` : `f32x4.add(f32x4.mul(${c}, x), y)`);
  const chains = Array.from({ length: 12 }, (_, i) => i);
  const source = `export function chains(rounds: i32, p: usize): f32 {
    const x = v128.load(p), y = v128.load(p, 16);
    ${chains.map((i) => `let c${i} = v128.load(p, ${32 + 16 * i});`).join("\n")}
    for (let i = 0; i < rounds; i++) {
      ${chains.map((i) => `c${i} = ${step(`c${i}`)};`).join("\n")}
    }
    return f32x4.extract_lane(${chains.map((i) => `c${i}`).reduce((sum, c) => `f32x4.add(${sum}, ${c})`)}, 0);
  }`;
  let binary;
  const { error } = await asc.main(["limit.ts", "-O3", "--runtime", "stub", "--enable", "simd", ...(isRelaxed ? ["--enable", "relaxed-simd"] : []), "--initialMemory", "1", "--config", "none", "-o", "limit.wasm"], {
    readFile: (name) => (name === "limit.ts" ? source : null),
    writeFile: (_name, contents) => void (binary = contents),
  });
  if (error) throw error;
  const { instance } = await WebAssembly.instantiate(binary, { env: { abort: () => {} } });
  new Float32Array(instance.exports.memory.buffer, 1024, 64).fill(0.5);
  let best = 0;
  for (let i = 0; i < 40; i++) {
    const start = processorMs();
    instance.exports.chains(1_000_000, 1024);
    best = Math.max(best, (1_000_000 * 12 * 8) / (processorMs() - start) / 1e6);
  }
  return best;
}
