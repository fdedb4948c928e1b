// f32_tile: chains of elementwise micro-ops against a loop written by hand for the same chain. node bench/kernels/tile.mjs [simd|relaxed]
// relu(a·b + c) moves 16 bytes an element and does little else: at 1M elements the loop by hand runs at the memory's speed.
import asc from "assemblyscript/asc";
import { MICRO, MODE } from "../../dist/program/micro.js";
import { allocator, fill, loadKernels, measure } from "./harness.mjs";

const HAND = `
export function relu(d: usize, a: usize, b: usize, c: usize, n: i32): void {
  const end = d + (<usize>n << 2);
  for (; d < end; d += 32, a += 32, b += 32, c += 32) {
    v128.store(d, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(a), v128.load(b)), v128.load(c)), f32x4.splat(0)));
    v128.store(d, f32x4.pmax(f32x4.add(f32x4.mul(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16)), f32x4.splat(0)), 16);
  }
}`;
const SIZES = [4 << 10, 64 << 10, 1 << 20];
const LARGEST = SIZES[SIZES.length - 1];
/** Micro-ops whose cost is worth knowing, run alone, and what they give. */
const ALONE = [
  ["add", (x, y) => x + y], ["exp", Math.exp], ["log", Math.log], ["expm1", Math.expm1], ["log1p", Math.log1p], ["tanh", Math.tanh],
  ["sigmoid", (x) => 1 / (1 + Math.exp(-x))], ["softplus", (x) => Math.log1p(Math.exp(x))], ["erf", erf], ["sin", Math.sin], ["cos", Math.cos], ["pow", Math.pow],
];
const BLOCK = 512;

const { memory, kernels } = await loadKernels(process.argv[2] ?? "simd", 64 << 20);
const alloc = allocator();
const [a, b, c, d] = Array.from({ length: 4 }, () => alloc(LARGEST * 4));
const workspace = alloc(16 * 64 + 4 * (BLOCK * 4 + 64));
const buffer = workspace + 16 * 64;
const hand = await compileHand();
const floats = (at) => new Float32Array(memory.buffer, at, LARGEST);
for (const [i, at] of [a, b, c].entries()) fill(floats(at), i + 1);
floats(a).forEach((x, i, all) => (all[i] = Math.abs(x))); // log and pow want positive numbers

const inputs = [a, b, c].map((base) => [MODE.memory, base]);
const chains = {
  "mul, add, relu": [["mul", 4, 0, 1], ["add", 4, 4, 2], ["relu", 3, 4]],
  "fma, relu": [["fma", 4, 0, 1, 2], ["relu", 3, 4]],
};
const jobs = SIZES.flatMap((n) => [
  job(`${n} by hand`, n, () => hand.relu(d, a, b, c, n), chain),
  ...Object.entries(chains).map(([name, micros]) => job(`${n} ${name}`, n, tile(n, [...inputs, [MODE.memory, d], [MODE.temporary, 0]], micros), chain)),
]);
const bias = [[MODE.memory, a], [MODE.repeated, b, 10], [MODE.memory, d]];
const side = 1024;
jobs.push(
  job("1024 x 1024: a + row", LARGEST, rows(side, side, [MODE.memory, b, 1, 0]), (i) => floats(a)[i] + floats(b)[i % side]),
  job("1024 x 1024: a + column", LARGEST, rows(side, side, [MODE.splat, b, 0, 1]), (i) => floats(a)[i] + floats(b)[Math.floor(i / side)]),
  job("100000 x 10: a + row", 1_000_000, tile(1_000_000, bias, [["add", 2, 0, 1]], 480), (i) => floats(a)[i] + floats(b)[i % 10]),
  ...ALONE.map(([name, value]) => job(name, LARGEST, tile(LARGEST, [[MODE.memory, a], [MODE.memory, b], [MODE.memory, d]], [[name, 2, 0, 1]]), (i) => value(floats(a)[i], floats(b)[i]))),
);

const results = measure(jobs);
console.log(`f32_tile, blocks of ${BLOCK}, Node ${process.version}`);
console.table(
  results.map(({ name, ms, best }, i) => {
    const byHand = results.find((row) => row.name === `${name.split(" ")[0]} by hand`);
    return {
      job: name,
      "us median": Number((ms * 1000).toFixed(2)),
      "us best": Number((best * 1000).toFixed(2)),
      "best of the loop by hand's": byHand ? Number((best / byHand.best).toFixed(2)) : "",
      "ns an element, best": Number(((best * 1e6) / jobs[i].elements).toFixed(3)),
    };
  }),
);

function chain(i) {
  return Math.max(0, floats(a)[i] * floats(b)[i] + floats(c)[i]);
}

/** A job of n elements; some of them are checked against `expected(i)`. */
function job(name, n, run, expected) {
  const check = () => {
    for (let i = 0; i < n; i += 997) {
      const got = floats(d)[i];
      if (!(Math.abs(got - expected(i)) <= 1e-6)) throw new Error(`${name}: element ${i} is ${got}, expected ${expected(i)}`);
    }
  };
  // Jobs share the output: after the rounds it holds another job's.
  let isFirst = true;
  return { name, elements: n, change: () => {}, run, check: () => isFirst && (check(), (isFirst = false)) };
}

/** a + operand over rows of one outer loop. */
function rows(count, cols, [mode, base, innerStride, rowStride]) {
  const words = [1, cols, BLOCK, workspace, 3, 1, count * cols, count, MODE.memory, a, 0, 1, cols];
  words.push(mode, base, buffer, innerStride, rowStride, MODE.memory, d, 0, 1, cols);
  words.push(MICRO.add.opcode, 2, 0, 1, 0);
  return runner(words);
}

/** A program of one loop. Operands: [mode, base, inner stride or period]. Micros: [name, d, a, b, c]. */
function tile(n, operands, micros, block = BLOCK) {
  const words = [0, n, block, workspace, operands.length, micros.length, n];
  operands.forEach(([mode, base, inner = 1]) => words.push(mode, base, mode === MODE.memory ? 0 : buffer, inner));
  for (const [name, to, x, y = 0, z = 0] of micros) words.push(MICRO[name].opcode, to, x, y, z);
  return runner(words);
}

/** Behind the range of units: one unit is all there is. */
function runner(words) {
  const at = alloc(words.length * 4 + 8) + 8;
  new Uint32Array(memory.buffer, at - 8, words.length + 2).set([0, 1, ...words]);
  return () => kernels.f32_tile(at);
}

/** The Maclaurin series: exact enough for |x| ≤ 0.5. */
function erf(x) {
  let [sum, term] = [0, x];
  for (let n = 0; n < 12; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}

async function compileHand() {
  let binary;
  const { error } = await asc.main(
    ["hand.ts", "-O3", "--runtime", "stub", "--enable", "simd", "--importMemory", "--lowMemoryLimit", "0", "--maximumMemory", "65536", "--config", "none", "-o", "hand.wasm"],
    { readFile: (name) => (name === "hand.ts" ? HAND : null), writeFile: (_name, contents) => void (binary = contents) },
  );
  if (error) throw error;
  return (await WebAssembly.instantiate(binary, { env: { memory, abort: () => {} } })).instance.exports;
}
