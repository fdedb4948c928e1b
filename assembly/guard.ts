// The guard: is everything finite? One pass of integer compares, before any optimizer may touch a weight.
import { NOT_FINITE, report } from "./status";

/** The status word keeps the tensor's number above this bit and the element below. */
const ELEMENT_BITS: i32 = 24;

/** condition ← 1 when every element of every tensor is finite, else 0. Words: docs/kernels.md. */
export function guard_finite(words: usize): void {
  const condition = <usize>load<u32>(words);
  const count = load<i32>(words, 12);
  for (let i = 0; i < count; i++) {
    const tensor = words + 16 + <usize>i * 12;
    const n = load<i32>(tensor, 4);
    const element = firstNonFinite(<usize>load<u32>(tensor), n);
    if (element < n) {
      store<i32>(condition, 0);
      tell(<usize>load<u32>(words, 4), load<i32>(words, 8), load<i32>(tensor, 8), element);
      return;
    }
  }
  store<i32>(condition, 1);
}

/** flags[u] ← 0 when all elements of unit u are finite, else NaN; for the range of units that the words name. Words: docs/kernels.md. */
export function f32_finite(words: usize): void {
  const flags = <usize>load<u32>(words), x = <usize>load<u32>(words, 4);
  const n = load<i32>(words, 8), unit = load<i32>(words, 12);
  const begin = load<i32>(words - 8), end = min(load<i32>(words - 4), (n + unit - 1) / unit);
  for (let u = begin; u < end; u++) {
    const first = u * unit, count = min(unit, n - first);
    const element = firstNonFinite(x + (<usize>first << 2), count);
    store<f32>(flags + (<usize>u << 2), element < count ? NaN : 0);
    if (element < count) tell(<usize>load<u32>(words, 16), load<i32>(words, 20), load<i32>(words, 24), first + element);
  }
}

function tell(status: usize, step: i32, which: i32, element: i32): void {
  report(status, NOT_FINITE, step, (which << ELEMENT_BITS) + min(element, (1 << ELEMENT_BITS) - 1));
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
