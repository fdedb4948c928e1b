// f32_gemm over the shapes that networks and peers use. node bench/kernels/gemm.mjs [simd|relaxed]
import { gemmWorkspace } from "../../dist/program/workspace.js";
import { allocator, fill, limitOfOneCore, loadKernels, measure, report } from "./harness.mjs";

/** m, n, k; "aT", "bT": the operand lies transposed. */
const SHAPES = [
  [64, 64, 64], [256, 256, 256], [512, 512, 512],
  [128, 512, 784], [784, 512, 128, "aT"], [128, 784, 512, "bT"],
  [128, 10, 512], [512, 10, 128, "aT"], [128, 512, 10, "bT"],
  [1, 512, 784], [1, 512, 784, "bT"], [128, 120, 400],
];

const variant = process.argv[2] ?? "simd";
const { memory, kernels } = await loadKernels(variant, 64 << 20);
/** Behind the range of units: more than there are. */
const words = new Uint32Array(memory.buffer, 32768 - 128, 20);
new Uint32Array(memory.buffer, 32768 - 128 - 8, 2).set([0, 1 << 20]);

const rows = measure(SHAPES.map(job));
report(`f32_gemm ${variant}`, rows, await limitOfOneCore(variant));

function job([m, n, k, layout = ""]) {
  const take = allocator();
  const [out, a, b] = [take(4 * m * n), take(4 * m * k), take(4 * k * n)];
  const [aRow, aCol] = layout === "aT" ? [1, m] : [k, 1];
  const [bRow, bCol] = layout === "bT" ? [1, k] : [n, 1];
  const list = [out, a, b, 0, take(gemmWorkspace({ m, n, k })), m, n, k, aRow, aCol, bRow, bCol, n, 0, 1, 0, 0, 0, 0, 0];
  const [y, x, z] = [[out, m * n], [a, m * k], [b, k * n]].map(([at, count]) => new Float32Array(memory.buffer, at, count));
  const name = `${m}x${n}x${k} ${layout}`.trim();
  return {
    name,
    flops: 2 * m * n * k,
    change(round) {
      fill(x, 2 * round + 1);
      fill(z, 2 * round + 2);
      words.set(list);
    },
    run: () => kernels.f32_gemm(words.byteOffset),
    check() {
      this.change(99);
      this.run();
      for (const [i, j] of [[0, 0], [m - 1, n - 1], [m >> 1, n >> 1], [m >> 1, n - 1], [m - 1, 0]]) {
        let sum = 0;
        for (let s = 0; s < k; s++) sum += x[i * aRow + s * aCol] * z[s * bRow + j * bCol];
        if (!(Math.abs(sum - y[i * n + j]) < 1e-5)) throw new Error(`${name} at ${i}, ${j}: expected ${sum}, got ${y[i * n + j]}`);
      }
    },
  };
}
