// Optimizer steps: one pass over parameters, their slots and their gradients, in place. As fast as memory lets them.
// Each rule is written once, for vectors; of the last vector only the elements that exist are stored. A step covers a list of tensors, of each the
// elements of its range of units: every tensor is cut into units of its own size. Words: docs/kernels.md.
import { storePart } from "./lanes";

/** Bytes before unit `unit` of a tensor of n elements. */
function bytesBefore(unit: u32, elements: i32, n: i32): usize {
  return <usize>min(<u64>n, <u64>unit * <u64>elements) << 2;
}

/** v ← momentum · v − lr · g; p ← p + v, or with Nesterov p + momentum · v − lr · g. */
export function f32_sgd(words: usize): void {
  const rate = v128.load32_splat(<usize>load<u32>(words));
  const momentum = v128.load32_splat(words, 4);
  const nesterov = load<i32>(words, 8) != 0;
  const count = load<i32>(words, 12);
  let tensor = words + 16;
  for (let i = 0; i < count; i++) {
    const n = load<i32>(tensor, 12), elements = load<i32>(tensor, 16);
    const from = bytesBefore(load<u32>(words - 8), elements, n), bytes = bytesBefore(load<u32>(words - 4), elements, n) - from;
    const p = <usize>load<u32>(tensor) + from, g = <usize>load<u32>(tensor, 8) + from;
    const velocity = <usize>load<u32>(tensor, 4);
    if (velocity == 0) sgd(p, g, bytes, rate);
    else if (nesterov) nesterovSgd(p, velocity + from, g, bytes, rate, momentum);
    else momentumSgd(p, velocity + from, g, bytes, rate, momentum);
    tensor += 20;
  }
}

function sgd(p: usize, g: usize, bytes: usize, rate: v128): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    storePart(p + i, f32x4.sub(v128.load(p + i), f32x4.mul(rate, v128.load(g + i))), bytes - i);
  }
}

function momentumSgd(p: usize, velocity: usize, g: usize, bytes: usize, rate: v128, momentum: v128): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = f32x4.sub(f32x4.mul(momentum, v128.load(velocity + i)), f32x4.mul(rate, v128.load(g + i)));
    storePart(velocity + i, v, bytes - i);
    storePart(p + i, f32x4.add(v128.load(p + i), v), bytes - i);
  }
}

function nesterovSgd(p: usize, velocity: usize, g: usize, bytes: usize, rate: v128, momentum: v128): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const step = f32x4.mul(rate, v128.load(g + i));
    const v = f32x4.sub(f32x4.mul(momentum, v128.load(velocity + i)), step);
    storePart(velocity + i, v, bytes - i);
    storePart(p + i, f32x4.add(v128.load(p + i), f32x4.sub(f32x4.mul(momentum, v), step)), bytes - i);
  }
}

/**
 * v ← ρ · v + (1 − ρ) · g²; the increment is lr · g / (√(v + ε) + δ), centered with v − mean(g)² under the root; with a momentum
 * m ← momentum · m + increment and p ← p − m.
 */
export function f32_rmsprop(words: usize): void {
  const count = load<i32>(words, 24);
  let tensor = words + 28;
  for (let i = 0; i < count; i++) {
    const n = load<i32>(tensor, 20), elements = load<i32>(tensor, 24);
    const from = bytesBefore(load<u32>(words - 8), elements, n), bytes = bytesBefore(load<u32>(words - 4), elements, n) - from;
    const m = <usize>load<u32>(tensor, 8), mean = <usize>load<u32>(tensor, 12);
    rmsprop(
      words, <usize>load<u32>(tensor) + from, <usize>load<u32>(tensor, 4) + from, m ? m + from : 0, mean ? mean + from : 0,
      <usize>load<u32>(tensor, 16) + from, bytes,
    );
    tensor += 28;
  }
}

function rmsprop(words: usize, p: usize, v: usize, m: usize, mean: usize, g: usize, bytes: usize): void {
  const rate = v128.load32_splat(<usize>load<u32>(words));
  const rho = v128.load32_splat(words, 4), momentum = v128.load32_splat(words, 8), epsilon = v128.load32_splat(words, 12);
  const delta = v128.load32_splat(words, 16);
  const rest = v128.load32_splat(words, 20);
  for (let i: usize = 0; i < bytes; i += 16) {
    const left = bytes - i;
    const grad = v128.load(g + i);
    let square = f32x4.add(f32x4.mul(rho, v128.load(v + i)), f32x4.mul(rest, f32x4.mul(grad, grad)));
    storePart(v + i, square, left);
    if (mean != 0) {
      const average = f32x4.add(f32x4.mul(rho, v128.load(mean + i)), f32x4.mul(rest, grad));
      storePart(mean + i, average, left);
      // Rounding may leave the variance a little below 0; a NaN stays.
      square = f32x4.pmax(f32x4.sub(square, f32x4.mul(average, average)), f32x4.splat(0));
    }
    let step = f32x4.div(f32x4.mul(rate, grad), f32x4.add(f32x4.sqrt(f32x4.add(square, epsilon)), delta));
    if (m != 0) {
      step = f32x4.add(f32x4.mul(momentum, v128.load(m + i)), step);
      storePart(m + i, step, left);
    }
    storePart(p + i, f32x4.sub(v128.load(p + i), step), left);
  }
}

/** m += (g − m)(1 − β1); v += (g² − v)(1 − β2); p −= alpha · m / (√v + ε). */
export function f32_adam(words: usize): void {
  const count = load<i32>(words, 16);
  let tensor = words + 20;
  for (let i = 0; i < count; i++) {
    const n = load<i32>(tensor, 16), elements = load<i32>(tensor, 20);
    const from = bytesBefore(load<u32>(words - 8), elements, n), bytes = bytesBefore(load<u32>(words - 4), elements, n) - from;
    adam(
      words, <usize>load<u32>(tensor) + from, <usize>load<u32>(tensor, 4) + from, <usize>load<u32>(tensor, 8) + from,
      <usize>load<u32>(tensor, 12) + from, bytes,
    );
    tensor += 24;
  }
}

function adam(words: usize, p: usize, m: usize, v: usize, g: usize, bytes: usize): void {
  const alpha = v128.load32_splat(<usize>load<u32>(words));
  const rest1 = v128.load32_splat(words, 4), rest2 = v128.load32_splat(words, 8);
  const epsilon = v128.load32_splat(words, 12);
  for (let i: usize = 0; i < bytes; i += 16) {
    const left = bytes - i;
    const grad = v128.load(g + i), m0 = v128.load(m + i), v0 = v128.load(v + i);
    const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(grad, m0), rest1));
    const v1 = f32x4.add(v0, f32x4.mul(f32x4.sub(f32x4.mul(grad, grad), v0), rest2));
    storePart(m + i, m1, left);
    storePart(v + i, v1, left);
    storePart(p + i, f32x4.sub(v128.load(p + i), f32x4.div(f32x4.mul(alpha, m1), f32x4.add(f32x4.sqrt(v1), epsilon))), left);
  }
}
