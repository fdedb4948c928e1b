import { describe, expect, it } from "vitest";
import { blobs, cells, circles, linearRegression, moons, spirals, type SyntheticData } from "./synthetic.js";

const MAKERS: { name: string; make: (options: { count?: number; seed?: number }) => SyntheticData; features: number; classes: number | undefined }[] = [
  { name: "spirals", make: spirals, features: 2, classes: 2 },
  { name: "moons", make: moons, features: 2, classes: 2 },
  { name: "circles", make: circles, features: 2, classes: 2 },
  { name: "blobs", make: blobs, features: 2, classes: 3 },
  { name: "linearRegression", make: linearRegression, features: 1, classes: undefined },
  { name: "cells", make: cells, features: 10, classes: 2 },
];

describe("made-up data sets", () => {
  it.each(MAKERS)("$name: shapes, classes in balance, the same from the same seed, others from another", ({ name, make, features, classes }) => {
    const { x, y } = make({ count: 90, seed: 1 });
    expect([x.shape, x.data.length, y.data.length]).toEqual([[90, features], 90 * features, 90]);
    expect(x.data.every(Number.isFinite)).toBe(true);
    if (classes !== undefined) {
      const counts = Array.from({ length: classes }, (_, label) => y.data.filter((value: number) => value === label).length);
      expect(counts).toEqual(name === "cells" ? [60, 30] : Array(classes).fill(90 / classes));
    }
    expect(make({ count: 90, seed: 1 })).toEqual({ ...make({ count: 90, seed: 1 }), x, y });
    expect(make({ count: 90, seed: 2 }).x.data).not.toEqual(x.data);
  });

  const radius = ({ x }: SyntheticData, i: number): number => Math.hypot(x.data[2 * i]!, x.data[2 * i + 1]!);

  it("without noise, points lie on their forms", () => {
    const rings = circles({ noise: 0, factor: 0.4 });
    rings.y.data.forEach((label, i) => expect(radius(rings, i)).toBeCloseTo(label === 0 ? 1 : 0.4, 6));
    const arms = spirals({ noise: 0, turns: 1 });
    // The angle says how far out a point is, with half a turn between the arms.
    arms.y.data.forEach((label, i) => {
      const turns = Math.atan2(arms.x.data[2 * i + 1]!, arms.x.data[2 * i]!) / (2 * Math.PI) - label / 2;
      expect(Math.abs(turns - radius(arms, i) - Math.round(turns - radius(arms, i)))).toBeLessThan(1e-5);
    });
    const halves = moons({ noise: 0 });
    halves.y.data.forEach((label, i) => {
      const [px, py] = [halves.x.data[2 * i]!, halves.x.data[2 * i + 1]!];
      expect(label === 0 ? Math.hypot(px, py) : Math.hypot(px - 1, py - 0.5)).toBeCloseTo(1, 6);
    });
    const line = linearRegression({ noise: 0, weights: [3], bias: -1 });
    line.y.data.forEach((value, i) => expect(value).toBeCloseTo(3 * line.x.data[i]! - 1, 5));
  });

  it("clouds lie about their centres, the same centres for any count", () => {
    const few = blobs({ count: 6, noise: 0, seed: 3 });
    const many = blobs({ count: 60, noise: 0, seed: 3 });
    expect([...many.x.data.subarray(0, 12)]).toEqual([...few.x.data]);
  });

  it("cells are positive, differ in size from column to column, and malignant ones are larger", () => {
    const { x, y, featureNames } = cells({ count: 900 });
    expect(Math.min(...x.data)).toBeGreaterThan(0);
    const mean = (column: number, label: number): number => {
      const rows = [...y.data.keys()].filter((i) => y.data[i] === label);
      return rows.reduce((sum, i) => sum + x.data[i * 10 + column]!, 0) / rows.length;
    };
    for (const [column, name] of featureNames.entries()) if (name !== "fractalDimension") expect(mean(column, 1)).toBeGreaterThan(mean(column, 0));
    expect(mean(3, 0) / mean(9, 0)).toBeGreaterThan(5000);
  });

  it("says what it takes", () => {
    expect(() => moons({ counts: 5 } as never)).toThrow('moons: no option is called "counts"');
    expect(() => moons({ count: 0 })).toThrow("moons: count: expected a whole number of at least 1, got 0.");
    expect(() => circles({ factor: 2 })).toThrow("circles: factor");
    expect(() => linearRegression({ weights: [1], features: 2 })).toThrow("linearRegression: expected a weight for each of 2 features, got 1.");
  });
});
