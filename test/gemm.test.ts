// The matrix product's kernel by itself, in both builds: random shapes, strides, batches, fused stores and special values, whole and cut into ranges
// as threads cut it. The plain build has its bits from a float32 loop; the relaxed one, whose engine fuses or does not, its bounds.
import { readFile } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../src/base/random.js";
import { UNIT_COLUMNS, UNIT_ROWS } from "../src/program/split.js";
import { BLOCK_STEPS, gemmWorkspace } from "../src/program/workspace.js";
import { SEED } from "./seed.js";

const CASES = 500;
const WORDS = 1 << 15;
const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536 });
const floats = new Float32Array(memory.buffer);
const words = new Uint32Array(memory.buffer, WORDS, 22);
const kernels = new Map<string, (at: number) => void>();
const GUARD = 777.25;

beforeAll(async () => {
  if (process.version.startsWith("v20.")) setFlagsFromString("--experimental-wasm-relaxed-simd");
  for (const variant of ["simd", "relaxed"]) {
    const { instance } = await WebAssembly.instantiate(await readFile(`dist/wasm/core.${variant}.wasm`), { env: { memory } });
    kernels.set(variant, instance.exports["f32_gemm"] as (at: number) => void);
  }
});

/** A product as its words say it; addresses and strides in floats. */
interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly out: Matrix;
  readonly bias: number;
  readonly mask: number;
  readonly relu: boolean;
  readonly workspace: number;
}

interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
  readonly batch: number;
}

/** Sizes that straddle tiles and blocks; large ones seldom. */
const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 20, 23, 24, 25, 31, 33, 40, 63, 65, 70];
const LARGE = [127, 129, 130, 200, BLOCK_STEPS - 1, BLOCK_STEPS, BLOCK_STEPS + 1, 2 * BLOCK_STEPS + 3];
const SPECIAL = [NaN, Infinity, -Infinity, -0, 1e-42, -1e-42];
/** Its products overflow, later where they are fused. */
const HUGE = 3e38;

function draw(random: Random, specials: readonly number[]): Product {
  const pick = (list: readonly number[]): number => list[random.bits() % list.length]!;
  const one = (parts: number): boolean => random.bits() % parts === 0;
  const size = (): number => pick(one(12) ? LARGE : SIZES);
  let [m, n, k] = [size(), size(), one(8) ? pick(LARGE) : size()] as [number, number, number];
  if (one(8)) m = 1;
  if (one(40)) [m, n, k] = [m % 4, n % 4, k % 4];
  if (one(60)) n = 1030;
  const batch = one(4) ? 1 + (random.bits() % 4) : 1;
  let next = 1 << 16;
  const place = (count: number, fill: (i: number) => number): number => {
    const at = next;
    for (let i = -16; i < count + 16; i++) floats[at + i] = i >= 0 && i < count ? fill(i) : GUARD;
    next = (at + count + 47) & ~15;
    return at;
  };
  const special = one(4);
  const number = (): number => (special && one(50) ? pick(specials) : random.bits() / 2 ** 32 - 0.5);
  const matrix = (rows: number, columns: number): Matrix => {
    const gap = one(3) ? 1 + (random.bits() % 3) : 0;
    const turned = one(2);
    const step = one(6) ? 2 : 1;
    const row = turned ? step : (columns - 1) * step + 1 + gap;
    const column = turned ? (rows - 1) * step + 1 + gap : step;
    const entry = Math.max(1, rows * row, columns * column);
    const repeated = one(3);
    // What lies between is NaN: reading it would show.
    const at = place(entry * (repeated ? 1 : batch), () => NaN);
    for (let t = 0; t < (repeated ? 1 : batch); t++) {
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) floats[at + t * entry + i * row + j * column] = number();
    }
    return { at, row, column, batch: repeated ? 0 : entry };
  };
  const [a, b] = [matrix(m, k), matrix(k, n)];
  const bias = one(2) ? place(n, number) : 0;
  const row = n + (one(3) ? 3 : 0);
  const entry = m * row + (one(2) ? 5 : 0);
  const mask = one(3) ? place(batch * entry, () => (one(3) ? -1 : one(5) ? NaN : random.bits() / 2 ** 31 - 1)) : 0;
  const out = { at: place(batch * entry, () => GUARD), row, column: 1, batch: entry };
  const workspace = (next + 15) & ~15;
  return { m, n, k, batch, a, b, out, bias, mask, relu: one(2), workspace };
}

/** A float32 loop in the order that docs and kernel promise. */
function reference({ m, n, k, batch, a, b, out, bias, mask, relu }: Product): Map<number, number> {
  const { fround } = Math;
  const blocks = Math.ceil(k / BLOCK_STEPS);
  const steps = k === 0 ? 1 : Math.ceil(Math.ceil(k / blocks) / 4) * 4;
  const expected = new Map<number, number>();
  for (let t = 0; t < batch; t++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const [x, y] = [a.at + t * a.batch + i * a.row, b.at + t * b.batch + j * b.column];
        let total = 0;
        for (let s = 0; s < k; s += steps) {
          let sum = 0;
          for (let q = s; q < Math.min(k, s + steps); q++) sum = fround(sum + fround(floats[x + q * a.column]! * floats[y + q * b.row]!));
          total = s === 0 ? sum : fround(total + sum);
        }
        if (bias) total = k === 0 ? floats[bias + j]! : fround(total + floats[bias + j]!);
        // As pmax(x, 0) does: NaN stays, and −0.
        if (relu && total < 0) total = 0;
        const at = out.at + t * out.batch + i * out.row + j;
        if (mask) total = masked(total, floats[mask + at - out.at]!);
        expected.set(at, total);
      }
    }
  }
  return expected;
}

function masked(x: number, y: number): number {
  return Number.isNaN(y) ? NaN : y > 0 ? x : 0;
}

/** Runs the product over ranges of `cut`'s units that `threads` threads would take. */
function run(variant: string, product: Product, cut: 0 | 1, threads: number): void {
  const { m, n, k, batch, a, b, out, bias, mask, relu, workspace } = product;
  const units = cut === 0 ? Math.ceil((batch * m) / UNIT_ROWS) : Math.ceil(n / UNIT_COLUMNS);
  const bytes = gemmWorkspace({ m, n, k });
  for (let t = 0; t < threads; t++) {
    const [begin, end] = [Math.floor((units * t) / threads), Math.floor((units * (t + 1)) / threads)];
    if (begin === end) continue;
    floats.fill(NaN, workspace, workspace + bytes / 4 + 16);
    floats.fill(GUARD, workspace + Math.ceil(bytes / 4), workspace + Math.ceil(bytes / 4) + 16);
    words.set([
      begin, end, 4 * out.at, 4 * a.at, 4 * b.at, 4 * bias, 4 * workspace, m, n, k, a.row, a.column, b.row, b.column, out.row,
      relu ? 1 : 0, batch, a.batch, b.batch, out.batch, 4 * mask, cut,
    ]);
    kernels.get(variant)!(WORDS + 8);
    if (floats.subarray(workspace + Math.ceil(bytes / 4), workspace + Math.ceil(bytes / 4) + 16).some((x) => x !== GUARD)) throw new Error("written behind the workspace");
  }
}

describe(`f32_gemm, ${CASES} random products, SEED=${SEED}`, () => {
  it.each(["simd", "relaxed"])("%s: right, guards whole, the same bits for every cut by rows and by columns", (variant) => {
    for (let i = 0; i < CASES; i++) {
      const random = new Random(SEED * 10_000 + i);
      const product = draw(random, variant === "simd" ? [...SPECIAL, HUGE] : SPECIAL);
      const { m, n, k, batch, out } = product;
      const label = `SEED=${SEED}, product ${i}: ${batch} of ${m} × ${n} × ${k}, ${JSON.stringify(product)}`;
      const span = [out.at - 16, out.at + batch * out.batch + 16] as const;
      const expected = reference(product);
      run(variant, product, 0, 1);
      const whole = floats.slice(...span);
      whole.forEach((got, j) => {
        const want = expected.get(span[0] + j);
        const isRight = want === undefined ? got === GUARD : variant === "simd" ? Object.is(got, want) : isClose(got, want, k);
        if (!isRight) expect.fail(`${label}: element ${j - 16} is ${got}, expected ${want ?? GUARD}`);
      });
      for (const cut of [0, 1] as const) {
        const threads = 1 + (random.bits() % 8);
        floats.fill(GUARD, ...span);
        run(variant, product, cut, threads);
        const at = floats.slice(...span).findIndex((got, j) => !Object.is(got, whole[j]));
        if (at >= 0) expect.fail(`${label}: element ${at - 16} differs with ${threads} ranges of cut ${cut}`);
      }
    }
  });
});

/** Products below 1/4, fused or rounded to 2⁻²⁶ each; their sums, of about √k / 12, rounded k times to 2⁻²⁴ of what they are: √k of that in the mean. */
function isClose(got: number, want: number, k: number): boolean {
  return Object.is(got, want) || Math.abs(got - want) <= 2e-7 * (1 + Math.sqrt(k));
}
