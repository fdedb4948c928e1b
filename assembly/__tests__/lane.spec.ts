// The kernels on images in lanes against plain scalar loops in float64; any cut into ranges gives the same bits.
import { f32_lane_conv2d } from "../lane.conv";
import { f32_lane_conv2d_grad_filter, f32_lane_conv2d_grad_input } from "../lane.conv.grad";
import { from_lanes, to_lanes } from "../lane.layout";
import { f32_lane_unpool } from "../lane.pool";
import { at, floats, guarded, intact, same } from "./data";

const WORKSPACE_BYTES = 1 << 20;
const workspace = heap.alloc(WORKSPACE_BYTES + 16) + 15 & ~15;

/** The range, then the words. */
const STEP = new StaticArray<u32>(32);
const ALL = 1 << 23;

function words(first: i32, end: i32): usize {
  STEP[0] = first;
  STEP[1] = end;
  return at(STEP) + 8;
}

function put(index: i32, value: usize): void {
  STEP[2 + index] = <u32>value;
}

// images, h, w, c, kh, kw, o, oh, ow, strideH, strideW, padTop, padLeft
const FIELDS = 13;
const CASES: StaticArray<i32> = [
  8, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 0, 0,
  16, 10, 9, 1, 5, 5, 6, 10, 9, 1, 1, 2, 2, // LeNet's first, smaller
  24, 8, 8, 6, 5, 5, 16, 4, 4, 1, 1, 0, 0, // its second
  9, 7, 6, 3, 3, 3, 5, 7, 6, 1, 1, 1, 1, // five channels: blocks that overlap
  3, 6, 7, 4, 2, 3, 9, 5, 5, 1, 1, 0, 0,
  13, 9, 8, 3, 3, 3, 4, 5, 4, 2, 2, 1, 1, // stride
  8, 9, 11, 5, 2, 3, 7, 3, 4, 3, 3, 0, 1, // a stride as long as the filter and longer
  8, 5, 6, 3, 1, 1, 3, 3, 3, 2, 2, 0, 0, // pixels that no tap sees
  8, 3, 2, 4, 3, 3, 3, 5, 4, 1, 1, 2, 2, // pixels that see a corner
  8, 2, 2, 3, 3, 3, 10, 6, 6, 1, 1, 3, 3, // pixels that see padding alone
  16, 12, 12, 3, 3, 3, 4, 4, 4, 2, 2, 0, 0, // rows and columns that no patch sees
];

/** Element (image, value) of a tensor in lanes, `values` an image. */
function inLanes(image: i32, value: i32, values: i32): i32 {
  return ((image >> 3) * values + value) * 8 + (image & 7);
}

function convWords(row: i32): void {
  put(4, workspace);
  put(5, (CASES[row] + 7) / 8);
  for (let i = 1; i < FIELDS; i++) put(5 + i, CASES[row + i]);
  put(18, 1);
  put(19, 1);
}

function close(got: f32, expected: f64, k: i32): bool {
  return abs(<f64>got - expected) <= 3e-7 * (1 + <f64>k) ** 0.5 + 1e-7;
}

/** All kernels on one case, where they can by pairs. What lies in lanes without an image is NaN. Returns what differs, or "". */
function compare(row: i32, relu: bool, wanted: bool): string {
  const told = `case ${row / FIELDS}${wanted ? " by pairs" : ""}`;
  const n = CASES[row], h = CASES[row + 1], w = CASES[row + 2], c = CASES[row + 3], kh = CASES[row + 4], kw = CASES[row + 5], o = CASES[row + 6];
  const oh = CASES[row + 7], ow = CASES[row + 8], strideH = CASES[row + 9], strideW = CASES[row + 10], padTop = CASES[row + 11], padLeft = CASES[row + 12];
  const byPairs = wanted && strideH == 1 && strideW == 1 && kw > 1;
  const groups = (n + 7) / 8, xs = h * w * c, ys = oh * ow * o, ws = kh * kw * c * o;
  const x = floats(groups * 8 * xs), dy = floats(groups * 8 * ys), filter = floats(ws), bias = floats(o);
  for (let image = n; image < groups * 8; image++) {
    for (let i = 0; i < xs; i++) x[inLanes(image, i, xs)] = NaN;
    for (let i = 0; i < ys; i++) dy[inLanes(image, i, ys)] = NaN;
  }
  const y = new StaticArray<f64>(n * ys), dx = new StaticArray<f64>(n * xs), dw = new StaticArray<f64>(ws);
  for (let image = 0; image < n; image++) {
    for (let py = 0; py < oh; py++) {
      for (let px = 0; px < ow; px++) {
        for (let q = 0; q < o; q++) {
          const value = (py * ow + px) * o + q;
          const g = <f64>dy[inLanes(image, value, ys)];
          let sum = <f64>bias[q];
          for (let ky = 0; ky < kh; ky++) {
            const iy = py * strideH - padTop + ky;
            if (iy < 0 || iy >= h) continue;
            for (let kx = 0; kx < kw; kx++) {
              const ix = px * strideW - padLeft + kx;
              if (ix < 0 || ix >= w) continue;
              for (let z = 0; z < c; z++) {
                const a = (iy * w + ix) * c + z, b = ((ky * kw + kx) * c + z) * o + q;
                sum += <f64>x[inLanes(image, a, xs)] * <f64>filter[b];
                dw[b] += <f64>x[inLanes(image, a, xs)] * g;
                dx[image * xs + a] += <f64>filter[b] * g;
              }
            }
          }
          y[image * ys + value] = relu && sum < 0 ? 0 : sum;
        }
      }
    }
  }

  const gotY = guarded(groups * 8 * ys), cutY = guarded(groups * 8 * ys);
  convWords(row);
  put(0, at(gotY)); put(1, at(x)); put(2, at(filter)); put(3, at(bias)); put(20, relu); put(21, 0); put(22, 0); put(23, byPairs);
  f32_lane_conv2d(words(0, ALL));
  put(0, at(cutY));
  for (let g = groups - 1; g >= 0; g--) f32_lane_conv2d(words(g, g + 1));
  for (let image = 0; image < n; image++) {
    for (let i = 0; i < ys; i++) {
      const index = inLanes(image, i, ys);
      if (!close(gotY[index], y[image * ys + i], kh * kw * c)) return `${told}: y[${image}, ${i}] is ${gotY[index]}, expected ${y[image * ys + i]}`;
      if (!same(gotY[index], cutY[index])) return `${told}: y[${image}, ${i}] depends on the cut`;
    }
  }
  if (!intact(gotY, groups * 8 * ys) || !intact(cutY, groups * 8 * ys)) return `${told}: y is written past its end`;

  const parts = min(groups, 2);
  const gotDw = guarded(parts * ws), cutDw = guarded(parts * ws);
  put(0, at(gotDw)); put(2, at(dy)); put(3, n); put(20, parts); put(21, byPairs); put(22, relu ? 2 : 100); put(23, 0);
  f32_lane_conv2d_grad_filter(words(0, ALL));
  put(0, at(cutDw));
  for (let p = parts - 1; p >= 0; p--) f32_lane_conv2d_grad_filter(words(p, p + 1));
  for (let i = 0; i < ws; i++) {
    let sum: f32 = 0;
    for (let p = 0; p < parts; p++) sum += gotDw[p * ws + i];
    if (!close(sum, dw[i], n * oh * ow)) return `${told}: dw[${i}] is ${sum}, expected ${dw[i]}`;
  }
  for (let i = 0; i < parts * ws; i++) if (!same(gotDw[i], cutDw[i])) return `${told}: dw[${i}] depends on the cut`;
  if (!intact(gotDw, parts * ws)) return `${told}: dw is written past its end`;

  if (c < 3) return "";
  const gotDx = guarded(groups * 8 * xs);
  put(0, at(gotDx)); put(1, at(dy)); put(2, at(filter)); put(3, 0); put(20, byPairs && padLeft < kw); put(21, 0);
  for (let g = groups - 1; g >= 0; g--) f32_lane_conv2d_grad_input(words(g, g + 1));
  for (let image = 0; image < n; image++) {
    for (let i = 0; i < xs; i++) {
      const got = gotDx[inLanes(image, i, xs)];
      if (!close(got, dx[image * xs + i], kh * kw * o)) return `${told}: dx[${image}, ${i}] is ${got}, expected ${dx[image * xs + i]}`;
    }
  }
  return intact(gotDx, groups * 8 * xs) ? "" : `${told}: dx is written past its end`;
}

describe("f32_lane_conv2d, f32_lane_conv2d_grad_filter, f32_lane_conv2d_grad_input", () => {
  it("equal the scalar loops; lanes without an image take no part; ranges give the same bits", () => {
    for (let row = 0; row < CASES.length; row += FIELDS) {
      expect(compare(row, false, false)).toBe("");
      expect(compare(row, true, false)).toBe("");
      expect(compare(row, false, true)).toBe("");
      expect(compare(row, true, true)).toBe("");
    }
  });

  it("unpool a pooled gradient as they go: the bits are those of the unpooled one", () => {
    // 2 groups, 7×9 results of 5 channels.
    const sizes: StaticArray<i32> = [2, 7, 9, 3, 3, 3, 5, 7, 9, 1, 1, 1, 1, 1, 1];
    const pooled = 2 * 3 * 4 * 5 * 8, whole = 2 * 7 * 9 * 5 * 8, xs = 2 * 7 * 9 * 3 * 8, ws = 2 * 3 * 3 * 3 * 5;
    const dy = floats(pooled), winner = new StaticArray<i32>(pooled + 4), unpooled = new StaticArray<f32>(whole + 4), x = floats(xs), filter = floats(ws);
    for (let i = 0; i < pooled; i++) winner[i] = (i * 13 >> 2) & 3;
    put(0, at(unpooled)); put(1, at(dy)); put(2, at(winner)); put(3, 2); put(4, 7); put(5, 9); put(6, 5);
    f32_lane_unpool(words(0, ALL));
    for (let byPairs = 0; byPairs < 2; byPairs++) {
      const dw = guarded(ws), dwPooled = guarded(ws), dx = guarded(xs), dxPooled = guarded(xs);
      put(4, workspace);
      for (let i = 0; i < sizes.length; i++) put(5 + i, sizes[i]);
      put(0, at(dw)); put(1, at(x)); put(2, at(unpooled)); put(3, 16); put(20, 2); put(21, byPairs); put(22, 4); put(23, 0);
      f32_lane_conv2d_grad_filter(words(0, ALL));
      put(0, at(dwPooled)); put(2, at(dy)); put(23, at(winner));
      f32_lane_conv2d_grad_filter(words(0, ALL));
      put(0, at(dx)); put(1, at(unpooled)); put(2, at(filter)); put(20, byPairs); put(21, 0);
      f32_lane_conv2d_grad_input(words(0, ALL));
      put(0, at(dxPooled)); put(1, at(dy)); put(21, at(winner));
      f32_lane_conv2d_grad_input(words(1, ALL));
      f32_lane_conv2d_grad_input(words(0, 1));
      for (let i = 0; i < ws + 4; i++) expect(same(dw[i], dwPooled[i])).toBe(true, `dw[${i}]`);
      for (let i = 0; i < xs + 4; i++) expect(same(dx[i], dxPooled[i])).toBe(true, `dx[${i}]`);
    }
  });
});

describe("f32_lane_conv2d with pooling, f32_lane_unpool", () => {
  it("give the first of the largest of each window, and put its gradient back there; odd last rows and columns are left out", () => {
    // A filter that picks the pixel: what is pooled is x itself, with ties, zeros and a NaN of either sign.
    const h = 5, w = 7, o = 3, rows = 2, cols = 3, pooled = 2 * rows * cols * o * 8;
    const x = floats(2 * h * w * 8), filter = floats(o), bias = floats(o);
    for (let i = 0; i < 2 * h * w * 8; i++) {
      x[i] = <f32>(i * 7 % 5) - 2;
      // With a bias of −0 the sum would be −0, which as an unsigned integer is larger than any positive number.
      if (x[i] == 0 && i & 8) x[i] = -0.0;
    }
    x[3] = NaN;
    x[(w + 3) * 8 + 2] = -NaN;
    for (let q = 0; q < o; q++) {
      filter[q] = 1;
      bias[q] = q == 1 ? -0.0 : <f32>q - 1;
    }
    const value = guarded(pooled), alone = guarded(pooled), winner = new StaticArray<i32>(pooled + 4);
    const sizes: StaticArray<i32> = [2, h, w, 1, 1, 1, o, h, w, 1, 1, 0, 0, 1, 1];
    put(0, at(value)); put(1, at(x)); put(2, at(filter)); put(3, at(bias)); put(4, workspace);
    for (let i = 0; i < sizes.length; i++) put(5 + i, sizes[i]);
    put(20, 1); put(21, 1); put(22, at(winner)); put(23, 0);
    f32_lane_conv2d(words(0, 1));
    f32_lane_conv2d(words(1, ALL));
    put(0, at(alone)); put(22, 0);
    f32_lane_conv2d(words(0, ALL));

    const dy = floats(pooled), dx = guarded(2 * h * w * o * 8);
    put(0, at(dx)); put(1, at(dy)); put(2, at(winner)); put(3, 2); put(4, h); put(5, w); put(6, o);
    f32_lane_unpool(words(1, ALL));
    f32_lane_unpool(words(0, 1));
    let flows = 0;
    for (let i = 0; i < pooled; i++) {
      const lane = i & 7, q = (i >> 3) % o, px = (i / (8 * o)) % cols, py = (i / (8 * o * cols)) % rows, g = i / (8 * o * cols * rows);
      let best: f32 = -1, place = 0;
      for (let k = 0; k < 4; k++) {
        const sum: f32 = x[((g * h + 2 * py + (k >> 1)) * w + 2 * px + (k & 1)) * 8 + lane] + (bias[q] + 0);
        const y = sum < 0 ? <f32>0 : sum;
        if (y > best || (isNaN(y) && !isNaN(best))) {
          best = y;
          place = k;
        }
      }
      expect(same(value[i], best)).toBe(true, `value ${i} is ${value[i]}, expected ${best}`);
      expect(same(alone[i], best)).toBe(true, `value ${i} without winners is ${alone[i]}`);
      expect(winner[i]).toBe(place, `winner ${i}`);
      for (let k = 0; k < 4; k++) {
        const flow = dx[(((g * h + 2 * py + (k >> 1)) * w + 2 * px + (k & 1)) * o + q) * 8 + lane];
        expect(flow).toBe(k == place ? dy[i] : 0, `gradient ${k} of window ${i}`);
        if (flow != 0) flows++;
      }
    }
    // All else is zeros.
    for (let i = 0; i < 2 * h * w * o * 8; i++) if (dx[i] != 0) flows--;
    expect(flows).toBe(0);
    expect(intact(value, pooled) && intact(alone, pooled) && intact(dx, 2 * h * w * o * 8)).toBe(true);
  });
});

describe("to_lanes, from_lanes", () => {
  it("turn every image into a lane and back; lanes without an image are 0", () => {
    for (let images = 1; images <= 17; images += 4) {
      for (let values = 1; values <= 9; values += 2) {
        const groups = (images + 7) / 8;
        const x = floats(images * values), lanes = guarded(groups * values * 8), back = guarded(images * values);
        put(0, at(lanes)); put(1, at(x)); put(2, images); put(3, values);
        for (let g = 0; g < groups; g++) to_lanes(words(g, g + 1));
        for (let image = 0; image < groups * 8; image++) {
          for (let i = 0; i < values; i++) expect(lanes[inLanes(image, i, values)]).toBe(image < images ? x[image * values + i] : 0, `${images} images of ${values}: ${image}, ${i}`);
        }
        put(0, at(back)); put(1, at(lanes));
        for (let g = 0; g < groups; g++) from_lanes(words(g, g + 1));
        for (let i = 0; i < images * values; i++) expect(back[i]).toBe(x[i]);
        expect(intact(lanes, groups * values * 8) && intact(back, images * values)).toBe(true);
      }
    }
  });
});
