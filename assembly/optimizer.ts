// Optimizer steps: one pass over a parameter, its slots and its gradient, in place.
// Each rule is written once for vectors; the last one to three elements go through a vector of their own.

/** v ← momentum · v − lr · g; p ← p + v, or with Nesterov p + momentum · v − lr · g. Words: docs/kernels.md. */
export function f32_sgd(words: usize): void {
  const p = <usize>load<u32>(words);
  const velocity = <usize>load<u32>(words, 4);
  const g = <usize>load<u32>(words, 8);
  const rate = v128.load32_splat(<usize>load<u32>(words, 12));
  const n = load<i32>(words, 16);
  const momentum = v128.load32_splat(words, 20);
  const bytes = <usize>n << 2;
  const whole = bytes & ~15;
  if (velocity == 0) sgd(p, g, rate, whole, bytes);
  else if (load<i32>(words, 24) != 0) nesterov(p, velocity, g, rate, momentum, whole, bytes);
  else momentumStep(p, velocity, g, rate, momentum, whole, bytes);
}

function sgd(p: usize, g: usize, rate: v128, whole: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i < whole; i += 16) v128.store(p + i, f32x4.sub(v128.load(p + i), f32x4.mul(rate, v128.load(g + i))));
  for (; i < bytes; i += 4) storeLane(p + i, f32x4.sub(loadLane(p + i), f32x4.mul(rate, loadLane(g + i))));
}

function momentumStep(p: usize, velocity: usize, g: usize, rate: v128, momentum: v128, whole: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const v = f32x4.sub(f32x4.mul(momentum, v128.load(velocity + i)), f32x4.mul(rate, v128.load(g + i)));
    v128.store(velocity + i, v);
    v128.store(p + i, f32x4.add(v128.load(p + i), v));
  }
  for (; i < bytes; i += 4) {
    const v = f32x4.sub(f32x4.mul(momentum, loadLane(velocity + i)), f32x4.mul(rate, loadLane(g + i)));
    storeLane(velocity + i, v);
    storeLane(p + i, f32x4.add(loadLane(p + i), v));
  }
}

function nesterov(p: usize, velocity: usize, g: usize, rate: v128, momentum: v128, whole: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const step = f32x4.mul(rate, v128.load(g + i));
    const v = f32x4.sub(f32x4.mul(momentum, v128.load(velocity + i)), step);
    v128.store(velocity + i, v);
    v128.store(p + i, f32x4.add(v128.load(p + i), f32x4.sub(f32x4.mul(momentum, v), step)));
  }
  for (; i < bytes; i += 4) {
    const step = f32x4.mul(rate, loadLane(g + i));
    const v = f32x4.sub(f32x4.mul(momentum, loadLane(velocity + i)), step);
    storeLane(velocity + i, v);
    storeLane(p + i, f32x4.add(loadLane(p + i), f32x4.sub(f32x4.mul(momentum, v), step)));
  }
}

/**
 * v ← ρ · v + (1 − ρ) · g²; the increment is lr · g / (√(v + ε) + δ), centered with v − mean(g)² under the root; with a momentum m ← momentum · m + increment and p ← p − m.
 * Words: docs/kernels.md.
 */
export function f32_rmsprop(words: usize): void {
  const p = <usize>load<u32>(words);
  const v = <usize>load<u32>(words, 4);
  const m = <usize>load<u32>(words, 8);
  const g = <usize>load<u32>(words, 12);
  const rate = v128.load32_splat(<usize>load<u32>(words, 16));
  const n = load<i32>(words, 20);
  const rho = v128.load32_splat(words, 24);
  const momentum = v128.load32_splat(words, 28);
  const epsilon = v128.load32_splat(words, 32);
  const mean = <usize>load<u32>(words, 36);
  const delta = v128.load32_splat(words, 40);
  const rest = f32x4.sub(f32x4.splat(1), rho);
  const bytes = <usize>n << 2;
  const whole = bytes & ~15;
  if (m == 0 && mean == 0) rmsprop(p, v, g, rate, rho, rest, epsilon, delta, whole, bytes);
  else {
    for (let i: usize = 0; i < bytes; i += 16) {
      const left = min<usize>(16, bytes - i);
      const grad = loadPart(g + i, left);
      const square = f32x4.add(f32x4.mul(rho, loadPart(v + i, left)), f32x4.mul(rest, f32x4.mul(grad, grad)));
      storePart(v + i, square, left);
      let under = square;
      if (mean != 0) {
        const average = f32x4.add(f32x4.mul(rho, loadPart(mean + i, left)), f32x4.mul(rest, grad));
        storePart(mean + i, average, left);
        under = f32x4.sub(square, f32x4.mul(average, average));
      }
      let step = f32x4.div(f32x4.mul(rate, grad), f32x4.add(f32x4.sqrt(f32x4.add(under, epsilon)), delta));
      if (m != 0) {
        step = f32x4.add(f32x4.mul(momentum, loadPart(m + i, left)), step);
        storePart(m + i, step, left);
      }
      storePart(p + i, f32x4.sub(loadPart(p + i, left), step), left);
    }
  }
}

function rmsprop(p: usize, v: usize, g: usize, rate: v128, rho: v128, rest: v128, epsilon: v128, delta: v128, whole: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const grad = v128.load(g + i);
    const square = f32x4.add(f32x4.mul(rho, v128.load(v + i)), f32x4.mul(rest, f32x4.mul(grad, grad)));
    v128.store(v + i, square);
    v128.store(p + i, f32x4.sub(v128.load(p + i), f32x4.div(f32x4.mul(rate, grad), f32x4.add(f32x4.sqrt(f32x4.add(square, epsilon)), delta))));
  }
  for (; i < bytes; i += 4) {
    const grad = loadLane(g + i);
    const square = f32x4.add(f32x4.mul(rho, loadLane(v + i)), f32x4.mul(rest, f32x4.mul(grad, grad)));
    storeLane(v + i, square);
    storeLane(p + i, f32x4.sub(loadLane(p + i), f32x4.div(f32x4.mul(rate, grad), f32x4.add(f32x4.sqrt(f32x4.add(square, epsilon)), delta))));
  }
}

/** m += (g − m)(1 − β1); v += (g² − v)(1 − β2); p −= alpha · m / (√v + ε). Words: docs/kernels.md. */
export function f32_adam(words: usize): void {
  const p = <usize>load<u32>(words);
  const m = <usize>load<u32>(words, 4);
  const v = <usize>load<u32>(words, 8);
  const g = <usize>load<u32>(words, 12);
  const alpha = v128.load32_splat(<usize>load<u32>(words, 16));
  const n = load<i32>(words, 20);
  const one = f32x4.splat(1);
  const rest1 = f32x4.sub(one, v128.load32_splat(words, 24));
  const rest2 = f32x4.sub(one, v128.load32_splat(words, 28));
  const epsilon = v128.load32_splat(words, 32);
  const bytes = <usize>n << 2;
  const whole = bytes & ~15;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const grad = v128.load(g + i);
    const m0 = v128.load(m + i), v0 = v128.load(v + i);
    const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(grad, m0), rest1));
    const v1 = f32x4.add(v0, f32x4.mul(f32x4.sub(f32x4.mul(grad, grad), v0), rest2));
    v128.store(m + i, m1);
    v128.store(v + i, v1);
    v128.store(p + i, f32x4.sub(v128.load(p + i), f32x4.div(f32x4.mul(alpha, m1), f32x4.add(f32x4.sqrt(v1), epsilon))));
  }
  for (; i < bytes; i += 4) {
    const grad = loadLane(g + i);
    const m0 = loadLane(m + i), v0 = loadLane(v + i);
    const m1 = f32x4.add(m0, f32x4.mul(f32x4.sub(grad, m0), rest1));
    const v1 = f32x4.add(v0, f32x4.mul(f32x4.sub(f32x4.mul(grad, grad), v0), rest2));
    storeLane(m + i, m1);
    storeLane(v + i, v1);
    storeLane(p + i, f32x4.sub(loadLane(p + i), f32x4.div(f32x4.mul(alpha, m1), f32x4.add(f32x4.sqrt(v1), epsilon))));
  }
}

// @ts-ignore: decorator
@inline
function loadLane(address: usize): v128 {
  return v128.load32_zero(address);
}

// @ts-ignore: decorator
@inline
function storeLane(address: usize, value: v128): void {
  v128.store32_lane(address, value, 0);
}

/** A vector whose last bytes may lie behind the end: inputs may be read there. */
// @ts-ignore: decorator
@inline
function loadPart(address: usize, _bytes: usize): v128 {
  return v128.load(address);
}

function storePart(address: usize, value: v128, bytes: usize): void {
  if (bytes == 16) v128.store(address, value);
  else {
    v128.store32_lane(address, value, 0);
    if (bytes > 4) v128.store32_lane(address, value, 1, 4);
    if (bytes > 8) v128.store32_lane(address, value, 2, 8);
  }
}
