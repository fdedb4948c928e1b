// Random numbers for host code: Philox 4×32-10, a counter-based generator. (seed, stream, position) alone decides a
// number, on every platform; nothing is shared and nothing is drawn at import. Not for secrets.
import { ValueError } from "./errors.js";
import { cos, log, sin } from "./math.js";

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const TWO_TO_32 = 4294967296;

/**
 * Ten rounds of Philox 4×32: writes four random uint32 of the counter and the key to `out`.
 *
 * counter: 4 words   key: 2 words   Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
export function philox(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  let k0 = key[0]! | 0;
  let k1 = key[1]! | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Upper 32 bits of a·b, both read as uint32, by 16-bit halves: no partial sum reaches 2³², so int32 arithmetic is exact. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const other = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16)) | 0;
}

/** One reproducible sequence of random numbers: see createRandom. */
export class Random {
  private readonly key: Uint32Array;
  private readonly counter = new Uint32Array(4);
  private readonly block = new Uint32Array(4);
  private used = 4;
  private spare = NaN;

  constructor(seed: number, stream = 0) {
    this.key = Uint32Array.of(...halves(seed, "seed"));
    this.restart(stream);
  }

  /** Starts over at the beginning of a stream (0 … 2⁵³−1) of the same seed; allocates nothing lasting. */
  restart(stream: number): this {
    checkWhole(stream, "stream");
    this.counter[0] = 0;
    this.counter[1] = 0;
    this.counter[2] = stream >>> 0;
    this.counter[3] = Math.floor(stream / TWO_TO_32);
    this.used = 4;
    this.spare = NaN;
    return this;
  }

  /** A whole number of 32 random bits: 0 … 2³²−1. */
  bits(): number {
    if (this.used === 4) {
      philox(this.counter, this.key, this.block);
      if (++this.counter[0]! === TWO_TO_32) this.counter[1]!++;
      this.used = 0;
    }
    return this.block[this.used++]!;
  }

  /** Uniform in [min, max), in steps of (max − min)/2³². */
  uniform(min = 0, max = 1): number {
    return min + (max - min) * (this.bits() / TWO_TO_32);
  }

  /** Standard normal, by Box and Muller's transform; |value| < 6.8. */
  normal(): number {
    if (this.spare === this.spare) {
      const value = this.spare;
      this.spare = NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * log((this.bits() + 0.5) / TWO_TO_32)); // + ½ keeps the logarithm finite.
    const angle = (this.bits() / TWO_TO_32) * (2 * Math.PI);
    this.spare = radius * sin(angle);
    return radius * cos(angle);
  }

  /** Uniform whole number in 0 … n−1, without bias. Throws ValueError unless 1 ≤ n ≤ 2³². */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_TO_32) {
      throw new ValueError(`random integer: expected a whole n between 1 and ${TWO_TO_32}, got ${n}.`);
    }
    // Draws beyond the largest multiple of n are thrown away, or small remainders would come more often.
    const limit = TWO_TO_32 - (TWO_TO_32 % n);
    let draw = this.bits();
    while (draw >= limit) draw = this.bits();
    return draw % n;
  }

  /** Shuffles in place (Fisher and Yates): every order is equally likely. Returns the same array. */
  shuffle<A extends Uint32Array | number[]>(items: A): A {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swap = items[i]!;
      items[i] = items[j]!;
      items[j] = swap;
    }
    return items;
  }

  /** The numbers 0 … n−1 in random order. */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    return this.shuffle(order);
  }
}

/**
 * A random generator; equal seed and stream give the equal sequence on every platform, streams of a seed are independent.
 *
 * seed, stream: whole numbers 0 … 2⁵³−1. Throws ValueError otherwise.
 */
export function createRandom(seed: number, stream = 0): Random {
  return new Random(seed, stream);
}

function halves(value: number, name: string): [low: number, high: number] {
  checkWhole(value, name);
  return [value >>> 0, Math.floor(value / TWO_TO_32)];
}

function checkWhole(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ValueError(`random: expected ${name} to be a whole number between 0 and 2^53 - 1, got ${value}.`);
  }
}
