// f32_depthwise_conv2d, forward and as its own gradient by input, and f32_depthwise_conv2d_grad_filter against plain scalar loops in float64.
import { depthwiseConv2d, depthwiseGradFilter } from "../depthwise";
import { floats, GUARD, guarded, same } from "./data";

const ALL_UNITS = (1 << 23) - 1;
const TAPS = new StaticArray<u32>(128);

// n, h, w, c, kh, kw, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW
const FIELDS = 14;
const CASES: StaticArray<i32> = [
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1,
  2, 7, 9, 8, 3, 3, 7, 9, 1, 1, 1, 1, 1, 1,
  1, 5, 12, 5, 3, 3, 3, 10, 1, 1, 0, 0, 1, 1, // whole rows of inner pixels
  2, 9, 8, 3, 3, 3, 5, 4, 2, 2, 1, 1, 1, 1, // stride
  1, 11, 23, 17, 5, 4, 4, 7, 3, 3, 2, 1, 1, 1,
  1, 10, 14, 6, 3, 3, 6, 10, 1, 1, 0, 0, 2, 2, // dilation
  1, 9, 9, 4, 2, 3, 4, 3, 2, 3, 1, 2, 2, 2,
  1, 2, 2, 7, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, // no inner pixel
  1, 3, 4, 2, 5, 5, 3, 4, 1, 1, 2, 2, 1, 1,
  1, 6, 5, 64, 3, 3, 6, 5, 1, 1, 2, 2, 1, 1, // padded at the top and left only
];

function difference(what: string, row: i32, out: StaticArray<f32>, cut: StaticArray<f32>, reference: StaticArray<f64>, k: i32): string {
  const tolerance = 3e-7 * (1 + <f64>k) ** 0.5;
  for (let i = 0; i < out.length; i++) if (!same(out[i], cut[i])) return `case ${row}: ${what}[${i}] depends on the ranges`;
  for (let i = 0; i < reference.length; i++) {
    if (!(abs(<f64>out[i] - reference[i]) <= tolerance)) return `case ${row}, ${what}[${i}]: expected ${reference[i]}, got ${out[i]}`;
  }
  for (let i = reference.length; i < out.length; i++) if (out[i] != GUARD) return `case ${row}: ${what} is written past its end`;
  return "";
}

function compare(at: i32, withBias: bool, relu: bool): string {
  const row = at / FIELDS;
  const n = CASES[at], h = CASES[at + 1], w = CASES[at + 2], c = CASES[at + 3], kh = CASES[at + 4], kw = CASES[at + 5];
  const oh = CASES[at + 6], ow = CASES[at + 7], strideH = CASES[at + 8], strideW = CASES[at + 9];
  const padTop = CASES[at + 10], padLeft = CASES[at + 11], dilationH = CASES[at + 12], dilationW = CASES[at + 13];
  const x = floats(n * h * w * c), filter = floats(kh * kw * c), dy = floats(n * oh * ow * c), bias = floats(c);
  const y = new StaticArray<f64>(n * oh * ow * c), dw = new StaticArray<f64>(kh * kw * c), dx = new StaticArray<f64>(n * h * w * c);
  for (let i = 0; i < n; i++) {
    for (let py = 0; py < oh; py++) {
      for (let px = 0; px < ow; px++) {
        for (let tap = 0; tap < kh * kw; tap++) {
          const iy = py * strideH - padTop + tap / kw * dilationH, ix = px * strideW - padLeft + tap % kw * dilationW;
          if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
          for (let z = 0; z < c; z++) {
            const a = ((i * h + iy) * w + ix) * c + z, b = tap * c + z, out = ((i * oh + py) * ow + px) * c + z;
            y[out] += <f64>x[a] * <f64>filter[b];
            dw[b] += <f64>x[a] * <f64>dy[out];
            dx[a] += <f64>filter[b] * <f64>dy[out];
          }
        }
        for (let z = 0; z < c; z++) {
          const out = ((i * oh + py) * ow + px) * c + z;
          if (withBias) y[out] += bias[z];
          if (relu && y[out] < 0) y[out] = 0;
        }
      }
    }
  }
  const gotY = guarded(y.length), gotDw = guarded(dw.length), gotDx = guarded(dx.length);
  const cutY = guarded(y.length), cutDw = guarded(dw.length), cutDx = guarded(dx.length);
  const pX = changetype<usize>(x), pW = changetype<usize>(filter), pDy = changetype<usize>(dy), pBias = withBias ? changetype<usize>(bias) : 0, taps = changetype<usize>(TAPS);
  for (let part = 0; part < 4; part++) {
    // The whole, then three ranges that meet at units 1 and 2.
    const first = part == 0 ? 0 : part - 1, end = part == 0 || part == 3 ? ALL_UNITS : part;
    const outY = changetype<usize>(part == 0 ? gotY : cutY), outDw = changetype<usize>(part == 0 ? gotDw : cutDw), outDx = changetype<usize>(part == 0 ? gotDx : cutDx);
    depthwiseConv2d(outY, pX, pW, pBias, taps, n, h, w, c, kh, kw, oh, ow, strideH, strideW, 1, 1, padTop, padLeft, dilationH, dilationW, relu, first, end);
    depthwiseConv2d(outDx, pDy, pW, 0, taps, n, oh, ow, c, kh, kw, h, w, 1, 1, strideH, strideW, -padTop, -padLeft, -dilationH, -dilationW, false, first, end);
    depthwiseGradFilter(outDw, pX, pDy, n, h, w, c, kh, kw, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, first, end);
  }
  let told = difference("y", row, gotY, cutY, y, kh * kw);
  if (told == "") told = difference("dx", row, gotDx, cutDx, dx, kh * kw);
  if (told == "") told = difference("dw", row, gotDw, cutDw, dw, n * oh * ow);
  return told;
}

describe("f32_depthwise_conv2d, f32_depthwise_conv2d_grad_filter", () => {
  it("equal the scalar loops for every stride, padding, dilation and number of channels", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, false, false)).toBe("");
  });

  it("add the bias and apply relu as they store", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, true, true)).toBe("");
  });

  it("relu keeps NaN; a NaN stays with its channel and with the pixels that see it", () => {
    const x = floats(5 * 5 * 5), filter = floats(9 * 5), out = guarded(5 * 5 * 5);
    x[2] = NaN;
    depthwiseConv2d(changetype<usize>(out), changetype<usize>(x), changetype<usize>(filter), 0, changetype<usize>(TAPS), 1, 5, 5, 5, 3, 3, 5, 5, 1, 1, 1, 1, 1, 1, 1, 1, true, 0, ALL_UNITS);
    for (let i = 0; i < 125; i++) expect(isNaN(out[i])).toBe(i % 5 == 2 && i / 25 < 2 && i / 5 % 5 < 2, `element ${i}`);
  });
});
