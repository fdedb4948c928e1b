// The kernels on images in lanes, given exactly the workspace that these functions promise: a canary behind it must live. And when they run by pairs.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../base/random.js";
import { ALL_UNITS } from "../program/split.js";
import type { Conv2dSizes } from "../program/workspace.js";
import { SEED } from "../../test/seed.js";
import {
  bandRows, byPairs, filterByPairs, inputByPairs, laneConv2dWorkspace, laneGradFilterWorkspace, laneGradInputWorkspace, laneWords, LEAST_LANE_CHANNELS, partsOf,
} from "./laneConvolution.js"; // prettier-ignore

const memory = new WebAssembly.Memory({ initial: 1024, maximum: 65536 });
const bytes = new Uint8Array(memory.buffer);
const words = new Uint32Array(memory.buffer, 1 << 19, 32);
new Uint32Array(memory.buffer, words.byteOffset - 8, 2).set([0, ALL_UNITS]);
const binary = await readFile(new URL("../../dist/wasm/core.simd.wasm", import.meta.url));
const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });

const OUT = 1 << 20, A = 9 << 20, B = 17 << 20, WINNERS = 25 << 20, WORKSPACE = 40 << 20;

function canaryLives(kernel: string, promised: number, list: readonly number[]): boolean {
  const canary = bytes.subarray(WORKSPACE + promised, WORKSPACE + promised + 4096).fill(0xa5);
  words.set(list);
  (instance.exports[kernel] as (at: number) => void)(words.byteOffset);
  return canary.every((byte) => byte === 0xa5);
}

const LENET_2: Conv2dSizes = { n: 2, h: 14, w: 14, c: 6, kh: 5, kw: 5, o: 16, oh: 10, ow: 10, strideH: 1, strideW: 1, padTop: 0, padLeft: 0, dilationH: 1, dilationW: 1, groups: 1 };
const PADDED: Conv2dSizes = { ...LENET_2, c: 16, o: 32, oh: 14, ow: 14, padTop: 2, padLeft: 2 };
const LENET_1: Conv2dSizes = { ...LENET_2, h: 28, w: 28, c: 1, o: 6, oh: 28, ow: 28, padTop: 2, padLeft: 2 };

const random = new Random(76 + SEED);
const between = (from: number, to: number): number => from + (random.bits() % (to - from + 1));
const SIZES: Conv2dSizes[] = [
  LENET_1,
  LENET_2,
  PADDED,
  ...Array.from({ length: 60 }, (): Conv2dSizes => {
    const [kh, kw, strideH, strideW] = [between(1, 7), between(1, 7), between(0, 2) > 0 ? 1 : between(1, 3), between(0, 2) > 0 ? 1 : between(1, 3)];
    const [padTop, padLeft, oh, ow] = [between(0, kh), between(0, kw), between(1, 12), between(1, 12)];
    const [h, w] = [Math.max(1, (oh - 1) * strideH + kh - padTop - between(0, 2)), Math.max(1, (ow - 1) * strideW + kw - padLeft - between(0, 2))];
    return { n: 2, h, w, c: between(3, 20), kh, kw, o: between(3, 20), oh, ow, strideH, strideW, padTop, padLeft, dilationH: 1, dilationW: 1, groups: 1 };
  }),
];

describe("workspace", () => {
  it.each(SIZES.map((sizes) => [JSON.stringify(sizes), sizes] as const))(`suffices, SEED=${SEED}: %s`, (_name, sizes) => {
    const forward = [OUT, A, B, 0, WORKSPACE, ...laneWords(sizes)] as number[];
    for (const winners of [0, WINNERS]) {
      const pooled = winners > 0;
      expect(canaryLives("f32_lane_conv2d", laneConv2dWorkspace(sizes, pooled), [...forward, 1, Number(pooled), winners, Number(byPairs(sizes))])).toBe(true);
      if (sizes.c >= LEAST_LANE_CHANNELS) expect(canaryLives("f32_lane_conv2d_grad_input", laneGradInputWorkspace(sizes, pooled), [...forward, Number(inputByPairs(sizes)), winners])).toBe(true);
      const filter = forward.with(3, 16);
      expect(canaryLives("f32_lane_conv2d_grad_filter", laneGradFilterWorkspace(sizes, pooled), [...filter, partsOf(2), Number(filterByPairs(sizes)), bandRows(sizes), winners])).toBe(true);
    }
  });

  it("is tried with and without pairs, in all three", () => {
    for (const rule of [byPairs, filterByPairs, inputByPairs]) expect(new Set(SIZES.map(rule))).toEqual(new Set([true, false]));
  });
});

describe("pairs", () => {
  it.each([
    ["LeNet's first layer has too few products to add up", LENET_1, [false, false, false]],
    ["its second forward and by filter; by input the border saves more", LENET_2, [true, true, false]],
    ["16 channels to 32, padded", PADDED, [true, true, true]],
    ["not with strides", { ...LENET_2, h: 23, w: 23, strideH: 2, strideW: 2 }, [false, false, false]],
    ["not over one tap", { ...LENET_2, w: 10, kw: 1 }, [false, false, false]],
  ])("%s", (_claim, sizes, expected) => expect([byPairs(sizes), filterByPairs(sizes), inputByPairs(sizes)]).toEqual(expected));
});
