import { describe, expect, it } from "vitest";
import { Random } from "../base/random.js";
import { ALIGNMENT, PADDING } from "../program/program.js";
import { paddedBytes } from "../program/program.js";
import { plan, type Lifetime } from "./plan.js";

const peak = (slots: readonly Lifetime[]): number =>
  Math.max(0, ...slots.map(({ first }) => slots.filter((slot) => slot.first <= first && first <= slot.last).reduce((sum, { bytes }) => sum + paddedBytes(bytes), 0)));

describe("a memory plan", () => {
  it("never lets two slots alive at one step overlap, keeps padding and alignment, and stays above the peak: 300 random sets", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const slots = Array.from({ length: 1 + (random.bits() % 40) }, (): Lifetime => {
        const first = random.bits() % 30;
        return { bytes: random.bits() % 5 === 0 ? 0 : random.bits() % 5000, first, last: first + (random.bits() % 12) };
      });
      const { offsets, bytes } = plan(slots);
      slots.forEach((a, i) => {
        expect(offsets[i]! % ALIGNMENT, `seed ${seed}`).toBe(0);
        expect(offsets[i]! + a.bytes + PADDING, `seed ${seed}: slot ${i} and its padding`).toBeLessThanOrEqual(bytes);
        slots.forEach((b, j) => {
          if (j <= i || a.last < b.first || b.last < a.first) return;
          const apart = offsets[i]! + a.bytes + PADDING <= offsets[j]! || offsets[j]! + b.bytes + PADDING <= offsets[i]!;
          expect(apart, `seed ${seed}: slots ${i} and ${j} at ${offsets[i]} and ${offsets[j]}`).toBe(true);
        });
      });
      expect(bytes, `seed ${seed}: no less than what is alive at once`).toBeGreaterThanOrEqual(peak(slots));
    }
  });

  it("is optimal for chains: two buffers, however long", () => {
    const chain = Array.from({ length: 50 }, (_, i): Lifetime => ({ bytes: 1000, first: i, last: i + 1 }));
    expect(plan(chain).bytes).toBe(2 * paddedBytes(1000));
  });

  it("is optimal for a chain of growing and shrinking slots: the two largest neighbours", () => {
    const sizes = [100, 300, 900, 2700, 900, 300, 100];
    const chain = sizes.map((bytes, i): Lifetime => ({ bytes, first: i, last: i + 1 }));
    expect(plan(chain).bytes).toBe(paddedBytes(2700) + paddedBytes(900));
  });

  it("is empty for no slots", () => {
    expect(plan([])).toEqual({ offsets: [], bytes: 0 });
  });
});
