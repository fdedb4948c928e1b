// How a Fourier transform of a given length is carried out, as the words of f32_fft: its factors, or those of Bluestein's detour. See assembly/fft.ts.
import { f32Word } from "../program/program.js";
import { at, WORKSPACE, type Lowering, type Operand } from "./op.js";

/** Larger primes are dearer term by term than by way of a power of two. */
const LARGEST_RADIX = 31;

/** What a row is; the numbers are the kernel's. */
const FFT_KINDS = { complex: 0, fromReal: 1, toReal: 2 } as const;

export interface FftStep {
  readonly kind: keyof typeof FFT_KINDS;
  readonly rows: number;
  readonly n: number;
  /** Sign of the exponent. */
  readonly sign: 1 | -1;
  readonly factor: number;
}

export function fftStep(out: Operand, x: Operand, { kind, rows, n, sign, factor }: FftStep): Lowering {
  // Real rows of even length are transformed as half as many complex numbers.
  const halved = kind !== "complex" && n % 2 === 0;
  const length = halved ? n / 2 : n;
  const direct = radicesOf(length);
  const padded = direct ? 0 : 2 ** Math.ceil(Math.log2(2 * length - 1));
  const radices = direct ?? radicesOf(padded)!;
  const size = padded || length;
  const numbers = 3 * size + (padded ? length + size : 0) + (halved ? length + 1 : 0);
  return {
    kernel: "f32_fft",
    workspace: 16 * numbers,
    words: [at(out), at(x), WORKSPACE, rows, n, sign, f32Word(factor), FFT_KINDS[kind], length, padded, radices.length, ...radices],
  };
}

/** Operations for `numbers` complex numbers in rows of n. */
export function fftFlops(numbers: number, n: number): number {
  return n === 0 ? 0 : Math.round(5 * numbers * Math.log2(Math.max(2, n)));
}

/** The factors of n, fours first; null when a prime among them is too large. */
function radicesOf(n: number): number[] | null {
  const radices: number[] = [];
  let rest = n;
  for (const radix of [4, 2, 3, 5]) for (; rest % radix === 0; rest /= radix) radices.push(radix);
  for (let prime = 7; rest > 1; prime += 2) {
    if (prime > LARGEST_RADIX) return null;
    for (; rest % prime === 0; rest /= prime) radices.push(prime);
  }
  return radices;
}
