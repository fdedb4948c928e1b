// What the three convolution kernels share: the patch of an output pixel, as tables of byte offsets into its image.
// A pixel's patch is a list of runs of contiguous floats; pixel offset + run offset + step is an address, so nothing is unrolled into columns.
// Where patches reach over the border, a band of the image is copied into scratch with zeros around it.
import { storeLanes } from "./gemm.block";

/** A run joins the taps of a filter row up to this many steps; longer rows are one run a tap. */
export const LONGEST_RUN = 512;
/** A band of an image, with its patches' overlap, that stays in the second-level cache. */
export const BAND_BYTES = 196608;

/** Input rows (or columns) that `count` neighbouring outputs see. */
@inline
export function reach(count: i32, stride: i32, kernel: i32, dilation: i32): i32 {
  return (count - 1) * stride + (kernel - 1) * dilation + 1;
}

/** Whether some patch reaches over the border of the image. */
@inline
export function overhangs(h: i32, w: i32, rows: i32, columns: i32, padTop: i32, padLeft: i32): bool {
  return padTop > 0 || padLeft > 0 || rows > h || columns > w;
}

/** Steps of a run: the channels that a filter sees, of a row of taps where these lie side by side. */
@inline
export function runLength(c: i32, groups: i32, kw: i32, dilationW: i32): i32 {
  return groups == 1 && dilationW == 1 && kw * c <= LONGEST_RUN ? kw * c : c / groups;
}

/** Writes the offset of every run of a patch: kh, or kh·kw where a run is one tap. pitch: bytes of an image row. */
export function writeRuns(table: usize, c: i32, kh: i32, kw: i32, length: i32, pitch: usize, dilationH: i32, dilationW: i32): void {
  const taps = length <= c ? kw : 1;
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < taps; x++) {
      store<u32>(table, <u32>(<usize>(y * dilationH) * pitch + (<usize>(x * dilationW * c) << 2)));
      table += 4;
    }
  }
}

/** Writes the offset of every pixel of `rows` output rows. */
export function writePixels(table: usize, rows: i32, ow: i32, c: i32, pitch: usize, strideH: i32, strideW: i32): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < ow; x++) {
      store<u32>(table, <u32>(<usize>(y * strideH) * pitch + (<usize>(x * strideW * c) << 2)));
      table += 4;
    }
  }
}

/** Copies rows `top` … `top + rows` of image[h, w, c], columns −padLeft … columns − padLeft, with zeros where the image ends. */
export function copyBand(
  image: usize, h: i32, w: i32, c: i32, top: i32, rows: i32, padLeft: i32, columns: i32, band: usize,
): void {
  const left = min(padLeft, columns);
  const middle = min(w, columns - left);
  const right = columns - left - middle;
  for (let y = top; y < top + rows; y++) {
    if (y < 0 || y >= h) {
      band = clear(band, columns * c);
      continue;
    }
    band = clear(band, left * c);
    band = copyFloats(image + (<usize>(y * w * c) << 2), middle * c, band);
    band = clear(band, right * c);
  }
}

/** Zeros `count` floats; returns the address after them. */
export function clear(target: usize, count: i32): usize {
  const zero = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    v128.store(target, zero);
    target += 16;
  }
  if (count > 0) storeLanes(target, zero, count);
  return target + (<usize>count << 2);
}

/** Copies `count` floats; returns the address after the copy. Reads up to 12 bytes past the source. */
function copyFloats(source: usize, count: i32, target: usize): usize {
  for (; count >= 4; count -= 4) {
    v128.store(target, v128.load(source));
    source += 16;
    target += 16;
  }
  if (count > 0) storeLanes(target, v128.load(source), count);
  return target + (<usize>count << 2);
}
