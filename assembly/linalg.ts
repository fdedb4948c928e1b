// What the decompositions share: matrices of float64 in the workspace, and the loops over their rows.
// Operands are float32; everything between is float64, so that results are right to float32's own rounding unless a matrix is nearly singular.

/** Bytes of n float64. */
// @ts-ignore: decorator
@inline
export function wide(n: i32): usize {
  return <usize>n << 3;
}

/** d[i] ← x[i], float32 to float64. */
export function widen(d: usize, x: usize, n: i32): void {
  const end = d + wide(n);
  for (; d < end; d += 8, x += 4) store<f64>(d, <f64>load<f32>(x));
}

/** The columns of x[rows, columns] as the rows of d[columns, rows]. */
export function widenTransposed(d: usize, x: usize, rows: i32, columns: i32): void {
  for (let j = 0; j < columns; j++) {
    let s = x + (<usize>j << 2);
    for (let i = 0; i < rows; i++, d += 8, s += <usize>columns << 2) store<f64>(d, <f64>load<f32>(s));
  }
}

/** out[i] ← s[i], float64 to float32. */
export function narrow(out: usize, s: usize, n: i32): void {
  const end = out + (<usize>n << 2);
  for (; out < end; out += 4, s += 8) store<f32>(out, <f32>load<f64>(s));
}

/** The columns of s[rows, columns] as the rows of out[columns, rows]; only the first `count` of them. */
export function narrowTransposed(out: usize, s: usize, rows: i32, columns: i32, count: i32): void {
  for (let j = 0; j < count; j++) {
    let at = s + wide(j);
    for (let i = 0; i < rows; i++, out += 4, at += wide(columns)) store<f32>(out, <f32>load<f64>(at));
  }
}

/** n floats that are no numbers: what stands in place of a result that does not exist. */
export function fillNaN(out: usize, n: i32): void {
  const end = out + (<usize>n << 2);
  for (; out < end; out += 4) store<f32>(out, NaN);
}

export function clear(d: usize, n: i32): void {
  memory.fill(d, 0, wide(n));
}

/** Whether every element of x is finite. */
export function isFinite32(x: usize, n: i32): bool {
  let sum: f32 = 0;
  const end = x + (<usize>n << 2);
  for (; x < end; x += 4) sum += load<f32>(x) * 0;
  return sum == 0;
}

/** Σ a[i] · b[i]. */
export function dot(a: usize, b: usize, n: i32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  const end = a + wide(n);
  const whole = a + wide(n & ~3);
  for (; a < whole; a += 32, b += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a), v128.load(b)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  let sum = total(f64x2.add(even, odd));
  for (; a < end; a += 8, b += 8) sum += load<f64>(a) * load<f64>(b);
  return sum;
}

/** Σ a[i]², Σ b[i]² and Σ a[i] · b[i], one behind the other at `sums`: what a rotation of a and b needs. */
export function dots(a: usize, b: usize, n: i32, sums: usize): void {
  let aa0 = f64x2.splat(0), aa1 = f64x2.splat(0), bb0 = f64x2.splat(0), bb1 = f64x2.splat(0), ab0 = f64x2.splat(0), ab1 = f64x2.splat(0);
  const end = a + wide(n);
  const whole = a + wide(n & ~3);
  for (; a < whole; a += 32, b += 32) {
    const x0 = v128.load(a), y0 = v128.load(b), x1 = v128.load(a, 16), y1 = v128.load(b, 16);
    aa0 = f64x2.add(aa0, f64x2.mul(x0, x0));
    aa1 = f64x2.add(aa1, f64x2.mul(x1, x1));
    bb0 = f64x2.add(bb0, f64x2.mul(y0, y0));
    bb1 = f64x2.add(bb1, f64x2.mul(y1, y1));
    ab0 = f64x2.add(ab0, f64x2.mul(x0, y0));
    ab1 = f64x2.add(ab1, f64x2.mul(x1, y1));
  }
  let aa = total(f64x2.add(aa0, aa1)), bb = total(f64x2.add(bb0, bb1)), ab = total(f64x2.add(ab0, ab1));
  for (; a < end; a += 8, b += 8) {
    const x = load<f64>(a), y = load<f64>(b);
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  store<f64>(sums, aa);
  store<f64>(sums, bb, 8);
  store<f64>(sums, ab, 16);
}

// @ts-ignore: decorator
@inline
function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** d[i] ← d[i] − factor · s[i]. */
export function subtract(d: usize, s: usize, factor: f64, n: i32): void {
  const factors = f64x2.splat(factor);
  const end = d + wide(n);
  const whole = d + wide(n & ~1);
  for (; d < whole; d += 16, s += 16) v128.store(d, f64x2.sub(v128.load(d), f64x2.mul(factors, v128.load(s))));
  if (d < end) store<f64>(d, load<f64>(d) - factor * load<f64>(s));
}

/** d[i] ← factor · d[i]. */
export function scale(d: usize, factor: f64, n: i32): void {
  const end = d + wide(n);
  for (; d < end; d += 8) store<f64>(d, factor * load<f64>(d));
}

/** a, b ← c·a − s·b, s·a + c·b. */
export function rotate(a: usize, b: usize, c: f64, s: f64, n: i32): void {
  const cc = f64x2.splat(c), ss = f64x2.splat(s);
  const end = a + wide(n);
  const whole = a + wide(n & ~1);
  for (; a < whole; a += 16, b += 16) {
    const x = v128.load(a), y = v128.load(b);
    v128.store(a, f64x2.sub(f64x2.mul(cc, x), f64x2.mul(ss, y)));
    v128.store(b, f64x2.add(f64x2.mul(ss, x), f64x2.mul(cc, y)));
  }
  if (a < end) {
    const x = load<f64>(a), y = load<f64>(b);
    store<f64>(a, c * x - s * y);
    store<f64>(b, s * x + c * y);
  }
}

export function swapRows(a: usize, b: usize, n: i32): void {
  if (a == b) return;
  const end = a + wide(n);
  for (; a < end; a += 8, b += 8) {
    const x = load<f64>(a);
    store<f64>(a, load<f64>(b));
    store<f64>(b, x);
  }
}

/** √(a² + b²) without overflow. */
export function length(a: f64, b: f64): f64 {
  const large = max(abs(a), abs(b)), small = min(abs(a), abs(b));
  if (large == 0) return 0;
  const ratio = small / large;
  return large * sqrt(1 + ratio * ratio);
}
