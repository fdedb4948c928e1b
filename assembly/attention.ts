// Scaled dot-product attention: softmax(q·kᵀ·scale + mask)·v. A block of query rows keeps its scores in the second-level cache from the first product
// through softmax to the second: what would be [time, source] for every head never goes to memory.
import { gemm } from "./gemm";
import { rangeBegin, rangeEnd } from "./range";
import { expRow, peakOfRow, scaleRow } from "./softmax";

/** Query rows of a block, and a unit: ROWS in src/ops/scaledDotProductAttention.ts. */
const ROWS: i32 = 64;

/** out[N, H, T, E] from q[N, H, T, D], k[N, H, S, D], v[N, H, S, E] and mask[N, H, T, S], all but out strided. Words: docs/kernels.md. */
export function f32_attention(words: usize): void {
  const n = load<i32>(words, 24), heads = load<i32>(words, 28), time = load<i32>(words, 32), source = load<i32>(words, 36), d = load<i32>(words, 40), e = load<i32>(words, 44);
  const scale = load<f32>(words, 48), causal = load<i32>(words, 52) != 0;
  // Rows of scores begin at vectors, so that the last one of a row holds nothing of the next.
  const pitch = source + 3 & ~3, rowBytes = <usize>pitch << 2;
  const factors = <usize>load<u32>(words, 20), scores = factors + (<usize>ROWS << 2), workspace = scores + <usize>ROWS * rowBytes;
  const blocks = (time + ROWS - 1) / ROWS, units = n * heads * blocks, end = rangeEnd(words, 1, units);
  for (let unit = rangeBegin(words, 1, units); unit < end; unit++) {
    const image = unit / blocks / heads, head = unit / blocks % heads, first = unit % blocks * ROWS, rows = min(ROWS, time - first);
    const q = <usize>load<u32>(words, 4) + offset(words + 56, image, head, first), k = <usize>load<u32>(words, 8) + offset(words + 68, image, head, 0);
    const v = <usize>load<u32>(words, 12) + offset(words + 80, image, head, 0);
    const mask = load<u32>(words, 16) ? <usize>load<u32>(words, 16) + offset(words + 92, image, head, first) : 0;
    const out = <usize>load<u32>(words) + (<usize>((unit / blocks * time + first) * e) << 2);
    // Behind the last row's own time there is nothing to see for any row of the block.
    const seen = causal ? min(source, first + rows) : source;
    if (seen == 0) {
      memory.fill(out, 0, <usize>(rows * e) << 2);
      continue;
    }
    gemm(scores, q, k, 0, workspace, rows, seen, d, load<i32>(words, 64), 1, 1, load<i32>(words, 76), pitch, false);
    for (let r = 0; r < rows; r++) {
      const count = causal ? min(source, first + r + 1) : source;
      const row = scores + <usize>r * rowBytes;
      store<f32>(factors + (<usize>r << 2), weigh(row, mask ? mask + (<usize>(r * load<i32>(words, 100)) << 2) : 0, count, scale));
      if (count < seen) memory.fill(row + (<usize>count << 2), 0, <usize>(seen - count) << 2);
    }
    gemm(out, scores, v, 0, workspace, rows, e, seen, pitch, 1, load<i32>(words, 88), 1, e, false);
    // The sums are divided out last: a row of v is shorter than one of scores.
    for (let r = 0; r < rows; r++) scaleRow(out + (<usize>(r * e) << 2), e, v128.load32_splat(factors + (<usize>r << 2)));
  }
}

/** Bytes to a head's row, from the three strides in elements at `strides`. */
// @ts-ignore: decorator
@inline
function offset(strides: usize, image: i32, head: i32, row: i32): usize {
  return <usize>(image * load<i32>(strides) + head * load<i32>(strides, 4) + row * load<i32>(strides, 8)) << 2;
}

/** x = exp(x · scale + mask − the largest of them) for n elements; returns 1 / their sum. */
function weigh(x: usize, mask: usize, n: i32, scale: f32): f32 {
  const factor = f32x4.splat(scale);
  const at = x, end = x + (<usize>n << 2);
  if (mask) for (; x < end; x += 16, mask += 16) v128.store(x, f32x4.add(f32x4.mul(v128.load(x), factor), v128.load(mask)));
  else for (; x < end; x += 16) v128.store(x, f32x4.mul(v128.load(x), factor));
  return 1 / f32x4.extract_lane(expRow(at, at, n, peakOfRow(at, n)), 0);
}
