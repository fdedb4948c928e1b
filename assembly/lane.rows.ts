// Rows of an image-lane convolution: what forward and input gradient share. The filter is packed once a step into blocks of channels;
// at the border runs are clipped to the image, so padding costs no work.
import { blockChannels, f32_lane_3x8, f32_lane_4x8, firstChannel, LANE_BYTES, NARROW, WIDE, wideBlocks } from "./lane.tile";

/**
 * Packs w into panels[blocks][kh][kw][c][width]: element (y, x, z, q) of the result is w[y·rowStep + x·tapStep + z·zStep + q·qStep], in floats.
 * Steps may be negative: the input gradient turns the filter round. Returns the address behind the panels.
 */
export function packBlocks(
  w: usize, kh: i32, kw: i32, c: i32, o: i32, rowStep: i32, tapStep: i32, zStep: i32, qStep: i32, panels: usize,
): usize {
  const wide = WIDE * wideBlocks(o), all = blockChannels(o);
  let width = WIDE;
  for (let at = 0; at < all; at += width) {
    width = at < wide ? WIDE : NARROW;
    const first = firstChannel(at, wide, o);
    for (let y = 0; y < kh; y++) {
      for (let x = 0; x < kw; x++) {
        let p = w + ((y * rowStep + x * tapStep + first * qStep) << 2);
        for (let z = 0; z < c; z++, p += zStep << 2) {
          for (let q = 0; q < width; q++, panels += 4) store<f32>(panels, load<f32>(p + (q * qStep << 2)));
        }
      }
    }
  }
  return panels;
}

/** Writes bias (zeros where it is 0) in floats, −0 as 0, so that no sum is −0. */
export function packBias(bias: usize, o: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>o << 2; i += 4) store<f32>(target + i, (bias ? load<f32>(bias + i) : 0) + 0);
}

/**
 * Rows `first` … `end` of act(bias + the convolution of one group x[h, w, c] with the packed filter), row r at out + r · outRow.
 * outRow and outPixel are bytes; Rows and pixels may be further apart than the tensor's own. Stride and padding in pixels; the
 * padding may be negative.
 */
export function convolveRows(
  out: usize, outRow: usize, outPixel: usize, x: usize, h: i32, w: i32, c: i32, panels: usize, bias: usize, kh: i32, kw: i32, o: i32,
  ow: i32, strideH: i32, strideW: i32, padTop: i32, padLeft: i32, first: i32, end: i32, relu: bool,
): void {
  const pixel = <usize>c * LANE_BYTES, row = <usize>w * pixel;
  const lastFull = padLeft + w >= kw ? (padLeft + w - kw) / strideW : -1;
  for (let y = first; y < end; y++, out += outRow) {
    const top = y * strideH - padTop;
    const k0 = max(0, -top), runs = min(kh, h - top) - k0;
    let target = out;
    let pixels = 1;
    for (let i = 0; i < ow; i += pixels, target += <usize>pixels * outPixel) {
      const left = i * strideW - padLeft;
      const j0 = max(0, -left), taps = min(kw, w - left) - j0;
      pixels = taps > 0 && taps == kw ? min(ow, lastFull + 1) - i : 1;
      if (runs <= 0 || taps <= 0) fillPixels(target, outPixel, pixels, bias, o, relu);
      else {
        convolvePixels(
          target, outPixel, pixels, x + <usize>(top + k0) * row + <usize>(left + j0) * pixel, row, pixel, <usize>strideW * pixel,
          panels, bias, c, kh, kw, o, k0, runs, j0, taps, relu,
        );
      }
    }
  }
}

/** Neighbouring pixels of a row, all of which see the taps from (k0, j0) on, `runs` rows of `taps`. */
export function convolvePixels(
  out: usize, outPixel: usize, pixels: i32, source: usize, row: usize, pixel: usize, step: usize,
  panels: usize, bias: usize, c: i32, kh: i32, kw: i32, o: i32, k0: i32, runs: i32, j0: i32, taps: i32, relu: bool,
): void {
  const wide = WIDE * wideBlocks(o), all = blockChannels(o);
  const runBytes = <usize>taps * pixel;
  const sourceSkip = row - runBytes;
  const skipped = (k0 * kw + j0) * c << 2, between = (kw - taps) * c << 2, depth = kh * kw * c << 2;
  let at = 0;
  for (; at < wide; at += WIDE, panels += <usize>(WIDE * depth)) {
    f32_lane_4x8(
      panels + <usize>(WIDE * skipped), <usize>(WIDE * between), source, runs, runBytes, sourceSkip, step,
      out + <usize>at * LANE_BYTES, outPixel, pixels, bias + (<usize>at << 2), relu,
    );
  }
  for (; at < all; at += NARROW, panels += <usize>(NARROW * depth)) {
    const channel = <usize>firstChannel(at, wide, o);
    f32_lane_3x8(
      panels + <usize>(NARROW * skipped), <usize>(NARROW * between), source, runs, runBytes, sourceSkip, step,
      out + channel * LANE_BYTES, outPixel, pixels, bias + (channel << 2), relu,
    );
  }
}

/** Pixels that see nothing but padding. */
export function fillPixels(out: usize, outPixel: usize, pixels: i32, bias: usize, o: i32, relu: bool): void {
  for (; pixels > 0; pixels--, out += outPixel) {
    for (let q: usize = 0; q < <usize>o; q++) {
      let value = v128.load32_splat(bias + (q << 2));
      if (relu) value = f32x4.pmax(value, f32x4.splat(0));
      v128.store(out + q * LANE_BYTES, value);
      v128.store(out + q * LANE_BYTES, value, 16);
    }
  }
}
