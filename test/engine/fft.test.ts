// Fourier transforms as wholes: there and back, Parseval, convolution, long and awkward lengths; and what they refuse.
import { beforeAll, describe, expect, test } from "vitest";
import * as f from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

beforeAll(() => {
  f.setRandomSeed(3);
  return f.init();
});

const { fft } = f;
const random = (...shape: number[]): Tensor => f.tensor(f.randomUniform(shape, -1, 1).dataSync(), shape);
const distance = (a: Tensor, b: Tensor): number => f.max(f.abs(f.sub(a, b))).dataSync()[0]!;

/** Powers of two, a product of small primes, a prime, twice a prime, and lengths beside powers of two. */
const LENGTHS = [1, 2, 1000, 1009, 1024, 2018, 2310, 4095, 4096, 4097, 65536];

describe("there and back, to three roundings of float32", () => {
  test.each(LENGTHS)("%i numbers", (n) => {
    const z = random(n, 2);
    expect(distance(fft.ifft(fft.fft(z)), z)).toBeLessThan(4e-7);
    const x = random(n);
    expect(distance(fft.irfft(fft.rfft(x), { n }), x)).toBeLessThan(4e-7);
  });

  test.each(LENGTHS)("%i real numbers have the spectrum of complex ones without imaginary parts", (n) => {
    const x = random(n);
    const whole = fft.fft(f.complex(x));
    expect(distance(fft.rfft(x), whole.slice([0, 0], [Math.floor(n / 2) + 1, 2]))).toBeLessThan(4e-6 * Math.sqrt(n));
  });
});

test("[T19] cos(2πn/8): 4 in X[1] and X[7], nothing elsewhere", () => {
  const x = f.tensor(Array.from({ length: 8 }, (_, n) => Math.cos((2 * Math.PI * n) / 8)));
  const spectrum = fft.fft(f.complex(x));
  const expected = Array.from({ length: 8 }, (_, k) => [k === 1 || k === 7 ? 4 : 0, 0]);
  expect(distance(spectrum, f.tensor(expected, [8, 2], "float32"))).toBeLessThan(1e-6);
});

test("[T19] Parseval: Σ|x|² = Σ|X|²/n", () => {
  const z = random(300, 2);
  const [time, frequency] = [z, fft.fft(z)].map((x) => f.sum(f.square(x)).dataSync()[0]!) as [number, number];
  expect(frequency / 300 / time).toBeCloseTo(1, 6);
});

test("a product of spectra is a circular convolution", () => {
  const [a, b] = [random(12), random(12)];
  const circular = fft.irfft(f.complexMul(fft.rfft(a), fft.rfft(b)));
  const [x, y] = [a.dataSync(), b.dataSync()];
  const expected = Array.from({ length: 12 }, (_, k) => [...x].reduce((sum, value, j) => sum + value * y[(k - j + 12) % 12]!, 0));
  expect(distance(circular, f.tensor(expected))).toBeLessThan(1e-6);
});

test("two axes are one after the other, and back", () => {
  const z = random(6, 10, 2);
  expect(distance(fft.fft2(z), fft.fft(fft.fft(z, { axis: 0 }), { axis: 1 }))).toBeLessThan(1e-5);
  expect(distance(fft.ifft2(fft.fft2(z)), z)).toBeLessThan(1e-6);
  const x = random(6, 9);
  expect(distance(fft.irfft2(fft.rfft2(x), { n: 9 }), x)).toBeLessThan(1e-6);
});

test("[P9] a spectrogram shows which tone sounds when, and gradients reach the signal", () => {
  const tone = (k: number): number[] => Array.from({ length: 256 }, (_, n) => Math.sin((2 * Math.PI * k * n) / 64));
  const signal = f.tensor([...tone(5), ...tone(12)]);
  const shown = fft.spectrogram(signal, { frameLength: 64, hop: 64 });
  expect(shown.shape).toEqual([8, 33]);
  expect([...f.argMax(shown).dataSync()]).toEqual([5, 5, 5, 5, 12, 12, 12, 12]);
  const slope = f.grad((x: Tensor) => f.sum(fft.spectrogram(x, { frameLength: 64 })))(signal);
  expect(slope.shape).toEqual([512]);
});

test("parts of complex numbers", () => {
  const z = f.complex([1, 2], [3, -4]);
  expect(f.real(z).arraySync()).toEqual([1, 2]);
  expect(f.imag(z).arraySync()).toEqual([3, -4]);
  expect(f.conj(z).arraySync()).toEqual([[1, -3], [2, 4]]);
  expect(f.complexMul(z, f.conj(z)).arraySync()).toEqual([[10, 0], [20, 0]]);
  expect(f.complexAbs(f.complex(3, 4)).arraySync()).toBe(5);
});

const REFUSED: readonly [claim: string, attempt: () => unknown, message: RegExp][] = [
  ["whole numbers", () => fft.fft(f.zeros([3, 2], "int32")), /fft: takes float32, got int32/],
  ["a last axis that is not the parts", () => fft.fft(f.zeros([4, 3])), /takes complex numbers \[\.\.\., 2\].*got \[4, 3\]/],
  ["an axis out of range", () => fft.fft(f.zeros([4, 2]), { axis: 1 }), /axis 1 is out of range for rank 1/],
  ["a length of 0", () => fft.rfft(f.zeros([4]), { n: 0 }), /length must be a whole number from 1/],
  ["an empty axis", () => fft.rfft(f.zeros([3, 0])), /rfft: the length must be a whole number from 1, got 0/],
  ["windows longer than the signal", () => fft.stft(f.zeros([5]), { frameLength: 8 }), /windows of 8 elements, 2 apart, do not fit \[5\]/],
  ["a window that is none", () => fft.stft(f.zeros([5]), { frameLength: 4, window: "box" as never }), /window "box" is not known/],
];

describe("refused, by name", () => {
  test.each(REFUSED)("%s", (_claim, attempt, message) => expect(attempt).toThrow(message));
});
