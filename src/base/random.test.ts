import { describe, expect, it } from "vitest";
import { ValueError } from "./errors.js";
import { createRandom, philox } from "./random.js";

/** The known answers of the generator's authors for Philox 4×32-10. */
const ANSWERS: { counter: number[]; key: number[]; words: number[] }[] = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe("philox", () => {
  it.each(ANSWERS)("gives the known answer for counter $counter", ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philox(Uint32Array.from(counter), Uint32Array.from(key), out);
    expect([...out]).toEqual(words);
  });
});

describe("createRandom", () => {
  it("reads the blocks of its stream in order", () => {
    const random = createRandom(0x1_0000_0007, 0x3_0000_0005);
    const block = new Uint32Array(4);
    for (let i = 0; i < 3; i++) {
      philox(Uint32Array.of(i, 0, 5, 3), Uint32Array.of(7, 1), block);
      for (const word of block) expect(random.bits()).toBe(word);
    }
  });

  it("repeats itself from the same seed and stream, and after restart, even between two normals", () => {
    const first = createRandom(7, 3);
    const values = [first.normal(), first.uniform(), first.normal()];
    first.normal();
    first.restart(3);
    expect([first.normal(), first.uniform(), first.normal()]).toEqual(values);
    const second = createRandom(7, 3);
    expect([second.normal(), second.uniform(), second.normal()]).toEqual(values);
    expect(createRandom(7, 4).normal()).not.toBe(values[0]);
    expect(createRandom(8, 3).normal()).not.toBe(values[0]);
  });

  it("uniform has mean 1/2 and variance 1/12 within 5 standard errors, and stays in [0, 1)", () => {
    const random = createRandom(11);
    const n = 100000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = random.uniform();
      if (!(x >= 0 && x < 1)) throw new Error(`uniform gave ${x}`);
      sum += x;
      squares += (x - 0.5) ** 2;
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
  });

  it("normal has mean 0, variance 1 and fourth moment 3 within 5 standard errors", () => {
    const random = createRandom(12);
    const n = 100000;
    const moments = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      moments[0]! += x / n;
      moments[1]! += x ** 2 / n;
      moments[2]! += x ** 4 / n;
    }
    expect(Math.abs(moments[0]!)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moments[1]! - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moments[2]! - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it("integer hits every value equally often within 5 standard errors", () => {
    const random = createRandom(13);
    const counts = new Array<number>(7).fill(0);
    const n = 70000;
    for (let i = 0; i < n; i++) counts[random.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - n / 7)).toBeLessThan(5 * Math.sqrt((n / 7) * (6 / 7)));
  });

  it("integer is unbiased for n just above 2^31, where a plain remainder is wrong by a factor of two", () => {
    const random = createRandom(14);
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 10000; i++) low += random.integer(n) < 2 ** 30 ? 1 : 0;
    expect(Math.abs(low - 10000 / 3)).toBeLessThan(5 * Math.sqrt(10000 * (2 / 9)));
  });

  it("permutation holds every number once; all orders of three come equally often", () => {
    const random = createRandom(15);
    expect([...random.permutation(1000)].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * (5 / 6)));
  });

  it("says what it takes", () => {
    expect(() => createRandom(-1)).toThrow(ValueError);
    expect(() => createRandom(1.5)).toThrow("expected seed to be a whole number between 0 and 2^53 - 1, got 1.5");
    expect(() => createRandom(1, NaN)).toThrow("expected stream");
    expect(() => createRandom(1).integer(0)).toThrow("random integer: expected a whole n between 1 and 4294967296, got 0");
  });
});
