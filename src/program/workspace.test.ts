// The kernels, compiled here, given exactly the workspace that these functions promise them: a canary behind it must live.
import { readFile } from "node:fs/promises";
import asc from "assemblyscript/asc";
import { beforeAll, describe, expect, it } from "vitest";
import { ALL_UNITS } from "./split.js";
import * as workspace from "./workspace.js";
import {
  conv2dGradFilterWorkspace, conv2dGradInputWorkspace, conv2dWorkspace, gemmWorkspace, winogradGradFilterWorkspace, winogradWorkspace, type Conv2dSizes,
} from "./workspace.js"; // prettier-ignore

const memory = new WebAssembly.Memory({ initial: 512 });
const bytes = new Uint8Array(memory.buffer);
const words = new Uint32Array(memory.buffer, 1024, 32);
// Before them stands the range of units to compute.
new Uint32Array(memory.buffer, 1024 - 8, 2).set([0, ALL_UNITS]);
const kernels = new Map<string, (words: number) => void>();

beforeAll(async () => {
  const { error, binary, stderr } = await compile(["gemm", "conv", "conv.grad", "winograd", "winograd.grad", "winograd.fast"]);
  if (error || !binary) throw error ?? new Error(stderr);
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  for (const [name, value] of Object.entries(instance.exports)) {
    if (typeof value === "function") kernels.set(name, (at) => void value(at));
  }
}, 60_000);

async function compile(files: readonly string[]): Promise<{ error: Error | null; binary: Uint8Array<ArrayBuffer> | null; stderr: string }> {
  let binary: Uint8Array<ArrayBuffer> | null = null;
  const { error, stderr } = await asc.main(
    [...files.map((file) => `assembly/${file}.ts`), "-O1", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory", "--noExportMemory",
      "--uncheckedBehavior", "always", "--config", "none", "--outFile", "kernels.wasm"],
    { writeFile: (_name, contents) => void (typeof contents !== "string" && (binary = new Uint8Array(contents))) },
  );
  return { error, binary, stderr: stderr.toString() };
}

/** Addresses in one quiet memory: what a kernel reads and writes fits between them. */
const OUT = 1 << 16, A = 9 << 20, B = 17 << 20, WORKSPACE = 24 << 20;

function canaryLives(kernel: string, promised: number, list: readonly number[]): boolean {
  const run = kernels.get(kernel);
  if (!run) throw new Error(`${kernel} is not exported`);
  const canary = bytes.subarray(WORKSPACE + promised, WORKSPACE + promised + 4096).fill(0xa5);
  words.set(list);
  run(words.byteOffset);
  return canary.every((byte) => byte === 0xa5);
}

const constants: Readonly<Record<string, unknown>> = { ...workspace };

describe("workspace", () => {
  it.each([
    ["gemm", ["BLOCK_STEPS", "BLOCK_ROWS", "BLOCK_COLUMNS"]],
    ["gemm.block", ["EDGE_BYTES"]],
    ["gemm.vector", ["STREAM_COLUMNS"]],
    ["conv.patch", ["LONGEST_RUN", "BAND_BYTES"]],
    ["conv.grad", ["COLUMN_BYTES"]],
    ["winograd", ["POSITION_GAP", "SCRATCH_BYTES"]],
  ] as const)("assembly/%s.ts has the constants %j", async (file, names) => {
    const text = await readFile(`assembly/${file}.ts`, "utf8");
    for (const name of names) {
      expect(text.match(new RegExp(`^export const ${name}(?:: \\w+)? = (\\d+);`, "m"))?.[1], name).toBe(String(constants[name]));
    }
  });

  it.each([
    [1, 512, 784], [4, 8, 4], [5, 9, 5], [128, 10, 512], [129, 9, 257], [1000, 1029, 255], [3, 3, 1000], [26, 1500, 770],
  ])("f32_gemm %i × %i × %i keeps to gemmWorkspace, straight and transposed", (m, n, k) => {
    const promised = gemmWorkspace({ m, n, k });
    const call = (aRow: number, aCol: number, bRow: number, bCol: number) =>
      canaryLives("f32_gemm", promised, [OUT, A, B, 0, WORKSPACE, m, n, k, aRow, aCol, bRow, bCol, n, 0, 1, 0, 0, 0]);
    expect(call(k, 1, n, 1)).toBe(true);
    expect(call(1, m, 1, k)).toBe(true);
  });

  const rows: readonly (readonly [string, Conv2dSizes])[] = [
    ["a plain product", sizes(2, 5, 6, 3, 1, 1, 7, 5, 6)],
    ["LeNet, first", sizes(2, 28, 28, 1, 5, 5, 6, 28, 28, { padTop: 2, padLeft: 2 })],
    ["LeNet, second", sizes(2, 14, 14, 6, 5, 5, 16, 10, 10)],
    ["3×3 with padding", sizes(1, 28, 28, 64, 3, 3, 64, 28, 28, { padTop: 1, padLeft: 1 })],
    ["several bands", sizes(1, 64, 64, 33, 3, 3, 5, 64, 64, { padTop: 1, padLeft: 1 })],
    ["bands of one row", sizes(1, 3, 300, 60, 3, 3, 2, 3, 300, { padTop: 1, padLeft: 1 })],
    ["stride and dilation", sizes(1, 31, 29, 5, 3, 2, 11, 14, 14, { strideH: 2, strideW: 2, padTop: 1, dilationH: 2, dilationW: 3 })],
    ["runs of one tap", sizes(1, 9, 9, 290, 3, 2, 13, 7, 8)],
    ["many filters", sizes(1, 6, 6, 20, 3, 3, 300, 6, 6, { padTop: 1, padLeft: 1 })],
    ["groups", sizes(2, 9, 9, 15, 3, 3, 21, 9, 9, { padTop: 1, padLeft: 1, groups: 3 })],
    ["groups with several blocks", sizes(1, 5, 5, 1040, 3, 3, 10, 5, 5, { padTop: 1, padLeft: 1, groups: 2 })],
  ];
  it.each(rows)("the convolutions keep to theirs: %s", (_name, shape) => {
    const { n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups } = shape;
    const call = (kernel: string, promised: number) =>
      canaryLives(kernel, promised, [OUT, A, B, 0, WORKSPACE, n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups, 0]);
    expect(call("f32_conv2d", conv2dWorkspace(shape))).toBe(true);
    expect(call("f32_conv2d_grad_filter", conv2dGradFilterWorkspace(shape))).toBe(true);
    expect(call("f32_conv2d_grad_input", conv2dGradInputWorkspace(shape))).toBe(true);
  });
});

describe.each([2, 4])("workspace of Winograd's convolutions in tiles of %i", (tile) => {
  it.each([
    ["one pixel", sizes(1, 1, 1, 1, 3, 3, 1, 1, 1, { padTop: 1, padLeft: 1 }), 4],
    ["odd sizes and channels", sizes(3, 7, 9, 13, 3, 3, 11, 7, 9, { padTop: 1, padLeft: 1 }), 20],
    ["wide rows", sizes(1, 5, 130, 8, 3, 3, 8, 5, 130, { padTop: 1, padLeft: 1 }), 96],
    ["many filters", sizes(1, 14, 14, 9, 3, 3, 100, 14, 14, { padTop: 1, padLeft: 1 }), 48],
    ["many channels", sizes(1, 14, 14, 100, 3, 3, 9, 12, 12), 36],
  ] as const)("keep to theirs: %s", (_name, shape, blockTiles) => {
    const { n, h, w, c, o, oh, ow, padTop, padLeft } = shape;
    const words = [n, h, w, c, o, oh, ow, padTop, padLeft];
    expect(canaryLives(`f32_winograd${tile}`, winogradWorkspace(shape, { tile, blockTiles }), [OUT, A, B, 0, WORKSPACE, ...words, 3 * c * o, c * o, o, 1, 0, blockTiles])).toBe(true);
    expect(canaryLives(`f32_winograd${tile}_grad_filter`, winogradGradFilterWorkspace(shape, { tile, blockTiles }), [OUT, A, B, 0, WORKSPACE, ...words, blockTiles])).toBe(true);
  });
});

function sizes(n: number, h: number, w: number, c: number, kh: number, kw: number, o: number, oh: number, ow: number, rest: Partial<Conv2dSizes> = {}): Conv2dSizes {
  return { n, h, w, c, kh, kw, o, oh, ow, strideH: 1, strideW: 1, padTop: 0, padLeft: 0, dilationH: 1, dilationW: 1, groups: 1, ...rest };
}
