// Winograd's convolutions and their gradients against plain scalar loops in float64: whole, cut into ranges of units, and in blocks of any size.
import { conv2d } from "../conv";
import { conv2dGradFilter, conv2dGradInput } from "../conv.grad";
import { winograd } from "../winograd";
import { winogradGradFilter } from "../winograd.grad";
import { floats, GUARD, guarded, same } from "./data";

const WORKSPACE_BYTES = 1 << 24;
const ALL_UNITS = (1 << 23) - 1;

// n, h, w, c, o, oh, ow, padTop, padLeft, blockTiles
const FIELDS = 10;
const CASES: StaticArray<i32> = [
  1, 1, 1, 1, 1, 1, 1, 1, 1, 4, // one pixel, all padding around it
  1, 3, 3, 1, 8, 1, 1, 0, 0, 4, // one output
  2, 5, 7, 3, 5, 5, 7, 1, 1, 4, // odd sizes: tiles hang over
  1, 4, 4, 8, 8, 2, 2, 0, 0, 12, // more room than tiles
  3, 6, 5, 17, 8, 6, 5, 1, 1, 8, // blocks that cross images
  1, 9, 9, 5, 17, 9, 9, 1, 1, 12,
  1, 8, 9, 8, 12, 6, 7, 0, 0, 20, // the last panel is narrow
  1, 3, 3, 8, 64, 5, 5, 2, 2, 16, // full padding
  1, 7, 3, 9, 3, 7, 3, 0, 2, 4, // padded at the bottom and left only
  1, 2, 20, 4, 4, 2, 20, 1, 1, 4, // blocks that end inside a row of tiles
  1, 16, 16, 64, 64, 16, 16, 1, 1, 48,
  2, 13, 14, 32, 20, 13, 14, 1, 1, 28, // six rows do not divide the block
];

/** Largest error of out, −1 where something is written past its end. */
function error(out: StaticArray<f32>, reference: StaticArray<f64>): f64 {
  let worst: f64 = 0;
  // Not the other way round, which would let NaN pass.
  for (let i = 0; i < reference.length; i++) if (!(abs(<f64>out[i] - reference[i]) <= worst)) worst = abs(<f64>out[i] - reference[i]);
  for (let i = reference.length; i < out.length; i++) if (out[i] != GUARD) return -1;
  return worst;
}

function rms(x: StaticArray<f64>): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return (sum / <f64>x.length) ** 0.5;
}

function judge(what: string, row: i32, tile: i32, out: StaticArray<f32>, cut: StaticArray<f32>, direct: StaticArray<f32>, reference: StaticArray<f64>): string {
  for (let i = 0; i < out.length; i++) if (!same(out[i], cut[i])) return `case ${row}, tile ${tile}: ${what}[${i}] depends on the ranges: ${out[i]}, ${cut[i]}`;
  const worst = error(out, reference), plain = error(direct, reference);
  if (worst == -1) return `case ${row}, tile ${tile}: ${what} is written past its end`;
  // 2×2: as good as the sum itself, but for three roundings of a usual result, by which the largest of few errors scatter. 4×4: a digit less.
  const bound = tile == 2 ? 2 * plain + 4e-7 * rms(reference) : 4e-5 * rms(reference) + 1e-6;
  return worst <= bound ? "" : `case ${row}, tile ${tile}: error of ${what} is ${worst}, of the sum itself ${plain}, allowed ${bound}`;
}

/** All three on one case in tiles of both sizes. Returns what is wrong, or "". */
function compare(at: i32, withBias: bool, relu: bool): string {
  const row = at / FIELDS;
  const n = CASES[at], h = CASES[at + 1], w = CASES[at + 2], c = CASES[at + 3], o = CASES[at + 4], oh = CASES[at + 5], ow = CASES[at + 6];
  const padTop = CASES[at + 7], padLeft = CASES[at + 8], blockTiles = CASES[at + 9];
  const x = floats(n * h * w * c), filter = floats(9 * c * o), dy = floats(n * oh * ow * o), bias = floats(o);
  const y = new StaticArray<f64>(n * oh * ow * o), dw = new StaticArray<f64>(9 * c * o), dx = new StaticArray<f64>(n * h * w * c);
  for (let i = 0; i < n; i++) {
    for (let py = 0; py < oh; py++) {
      for (let px = 0; px < ow; px++) {
        for (let q = 0; q < o; q++) {
          const out = ((i * oh + py) * ow + px) * o + q;
          const g = <f64>dy[out];
          let sum: f64 = withBias ? bias[q] : 0;
          for (let tap = 0; tap < 9; tap++) {
            const iy = py - padTop + tap / 3, ix = px - padLeft + tap % 3;
            if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
            for (let z = 0; z < c; z++) {
              const a = ((i * h + iy) * w + ix) * c + z, b = (tap * c + z) * o + q;
              sum += <f64>x[a] * <f64>filter[b];
              dw[b] += <f64>x[a] * g;
              dx[a] += <f64>filter[b] * g;
            }
          }
          y[out] = relu && sum < 0 ? 0 : sum;
        }
      }
    }
  }
  const memory = heap.alloc(WORKSPACE_BYTES);
  const workspace = (memory + 15) & ~15;
  const pX = changetype<usize>(x), pW = changetype<usize>(filter), pDy = changetype<usize>(dy), pBias = withBias ? changetype<usize>(bias) : 0;
  const directY = guarded(y.length), directDw = guarded(dw.length), directDx = guarded(dx.length);
  conv2d(changetype<usize>(directY), pX, pW, pBias, workspace, n, h, w, c, 3, 3, o, oh, ow, 1, 1, padTop, padLeft, 1, 1, 1, relu, 0, ALL_UNITS);
  conv2dGradFilter(changetype<usize>(directDw), pX, pDy, workspace, n, h, w, c, 3, 3, o, oh, ow, 1, 1, padTop, padLeft, 1, 1, 1, 0, ALL_UNITS);
  conv2dGradInput(changetype<usize>(directDx), pDy, pW, workspace, n, h, w, c, 3, 3, o, oh, ow, 1, 1, padTop, padLeft, 1, 1, 1, 0, ALL_UNITS);
  const last = pW + (<usize>(8 * c * o) << 2);
  let told = "";
  for (let tile = 2; tile <= 4 && told == ""; tile += 2) {
    const gotY = guarded(y.length), gotDw = guarded(dw.length), gotDx = guarded(dx.length);
    const cutY = guarded(y.length), cutDw = guarded(dw.length), cutDx = guarded(dx.length);
    for (let part = 0; part < 4; part++) {
      // The whole, then three ranges that meet at units 1 and 2.
      const first = part == 0 ? 0 : part - 1, end = part == 0 || part == 3 ? ALL_UNITS : part;
      const outY = changetype<usize>(part == 0 ? gotY : cutY), outDw = changetype<usize>(part == 0 ? gotDw : cutDw), outDx = changetype<usize>(part == 0 ? gotDx : cutDx);
      if (tile == 2) {
        winograd<u16>(outY, pX, pW, pBias, workspace, n, h, w, c, o, oh, ow, padTop, padLeft, 3 * c * o, c * o, o, 1, relu, blockTiles, first, end);
        winograd<u16>(outDx, pDy, last, 0, workspace, n, oh, ow, o, c, h, w, 2 - padTop, 2 - padLeft, -3 * c * o, -c * o, 1, o, false, blockTiles, first, end);
        winogradGradFilter<u16>(outDw, pX, pDy, workspace, n, h, w, c, o, oh, ow, padTop, padLeft, blockTiles, first, end);
      } else {
        winograd<u32>(outY, pX, pW, pBias, workspace, n, h, w, c, o, oh, ow, padTop, padLeft, 3 * c * o, c * o, o, 1, relu, blockTiles, first, end);
        winograd<u32>(outDx, pDy, last, 0, workspace, n, oh, ow, o, c, h, w, 2 - padTop, 2 - padLeft, -3 * c * o, -c * o, 1, o, false, blockTiles, first, end);
        winogradGradFilter<u32>(outDw, pX, pDy, workspace, n, h, w, c, o, oh, ow, padTop, padLeft, blockTiles, first, end);
      }
    }
    told = judge("y", row, tile, gotY, cutY, directY, y);
    if (told == "") told = judge("dw", row, tile, gotDw, cutDw, directDw, dw);
    if (told == "") told = judge("dx", row, tile, gotDx, cutDx, directDx, dx);
  }
  heap.free(memory);
  return told;
}

describe("f32_winograd2, f32_winograd4, their gradients by filter and by input", () => {
  it("are within twice the error of the sum itself (2×2), or 4e-5 of a usual result (4×4), for every size and padding", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, false, false)).toBe("");
  });

  it("add the bias and apply relu as they store", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, true, true)).toBe("");
  });

  it("an image that the padding takes away altogether gives the bias", () => {
    const x = floats(2 * 2 * 4), filter = floats(9 * 4 * 4), bias = floats(4), out = guarded(3 * 3 * 4);
    const workspace = heap.alloc(1 << 16);
    // Rows and columns −8 … of the image.
    winograd<u16>(
      changetype<usize>(out), changetype<usize>(x), changetype<usize>(filter), changetype<usize>(bias), (workspace + 15) & ~15,
      1, 2, 2, 4, 4, 3, 3, 8, 8, 48, 16, 4, 1, false, 4, 0, ALL_UNITS,
    );
    heap.free(workspace);
    for (let i = 0; i < 36; i++) expect(out[i]).toBe(bias[i % 4]);
    expect(out[36]).toBe(GUARD);
  });

  it("relu keeps NaN; a NaN or an infinity spreads to the tiles that see it, and no further", () => {
    const x = floats(8 * 8 * 4), filter = floats(9 * 4 * 5), out = guarded(8 * 8 * 5);
    x[0] = NaN;
    x[(7 * 8 + 7) * 4] = Infinity;
    const workspace = heap.alloc(1 << 16);
    winograd<u16>(
      changetype<usize>(out), changetype<usize>(x), changetype<usize>(filter), 0, (workspace + 15) & ~15,
      1, 8, 8, 4, 5, 8, 8, 1, 1, 60, 20, 5, 1, true, 16, 0, ALL_UNITS,
    );
    heap.free(workspace);
    for (let y = 0; y < 8; y++) {
      for (let p = 0; p < 8; p++) {
        for (let q = 0; q < 5; q++) {
          const value = out[(y * 8 + p) * 5 + q];
          const touched = (y < 2 && p < 2) || (y > 5 && p > 5);
          expect(isFinite(value)).toBe(!touched, `pixel ${y}, ${p}`);
          if (y < 2 && p < 2) expect(isNaN(value)).toBe(true, `pixel ${y}, ${p}`);
        }
      }
    }
  });

  it("without tiles, or out of range, write nothing", () => {
    const x = floats(64), none = guarded(0);
    winograd<u16>(changetype<usize>(none), changetype<usize>(x), changetype<usize>(x), 0, 0, 0, 4, 4, 2, 2, 4, 4, 1, 1, 12, 4, 2, 1, false, 4, 0, ALL_UNITS);
    winogradGradFilter<u16>(changetype<usize>(none), changetype<usize>(x), changetype<usize>(x), 0, 1, 4, 4, 2, 2, 4, 4, 1, 1, 4, 1, ALL_UNITS);
    expect(none[0]).toBe(GUARD);
  });
});
