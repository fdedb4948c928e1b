// Micro-kernels of the image-lane convolution: four (or three) output channels of eight images at once, pixel after pixel of a row.
// Images lie side by side in the lanes, so nothing is unrolled or packed but the filter: a value is a vector, a weight a splat.
// Every step ends in an exit test on purpose: V8 hoists all loads of a basic block, and two steps in one block spill accumulators.
import { madd } from "./gemm.micro";

/** Images of a group: two vectors. */
export const LANES = 8;
/** Bytes of one channel of one pixel. */
export const LANE_BYTES: usize = 32;
/** Channels of a block; blocks of three take what fours leave. A tensor has three channels at least. */
export const WIDE = 4;
export const NARROW = 3;

/** Blocks of four among `channels`; the rest is a multiple of three, but for five: its two blocks of three overlap by one channel. */
export function wideBlocks(channels: i32): i32 {
  return max(0, (channels - NARROW * ((WIDE - channels % WIDE) % WIDE)) / WIDE);
}

/** Channels that all blocks have together: those of the overlap count twice. */
export function blockChannels(channels: i32): i32 {
  const wide = WIDE * wideBlocks(channels);
  return wide + (channels - wide + NARROW - 1) / NARROW * NARROW;
}

/** First channel of the block that starts `at` channels into all blocks. */
@inline
export function firstChannel(at: i32, wide: i32, channels: i32): i32 {
  return at < wide ? at : min(at, channels - NARROW);
}

/**
 * out[pixels, 4, 8] = act(bias[4] + Σ over runs and steps of w[run, step, 4] · x[run, step, 8]), in ascending order.
 *
 * panel: the weights; after each run panelSkip more bytes are passed over. runBytes: LANE_BYTES · steps, at least one step.
 * sourceSkip: bytes from the end of a run to the next. sourceStep, outStep: bytes from pixel to pixel.
 */
export function f32_lane_4x8(
  panel: usize, panelSkip: usize, source: usize, runs: i32, runBytes: usize, sourceSkip: usize, sourceStep: usize,
  out: usize, outStep: usize, pixels: i32, bias: usize, relu: bool,
): void {
  let a: v128, b0123: v128, b4567: v128;
  do {
    let c0x0123 = v128.load32_splat(bias), c1x0123 = v128.load32_splat(bias, 4), c2x0123 = v128.load32_splat(bias, 8), c3x0123 = v128.load32_splat(bias, 12);
    let c0x4567 = c0x0123, c1x4567 = c1x0123, c2x4567 = c2x0123, c3x4567 = c3x0123;
    let w = panel, b = source, left = runs;
    do {
      const end = b + runBytes;
      while (true) {
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        a = v128.load32_splat(w, 12); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
        w += 16; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        a = v128.load32_splat(w, 12); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
        w += 16; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        a = v128.load32_splat(w, 12); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
        w += 16; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        a = v128.load32_splat(w, 12); c3x0123 = madd(a, b0123, c3x0123); c3x4567 = madd(a, b4567, c3x4567);
        w += 16; b += 32;
        if (b == end) break;
      }
      w += panelSkip;
      b += sourceSkip;
    } while (--left);
    if (relu) {
      const zero = f32x4.splat(0);
      c0x0123 = f32x4.pmax(c0x0123, zero); c0x4567 = f32x4.pmax(c0x4567, zero);
      c1x0123 = f32x4.pmax(c1x0123, zero); c1x4567 = f32x4.pmax(c1x4567, zero);
      c2x0123 = f32x4.pmax(c2x0123, zero); c2x4567 = f32x4.pmax(c2x4567, zero);
      c3x0123 = f32x4.pmax(c3x0123, zero); c3x4567 = f32x4.pmax(c3x4567, zero);
    }
    v128.store(out, c0x0123); v128.store(out, c0x4567, 16);
    v128.store(out, c1x0123, 32); v128.store(out, c1x4567, 48);
    v128.store(out, c2x0123, 64); v128.store(out, c2x4567, 80);
    v128.store(out, c3x0123, 96); v128.store(out, c3x4567, 112);
    source += sourceStep;
    out += outStep;
  } while (--pixels);
}

/** As f32_lane_4x8 for three channels. */
export function f32_lane_3x8(
  panel: usize, panelSkip: usize, source: usize, runs: i32, runBytes: usize, sourceSkip: usize, sourceStep: usize,
  out: usize, outStep: usize, pixels: i32, bias: usize, relu: bool,
): void {
  let a: v128, b0123: v128, b4567: v128;
  do {
    let c0x0123 = v128.load32_splat(bias), c1x0123 = v128.load32_splat(bias, 4), c2x0123 = v128.load32_splat(bias, 8);
    let c0x4567 = c0x0123, c1x4567 = c1x0123, c2x4567 = c2x0123;
    let w = panel, b = source, left = runs;
    do {
      const end = b + runBytes;
      while (true) {
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        w += 12; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        w += 12; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        w += 12; b += 32;
        if (b == end) break;
        b0123 = v128.load(b); b4567 = v128.load(b, 16);
        a = v128.load32_splat(w); c0x0123 = madd(a, b0123, c0x0123); c0x4567 = madd(a, b4567, c0x4567);
        a = v128.load32_splat(w, 4); c1x0123 = madd(a, b0123, c1x0123); c1x4567 = madd(a, b4567, c1x4567);
        a = v128.load32_splat(w, 8); c2x0123 = madd(a, b0123, c2x0123); c2x4567 = madd(a, b4567, c2x4567);
        w += 12; b += 32;
        if (b == end) break;
      }
      w += panelSkip;
      b += sourceSkip;
    } while (--left);
    if (relu) {
      const zero = f32x4.splat(0);
      c0x0123 = f32x4.pmax(c0x0123, zero); c0x4567 = f32x4.pmax(c0x4567, zero);
      c1x0123 = f32x4.pmax(c1x0123, zero); c1x4567 = f32x4.pmax(c1x4567, zero);
      c2x0123 = f32x4.pmax(c2x0123, zero); c2x4567 = f32x4.pmax(c2x4567, zero);
    }
    v128.store(out, c0x0123); v128.store(out, c0x4567, 16);
    v128.store(out, c1x0123, 32); v128.store(out, c1x4567, 48);
    v128.store(out, c2x0123, 64); v128.store(out, c2x4567, 80);
    source += sourceStep;
    out += outStep;
  } while (--pixels);
}
