// Images in another size, nearest or bilinear, and the way back of their gradient. x [n, h, w, c], out [n, oh, ow, c].
// Places between pixels are computed in float64 from the sizes, so they are the same everywhere.

const BILINEAR: i32 = 1;
const HALF_PIXEL: i32 = 1;
const ALIGN_CORNERS: i32 = 2;

/** out ← x in another size. Words: docs/kernels.md. */
export function f32_resize(words: usize): void {
  resize(words, false);
}

/** dx ← 0, then every element of dy goes, with its weights, where it came from; rows of dy in order. */
export function f32_resize_grad(words: usize): void {
  const bytes = <usize>(load<i32>(words, 8) * load<i32>(words, 12) * load<i32>(words, 16) * load<i32>(words, 20)) << 2;
  memory.fill(<usize>load<u32>(words), 0, bytes);
  resize(words, true);
}

/** Forwards the first operand has the new size and the second the old one; backwards the first is the gradient of the old size. */
function resize(words: usize, backwards: bool): void {
  const first = <usize>load<u32>(words);
  const second = <usize>load<u32>(words, 4);
  const n = load<i32>(words, 8);
  const h = load<i32>(words, 12);
  const w = load<i32>(words, 16);
  const c = load<i32>(words, 20);
  const oh = load<i32>(words, 24);
  const ow = load<i32>(words, 28);
  const bilinear = load<i32>(words, 32) == BILINEAR;
  const places = load<i32>(words, 36);
  const pixel = <usize>c << 2;
  let small = backwards ? first : second;
  let large = backwards ? second : first;
  for (let i = 0; i < n; i++, small += <usize>(h * w) * pixel) {
    for (let y = 0; y < oh; y++) {
      const row = bilinear ? place(y, h, oh, places) : <f64>nearest(y, h, oh, places);
      const top = <i32>row, bottom = min(top + 1, h - 1);
      const down = <f32>(row - <f64>top);
      const upper = small + <usize>(top * w) * pixel, lower = small + <usize>(bottom * w) * pixel;
      for (let x = 0; x < ow; x++, large += pixel) {
        if (!bilinear) {
          const at = upper + <usize>nearest(x, w, ow, places) * pixel;
          if (backwards) addPixel(at, large, pixel, 1);
          else memory.copy(large, at, pixel);
          continue;
        }
        const column = place(x, w, ow, places);
        const left = <usize>column * pixel, right = <usize>min(<i32>column + 1, w - 1) * pixel;
        const across = <f32>(column - <f64><i32>column);
        if (backwards) {
          addPixel(upper + left, large, pixel, (1 - down) * (1 - across));
          addPixel(upper + right, large, pixel, (1 - down) * across);
          addPixel(lower + left, large, pixel, down * (1 - across));
          addPixel(lower + right, large, pixel, down * across);
        } else blend(large, upper + left, upper + right, lower + left, lower + right, pixel, down, across);
      }
    }
  }
}

/** Where pixel i of `to` lies among the pixels of `from`, between the first and the last. */
function place(i: i32, from: i32, to: i32, places: i32): f64 {
  const at = places == ALIGN_CORNERS
    ? to > 1 ? <f64>i * <f64>(from - 1) / <f64>(to - 1) : 0
    : places == HALF_PIXEL ? (<f64>i + 0.5) * <f64>from / <f64>to - 0.5 : <f64>i * <f64>from / <f64>to;
  return min(max(at, 0), <f64>(from - 1));
}

/** The pixel that is nearest to place(): below it in plain scaling; of two equally near ones the higher. In whole numbers. */
function nearest(i: i32, from: i32, to: i32, places: i32): i32 {
  if (places == ALIGN_CORNERS) return to > 1 ? <i32>((2 * <i64>i * (from - 1) + to - 1) / (2 * <i64>(to - 1))) : 0;
  if (places == HALF_PIXEL) return <i32>((2 * <i64>i + 1) * from / (2 * <i64>to));
  return <i32>(<i64>i * from / to);
}

function blend(out: usize, a: usize, b: usize, c: usize, d: usize, bytes: usize, down: f32, across: f32): void {
  for (let i: usize = 0; i < bytes; i += 4) {
    const upper = load<f32>(a + i) * (1 - across) + load<f32>(b + i) * across;
    const lower = load<f32>(c + i) * (1 - across) + load<f32>(d + i) * across;
    store<f32>(out + i, upper * (1 - down) + lower * down);
  }
}

function addPixel(d: usize, s: usize, bytes: usize, weight: f32): void {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(d + i, load<f32>(d + i) + weight * load<f32>(s + i));
}
