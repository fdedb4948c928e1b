// Fourier transforms of any length: mixed radix (Stockham, self-sorting) where the factors are small, Bluestein's chirp elsewhere.
// Numbers are float32 outside and float64 inside, one complex number a vector: results are right to float32's own rounding.
import { fillRoots, root } from "./fft.roots";

/** What a row is: complex to complex, real to half a spectrum, half a spectrum to real. */
const FROM_REAL: i32 = 1;
const TO_REAL: i32 = 2;

/**
 * Rows of out ← Σ x · e^(sign·2πi·jk/n), times a factor. The host says how: `length` is the length of the complex transform (n, or n/2 for real rows of
 * even length), `padded` the power of two for Bluestein or 0, and the radices are the factors of the one that is carried out. Words: docs/kernels.md.
 */
export function f32_fft(words: usize): void {
  let out = <usize>load<u32>(words);
  let x = <usize>load<u32>(words, 4);
  const workspace = <usize>load<u32>(words, 8);
  const rows = load<i32>(words, 12);
  const n = load<i32>(words, 16);
  const sign = load<i32>(words, 20);
  const factor = <f64>load<f32>(words, 24);
  const kind = load<i32>(words, 28);
  const length = load<i32>(words, 32);
  const padded = load<i32>(words, 36);
  const radices = words + 40;
  const size = padded != 0 ? padded : length;
  const halved = length != n;

  const a = workspace;
  const b = a + complex(size);
  const roots = b + complex(size);
  const chirp = roots + complex(size);
  const filter = chirp + complex(length);
  const turns = padded != 0 ? filter + complex(size) : chirp;
  fillRoots(roots, size, size, padded != 0 ? -1 : sign);
  if (padded != 0) prepareChirp(chirp, filter, a, b, roots, length, size, sign, radices);
  if (halved) fillRoots(turns, length + 1, n, sign);

  const half = (n >> 1) + 1;
  const inNumbers = kind == FROM_REAL ? n : kind == TO_REAL ? 2 * half : 2 * n;
  const outNumbers = kind == TO_REAL ? n : kind == FROM_REAL ? 2 * half : 2 * n;
  const inBytes = <usize>inNumbers << 2, outBytes = <usize>outNumbers << 2;
  for (let row = 0; row < rows; row++, out += outBytes, x += inBytes) {
    if (kind == FROM_REAL && !halved) loadReal(a, x, n);
    else if (kind == TO_REAL) {
      if (halved) foldSpectrum(a, x, turns, length);
      else loadHalf(a, x, n);
    } else loadComplex(a, x, length);
    const y = padded != 0 ? convolve(a, b, roots, chirp, filter, length, size, radices) : transform(a, b, roots, size, sign, radices);
    if (kind == FROM_REAL && halved) unfoldSpectrum(out, y, turns, length, factor);
    else if (kind == TO_REAL && !halved) storeReal(out, y, n, factor);
    else storeComplex(out, y, kind == FROM_REAL ? half : length, factor);
  }
}

// @ts-ignore: decorator
@inline
function complex(n: i32): usize {
  return <usize>n << 4;
}

/** a · w. */
// @ts-ignore: decorator
@inline
function multiply(a: v128, w: v128): v128 {
  const cross = f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), v128.shuffle<f64>(w, w, 1, 1));
  return f64x2.add(f64x2.mul(a, v128.shuffle<f64>(w, w, 0, 0)), v128.xor(cross, i64x2(i64.MIN_VALUE, 0)));
}

// @ts-ignore: decorator
@inline
function conjugate(a: v128): v128 {
  return v128.xor(a, i64x2(0, i64.MIN_VALUE));
}

/** i · a, or −i · a: `quarter` flips the sign of the one part or of the other. */
// @ts-ignore: decorator
@inline
function turn(a: v128, quarter: v128): v128 {
  return v128.xor(v128.shuffle<f64>(a, a, 1, 0), quarter);
}

// @ts-ignore: decorator
@inline
function quarterOf(sign: i32): v128 {
  return sign > 0 ? i64x2(i64.MIN_VALUE, 0) : i64x2(0, i64.MIN_VALUE);
}

/** The transform of a, stage by stage between a and b. Returns which of them holds it. */
function transform(a: usize, b: usize, roots: usize, size: i32, sign: i32, radices: usize): usize {
  const count = load<i32>(radices);
  let stride = 1, rest = size;
  for (let i = 0; i < count; i++) {
    const radix = load<i32>(radices + (<usize>i << 2), 4);
    const parts = rest / radix;
    // Group p of inputs goes to p · radix … of the outputs, turned by the p-th multiples of the stage's root.
    for (let p = 0; p < parts; p++) {
      const from = a + complex(stride * p), to = b + complex(stride * radix * p);
      const gap = complex(stride * parts), pitch = complex(stride);
      if (radix == 4) butterfly4(from, to, gap, pitch, stride, roots, p, sign);
      else if (radix == 2) butterfly2(from, to, gap, pitch, stride, roots, p);
      else if (radix == 3) butterfly3(from, to, gap, pitch, stride, roots, p, sign);
      else if (radix == 5) butterfly5(from, to, gap, pitch, stride, roots, p, sign);
      else butterfly(from, to, gap, pitch, stride, roots, p, radix, size);
    }
    const swap = a; a = b; b = swap;
    stride *= radix;
    rest = parts;
  }
  return a;
}

function butterfly2(from: usize, to: usize, gap: usize, pitch: usize, stride: i32, roots: usize, p: i32): void {
  const w = v128.load(roots + complex(stride * p));
  for (let q = 0; q < stride; q++, from += 16, to += 16) {
    const a = v128.load(from), b = v128.load(from + gap);
    v128.store(to, f64x2.add(a, b));
    v128.store(to + pitch, multiply(f64x2.sub(a, b), w));
  }
}

function butterfly3(from: usize, to: usize, gap: usize, pitch: usize, stride: i32, roots: usize, p: i32, sign: i32): void {
  const w1 = v128.load(roots + complex(stride * p)), w2 = v128.load(roots + complex(2 * stride * p));
  const quarter = quarterOf(sign), half = f64x2.splat(0.5), height = f64x2.splat(0.8660254037844386);
  for (let q = 0; q < stride; q++, from += 16, to += 16) {
    const a = v128.load(from), b = v128.load(from + gap), c = v128.load(from + 2 * gap);
    const sum = f64x2.add(b, c);
    const middle = f64x2.sub(a, f64x2.mul(sum, half));
    const side = turn(f64x2.mul(f64x2.sub(b, c), height), quarter);
    v128.store(to, f64x2.add(a, sum));
    v128.store(to + pitch, multiply(f64x2.add(middle, side), w1));
    v128.store(to + 2 * pitch, multiply(f64x2.sub(middle, side), w2));
  }
}

function butterfly4(from: usize, to: usize, gap: usize, pitch: usize, stride: i32, roots: usize, p: i32, sign: i32): void {
  const step = complex(stride * p);
  const w1 = v128.load(roots + step), w2 = v128.load(roots + 2 * step), w3 = v128.load(roots + 3 * step);
  const quarter = quarterOf(sign);
  for (let q = 0; q < stride; q++, from += 16, to += 16) {
    const a = v128.load(from), b = v128.load(from + gap), c = v128.load(from + 2 * gap), d = v128.load(from + 3 * gap);
    const ac = f64x2.add(a, c), bd = f64x2.add(b, d);
    const across = f64x2.sub(a, c), side = turn(f64x2.sub(b, d), quarter);
    v128.store(to, f64x2.add(ac, bd));
    v128.store(to + pitch, multiply(f64x2.add(across, side), w1));
    v128.store(to + 2 * pitch, multiply(f64x2.sub(ac, bd), w2));
    v128.store(to + 3 * pitch, multiply(f64x2.sub(across, side), w3));
  }
}

function butterfly5(from: usize, to: usize, gap: usize, pitch: usize, stride: i32, roots: usize, p: i32, sign: i32): void {
  const step = complex(stride * p);
  const w1 = v128.load(roots + step), w2 = v128.load(roots + 2 * step), w3 = v128.load(roots + 3 * step), w4 = v128.load(roots + 4 * step);
  const quarter = quarterOf(sign);
  const c1 = f64x2.splat(0.30901699437494745), c2 = f64x2.splat(-0.8090169943749475), s1 = f64x2.splat(0.9510565162951535), s2 = f64x2.splat(0.5877852522924731);
  for (let q = 0; q < stride; q++, from += 16, to += 16) {
    const a = v128.load(from), b = v128.load(from + gap), c = v128.load(from + 2 * gap), d = v128.load(from + 3 * gap), e = v128.load(from + 4 * gap);
    const be = f64x2.add(b, e), cd = f64x2.add(c, d), b_e = f64x2.sub(b, e), c_d = f64x2.sub(c, d);
    const near = f64x2.add(a, f64x2.add(f64x2.mul(be, c1), f64x2.mul(cd, c2)));
    const far = f64x2.add(a, f64x2.add(f64x2.mul(be, c2), f64x2.mul(cd, c1)));
    const nearSide = turn(f64x2.add(f64x2.mul(b_e, s1), f64x2.mul(c_d, s2)), quarter);
    const farSide = turn(f64x2.sub(f64x2.mul(b_e, s2), f64x2.mul(c_d, s1)), quarter);
    v128.store(to, f64x2.add(a, f64x2.add(be, cd)));
    v128.store(to + pitch, multiply(f64x2.add(near, nearSide), w1));
    v128.store(to + 2 * pitch, multiply(f64x2.add(far, farSide), w2));
    v128.store(to + 3 * pitch, multiply(f64x2.sub(far, farSide), w3));
    v128.store(to + 4 * pitch, multiply(f64x2.sub(near, nearSide), w4));
  }
}

/** Any other prime, term by term. */
function butterfly(from: usize, to: usize, gap: usize, pitch: usize, stride: i32, roots: usize, p: i32, radix: i32, size: i32): void {
  const unit = size / radix;
  for (let j = 0; j < radix; j++) {
    const w = v128.load(roots + complex(stride * p * j));
    for (let q = 0; q < stride; q++) {
      let sum = v128.load(from + complex(q));
      let at = 0;
      for (let k = 1; k < radix; k++) {
        at += j;
        if (at >= radix) at -= radix;
        sum = f64x2.add(sum, multiply(v128.load(from + complex(q) + <usize>k * gap), v128.load(roots + complex(unit * at))));
      }
      v128.store(to + complex(q) + <usize>j * pitch, multiply(sum, w));
    }
  }
}

/** chirp[j] = e^(sign·πi·j²/n), and the spectrum of the filter that it makes: jk = (j² + k² − (k − j)²) / 2 turns a transform into a convolution. */
function prepareChirp(chirp: usize, filter: usize, a: usize, b: usize, roots: usize, n: i32, size: i32, sign: i32, radices: usize): void {
  for (let j = 0; j < n; j++) {
    const w = root(<i64>j * j % (2 * n), 2 * n);
    v128.store(chirp + complex(j), sign > 0 ? w : conjugate(w));
  }
  memory.fill(a, 0, complex(size));
  const factor = f64x2.splat(1 / <f64>size);
  for (let j = 0; j < n; j++) {
    const w = f64x2.mul(conjugate(v128.load(chirp + complex(j))), factor);
    v128.store(a + complex(j), w);
    if (j > 0) v128.store(a + complex(size - j), w);
  }
  memory.copy(filter, transform(a, b, roots, size, -1, radices), complex(size));
}

/** Bluestein: the transform of the first n numbers of a. Returns where it is. */
function convolve(a: usize, b: usize, roots: usize, chirp: usize, filter: usize, n: i32, size: i32, radices: usize): usize {
  for (let j = 0; j < n; j++) v128.store(a + complex(j), multiply(v128.load(a + complex(j)), v128.load(chirp + complex(j))));
  memory.fill(a + complex(n), 0, complex(size - n));
  const y = transform(a, b, roots, size, -1, radices);
  // The way back is the same transform between two conjugations.
  for (let k = 0; k < size; k++) v128.store(y + complex(k), conjugate(multiply(v128.load(y + complex(k)), v128.load(filter + complex(k)))));
  const z = transform(y, y == a ? b : a, roots, size, -1, radices);
  for (let k = 0; k < n; k++) v128.store(z + complex(k), multiply(conjugate(v128.load(z + complex(k))), v128.load(chirp + complex(k))));
  return z;
}

// --- rows in and out ---

function loadComplex(a: usize, x: usize, n: i32): void {
  for (let i = 0; i < n; i++, a += 16, x += 8) v128.store(a, f64x2.promote_low_f32x4(v128.load64_zero(x)));
}

function loadReal(a: usize, x: usize, n: i32): void {
  for (let i = 0; i < n; i++, a += 16, x += 4) v128.store(a, f64x2.promote_low_f32x4(v128.load32_zero(x)));
}

/** The whole spectrum of a real row of odd length, from its half; the imaginary part of number 0 does not count. */
function loadHalf(a: usize, x: usize, n: i32): void {
  v128.store(a, f64x2.promote_low_f32x4(v128.load32_zero(x)));
  for (let k = 1; k <= n >> 1; k++) {
    const w = f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>k << 3)));
    v128.store(a + complex(k), w);
    v128.store(a + complex(n - k), conjugate(w));
  }
}

function storeComplex(out: usize, y: usize, n: i32, factor: f64): void {
  const factors = f64x2.splat(factor);
  for (let i = 0; i < n; i++, out += 8, y += 16) v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.mul(v128.load(y), factors)), 0);
}

function storeReal(out: usize, y: usize, n: i32, factor: f64): void {
  for (let i = 0; i < n; i++, out += 4, y += 16) store<f32>(out, <f32>(load<f64>(y) * factor));
}

/** From the transform of x₀ + i·x₁, x₂ + i·x₃ …, half the spectrum of x: its even and odd elements' spectra are told apart by their symmetry. */
function unfoldSpectrum(out: usize, y: usize, turns: usize, length: i32, factor: f64): void {
  const halves = f64x2.splat(0.5 * factor);
  for (let k = 0; k <= length; k++, out += 8) {
    const z = v128.load(y + complex(k == length ? 0 : k));
    const mirror = conjugate(v128.load(y + complex(k == 0 ? 0 : length - k)));
    const even = f64x2.add(z, mirror);
    const odd = turn(f64x2.sub(z, mirror), i64x2(0, i64.MIN_VALUE));
    const sum = f64x2.add(even, multiply(odd, v128.load(turns + complex(k))));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.mul(sum, halves)), 0);
  }
}

/** The other way round. The imaginary parts of the first and last number do not count. */
function foldSpectrum(a: usize, x: usize, turns: usize, length: i32): void {
  for (let k = 0; k < length; k++, a += 16) {
    let z = f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>k << 3)));
    let mirror = conjugate(f64x2.promote_low_f32x4(v128.load64_zero(x + (<usize>(length - k) << 3))));
    if (k == 0) {
      z = v128.and(z, i64x2(-1, 0));
      mirror = v128.and(mirror, i64x2(-1, 0));
    }
    const odd = multiply(f64x2.sub(z, mirror), v128.load(turns + complex(k)));
    v128.store(a, f64x2.add(f64x2.add(z, mirror), turn(odd, i64x2(i64.MIN_VALUE, 0))));
  }
}
