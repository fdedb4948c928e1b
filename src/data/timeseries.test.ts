import { beforeAll, describe, expect, it } from "vitest";
import { init } from "../engine/index.js";
import { timeseries, type TimeseriesOptions } from "./timeseries.js";

beforeAll(() => init());

const steps = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("timeseries", () => {
  const ROWS: { claim: string; options: TimeseriesOptions; xs: number[][]; ys: number[] }[] = [
    { claim: "sequences one step apart, the target is what follows", options: { sequenceLength: 3 }, xs: [[0, 1, 2], [1, 2, 3], [2, 3, 4]], ys: [3, 4, 5] },
    { claim: "a stride leaves starts out", options: { sequenceLength: 3, sequenceStride: 2 }, xs: [[0, 1, 2], [2, 3, 4]], ys: [3, 5] },
    { claim: "a sampling rate leaves steps out", options: { sequenceLength: 3, samplingRate: 2 }, xs: [[0, 2, 4], [1, 3, 5]], ys: [3, 4] },
    { claim: "a part of the series", options: { sequenceLength: 2, startIndex: 1, endIndex: 4 }, xs: [[1, 2], [2, 3]], ys: [4, 5] },
  ];
  it.each(ROWS)("$claim", async ({ options, xs, ys }) => {
    // targets[i] belongs to the sequence from step i on: the number three steps later.
    const [batch] = await timeseries(steps(6), steps(6).slice(3), options).toArray();
    expect([batch!.xs.arraySync(), batch!.ys.arraySync()]).toEqual([xs, ys]);
  });

  it("gives batches [batch, steps, features] of the series' dtype, and the rest last", async () => {
    const series = { data: Uint8Array.from(steps(20)), shape: [10, 2] };
    const dataset = timeseries(series, null, { sequenceLength: 4, batchSize: 3 });
    const batches = await dataset.toArray();
    expect([dataset.size, batches.map(({ shape }) => shape), batches[0]!.dtype]).toEqual([3, [[3, 4, 2], [3, 4, 2], [1, 4, 2]], "uint8"]);
    const [one] = await timeseries(series, null, { sequenceLength: 4, batchSize: null }).toArray();
    expect(one!.shape).toEqual([4, 2]);
  });

  it("shuffles sequences and targets alike, another way in each pass, the same from the same seed", async () => {
    const passes = async (): Promise<unknown[]> => {
      const dataset = timeseries(steps(12), steps(12).slice(2), { sequenceLength: 2, shuffle: true, seed: 1 });
      const [[first], [second]] = [await dataset.toArray(), await dataset.toArray()];
      for (const batch of [first!, second!]) {
        const [xs, ys] = [batch.xs.arraySync() as number[][], batch.ys.arraySync() as number[]];
        xs.forEach(([, last], i) => expect(ys[i]).toBe(last! + 1));
      }
      return [first!.ys.arraySync(), second!.ys.arraySync()];
    };
    const [first, second] = await passes();
    expect(first).not.toEqual(second);
    expect(await passes()).toEqual([first, second]);
  });

  it("refuses sequences longer than the series, borders outside it and unknown options", () => {
    expect(() => timeseries(steps(3), null, { sequenceLength: 4 })).toThrow("timeseries: expected at least one sequence of 4 steps, 1 apart; the series has 3.");
    expect(() => timeseries(steps(3), null, { sequenceLength: 1, endIndex: 4 })).toThrow("expected startIndex < endIndex ≤ 3");
    expect(() => timeseries(steps(3), null, { sequenceLength: 1, rate: 2 } as never)).toThrow('no option is called "rate"');
  });
});
