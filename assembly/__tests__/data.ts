// What the specs share: seeded numbers, buffers with guard words behind their ends, words of a kernel, comparison with float64.

export const GUARD: f32 = 777.25;
const GUARDS = 16;

let seed: u32 = 1;
/** Uniform in [-0.5, 0.5), multiples of 2⁻²⁴. */
export function random(): f32 {
  seed = seed * 1664525 + 1013904223;
  return <f32>(seed >> 8) / 16777216 - 0.5;
}

/** An input of seeded numbers. It may be read 16 bytes past its end, but what lies there must not matter: NaN. */
export function floats(count: i32): StaticArray<f32> {
  const data = new StaticArray<f32>(count + 4);
  for (let i = 0; i < count; i++) data[i] = random();
  for (let i = count; i < count + 4; i++) data[i] = NaN;
  return data;
}

/** An output: all of it, and the words behind it, hold GUARD. */
export function guarded(count: i32): StaticArray<f32> {
  const data = new StaticArray<f32>(count + GUARDS);
  for (let i = 0; i < data.length; i++) data[i] = GUARD;
  return data;
}

/** The first `count` elements of x, with guards behind: an operand changed in place. */
export function guardedCopy(x: StaticArray<f32>, count: i32): StaticArray<f32> {
  const data = guarded(count);
  for (let i = 0; i < count; i++) data[i] = x[i];
  return data;
}

/** Whether nothing was written behind the first `count` elements. */
export function intact(data: StaticArray<f32>, count: i32): bool {
  for (let i = count; i < data.length; i++) if (data[i] != GUARD) return false;
  return true;
}

/** The same bits, where any NaN equals any NaN. */
export function same(a: f32, b: f32): bool {
  return (a != a && b != b) || reinterpret<u32>(a) == reinterpret<u32>(b);
}

export const WORDS = new StaticArray<u32>(256);

/** Address of the words, the first of them set to up to eight values. */
export function words(a: usize = 0, b: usize = 0, c: usize = 0, d: usize = 0, e: usize = 0, f: usize = 0, g: usize = 0, h: usize = 0): usize {
  WORDS[0] = <u32>a; WORDS[1] = <u32>b; WORDS[2] = <u32>c; WORDS[3] = <u32>d;
  WORDS[4] = <u32>e; WORDS[5] = <u32>f; WORDS[6] = <u32>g; WORDS[7] = <u32>h;
  return changetype<usize>(WORDS);
}

const RANGED = new StaticArray<u32>(258);

/** A copy of WORDS behind a range of units, for a kernel that computes only this range. */
export function ranged(begin: i32, end: i32): usize {
  RANGED[0] = begin;
  RANGED[1] = end;
  memory.copy(changetype<usize>(RANGED) + 8, changetype<usize>(WORDS), 4 * WORDS.length);
  return changetype<usize>(RANGED) + 8;
}

/** Runs a kernel over all its units in three ranges, the last one first; its words are WORDS. */
export function inRanges(kernel: (words: usize) => void, units: i32): void {
  for (let k = 2; k >= 0; k--) kernel(ranged((units * k) / 3, (units * (k + 1)) / 3));
}

/** The same for kernels whose units are four rows. */
export function inRows(kernel: (words: usize) => void, rows: i32): void {
  inRanges(kernel, (rows + 3) / 4);
}

export function float(value: f32): usize {
  return <usize>reinterpret<u32>(value);
}

export function at<T>(data: StaticArray<T>): usize {
  return changetype<usize>(data);
}
