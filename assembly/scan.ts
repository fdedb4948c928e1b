// Running sums, products and linear recurrences along the middle of [outer, n, inner]: state ← a · state + b, element by element.
// The state is float64, so that errors do not add up.
import { highHalf, lowHalf, narrow, storePart } from "./lanes";
import { rangeBegin, rangeEnd } from "./range";

/** Columns of a unit where inner is not 1. */
const STRIP: i32 = 16;

/** out[i] = state behind element i, or before it when exclusive; from the last element when reverse. An absent a is all 1, an absent b all 0. Words: docs/kernels.md. */
export function f32_scan(words: usize): void {
  if (load<u32>(words, 4) == 0) scan(false, true, words);
  else if (load<u32>(words, 8) == 0) scan(true, false, words);
  else scan(true, true, words);
}

// The flags are literals at every call.
// @ts-ignore: decorator
@inline
function scan(hasA: bool, hasB: bool, words: usize): void {
  const outer = load<i32>(words, 12), n = load<i32>(words, 16), inner = load<i32>(words, 20), init = <f64>load<f32>(words, 24);
  const exclusive = load<i32>(words, 28) != 0, reverse = load<i32>(words, 32) != 0, state = <usize>load<u32>(words, 36);
  const out = <usize>load<u32>(words), a = <usize>load<u32>(words, 4), b = <usize>load<u32>(words, 8);
  const strips = (inner + STRIP - 1) / STRIP, rowBytes = <usize>inner << 2;
  // A step that goes backwards wraps around, as all addresses do.
  const step = reverse ? <usize>0 - rowBytes : rowBytes;
  const end = rangeEnd(words, 1, outer * strips);
  for (let unit = rangeBegin(words, 1, outer * strips); unit < end; unit++) {
    const column = (unit % strips) * STRIP;
    const start = (<usize>(unit / strips * n + (reverse ? n - 1 : 0)) * rowBytes) + (<usize>column << 2);
    if (inner == 1) scanRow(hasA, hasB, out + start, a + start, b + start, n, init, exclusive, step);
    else scanStrip(hasA, hasB, out + start, a + start, b + start, n, <usize>min(inner - column, STRIP) << 2, init, exclusive, step, state);
  }
}

// @ts-ignore: decorator
@inline
function scanRow(hasA: bool, hasB: bool, out: usize, a: usize, b: usize, n: i32, init: f64, exclusive: bool, step: usize): void {
  let state = init;
  for (let i = 0; i < n; i++, out += step, a += step, b += step) {
    let next = hasA ? state * <f64>load<f32>(a) : state;
    if (hasB) next += <f64>load<f32>(b);
    store<f32>(out, <f32>(exclusive ? state : next));
    state = next;
  }
}

/** Up to 16 columns; `state` holds a float64 for each. */
// @ts-ignore: decorator
@inline
function scanStrip(hasA: bool, hasB: bool, out: usize, a: usize, b: usize, n: i32, bytes: usize, init: f64, exclusive: bool, step: usize, state: usize): void {
  for (let c: usize = 0; c < 128; c += 16) v128.store(state + c, f64x2.splat(init));
  for (let i = 0; i < n; i++, out += step, a += step, b += step) {
    for (let c: usize = 0; c < bytes; c += 16) {
      const oldLow = v128.load(state + 2 * c), oldHigh = v128.load(state + 2 * c, 16);
      let low = oldLow, high = oldHigh;
      if (hasA) {
        const factor = v128.load(a + c);
        low = f64x2.mul(low, lowHalf(factor));
        high = f64x2.mul(high, highHalf(factor));
      }
      if (hasB) {
        const term = v128.load(b + c);
        low = f64x2.add(low, lowHalf(term));
        high = f64x2.add(high, highHalf(term));
      }
      v128.store(state + 2 * c, low);
      v128.store(state + 2 * c, high, 16);
      storePart(out + c, exclusive ? narrow(oldLow, oldHigh) : narrow(low, high), bytes - c);
    }
  }
}

/** Running sum (kind 0) or product (1) of int32, which wrap. Words: docs/kernels.md. */
export function i32_scan(words: usize): void {
  const outer = load<i32>(words, 8), n = load<i32>(words, 12), inner = load<i32>(words, 16), product = load<i32>(words, 20) != 0;
  const exclusive = load<i32>(words, 24) != 0, reverse = load<i32>(words, 28) != 0;
  const rowBytes = <usize>inner << 2, step = reverse ? <usize>0 - rowBytes : rowBytes;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      const start = (<usize>(o * n + (reverse ? n - 1 : 0)) * rowBytes) + (<usize>c << 2);
      let out = <usize>load<u32>(words) + start, x = <usize>load<u32>(words, 4) + start;
      let state = product ? 1 : 0;
      for (let i = 0; i < n; i++, out += step, x += step) {
        const next = product ? state * load<i32>(x) : state + load<i32>(x);
        store<i32>(out, exclusive ? state : next);
        state = next;
      }
    }
  }
}
