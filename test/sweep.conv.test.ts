// Random convolutions (sizes, filters, strides, paddings, dilations, groups, depthwise), values and both gradients, against plain loops in float64:
// in both numerics, with relaxed SIMD too, on one thread and on three. A failure names its seed and case.
import { setFlagsFromString } from "node:v8";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../src/base/random.js";
import { gradients } from "../src/compile/grad.js";
import { OPS } from "../src/ops/index.js";
import type { Numerics } from "../src/ops/op.js";
import type { Padding, Pair } from "../src/ops/window.js";
import { MODULES } from "../src/program/kernels.js";
import { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { packagedModules } from "../src/runtime/wasm/module.js";
import { input, kernelsOf, newExecutor, runGraph } from "./runGraph.js";
import { SEED } from "./seed.js";
import { threadedExecutor } from "./threaded.js";

/** Multiply-adds of a case at most: what keeps the sweep short. */
const MOST_WORK = 400_000;
const CASES = 150;

interface Case {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly o: number;
  readonly kh: number;
  readonly kw: number;
  readonly groups: number;
  readonly depthwise: boolean;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

let alone: WasmExecutor;
let shared: WasmExecutor;
let relaxed: WasmExecutor;
beforeAll(async () => {
  // Node 20 has relaxed SIMD behind a flag.
  if (process.version.startsWith("v20.")) setFlagsFromString("--experimental-wasm-relaxed-simd");
  alone = await newExecutor();
  relaxed = await WasmExecutor.create({ source: packagedModules("relaxed"), preload: MODULES, poison: true });
  shared = await threadedExecutor(3);
});
afterAll(() => shared.close());

/** A case that fits and is small enough; every third one has filters of 3×3 in steps of 1, the kind Winograd's algorithm takes. */
function drawCase(random: Random, seed: number): Case {
  const pick = <T>(list: readonly T[]): T => list[random.bits() % list.length]!;
  const upTo = (most: number): number => 1 + (random.bits() % most);
  for (;;) {
    const plain = seed % 3 === 0;
    const depthwise = !plain && random.bits() % 4 === 0;
    const groups = plain || depthwise ? 1 : pick([1, 1, 2, 3]);
    const c = groups * (plain ? pick([8, 9, 12, 16, 17, 24, 33]) : pick([1, 2, 3, 5, 8, 17]));
    const o = depthwise ? c * pick([1, 1, 2]) : groups * (plain ? pick([8, 10, 13, 16, 20, 40]) : pick([1, 2, 3, 4, 7, 9, 16]));
    const [kh, kw] = plain ? [3, 3] : [upTo(5), upTo(5)];
    const strides = plain ? ([1, 1] as const) : ([upTo(3), upTo(3)] as const);
    const dilations = plain ? ([1, 1] as const) : ([upTo(2), upTo(2)] as const);
    const side = (): Pair => [random.bits() % 3, random.bits() % 3];
    const padding = pick<Padding>(["same", "valid", random.bits() % 3, [side(), side()]]);
    const [n, h, w] = [pick([1, 1, 2, 3, 8, 9]), upTo(plain ? 20 : 14), upTo(plain ? 20 : 14)];
    const one = { n, h, w, c, o, kh, kw, groups: depthwise ? c : groups, depthwise, strides, dilations, padding };
    const [oh, ow] = pixels(one);
    if (oh > 0 && ow > 0 && (n * oh * ow * o * kh * kw * c) / one.groups <= MOST_WORK) return one;
  }
}

/** Zeros before each axis, and the size of the result; not positive where the window does not fit. */
function geometry({ h, w, kh, kw, strides, dilations, padding }: Case): { before: Pair; size: Pair } {
  const axis = (i: 0 | 1): readonly [before: number, size: number] => {
    const [pixels, extent, stride] = [[h, w][i]!, ([kh, kw][i]! - 1) * dilations[i] + 1, strides[i]];
    const sides = typeof padding === "number" ? [padding, padding] : padding === "valid" ? [0, 0] : padding === "same" ? null : padding[i];
    if (sides !== null) return [sides[0]!, Math.floor((pixels + sides[0]! + sides[1]! - extent) / stride) + 1];
    const size = Math.ceil(pixels / stride);
    return [Math.max((size - 1) * stride + extent - pixels, 0) >> 1, size];
  };
  const [[top, rows], [left, columns]] = [axis(0), axis(1)];
  return { before: [top, left], size: [rows, columns] };
}

function pixels(one: Case): Pair {
  return geometry(one).size;
}

/** y, dx and dw for Σ y · g. */
function reference(one: Case, x: Float32Array, f: Float32Array, g: Float32Array): Float64Array[] {
  const { n, h, w, c, o, kh, kw, groups, strides, dilations } = one;
  const { before, size } = geometry(one);
  const [channels, filters] = [c / groups, o / groups];
  const y = new Float64Array(g.length);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(f.length);
  for (let i = 0; i < n; i++) for (let p = 0; p < size[0]; p++) for (let q = 0; q < size[1]; q++) for (let tap = 0; tap < kh * kw; tap++) {
    const row = p * strides[0] + Math.floor(tap / kw) * dilations[0] - before[0];
    const column = q * strides[1] + (tap % kw) * dilations[1] - before[1];
    if (row < 0 || row >= h || column < 0 || column >= w) continue;
    const [pixel, out] = [((i * h + row) * w + column) * c, ((i * size[0] + p) * size[1] + q) * o];
    for (let j = 0; j < o; j++) {
      const first = pixel + Math.floor(j / filters) * channels;
      for (let k = 0; k < channels; k++) {
        const at = (tap * channels + k) * o + j;
        y[out + j]! += x[first + k]! * f[at]!;
        dx[first + k]! += f[at]! * g[out + j]!;
        dw[at]! += x[first + k]! * g[out + j]!;
      }
    }
  }
  return [y, dx, dw];
}

function numbers(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.bits() / 2 ** 31 - 1);
}

/** Largest allowed error: what sums of float32 in some order lose, or for "fast" the stated bound of tiles of 4×4. */
function allowed(expected: Float64Array, terms: number, numerics: Numerics): number {
  const usual = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / Math.max(expected.length, 1));
  return numerics === "fast" ? 4e-5 * usual + 1e-6 : 4 * 2 ** -24 * Math.sqrt(terms) * Math.max(1, usual);
}

describe("random convolutions", () => {
  const reached = new Set<string>();

  test(`equal plain loops, gradients too, with the same bits on one thread and on three: ${CASES} cases, SEED=${SEED}`, () => {
    for (let seed = 0; seed < CASES; seed++) {
      const random = new Random((SEED - 1) * CASES + seed);
      const one = drawCase(random, seed);
      const { n, h, w, c, o, kh, kw, groups, depthwise, strides, dilations, padding } = one;
      const [oh, ow] = pixels(one);
      const filterShape = depthwise ? [kh, kw, c, o / c] : [kh, kw, c / groups, o];
      const [x, f, g] = [numbers(random, n * h * w * c), numbers(random, (kh * kw * c * o) / groups), numbers(random, n * oh * ow * o)];
      const leaves = [input(x, [n, h, w, c]), input(f, filterShape)] as const;
      const y = depthwise
        ? OPS.depthwiseConv2d(...leaves, { strides, padding, dilations })
        : OPS.conv2d(...leaves, { strides, padding, dilations, ...(groups > 1 && { groups }) });
      const loss = OPS.sum(OPS.mul(y, input(g, [n, oh, ow, o])));
      const graph = { outputs: [y, ...gradients(loss, leaves).map((grad) => grad!)], updates: [] };
      const expected = reference(one, x, f, g);
      const terms = [(kh * kw * c) / groups, (kh * kw * o) / groups, n * oh * ow];
      for (const numerics of ["reproducible", "fast"] as const) {
        const label = `SEED=${SEED}, case ${seed}, ${numerics}: ${JSON.stringify(one)}`;
        const { outputs, program } = runGraph(alone, graph, { numerics });
        for (const kernel of kernelsOf(program.steps)) reached.add(kernel);
        for (const found of numerics === "fast" ? [outputs, runGraph(relaxed, graph, { numerics }).outputs] : [outputs]) {
          expected.forEach((values, k) => {
            const bound = allowed(values, terms[k]!, numerics);
            const at = found[k]!.findIndex((got, i) => !(Math.abs(got - values[i]!) <= bound));
            if (at >= 0) expect.fail(`${label}${found === outputs ? "" : ", relaxed SIMD"}: ${["y", "dx", "dw"][k]!}[${at}] is ${found[k]![at]!}, expected ${values[at]!} within ${bound}`);
          });
        }
        const threaded = runGraph(shared, graph, { numerics }).outputs;
        outputs.forEach((values, k) => {
          const at = values.findIndex((value, i) => !Object.is(value, threaded[k]![i]!));
          if (at >= 0) expect.fail(`${label}: ${["y", "dx", "dw"][k]!}[${at}] is ${values[at]!} on one thread, ${threaded[k]![at]!} on three`);
        });
      }
    }
  }, 60_000);

  test("reach every kernel of convolutions that images do not share", () => {
    const kernels = [
      "f32_conv2d", "f32_conv2d_grad_filter", "f32_conv2d_grad_input", "f32_depthwise_conv2d", "f32_depthwise_conv2d_grad_filter", "f32_gemm",
      "f32_winograd2", "f32_winograd2_grad_filter", "f32_winograd4", "f32_winograd4_grad_filter",
    ]; // prettier-ignore
    expect(kernels.filter((kernel) => !reached.has(kernel))).toEqual([]);
  });
});
