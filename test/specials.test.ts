// Special values in kernels that add, move and compare: NaN, infinities, −0 and denormals among ordinary numbers, against the rows' float64 references.
// Rows, sizes and references are those of test/rows; Winograd's tiles, which may spread what is not finite, have their own rule.
import { beforeAll, describe, expect, test } from "vitest";
import type { DType } from "../src/base/dtype.js";
import { Random } from "../src/base/random.js";
import { init } from "../src/engine/device.js";
import { evaluate } from "../src/engine/evaluate.js";
import { givenOut } from "../src/engine/source.js";
import type { Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import type { Numerics } from "../src/ops/op.js";
import type { WasmExecutor } from "../src/runtime/wasm/executor.js";
import { conv, convGradFilter, convGradInput, full } from "./rows/convolution.js";
import { ROWS } from "./rows/index.js";
import { count, type Plain } from "./rows/plain.js";
import type { Case, Row } from "./rows/row.js";
import { compare, draw, leafOf, nameOf } from "./rows/run.js";
import { input, kernelsOf, newExecutor, runGraph } from "./runGraph.js";
import { SEED } from "./seed.js";

const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, Math.fround(1e-42), Math.fround(-1e-42)];
const TINY = 2 ** -149;

/** Their results are elements of their operands: a zero keeps its sign. */
const MOVES = new Set(["gather", "batchGather", "gatherNd", "takeAlongAxis", "concat", "flip", "sort", "maxPool1d", "maxPool2d", "maxPool3d", "maxPool2dGather", "toLanes", "fromLanes"]);
/** Factors of 0 are not multiplied at all, so less may be NaN than by the definition. */
const SKIPS = new Set(["fft", "rfft", "irfft", "scaledDotProductAttention"]);
/** Linear in their first operand, whatever the others hold. */
const LINEAR = new Set([
  "conv1d", "conv2d", "conv3d", "conv1dTranspose", "conv2dTranspose", "conv3dTranspose", "conv2dGradInput", "conv2dGradFilter", "depthwiseConv2d", "laneConv2dGradInput", "laneConv2dGradFilter", "toLanes", "fromLanes",
  "averagePool1d", "averagePool2d", "averagePool3d", "globalAveragePool", "averagePool2dGrad", "maxPool1d", "maxPool2d", "maxPool3d", "globalMaxPool", "sum", "mean", "max", "min", "gather", "batchGather", "gatherNd",
  "takeAlongAxis", "scatterAdd", "segmentSum", "concat", "flip", "sort", "resize", "resizeGrad", "cumsum", "fft", "rfft", "irfft", "matmul",
]); // prettier-ignore

let executor: WasmExecutor;
beforeAll(async () => {
  await init({ threads: 1 });
  executor = await newExecutor();
});

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  convolution: ["conv1d", "conv2d", "conv3d", "conv1dTranspose", "conv2dTranspose", "conv3dTranspose", "conv2dGradInput", "conv2dGradFilter", "depthwiseConv2d", "separableConv2d"],
  lanes: ["laneConv2d", "laneConv2dGradInput", "laneConv2dGradFilter", "laneUnpool", "laneRow", "toLanes", "fromLanes"],
  pooling: ["maxPool1d", "maxPool2d", "maxPool3d", "averagePool1d", "averagePool2d", "averagePool3d", "globalMaxPool", "globalAveragePool", "maxPool2dGrad", "maxPool2dGather", "averagePool2dGrad"],
  reduction: ["sum", "mean", "max", "min", "prod", "argMax", "argMin", "logSumExp", "variance", "std"],
  normalisation: ["batchNorm", "batchNormalize", "bnStats", "bnGradSums", "layerNorm", "rmsNorm", "groupNorm", "instanceNorm", "normalizeRows", "normalizeRowsGrad", "normalizeRowsSums"],
  softmax: ["softmax", "logSoftmax", "softmaxGrad", "softmaxCrossEntropy", "softmaxCrossEntropyGrad"],
  optimizer: ["sgdStep", "momentumStep", "rmspropStep", "adamStep"],
  moving: ["gather", "batchGather", "gatherNd", "takeAlongAxis", "scatterAdd", "scatterNd", "scatterAlongAxis", "segmentSum", "concat", "pad", "flip", "sort"],
  resize: ["resize", "resizeGrad"],
  scan: ["cumsum", "cumprod", "linearScan"],
  fft: ["fft", "rfft", "irfft"],
  matmul: ["matmul", "dot", "scaledDotProductAttention"],
};

/** Convolutions whose kernels multiply the zeros of the padding: an infinity of the filter, or of dy, gives NaN there, as an image with zeros around it would. */
const PADDED = new Set(["conv1d", "conv2d", "conv3d", "conv2dGradFilter", "laneConv2dGradFilter"]);
/** Rows of which one input keeps its ordinary numbers. */
const CALM: Readonly<Record<string, readonly [input: number, why: string]>> = {
  softmaxCrossEntropy: [1, "labels are shares"],
  softmaxCrossEntropyGrad: [1, "labels are shares"],
  "scaledDotProductAttention (bool mask)": [1, "a mask is added to the score, and NaN stays NaN"],
};
/** Rows that not all special numbers suit. */
const LIMITED: Readonly<Record<string, readonly [specials: readonly number[], why: string]>> = {
  prod: [SPECIAL.slice(0, 5), "in float32 a product of denormals is 0, and 0 · ∞ is NaN; in float64 it is neither"],
  cumprod: [SPECIAL.slice(0, 5), "as prod"],
  linearScan: [SPECIAL.slice(0, 5), "as prod"],
  softmaxCrossEntropyGrad: [SPECIAL.filter((x) => Math.abs(x) !== Infinity), "dloss is multiplied out: ∞ · softmax − ∞"],
  "laneConv2d (winners)": [SPECIAL.slice(3), "which of several NaN in a window wins is not promised"],
};

function isPadded({ padding = "valid", window }: { readonly padding?: unknown; readonly window?: { readonly padding?: unknown } }): boolean {
  return window ? isPadded(window) : padding !== "valid" && (!Array.isArray(padding) || padding.flat().some((side) => side !== 0));
}

/** Winograd's algorithm takes it: see below. */
function isWinograd({ op }: Row, { inputs }: Case<unknown>): boolean {
  const filter = inputs[1]?.shape ?? [];
  return /^conv[12]d/.test(op) && (op === "conv2dGradFilter" ? Math.min(inputs[0]!.shape[3]!, filter[3]!) : Math.min(filter[2]!, filter[3]!)) >= 8;
}

/** Every input, one in twelve numbers of it special. */
function sprinkled(row: Row, one: Case<unknown>, seed: number): Plain[] {
  const random = new Random(seed, 3);
  const [specials] = LIMITED[nameOf(row)] ?? [SPECIAL];
  const calm = PADDED.has(row.op) && isPadded(one.attrs as object) ? 1 : CALM[nameOf(row)]?.[0];
  return draw(row, one, seed).map((x, k) => {
    const { dtype = "float32", values } = one.inputs[k]!;
    if (dtype !== "float32" || values !== undefined || k === calm) return x;
    return { shape: x.shape, data: x.data.map((v) => (random.bits() % 12 === 0 ? specials[random.bits() % specials.length]! : v)) };
  });
}

/** Denormals in the first input, as many as it has numbers. */
function denormal(row: Row, one: Case<unknown>, seed: number): Plain[] {
  const random = new Random(seed, 4);
  return draw(row, one, seed).map((x, k) => (k > 0 ? x : { shape: x.shape, data: x.data.map(() => Math.fround(((random.bits() % 199) - 99) * 1e-42)) }));
}

const list = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? (x as readonly T[]) : [x as T]);

function run(row: Row, one: Case<unknown>, plain: readonly Plain[]): { found: ReturnType<typeof givenOut>; expected: readonly number[]; dtype: DType }[] {
  const results = list(row.apply(plain.map((x, k) => leafOf(x, one.inputs[k]!)), one.attrs));
  const expected = list(row.reference(plain, one.attrs));
  const data = evaluate(results);
  return results.map(({ dtype }, k) => ({ found: givenOut(data[k]!, dtype), expected: expected[k]!.data, dtype }));
}

describe.each(Object.entries(FAMILIES))(`%s, SEED=${SEED}`, (_family, ops) => {
  const rows = ROWS.filter(({ op }) => ops.includes(op));
  test("has a row for every op", () => expect(ops.filter((op) => !rows.some((row) => row.op === op))).toEqual([]));

  test.each(rows.map((row) => [nameOf(row), row] as const))("%s: NaN and infinities where the reference has them, the rest unchanged", (name, row) => {
    row.cases.forEach((one, i) => {
      if (isWinograd(row, one)) return;
      for (let round = 0; round < 3; round++) {
        const seed = SEED * 1000 + 10 * i + round;
        const plain = sprinkled(row, one, seed);
        // Zeros of both signs side by side, too.
        const zeros = MOVES.has(row.op) && round === 2 && (one.inputs[0]!.dtype ?? "float32") === "float32";
        const drawn = zeros ? plain.map((x, k) => (k > 0 ? x : { shape: x.shape, data: x.data.map((v) => (v > 0 ? 0 : v < -1 ? v : -0)) })) : plain;
        for (const { found, expected, dtype } of run(row, one, drawn)) {
          const wanted = SKIPS.has(row.op) ? expected.map((x, j) => (Number.isFinite(Math.fround(x)) ? x : found[j]!)) : expected;
          compare(found, wanted, dtype, row.tolerance[0], `${name}, case ${i}, seed ${seed}`);
          const at = MOVES.has(row.op) ? wanted.findIndex((x, j) => x === 0 && !Object.is(found[j], x)) : -1;
          if (at >= 0) expect.fail(`${name}, case ${i}, seed ${seed}: element ${at} is a zero of the other sign`);
        }
      }
    });
  });

  const linear = rows.filter(({ op }) => LINEAR.has(op));
  if (linear.length === 0) return;
  test.each(linear.map((row) => [nameOf(row), row] as const))("%s: denormals stay, within half the least of them for each of 600 terms", (name, row) => {
    row.cases.forEach((one, i) => {
      if (isWinograd(row, one) || one.inputs.some(({ values, dtype }) => values !== undefined && dtype === undefined) || (one.inputs[0]!.dtype ?? "float32") !== "float32") return;
      for (const { found, expected, dtype } of run(row, one, denormal(row, one, SEED * 1000 + i))) {
        if (dtype !== "float32") continue;
        const at = expected.findIndex((x, j) => !(Object.is(found[j], x) || Math.abs(found[j]! - x) <= 300 * TINY));
        if (at >= 0) expect.fail(`${name}, case ${i}, SEED=${SEED}: element ${at} is ${found[at]!}, expected ${expected[at]!}`);
      }
    });
  });
});

/** 3×3 filters, padding 1; sizes that no tile divides, and one that crosses blocks and images. */
const WINOGRAD = [
  { n: 1, h: 13, w: 15, c: 16, o: 16 },
  { n: 3, h: 11, w: 15, c: 17, o: 20 },
  { n: 2, h: 17, w: 18, c: 24, o: 33 },
];
const WINOGRAD_KERNELS = { reproducible: [2, "f32_winograd2"], fast: [4, "f32_winograd4"] } as const satisfies Record<Numerics, readonly [number, string]>;

describe.each(Object.entries(WINOGRAD_KERNELS))(`Winograd's tiles, numerics %s, SEED=${SEED}`, (numerics, [tile, kernel]) => {
  /** Channels of the tiles of [n, h, w] whose inputs (the tile and one pixel around it) are all finite: true for each pixel. */
  const untouched = ({ shape, data }: Plain): ((n: number, y: number, x: number) => boolean) => {
    const [, h, w, c] = shape as [number, number, number, number];
    return (n, y, x) => {
      const [top, left] = [y - (y % tile) - 1, x - (x % tile) - 1];
      for (let i = Math.max(top, 0); i < Math.min(top + tile + 2, h); i++) {
        for (let j = Math.max(left, 0); j < Math.min(left + tile + 2, w); j++) {
          const at = ((n * h + i) * w + j) * c;
          if (!data.slice(at, at + c).every(Number.isFinite)) return false;
        }
      }
      return true;
    };
  };

  test.each(WINOGRAD.map((sizes) => [JSON.stringify(sizes), sizes] as const))("%s: what is not finite spreads over its tile and channel and no further, gradients too; it never vanishes", (_name, { n, h, w, c, o }) => {
    const random = new Random(SEED, 5);
    const plain = (shape: readonly number[], rate: number): Plain => ({
      shape,
      data: Array.from({ length: count(shape) }, () => (rate > 0 && random.bits() % rate === 0 ? SPECIAL[random.bits() % SPECIAL.length]! : Math.fround(random.bits() / 2 ** 31 - 1))),
    });
    for (const special of ["x", "filter", "dy"] as const) {
      const rate = (name: string, length: number): number => (name === special ? Math.ceil(length / 6) : 0);
      const [x, f, dy] = [plain([n, h, w, c], rate("x", n * h * w * c)), plain([3, 3, c, o], rate("filter", 9 * c * o)), plain([n, h, w, o], rate("dy", n * h * w * o))];
      const [vx, vf, vdy] = [x, f, dy].map((one) => input(Float32Array.from(one.data), one.shape)) as [Value, Value, Value];
      const window = full({ padding: 1 }, [h, w], [3, 3]);
      const y = OPS.conv2d(vx, vf, { padding: 1 });
      const dx = OPS.conv2dGradInput(vdy, vf, { ...window, inputSize: [h, w] });
      const dw = OPS.conv2dGradFilter(vx, vdy, { ...window, filterSize: [3, 3] });
      const { outputs, program } = runGraph(executor, { outputs: [y, dx, dw], updates: [] }, { numerics: numerics as Numerics });
      expect(kernelsOf(program.steps)).toEqual(expect.arrayContaining([kernel, `${kernel}_grad_filter`]));
      const lastBad = (one: Plain, channel: number): boolean => one.data.some((v, i) => i % one.shape.at(-1)! === channel && !Number.isFinite(v));
      const inputBad = (channel: number): boolean => f.data.some((v, i) => Math.floor(i / o) % c === channel && !Number.isFinite(v));
      const [calmX, calmDy] = [untouched(x), untouched(dy)];
      const pixel = (i: number, channels: number): [number, number, number] => [Math.floor(i / (h * w * channels)), Math.floor(i / (w * channels)) % h, Math.floor(i / channels) % w];
      const mayBe = [
        (i: number) => lastBad(f, i % o) || !calmX(...pixel(i, o)),
        (i: number) => inputBad(i % c) || !calmDy(...pixel(i, c)),
        (i: number) => lastBad(x, Math.floor(i / o) % c) || lastBad(dy, i % o),
      ];
      const expected = [conv(x, f, window), convGradInput(dy, f, window, [h, w]), convGradFilter(x, dy, window, [3, 3])];
      expected.forEach(({ data }, k) => {
        const usual = Math.sqrt(data.filter(Number.isFinite).reduce((sum, v) => sum + v * v, 0) / data.length);
        data.forEach((want, i) => {
          const got = outputs[k]![i]!;
          const label = (): string => `SEED=${SEED}, special ${special}: ${["y", "dx", "dw"][k]!}[${i}] is ${got}, expected ${want}`;
          if (!Number.isFinite(want)) return Number.isFinite(got) && expect.fail(`${label()}: it has vanished`);
          if (!Number.isFinite(got) && !mayBe[k]!(i)) expect.fail(`${label()}: spread too far`);
          if (Number.isFinite(got) && Math.abs(got - want) > 4e-5 * Math.max(usual, 1)) expect.fail(label());
        });
      });
    }
  });
});
