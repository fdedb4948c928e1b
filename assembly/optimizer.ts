// Optimizer steps: one pass over a parameter, its slots and its gradient, in place. As fast as memory lets them.
// Each rule is written once, for vectors; of the last vector only the elements that exist are stored.
import { storePart } from "./lanes";

/** v ← momentum · v − lr · g; p ← p + v, or with Nesterov p + momentum · v − lr · g. Words: docs/kernels.md. */
export function f32_sgd(words: usize): void {
  const p = <usize>load<u32>(words), velocity = <usize>load<u32>(words, 4), g = <usize>load<u32>(words, 8);
  const rate = v128.load32_splat(<usize>load<u32>(words, 12));
  const bytes = <usize>load<i32>(words, 16) << 2;
  const momentum = v128.load32_splat(words, 20);
  if (velocity == 0) sgd(p, g, bytes, rate);
  else if (load<i32>(words, 24) == 0) momentumSgd(p, velocity, g, bytes, rate, momentum);
  else nesterovSgd(p, velocity, g, bytes, rate, momentum);
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
 * m ← momentum · m + increment and p ← p − m. Words: docs/kernels.md.
 */
export function f32_rmsprop(words: usize): void {
  const p = <usize>load<u32>(words), v = <usize>load<u32>(words, 4), m = <usize>load<u32>(words, 8), g = <usize>load<u32>(words, 12);
  const rate = v128.load32_splat(<usize>load<u32>(words, 16));
  const bytes = <usize>load<i32>(words, 20) << 2;
  const rho = v128.load32_splat(words, 24), momentum = v128.load32_splat(words, 28), epsilon = v128.load32_splat(words, 32);
  const mean = <usize>load<u32>(words, 36);
  const delta = v128.load32_splat(words, 40);
  const rest = v128.load32_splat(words, 44);
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

/** m += (g − m)(1 − β1); v += (g² − v)(1 − β2); p −= alpha · m / (√v + ε). Words: docs/kernels.md. */
export function f32_adam(words: usize): void {
  const p = <usize>load<u32>(words), m = <usize>load<u32>(words, 4), v = <usize>load<u32>(words, 8), g = <usize>load<u32>(words, 12);
  const alpha = v128.load32_splat(<usize>load<u32>(words, 16));
  const bytes = <usize>load<i32>(words, 20) << 2;
  const rest1 = v128.load32_splat(words, 24), rest2 = v128.load32_splat(words, 28);
  const epsilon = v128.load32_splat(words, 32);
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
