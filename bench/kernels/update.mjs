// Optimizer steps, batch statistics, random draws and the guard against plain copies of the same size. node bench/kernels/update.mjs [simd|relaxed]
import { allocator, fill, loadKernels, measure } from "./harness.mjs";

const N = 1 << 20;

const variant = process.argv[2] ?? "simd";
const { memory, kernels } = await loadKernels(variant, 32 << 20);
const take = allocator();
/** Before a step's words stands its range of units: one where the words say how large a unit is (N), else more than there are. */
const range = take(256);
const unitsOf = (kernel) => (kernel === "copy" || kernel.startsWith("f32_bn") ? 2 ** 23 - 1 : 1);
const words = new Uint32Array(memory.buffer, range + 8, 62);
const [p, m, v, g] = Array.from({ length: 4 }, () => take(4 * N));
const [rate, key, status] = [take(4), take(16), take(32)];
const floats = (at, count = N) => new Float32Array(memory.buffer, at, count);
const bits = (x) => new Uint32Array(Float32Array.of(x).buffer)[0];

/** name, kernel, words, floats read or written an element, elements. */
const CASES = [
  ["copy", "copy", [p, g, 1, N, 1, 1], 2],
  ["f32_sgd", "f32_sgd", [rate, 0, 0, 1, p, 0, g, N, N], 3],
  ["f32_sgd Nesterov", "f32_sgd", [rate, bits(0.9), 1, 1, p, m, g, N, N], 5],
  ["f32_rmsprop", "f32_rmsprop", [rate, bits(0.9), 0, 0, bits(1e-7), bits(0.1), 1, p, v, 0, 0, g, N, N], 5],
  ["f32_adam", "f32_adam", [rate, bits(0.1), bits(0.001), bits(1e-7), 1, p, m, v, g, N, N], 7],
  ["guard_finite", "guard_finite", [status, status + 16, 0, 1, g, N], 1],
  ["f32_random uniform", "f32_random", [p, key, 1, N, 0, 0, bits(1), N], 1],
  ["f32_random normal", "f32_random", [p, key, 1, N, 1, 0, bits(1), N], 1],
  ["f32_dropout", "f32_dropout", [p, g, key, 1, N, bits(0.5), N], 2],
  ...[[16384, 64], [65536, 16], [100352, 6], [1024, 1024]].flatMap(([rows, cols]) => [
    [`f32_bn_stats ${rows}x${cols}`, "f32_bn_stats", [v, p, rows, cols], 2, rows * cols],
    [`f32_bn_grad_sums ${rows}x${cols}`, "f32_bn_grad_sums", [v, g, p, m, rows, cols], 2, rows * cols],
  ]),
];

const rows = measure(CASES.map(job));
console.log(`${variant}, ${N} elements or as named, Node ${process.version}`);
console.table(
  rows.map(({ name, ms, best }, i) => {
    const [, , , streams, elements = N] = CASES[i];
    const digits = (x) => Number(x.toFixed(3));
    return {
      kernel: name, "ms median": digits(ms), "ms best": digits(best),
      "ns/element best": digits((best * 1e6) / elements), "GB/s best": Math.round((4 * elements * streams) / best / 1e6),
    };
  }),
);

/** Judged by assembly/__tests__: here the numbers only have to stay finite. */
function job([name, kernel, list]) {
  return {
    name,
    change(round) {
      [p, m, g].forEach((at, i) => fill(floats(at), 3 * round + i + 1));
      floats(v).fill(0.25);
      floats(rate, 1)[0] = 1e-6;
      new Uint32Array(memory.buffer, range, 2).set([0, unitsOf(kernel)]);
      words.set(list);
    },
    run: () => kernels[kernel](words.byteOffset),
    check() {
      if (!floats(p).every(Number.isFinite)) throw new Error(`${name}: a parameter is not finite`);
    },
  };
}
