// The guard: is everything finite? One pass of integer compares, before any optimizer may touch a weight.
import { NOT_FINITE, report } from "./status";

/** The status word keeps the tensor's number above this bit and the element below. */
const ELEMENT_BITS: i32 = 24;

/** condition ← 1 when every element of every tensor is finite, else 0. Words: docs/kernels.md. */
export function guard_finite(words: usize): void {
  const condition = <usize>load<u32>(words);
  const count = load<i32>(words, 12);
  for (let i = 0; i < count; i++) {
    const pair = words + 16 + (<usize>i << 3);
    const n = load<i32>(pair, 4);
    const element = firstNonFinite(<usize>load<u32>(pair), n);
    if (element < n) {
      store<i32>(condition, 0);
      report(<usize>load<u32>(words, 4), NOT_FINITE, load<i32>(words, 8), (i << ELEMENT_BITS) + min(element, (1 << ELEMENT_BITS) - 1));
      return;
    }
  }
  store<i32>(condition, 1);
}

/** Index of the first NaN or infinity among n floats; n when there is none. */
export function firstNonFinite(x: usize, n: i32): i32 {
  let i = 0;
  // x − x is 0 for what is finite and NaN for the rest; NaN survives every sum.
  for (; i + 16 <= n; i += 16) {
    const p = x + (<usize>i << 2);
    const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 32), d = v128.load(p, 48);
    const sum = f32x4.add(f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b)), f32x4.add(f32x4.sub(c, c), f32x4.sub(d, d)));
    if (v128.any_true(f32x4.ne(sum, sum))) break;
  }
  for (; i < n; i++) {
    const value = load<f32>(x + (<usize>i << 2));
    if (!isFinite(value)) return i;
  }
  return n;
}
