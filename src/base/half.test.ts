import { expect, it } from "vitest";
import { fromHalf, fromHalves, toHalf, toHalves } from "./half.js";

it("takes every float16 to its number and back", () => {
  for (let half = 0; half < 65536; half++) {
    if ((half & 0x7fff) > 0x7c00) expect(fromHalf(half)).toBeNaN();
    else if (toHalf(fromHalf(half)) !== half) expect.fail(`${half} became ${fromHalf(half)} and ${toHalf(fromHalf(half))}`);
  }
});

it("rounds to the nearest, halves to even, and overflows to infinity", () => {
  const rows: [number, number][] = [
    [1, 1], [-0, -0], [2049, 2048], [2051, 2052], [-2049, -2048], [65504, 65504], [65519, 65504], [65520, Infinity], [-1e9, -Infinity],
    [2 ** -24, 2 ** -24], [2 ** -25, 0], [3 * 2 ** -25, 2 ** -23], [2 ** -14 * (1 - 2 ** -12), 2 ** -14], [0.1, 0.0999755859375], [Infinity, Infinity],
  ];
  expect([...fromHalves(toHalves(rows.map(([x]) => x)))]).toEqual(rows.map(([, y]) => y));
  expect(fromHalf(toHalf(NaN))).toBeNaN();
});
