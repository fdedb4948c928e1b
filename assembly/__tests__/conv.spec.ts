// f32_conv2d and its two gradients against plain scalar loops in float64, whole and cut into ranges of units.
import { conv2d } from "../conv";
import { conv2dGradFilter, conv2dGradInput } from "../conv.grad";
import { floats, GUARD, guarded, same } from "./data";

const WORKSPACE_BYTES = 1 << 23;
const ALL_UNITS = (1 << 23) - 1;

// n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups
const FIELDS = 16;
const CASES: StaticArray<i32> = [
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1,
  2, 5, 6, 3, 1, 1, 7, 5, 6, 1, 1, 0, 0, 1, 1, 1, // a plain product
  3, 4, 3, 5, 4, 3, 9, 1, 1, 1, 1, 0, 0, 1, 1, 1, // a filter as large as the image
  2, 5, 5, 4, 1, 1, 8, 3, 3, 2, 2, 0, 0, 1, 1, 1, // 1×1 with stride
  2, 28, 28, 1, 5, 5, 6, 28, 28, 1, 1, 2, 2, 1, 1, 1, // LeNet, first
  2, 14, 14, 6, 5, 5, 16, 10, 10, 1, 1, 0, 0, 1, 1, 1, // LeNet, second
  1, 9, 9, 8, 3, 3, 8, 9, 9, 1, 1, 1, 1, 1, 1, 1,
  1, 8, 7, 7, 3, 3, 9, 8, 7, 1, 1, 1, 1, 1, 1, 1, // odd channels
  2, 9, 8, 3, 3, 3, 4, 5, 4, 2, 2, 1, 1, 1, 1, 1, // stride
  1, 9, 11, 5, 2, 3, 3, 3, 4, 3, 2, 0, 1, 1, 1, 1,
  1, 10, 10, 2, 3, 3, 5, 8, 8, 1, 1, 1, 1, 2, 2, 1, // dilation
  2, 11, 9, 4, 3, 2, 10, 4, 5, 2, 2, 1, 1, 2, 3, 1,
  1, 6, 6, 1, 3, 3, 2, 3, 3, 2, 2, 1, 1, 1, 1, 1, // one channel with stride
  1, 6, 7, 1, 3, 3, 2, 4, 5, 1, 1, 1, 1, 2, 2, 1, // one channel with dilation
  1, 2, 2, 3, 3, 3, 5, 2, 2, 1, 1, 1, 1, 1, 1, 1, // every patch reaches over the border
  1, 3, 3, 2, 5, 5, 1, 3, 3, 1, 1, 2, 2, 1, 1, 1,
  1, 4, 4, 2, 3, 3, 3, 4, 4, 1, 1, 0, 0, 1, 1, 1, // padded at the bottom and right only
  1, 12, 12, 2, 3, 3, 3, 4, 4, 2, 2, 0, 0, 1, 1, 1, // rows and columns that no patch sees
  1, 30, 60, 33, 3, 3, 3, 30, 60, 1, 1, 1, 1, 1, 1, 1, // several bands
  1, 3, 300, 2, 3, 3, 5, 3, 300, 1, 1, 1, 1, 1, 1, 1, // rows longer than a block of pixels
  1, 5, 5, 129, 3, 3, 300, 5, 5, 1, 1, 1, 1, 1, 1, 1, // several blocks of steps
  1, 4, 4, 290, 3, 2, 5, 2, 3, 1, 1, 0, 0, 1, 1, 1, // runs of one tap
  2, 7, 6, 6, 3, 3, 4, 5, 4, 1, 1, 0, 0, 1, 1, 2, // groups
  1, 9, 8, 12, 3, 2, 21, 5, 4, 2, 2, 1, 0, 1, 1, 3, // groups with stride and odd filters
  1, 6, 5, 5, 2, 3, 10, 6, 3, 1, 1, 1, 0, 2, 1, 5, // groups of one channel, dilation
  1, 5, 5, 520, 3, 3, 16, 5, 5, 1, 1, 1, 1, 1, 1, 2, // groups of several blocks of steps
  1, 4, 4, 4, 1, 1, 600, 4, 4, 1, 1, 0, 0, 1, 1, 2, // groups of several blocks of filters
];

/** What differs between out and the reference, or "". Sums of k products below 1/4: √k · 2⁻²³ is their usual error. */
function difference(what: string, row: i32, out: StaticArray<f32>, reference: StaticArray<f64>, k: i32): string {
  const tolerance = 3e-7 * (1 + <f64>k) ** 0.5 + 1e-7;
  for (let i = 0; i < reference.length; i++) {
    if (!(abs(<f64>out[i] - reference[i]) <= tolerance)) return `case ${row}, ${what}[${i}]: expected ${reference[i]}, got ${out[i]}`;
  }
  for (let i = reference.length; i < out.length; i++) if (out[i] != GUARD) return `case ${row}: ${what} is written past its end`;
  return "";
}

/** All three kernels on one case; relu only forward. Returns what differs, or "". */
function compare(at: i32, withBias: bool, relu: bool): string {
  const row = at / FIELDS;
  const n = CASES[at], h = CASES[at + 1], w = CASES[at + 2], c = CASES[at + 3], kh = CASES[at + 4], kw = CASES[at + 5], o = CASES[at + 6];
  const oh = CASES[at + 7], ow = CASES[at + 8], strideH = CASES[at + 9], strideW = CASES[at + 10];
  const padTop = CASES[at + 11], padLeft = CASES[at + 12], dilationH = CASES[at + 13], dilationW = CASES[at + 14];
  const groups = CASES[at + 15], channels = c / groups, filters = o / groups;
  const x = floats(n * h * w * c), filter = floats(kh * kw * channels * o), dy = floats(n * oh * ow * o), bias = floats(o);
  const y = new StaticArray<f64>(n * oh * ow * o), dw = new StaticArray<f64>(kh * kw * channels * o), dx = new StaticArray<f64>(n * h * w * c);
  for (let i = 0; i < n; i++) {
    for (let py = 0; py < oh; py++) {
      for (let px = 0; px < ow; px++) {
        for (let q = 0; q < o; q++) {
          const out = ((i * oh + py) * ow + px) * o + q;
          const g = <f64>dy[out];
          let sum: f64 = withBias ? bias[q] : 0;
          for (let ky = 0; ky < kh; ky++) {
            const iy = py * strideH - padTop + ky * dilationH;
            if (iy < 0 || iy >= h) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = px * strideW - padLeft + kx * dilationW;
              if (ix < 0 || ix >= w) continue;
              for (let z = 0; z < channels; z++) {
                const a = ((i * h + iy) * w + ix) * c + q / filters * channels + z, b = ((ky * kw + kx) * channels + z) * o + q;
                sum += <f64>x[a] * <f64>filter[b];
                dw[b] += <f64>x[a] * g;
                dx[a] += <f64>filter[b] * g;
              }
            }
          }
          y[out] = relu && sum < 0 ? 0 : sum;
        }
      }
    }
  }
  const gotY = guarded(y.length), gotDw = guarded(dw.length), gotDx = guarded(dx.length);
  const cutY = guarded(y.length), cutDw = guarded(dw.length), cutDx = guarded(dx.length);
  const memory = heap.alloc(WORKSPACE_BYTES);
  const workspace = (memory + 15) & ~15;
  const pX = changetype<usize>(x), pW = changetype<usize>(filter), pDy = changetype<usize>(dy), pBias = withBias ? changetype<usize>(bias) : 0;
  for (let part = 0; part < 4; part++) {
    // The whole, then three ranges that meet at units 1 and 2.
    const first = part == 0 ? 0 : part - 1, end = part == 0 || part == 3 ? ALL_UNITS : part;
    const outY = changetype<usize>(part == 0 ? gotY : cutY), outDw = changetype<usize>(part == 0 ? gotDw : cutDw), outDx = changetype<usize>(part == 0 ? gotDx : cutDx);
    conv2d(outY, pX, pW, pBias, workspace, n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups, relu, first, end);
    conv2dGradFilter(outDw, pX, pDy, workspace, n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups, first, end);
    conv2dGradInput(outDx, pDy, pW, workspace, n, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft, dilationH, dilationW, groups, first, end);
  }
  heap.free(memory);
  for (let i = 0; i < gotY.length; i++) if (!same(gotY[i], cutY[i])) return `case ${row}: y[${i}] depends on the ranges`;
  for (let i = 0; i < gotDw.length; i++) if (!same(gotDw[i], cutDw[i])) return `case ${row}: dw[${i}] depends on the ranges`;
  for (let i = 0; i < gotDx.length; i++) if (!same(gotDx[i], cutDx[i])) return `case ${row}: dx[${i}] depends on the ranges`;
  let told = difference("y", row, gotY, y, kh * kw * c);
  if (told == "") told = difference("dw", row, gotDw, dw, n * oh * ow);
  if (told == "") told = difference("dx", row, gotDx, dx, kh * kw * o);
  return told;
}

describe("f32_conv2d, f32_conv2d_grad_filter, f32_conv2d_grad_input", () => {
  it("equal the scalar loops for every stride, padding, dilation and number of channels", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, false, false)).toBe("");
  });

  it("add the bias and apply relu in the store", () => {
    for (let at = 0; at < CASES.length; at += FIELDS) expect(compare(at, true, true)).toBe("");
  });

  it("relu keeps NaN, and a NaN stays with the patches that see it", () => {
    const x = floats(6 * 6 * 2), filter = floats(3 * 3 * 2 * 5), out = guarded(6 * 6 * 5);
    x[0] = NaN;
    const workspace = heap.alloc(1 << 16);
    conv2d(changetype<usize>(out), changetype<usize>(x), changetype<usize>(filter), 0, (workspace + 15) & ~15, 1, 6, 6, 2, 3, 3, 5, 6, 6, 1, 1, 1, 1, 1, 1, 1, true, 0, ALL_UNITS);
    heap.free(workspace);
    for (let y = 0; y < 6; y++) {
      for (let p = 0; p < 6; p++) {
        for (let q = 0; q < 5; q++) expect(isNaN(out[(y * 6 + p) * 5 + q])).toBe(y < 2 && p < 2, `pixel ${y}, ${p}`);
      }
    }
  });

  it("without images do nothing; without output pixels the gradients are zero", () => {
    const x = floats(18), filter = floats(18 * 2), none = guarded(0), dw = guarded(36), dx = guarded(18);
    const pX = changetype<usize>(x), pW = changetype<usize>(filter);
    conv2d(changetype<usize>(none), pX, pW, 0, 0, 0, 3, 3, 2, 3, 3, 2, 1, 1, 1, 1, 0, 0, 1, 1, 1, false, 0, ALL_UNITS);
    expect(none[0]).toBe(GUARD);
    conv2dGradFilter(changetype<usize>(dw), pX, pX, 0, 0, 3, 3, 2, 3, 3, 2, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, ALL_UNITS);
    conv2dGradInput(changetype<usize>(dx), pX, pW, 0, 1, 3, 3, 2, 3, 3, 2, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, ALL_UNITS);
    for (let i = 0; i < 36; i++) expect(dw[i]).toBe(0);
    for (let i = 0; i < 18; i++) expect(dx[i]).toBe(0);
    expect(dw[36]).toBe(GUARD);
    expect(dx[18]).toBe(GUARD);
  });
});
