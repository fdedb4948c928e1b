// Winograd's algorithm along the rows of images in lanes: two neighbouring results from 4 products where there were 6 (three taps) or from 3 where
// there were 4 (two taps). A filter row is cut into runs of three and two taps: seven products for five taps of a pair instead of ten.
//   three taps on d0 … d3:  first (d0 − d2)·w0    both (d1 + d2)·(w0 + w1 + w2)/2    differ (d2 − d1)·(w0 − w1 + w2)/2    second (d3 − d1)·w2
//   two taps on d0 … d2:    first (d0 − d1)·w0    both d1·(w0 + w1)                                                       second (d2 − d1)·w1
// Sums of all runs, rows and channels are taken before they are put together: y0 = first + both + differ, y1 = second + both − differ.
// Only halves and sums of two or three: as exact as the plain sum, to about a bit.
import { copyBand } from "./conv.patch";
import { convolvePixels, fillPixels, packBlocks } from "./lane.rows";
import { blockChannels, LANES, LANE_BYTES } from "./lane.tile";

/** The four sums of a pair, in the order of memory. */
const FIRST = 0, SECOND = 2;
export const BOTH = 1, DIFFER = 3, SUMS = 4;

/** Runs of two taps in a filter row; the rest are threes. */
@inline
export function twosOf(kw: i32): i32 {
  return (3 - kw % 3) % 3;
}

/** Products of a sum for one channel of a filter row: one a run, but `differ` has those of three taps only. */
@inline
export function productsOf(sum: i32, kw: i32): i32 {
  const twos = twosOf(kw), threes = (kw - 2 * twos) / 3;
  return sum == DIFFER ? threes : threes + twos;
}

/** Products of all sums. */
@inline
export function allProducts(kw: i32): i32 {
  return 3 * productsOf(BOTH, kw) + productsOf(DIFFER, kw);
}

/**
 * The filter of each sum, packed as packBlocks does: panels[sum][blocks][kh][products][c][width], with room for kh · products · c · o floats of one sum
 * behind them. Steps as packBlocks'. Returns the address behind the panels.
 */
export function packPairs(
  w: usize, kh: i32, kw: i32, c: i32, o: i32, rowStep: i32, tapStep: i32, zStep: i32, qStep: i32, panels: usize,
): usize {
  const plain = panels + (<usize>(kh * allProducts(kw) * c * blockChannels(o)) << 2);
  const tap = tapStep << 2, cell = c * o;
  for (let sum = 0; sum < SUMS; sum++) {
    const products = productsOf(sum, kw), threes = productsOf(DIFFER, kw);
    let target = plain;
    for (let y = 0; y < kh; y++) {
      for (let run = 0; run < products; run++) {
        const first = run < threes ? 3 * run : 3 * threes + 2 * (run - threes);
        for (let z = 0; z < c; z++) {
          for (let q = 0; q < o; q++, target += 4) {
            const p = w + (y * rowStep + first * tapStep + z * zStep + q * qStep << 2);
            const w0 = load<f32>(p), w1 = load<f32>(p + tap);
            if (run >= threes) store<f32>(target, sum == FIRST ? w0 : sum == BOTH ? w0 + w1 : w1);
            else {
              const w2 = load<f32>(p + 2 * tap);
              store<f32>(target, sum == FIRST ? w0 : sum == SECOND ? w2 : ((w0 + w2) + (sum == BOTH ? w1 : -w1)) * 0.5);
            }
          }
        }
      }
    }
    panels = packBlocks(plain, kh, products, c, o, products * cell, cell, o, 1, panels);
  }
  return panels;
}

/** Bytes of a row of the products' left factors. */
@inline
export function transformedRow(ow: i32, kw: i32, c: i32): usize {
  return <usize>((ow + 1 >> 1) * allProducts(kw) * c) * LANE_BYTES;
}

/** One group x[h, w, c] as convolvePairs reads it: the left factors of all rows, and room. */
export function transformImage(x: usize, h: i32, w: i32, c: i32, kw: i32, padLeft: i32, ow: i32, target: usize): void {
  transformRows(x, h, w, c, kw, 0, h, padLeft, ow, target + <usize>h * transformedRow(ow, kw, c), target);
}

/**
 * Rows top … top + rows of one group x[h, w, c], zeros around it, as the products' left factors: target[row][sum][pair][products][c].
 * padded: room for one row of the pixels that pairs see.
 */
export function transformRows(
  x: usize, h: i32, w: i32, c: i32, kw: i32, top: i32, rows: i32, padLeft: i32, ow: i32, padded: usize, target: usize,
): void {
  const pairs = ow + 1 >> 1;
  const pixel = <usize>c * LANE_BYTES;
  const most = productsOf(BOTH, kw), threes = productsOf(DIFFER, kw);
  const step = <usize>most * pixel, between = <usize>pairs * step;
  for (let y = top; y < top + rows; y++) {
    copyBand(x, h, w, c * LANES, y, 1, padLeft, 2 * pairs + kw - 1, padded);
    let source = padded, differ = target + 3 * between;
    for (let pair = 0; pair < pairs; pair++, source += 2 * pixel) {
      let d = source;
      let at = target + <usize>pair * step;
      for (let run = 0; run < most; run++) {
        const isThree = run < threes;
        for (let i: usize = 0; i < pixel; i += 16, at += 16) {
          const d0 = v128.load(d + i), d1 = v128.load(d + pixel + i), d2 = v128.load(d + 2 * pixel + i);
          if (isThree) {
            v128.store(at, f32x4.sub(d0, d2));
            v128.store(at + between, f32x4.add(d1, d2));
            v128.store(at + 2 * between, f32x4.sub(v128.load(d + 3 * pixel + i), d1));
            v128.store(differ + i, f32x4.sub(d2, d1));
          } else {
            v128.store(at, f32x4.sub(d0, d1));
            v128.store(at + between, d1);
            v128.store(at + 2 * between, f32x4.sub(d2, d1));
          }
        }
        if (isThree) differ += pixel;
        d += <usize>(isThree ? 3 : 2) * pixel;
      }
    }
    target = differ;
  }
}

/**
 * Rows `first` … `end` of act(bias + the convolution of one group with the packed filter), row r at out + r · outRow, from what transformImage made.
 * zeros: o floats.
 */
export function convolvePairs(
  out: usize, outRow: usize, transformed: usize, h: i32, c: i32, panels: usize, bias: usize, zeros: usize, kh: i32, kw: i32, o: i32,
  ow: i32, padTop: i32, first: i32, end: i32, relu: bool,
): void {
  const pairs = ow + 1 >> 1;
  const pixel = <usize>c * LANE_BYTES, outPixel = <usize>o * LANE_BYTES;
  const row = transformedRow(ow, kw, c), sumRow = <usize>pairs * outPixel;
  // The padded row is done with.
  const sums = transformed + <usize>h * row;
  for (let y = first; y < end; y++, out += outRow) {
    const top = y - padTop, k0 = max(0, -top), runs = min(kh, h - top) - k0;
    if (runs <= 0) {
      fillPixels(out, outPixel, ow, bias, o, relu);
      continue;
    }
    let source = transformed + <usize>(top + k0) * row, panel = panels;
    for (let sum = 0; sum < SUMS; sum++) {
      const products = productsOf(sum, kw), step = <usize>products * pixel;
      // A sum of no products is never read.
      if (products == 0) break;
      convolvePixels(
        sums + <usize>sum * sumRow, outPixel, pairs, source, row, pixel, step, panel, sum == BOTH ? bias : zeros, c, kh, products, o, k0, runs, 0, products, false,
      );
      source += <usize>pairs * step;
      panel += <usize>(kh * products * c * blockChannels(o)) << 2;
    }
    addSums(sums, sumRow, outPixel, ow, productsOf(DIFFER, kw) > 0, relu, out);
  }
}

/** A row of results from its sums. */
function addSums(sums: usize, sumRow: usize, pixel: usize, ow: i32, differs: bool, relu: bool, out: usize): void {
  const zero = f32x4.splat(0);
  for (; ow > 0; ow -= 2, sums += pixel, out += 2 * pixel) {
    for (let i: usize = 0; i < pixel; i += 16) {
      const p = sums + i;
      const both = v128.load(p + sumRow), differ = differs ? v128.load(p + 3 * sumRow) : zero;
      let y0 = f32x4.add(f32x4.add(both, differ), v128.load(p)), y1 = f32x4.add(f32x4.sub(both, differ), v128.load(p + 2 * sumRow));
      if (relu) {
        y0 = f32x4.pmax(y0, zero);
        y1 = f32x4.pmax(y1, zero);
      }
      v128.store(out + i, y0);
      if (ow > 1) v128.store(out + pixel + i, y1);
    }
  }
}

/** Rows of dy as the products' right factors: target[sum][row][pair][o]. */
export function transformGradients(dy: usize, rows: i32, ow: i32, o: i32, target: usize): void {
  const pixel = <usize>o * LANE_BYTES, between = <usize>(rows * (ow + 1 >> 1)) * pixel;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < ow; x += 2) {
      for (let i: usize = 0; i < pixel; i += 16) {
        const y0 = v128.load(dy + i), y1 = x + 1 < ow ? v128.load(dy + pixel + i) : f32x4.splat(0);
        const at = target + i;
        v128.store(at, y0);
        v128.store(at + between, f32x4.add(y0, y1));
        v128.store(at + 2 * between, y1);
        v128.store(at + 3 * between, f32x4.sub(y0, y1));
      }
      dy += <usize>min(2, ow - x) * pixel;
      target += pixel;
    }
  }
}
