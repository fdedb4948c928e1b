import { beforeAll, describe, expect, it } from "vitest";
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { init, tensor, type Tensor } from "../engine/index.js";
import type { Dataset } from "./dataset.js";
import { array, fromArrays, fromGenerator, fromIterable, fromTensors, generator, zip } from "./datasetSources.js";
import type { Columns, Example } from "./stages/columns.js";

beforeAll(() => init());

const range = (n: number): Dataset<number> => array(Array.from({ length: n }, (_, i) => i));
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const nested = (t: Tensor): unknown => t.arraySync();

describe("stages", () => {
  const ROWS: { claim: string; dataset: () => Dataset<unknown>; elements: unknown[]; size: number | undefined }[] = [
    { claim: "array gives its items as they are", dataset: () => array(["a", { b: 1 }]), elements: ["a", { b: 1 }], size: 2 },
    { claim: "map takes sync functions", dataset: () => range(3).map((x) => x * 2), elements: [0, 2, 4], size: 3 },
    { claim: "map takes async functions and keeps order", dataset: () => range(3).map(async (x) => x + 1), elements: [1, 2, 3], size: 3 },
    { claim: "map is told number and pass", dataset: () => range(4).skip(1).map((x, { index, epoch }) => [x, index, epoch]), elements: [[1, 0, 0], [2, 1, 0], [3, 2, 0]], size: 3 },
    { claim: "filter keeps what is wanted", dataset: () => range(5).filter(async (x) => x % 2 === 0), elements: [0, 2, 4], size: undefined },
    { claim: "take ends early", dataset: () => range(5).take(2), elements: [0, 1], size: 2 },
    { claim: "take of nothing reads nothing", dataset: () => range(5).take(0), elements: [], size: 0 },
    { claim: "take of more than there are takes all", dataset: () => range(2).take(9), elements: [0, 1], size: 2 },
    { claim: "takeWhile ends at the first that is not wanted", dataset: () => range(9).takeWhile(async (x) => x % 4 < 3), elements: [0, 1, 2], size: undefined },
    { claim: "enumerate counts, from where one likes", dataset: () => array(["a", "b"]).enumerate(5).map((x) => [...x]), elements: [[5, "a"], [6, "b"]], size: 2 },
    { claim: "shard takes every third", dataset: () => range(8).shard(3, 1), elements: [1, 4, 7], size: 3 },
    { claim: "a last shard is shorter", dataset: () => range(8).shard(3, 2), elements: [2, 5], size: 2 },
    { claim: "a shard of what never ends has no end", dataset: () => range(2).repeat().shard(2, 1).take(2), elements: [1, 1], size: 2 },
    { claim: "unbatch undoes batch", dataset: () => fromArrays({ xs: [[1, 2], [3, 4], [5, 6]], ys: ["a", "b", "c"] }).batch(2).unbatch().map(({ xs, ys }) => [...xs.dataSync(), ys]), elements: [[1, 2, "a"], [3, 4, "b"], [5, 6, "c"]], size: undefined },
    { claim: "skip leaves the first out", dataset: () => range(5).skip(3), elements: [3, 4], size: 2 },
    { claim: "skip of more than there are leaves none", dataset: () => range(2).skip(3), elements: [], size: 0 },
    { claim: "repeat goes round", dataset: () => range(2).repeat(3), elements: [0, 1, 0, 1, 0, 1], size: 6 },
    { claim: "repeat without a count goes on for ever", dataset: () => range(2).repeat().take(5), elements: [0, 1, 0, 1, 0], size: 5 },
    { claim: "repeat(-1) as well", dataset: () => range(2).repeat(-1).take(3), elements: [0, 1, 0], size: 3 },
    { claim: "concatenate puts one behind the other", dataset: () => range(2).concatenate(array(["x"])), elements: [0, 1, "x"], size: 3 },
    { claim: "zip makes tuples until the shortest ends", dataset: () => zip([range(3), array(["a", "b"])]).map((x) => [...x]), elements: [[0, "a"], [1, "b"]], size: 2 },
    { claim: "zip makes objects", dataset: () => zip({ xs: range(2), ys: range(2) }), elements: [{ xs: 0, ys: 0 }, { xs: 1, ys: 1 }], size: 2 },
    { claim: "prefetch changes nothing", dataset: () => range(5).prefetch(2), elements: [0, 1, 2, 3, 4], size: 5 },
    { claim: "prefetch of more than there are", dataset: () => range(2).prefetch(7), elements: [0, 1], size: 2 },
    { claim: "cache changes nothing", dataset: () => range(3).cache(), elements: [0, 1, 2], size: 3 },
    { claim: "interleave reads a few in turn", dataset: () => range(3).interleave((i) => array([i * 10, i * 10 + 1, i * 10 + 2]), { cycleLength: 2, blockLength: 2 }), elements: [0, 1, 10, 11, 2, 12, 20, 21, 22], size: undefined },
    { claim: "generator takes a generator function", dataset: () => generator(function* () { yield 1; yield 2; }), elements: [1, 2], size: undefined }, // prettier-ignore
    { claim: "generator takes an async generator function", dataset: () => fromGenerator(async function* () { yield 1; }), elements: [1], size: undefined }, // prettier-ignore
    { claim: "generator takes a function that gives an iterator", dataset: () => fromGenerator(() => ({ next: () => ({ done: true as const, value: undefined }) })), elements: [], size: undefined },
    { claim: "iterables are gone through", dataset: () => fromIterable(new Set([3, 4])), elements: [3, 4], size: undefined },
  ];
  it.each(ROWS)("$claim", async ({ dataset, elements, size }) => {
    const made = dataset();
    expect(made.size).toBe(size);
    expect(await made.toArray()).toEqual(elements);
  });

  it("reduces in order, and says at which element the user's function threw", async () => {
    expect(await array(["a", "b", "c"]).reduce("", async (text, next, index) => `${text}${next}${index}`)).toBe("a0b1c2");
    await expect(range(3).reduce(0, (sum, x) => { if (x === 2) throw new Error("mine"); return sum + x; })).rejects.toThrow("dataset: reduce: element 2: mine"); // prettier-ignore
    await expect(range(3).repeat().reduce(0, (sum) => sum)).rejects.toThrow("expected a dataset that ends");
  });

  it("refuses shards beyond their number, and elements without a first axis", async () => {
    expect(() => range(3).shard(2, 2)).toThrow("dataset: shard: index: expected a number below 2, got 2.");
    await expect(range(3).unbatch().toArray()).rejects.toThrow("dataset: unbatch: element 0: expected examples along the first axis of an array, got 0.");
  });

  it("has every element once in a shuffled pass, another order in each, the same from the same seed", async () => {
    for (const buffer of [1, 7, 50, 80]) {
      const passes = async (): Promise<number[][]> => {
        const dataset = range(50).shuffle(buffer, 3);
        return [await dataset.toArray(), await dataset.toArray()];
      };
      const [first, second] = (await passes()) as [number[], number[]];
      expect(sorted(first)).toEqual([...Array(50).keys()]);
      expect(sorted(second)).toEqual(sorted(first));
      if (buffer > 1) expect(second).not.toEqual(first);
      expect(await passes()).toEqual([first, second]);
      // An element moves at most as far forward as the buffer reaches.
      first.forEach((element, at) => expect(element - at).toBeLessThan(buffer));
    }
    expect(await range(50).shuffle(50, 4).toArray()).not.toEqual(await range(50).shuffle(50, 3).toArray());
  });

  it("keeps the first order without reshuffling, and repeats any pass by its number", async () => {
    const still = range(20).shuffle(20, 1, false);
    expect(await still.toArray()).toEqual(await still.toArray());
    const dataset = range(20).shuffle(20, 1);
    const passes = [await dataset.toArray(), await dataset.toArray(), await dataset.toArray()];
    for (const [number, pass] of passes.entries()) expect(await fromIterable(dataset.epoch(number)).toArray()).toEqual(pass);
  });

  it("comes to every order of three equally often within 5 standard errors", async () => {
    const counts = new Map<string, number>();
    const dataset = range(3).shuffle(3, 5);
    for (let i = 0; i < 3000; i++) {
      const order = (await dataset.toArray()).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(500 * (5 / 6)));
  });

  it("repeats with another order each time, and not that of the next pass", async () => {
    const dataset = range(10).shuffle(10, 1).repeat(2);
    const all = [...(await dataset.toArray()), ...(await dataset.toArray())];
    const orders = [0, 10, 20, 30].map((at) => all.slice(at, at + 10).join());
    expect(new Set(orders).size).toBe(4);
  });

  it("splits to the element, without overlap, in every pass, also behind a shuffle", async () => {
    const [train, test] = range(10).shuffle(10, 1).split(0.7, { seed: 2 });
    expect([train.size, test.size]).toEqual([7, 3]);
    for (let pass = 0; pass < 3; pass++) {
      const [left, right] = [await train.toArray(), await test.toArray()];
      expect([left.length, right.length]).toEqual([7, 3]);
      expect(sorted([...left, ...right])).toEqual([...Array(10).keys()]);
      expect(left).toEqual(await train.toArray());
    }
    const [other] = range(10).split(0.7, { seed: 3 });
    expect(await other.toArray()).not.toEqual(await range(10).split(0.7, { seed: 2 })[0].toArray());
  });

  it("splits a dataset of unknown size by chance, without overlap", async () => {
    const [train, test] = range(4000).filter(() => true).split(0.8, { seed: 2 });
    const [left, right] = [await train.toArray(), await test.toArray()];
    expect(train.size).toBeUndefined();
    expect(sorted([...left, ...right])).toEqual([...Array(4000).keys()]);
    expect(Math.abs(left.length - 3200)).toBeLessThan(5 * Math.sqrt(4000 * 0.8 * 0.2));
  });

  it("reads the source once when it is cached, and not at all after a whole pass", async () => {
    let reads = 0;
    const dataset = generator(function* () {
      for (let i = 0; i < 3; i++) {
        reads++;
        yield i;
      }
    }).cache();
    await dataset.take(2).toArray();
    expect(reads).toBe(2); // A pass that is broken off is not kept.
    expect(await dataset.toArray()).toEqual([0, 1, 2]);
    expect(await dataset.toArray()).toEqual([0, 1, 2]);
    expect(reads).toBe(5);
  });

  it("is lazy: nothing is read before a pass, and no more than is asked for", async () => {
    let reads = 0;
    const dataset = generator(function* () {
      for (;;) yield reads++;
    }).map((x) => x).batch(4);
    expect(reads).toBe(0);
    await dataset.take(2).toArray();
    expect(reads).toBe(8);
  });

  it("reads ahead as far as prefetch says", async () => {
    let reads = 0;
    const dataset = generator(function* () {
      for (;;) yield reads++;
    }).prefetch(3);
    const pass = dataset[Symbol.asyncIterator]();
    expect((await pass.next()).value).toBe(0);
    await new Promise((resolve) => setTimeout(resolve));
    expect(reads).toBe(4);
    await pass.return();
  });

  it("gives all elements to forEach, with their numbers, and an iterator by name", async () => {
    const seen: number[][] = [];
    await range(3).forEachAsync(async (x, i) => void seen.push([x, i]));
    expect(seen).toEqual([[0, 0], [1, 1], [2, 2]]);
    expect(await (await range(3).iterator()).next()).toEqual({ done: false, value: 0 });
  });
});

describe("batches", () => {
  it("stacks numbers, arrays, text and nested fields", async () => {
    const [batch] = await array([
      { xs: { a: [1, 2], b: new Uint8Array([3]) }, ys: true, name: "p" },
      { xs: { a: [4, 5], b: new Uint8Array([6]) }, ys: false, name: "q" },
    ]).batch(2).toArray();
    expect(nested(batch!.xs.a)).toEqual([[1, 2], [4, 5]]);
    expect([batch!.xs.a.dtype, batch!.xs.b.dtype, batch!.ys.dtype]).toEqual(["float32", "uint8", "bool"]);
    expect([nested(batch!.xs.b), nested(batch!.ys), batch!.name]).toEqual([[[3], [6]], [true, false], ["p", "q"]]);
  });

  it("makes float32 of numbers, also where all are whole, and leaves uint8, int32, float16 and bool as they are", async () => {
    const numbers = await range(2).batch(2).toArray();
    expect(numbers[0]!.dtype).toBe("float32");
    for (const dtype of ["float32", "int32", "uint8", "bool", "float16"] as const) {
      const [batch] = await fromTensors(tensor([[0, 1], [1, 1]], undefined, dtype)).batch(2).toArray();
      expect([batch!.dtype, batch!.shape]).toEqual([dtype, [2, 2]]);
      expect(nested(batch!)).toEqual(dtype === "bool" ? [[false, true], [true, true]] : [[0, 1], [1, 1]]);
    }
  });

  it("has a shorter last batch, or none", async () => {
    const shapes = async (dropRemainder: boolean): Promise<unknown> => (await range(5).batch(2, dropRemainder).toArray()).map(({ shape }) => shape);
    expect([await shapes(false), range(5).batch(2).size]).toEqual([[[2], [2], [1]], 3]);
    expect([await shapes(true), range(5).batch(2, true).size]).toEqual([[[2], [2]], 2]);
  });

  it("keeps tuples of zip apart, even of numbers, and stacks lists of numbers as vectors", async () => {
    const [pair] = await zip([range(2), range(2).map((x) => x * 10)]).batch(2).toArray();
    expect(pair!.map(nested)).toEqual([[0, 1], [0, 10]]);
    const [vectors] = await array([[0, 0], [1, 10]]).batch(2).toArray();
    expect(nested(vectors!)).toEqual([[0, 0], [1, 10]]);
    const [tuples] = await array([[[1, 2], 3] as const, [[4, 5], 6] as const]).map(([x, y]) => [tensor(x), y] as const).batch(2).toArray();
    expect([nested(tuples![0]), nested(tuples![1])]).toEqual([[[1, 2], [4, 5]], [3, 6]]);
  });

  it("stacks tensors that are still to be computed, and batches of batches", async () => {
    const [batch] = await fromArrays({ xs: [[1, 2], [3, 4]] }).map(({ xs }) => xs.mul(2).add(1)).batch(2).toArray();
    expect(nested(batch!)).toEqual([[3, 5], [7, 9]]);
    const [twice] = await range(4).batch(2).batch(2).toArray();
    expect(nested(twice!)).toEqual([[0, 1], [2, 3]]);
  });

  it("takes pixels as canvases give them", async () => {
    const [batch] = await array([{ data: new Uint8ClampedArray(8).fill(7), width: 2, height: 1 }]).batch(1).toArray();
    expect([batch!.shape, batch!.dtype]).toEqual([[1, 1, 2, 4], "uint8"]);
  });

  const WRONG: { claim: string; dataset: () => Dataset<unknown>; error: new (m: string) => Error; message: string }[] = [
    { claim: "another shape", dataset: () => array([{ x: [1, 2] }, { x: [1] }]), error: ShapeError, message: "dataset: batch: element 1, x: expected shape [2] as in the elements before it, got [1]." },
    { claim: "another dtype", dataset: () => array<unknown>([new Uint8Array(1), new Float32Array(1)]), error: DTypeError, message: "dataset: batch: element 1: expected uint8 as in the elements before it, got float32." },
    { claim: "another kind", dataset: () => array<unknown>([1, 2, "three"]), error: ValueError, message: "dataset: batch: element 2: expected a number as in element 0, got text." },
    { claim: "no value", dataset: () => array<unknown>([{ x: undefined }]), error: ValueError, message: "dataset: batch: element 0, x: expected numbers, text, arrays, tensors or objects of them, got undefined." },
    { claim: "other fields", dataset: () => array<unknown>([{ x: 1, y: 2 }, { x: 1, z: 2 }]), error: ValueError, message: "dataset: batch: element 1: expected the fields x, y, got the fields x, z." },
  ];
  it.each(WRONG)("says which element has $claim", async ({ dataset, error, message }) => {
    const failing = dataset().batch(4).toArray();
    await expect(failing).rejects.toThrow(error);
    await expect(dataset().batch(4).toArray()).rejects.toThrow(message);
  });

  it("counts elements, not batches, in errors", async () => {
    await expect(array([[1], [1], [1], [1, 2]]).batch(2).toArray()).rejects.toThrow("dataset: batch: element 3: expected shape [1]");
  });
});

describe("windows", () => {
  type Options = [size: number, shift?: number, stride?: number, dropRemainder?: boolean];
  const ROWS: { options: Options; expected: number[][] }[] = [
    { options: [3], expected: [[0, 1, 2], [3, 4, 5]] },
    { options: [4], expected: [[0, 1, 2, 3], [4, 5]] },
    { options: [4, 4, 1, true], expected: [[0, 1, 2, 3]] },
    { options: [3, 1, 1, true], expected: [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]] },
    { options: [2, 2, 2, true], expected: [[0, 2], [2, 4]] },
    { options: [3, 2, 2], expected: [[0, 2, 4], [2, 4], [4]] },
    { options: [1, 4], expected: [[0], [4]] },
    { options: [2, 5], expected: [[0, 1], [5]] },
  ];
  it.each(ROWS)("window($options)", async ({ options, expected }) => {
    expect((await range(6).window(...options).toArray()).map(nested)).toEqual(expected);
    expect(range(6).window(...options).size).toBe(expected.length);
  });
});

describe("fromArrays", () => {
  it("gives the rows of typed arrays without copying them", async () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const dataset = fromArrays({ xs: { data, shape: [2, 2] }, ys: Uint8Array.of(7, 8), names: ["p", "q"] });
    const rows = await dataset.toArray();
    expect(rows.map(({ xs, ys, names }) => [nested(xs), xs.dtype, ys.item(), ys.dtype, names])).toEqual([[[1, 2], "float32", 7, "uint8", "p"], [[3, 4], "float32", 8, "uint8", "q"]]);
  });

  it("gathers batches of rows by number as it would stack them one by one: same orders, sizes, dtypes", async () => {
    const count = 23;
    const columns = {
      xs: { data: Uint8Array.from({ length: count * 6 }, (_, i) => i), shape: [count, 2, 3] },
      half: tensor(Float32Array.from({ length: count }, (_, i) => i / 4), [count], "float16"),
      flags: tensor(Array.from({ length: count }, (_, i) => i % 2 === 0)),
      names: Array.from({ length: count }, (_, i) => `row ${i}`),
    };
    type Rows = Dataset<Example<typeof columns>>;
    const CHAINS: ((d: Rows) => Rows)[] = [
      (d) => d,
      (d) => d.shuffle(7, 3),
      (d) => d.shuffle(50, 3, false).repeat(2),
      (d) => d.skip(4).take(11).shuffle(11, 1),
      (d) => d.shuffle(23, 9).split(0.6, { seed: 2 })[1].shuffle(9, 4),
      (d) => d.repeat().take(60),
      (d) => d.take(0),
    ];
    const show = async (chain: Rows, drop: boolean): Promise<unknown> => {
      const batches = chain.batch(5, drop);
      const passes = [await batches.toArray(), await batches.toArray()];
      return [batches.size, passes.map((pass) => pass.map(({ xs, half, flags, names }) => [xs.dtype, half.dtype, flags.dtype, [xs, half, flags].map(nested), names]))];
    };
    for (const chain of CHAINS) for (const drop of [false, true]) expect(await show(chain(fromArrays(columns)), drop)).toEqual(await show(chain(fromArrays(columns).map((x) => x)), drop));
  });

  const WRONG: { claim: string; columns: Columns; message: string }[] = [
    { claim: "fields of other lengths", columns: { xs: [1, 2], ys: [1] }, message: "dataset: fromArrays: expected as many rows in every field, got 2 in xs and 1 in ys." },
    { claim: "a shape that its data do not fill", columns: { xs: { data: new Float32Array(5), shape: [2, 3] } }, message: "dataset: fromArrays: xs: 5 elements do not fill the shape [2, 3]." },
    { claim: "a scalar", columns: 5, message: "dataset: fromArrays: expected examples along the first axis of an array, got 5." },
  ];
  it.each(WRONG)("refuses $claim", ({ columns, message }) => {
    expect(() => fromArrays(columns)).toThrow(message);
  });
});

describe("errors and ends", () => {
  const counting = (opened: { open: number; closed: number }, limit = Infinity): Dataset<number> =>
    generator(function* () {
      opened.open++;
      try {
        for (let i = 0; i < limit; i++) yield i;
      } finally {
        opened.closed++;
      }
    });

  const STAGES: { stage: string; chain: (source: Dataset<number>) => Dataset<unknown> }[] = [
    { stage: "map", chain: (d) => d.map((x) => x) },
    { stage: "filter", chain: (d) => d.filter(() => true) },
    { stage: "batch", chain: (d) => d.batch(2) },
    { stage: "window", chain: (d) => d.window(3, 1) },
    { stage: "shuffle", chain: (d) => d.shuffle(3, 1) },
    { stage: "repeat", chain: (d) => d.repeat() },
    { stage: "prefetch", chain: (d) => d.prefetch(3) },
    { stage: "take", chain: (d) => d.take(100) },
    { stage: "takeWhile", chain: (d) => d.takeWhile(() => true) },
    { stage: "enumerate", chain: (d) => d.enumerate() },
    { stage: "unbatch", chain: (d) => d.batch(2).unbatch() },
    { stage: "shard", chain: (d) => d.shard(2, 1) },
    { stage: "skip", chain: (d) => d.skip(1) },
    { stage: "cache", chain: (d) => d.cache() },
    { stage: "zip", chain: (d) => zip([d, d]) },
    { stage: "concatenate", chain: (d) => d.concatenate(d) },
    { stage: "split", chain: (d) => d.split(0.5, { seed: 1 })[0] },
    { stage: "interleave", chain: (d) => d.interleave(() => d) },
  ];
  it.each(STAGES)("closes the generator when a pass over $stage is broken off, and when the caller throws", async ({ chain }) => {
    for (const thrown of [false, true]) {
      const opened = { open: 0, closed: 0 };
      let seen = 0;
      const run = async (): Promise<void> => {
        for await (const _ of chain(counting(opened))) {
          if (++seen < 3) continue;
          if (thrown) throw new Error("mine");
          break;
        }
      };
      if (thrown) await expect(run()).rejects.toThrow("mine");
      else await run();
      expect(opened.open).toBeGreaterThan(0);
      expect(opened.closed).toBe(opened.open);
    }
  });

  it("names stage and element when the user's function throws, keeps the error as its cause, and closes the generator", async () => {
    for (const stage of ["map", "filter"] as const) {
      const opened = { open: 0, closed: 0 };
      const cause = new RangeError("too far");
      const fail = (x: number): boolean => {
        if (x === 4) throw cause;
        return true;
      };
      const failing = (counting(opened)[stage] as (fn: typeof fail) => Dataset<unknown>)(fail).batch(2).prefetch(2).toArray();
      const error = await failing.then(() => undefined, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ValueError);
      expect(error).toMatchObject({ message: `dataset: ${stage}: element 4: too far`, cause });
      expect(opened).toEqual({ open: 1, closed: 1 });
    }
  });

  it("names the generator and the element it stopped at; a second one is not asked for", async () => {
    const dataset = generator(function* () {
      yield 1;
      throw new Error("the sensor is gone");
    });
    const pass = dataset.map((x) => x)[Symbol.asyncIterator]();
    expect((await pass.next()).value).toBe(1);
    await expect(pass.next()).rejects.toThrow("dataset: generator: element 1: the sensor is gone");
    expect(await pass.next()).toEqual({ done: true, value: undefined });
    await expect(generator(() => 5 as never).toArray()).rejects.toThrow("dataset: generator: element 0: expected an iterable or an iterator from the generator, got 5");
  });

  it("closes the other dataset when one of a zip ends or fails", async () => {
    const opened = { open: 0, closed: 0 };
    await zip([range(2), counting(opened)]).toArray();
    await expect(zip([counting(opened), range(5).map((x) => { if (x === 1) throw new Error("no"); return x; })]).toArray()).rejects.toThrow("map: element 1: no"); // prettier-ignore
    expect(opened).toEqual({ open: 2, closed: 2 });
  });

  it.each([
    { claim: "batch(0)", run: () => range(3).batch(0), message: "dataset: batch: size: expected a whole number of at least 1, got 0." },
    { claim: "shuffle without a size", run: () => range(3).shuffle(NaN), message: "dataset: shuffle: bufferSize" },
    { claim: "take(-1)", run: () => range(3).take(-1), message: "dataset: take: count: expected a whole number of at least 0, got -1." },
    { claim: "split above 1", run: () => range(3).split(1.5), message: "dataset: split: share: expected a number in [0, 1], got 1.5." },
    { claim: "split of an endless dataset", run: () => range(3).repeat().split(0.5), message: "Split it before repeat()?" },
    { claim: "an option of another name", run: () => range(3).split(0.5, { sead: 1 } as never), message: 'Did you mean "seed"?' },
    { claim: "map without a function", run: () => range(3).map(5 as never), message: "dataset: map: expected a function, got 5." },
    { claim: "array of no list", run: () => array({ xs: [] } as never), message: "For columns use fromArrays" },
    { claim: "zip of nothing", run: () => zip([]), message: "dataset: zip: expected datasets, got none." },
    { claim: "zip of something else", run: () => zip({ xs: [1] as never }), message: "dataset: zip: expected datasets, got 1 at xs." },
  ])("refuses $claim", ({ run, message }) => {
    expect(run).toThrow(message);
  });

  it("refuses to repeat nothing for ever, and to list what has no end", async () => {
    await expect(range(2).repeat().toArray()).rejects.toThrow("Use take(n) first.");
    await expect(generator(function* () {}).repeat().toArray()).rejects.toThrow("dataset: repeat: expected at least one element to repeat without end, got none.");
  });
});
