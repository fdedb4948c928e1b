// The course's data as datasets: columns of text, windows of time, images, sound; more than memory holds; what comes with the package.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { encode } from "fast-png";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applications, conv2d, data, datasets, fft, generateDigits, init, layers, ones, sequential, split, tensor, transpose, type Tensor } from "../../src/index.js";
import { built, needMnist, repository } from "../shared.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-course-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => init());

const MEBIBYTE = 2 ** 20;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test("[P1] batches: vectors are 2-D, sequences 3-D, images 4-D, videos 5-D; images lie with channels last or first", async () => {
  const EXAMPLES = { vector: [3], sequence: [20, 3], image: [8, 8, 3], video: [5, 8, 8, 3] };
  for (const [rank, shape] of Object.values(EXAMPLES).entries()) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const [batch] = await data.fromArrays({ data: new Float32Array(4 * size), shape: [4, ...shape] }).batch(4).toArray();
    expect([batch!.shape, batch!.rank]).toEqual([[4, ...shape], rank + 2]);
  }
  const last = tensor(Float32Array.from({ length: 2 * 6 * 6 * 3 }, (_, i) => i % 7), [2, 6, 6, 3]);
  const filter = ones([3, 3, 3, 4]);
  const first = conv2d(transpose(last, [0, 3, 1, 2]), filter, { dataFormat: "NCHW" });
  expect(first.shape).toEqual([2, 4, 4, 4]);
  expect(transpose(first, [0, 2, 3, 1]).arraySync()).toEqual(conv2d(last, filter, { dataFormat: "NHWC" }).arraySync());
});

test("[P2] 100,000 people of age, post code and income are [100000, 3]; post codes are words with numbers", async () => {
  const codes = ["10115", "50667", "53113", "80331"];
  const text = `age,postcode,income\n${range(100_000).map((i) => `${18 + (i % 70)},${codes[i % 4]},${20_000 + (i % 977) * 50}`).join("\n")}\n`;
  const people = data.csv({ text, name: "people.csv" }, { vectors: true, columnConfigs: { postcode: { dtype: "string", vocabulary: true } } });
  expect(await people.vocabulary("postcode")).toEqual(codes);
  const [all] = (await people.batch(100_000).toArray()) as unknown as Tensor[];
  expect([all!.shape, all!.dtype]).toEqual([[100_000, 3], "float32"]);
  expect([...all!.dataSync().subarray(0, 6)]).toEqual([18, 0, 20_000, 19, 1, 20_050]);
});

test("[P3] a time series in windows is (samples, timesteps, features): axis 1 is time", async () => {
  // 250 days of three values each, a year of weeks with five days: 50 windows.
  const prices = data.fromArrays({ data: Float32Array.from(range(750)), shape: [250, 3] });
  const [weeks] = await prices.window(5, 5, 1, true).batch(50).toArray();
  expect(weeks!.shape).toEqual([50, 5, 3]);
  const values = weeks!.dataSync();
  // Sample 1, time 2, feature 1 is day 7's second value.
  expect(values[1 * 15 + 2 * 3 + 1]).toBe(7 * 3 + 1);
  const [overlapping] = await prices.window(5, 1, 1, true).batch(246).toArray();
  expect(overlapping!.shape).toEqual([246, 5, 3]);
  const [{ xs, ys }] = (await data.timeseries(range(100), range(100).slice(10), { sequenceLength: 10 }).toArray()) as [{ xs: Tensor; ys: Tensor }];
  expect([xs.shape, ys.shape, ys.dataSync()[0]]).toEqual([[90, 10], [90], 10]);
});

test("[P4] 128 pictures of 256×256: grey 32 MiB, coloured 96 MiB as float32; a quarter of that as the bytes they are", async () => {
  for (const [channels, mebibytes] of [[1, 32], [3, 96]] as const) {
    const pixels = 256 * 256 * channels;
    const pictures = data.generator(function* () {
      for (let i = 0; i < 128; i++) yield tensor(new Uint8Array(pixels).fill(i), [256, 256, channels]);
    });
    const [batch] = await pictures.batch(128).toArray();
    expect([batch!.shape, batch!.dtype]).toEqual([[128, 256, 256, channels], "uint8"]);
    expect((batch!.size * Float32Array.BYTES_PER_ELEMENT) / MEBIBYTE).toBe(mebibytes);
    expect(batch!.dataSync().byteLength / MEBIBYTE).toBe(mebibytes / 4);
  }
});

test("[P6] four videos of a minute, 128×256 in colour at 4 frames a second, channels first: 94,371,840 values, 360 MiB; one is 4-D", async () => {
  const one = [60 * 4, 3, 128, 256];
  const videos = data.generator(function* () {
    for (let i = 0; i < 4; i++) yield tensor(new Uint8Array(one.reduce((product, dim) => product * dim, 1)), one);
  });
  const [batch] = await videos.batch(4).toArray();
  expect([batch!.shape, batch!.size, one.length]).toEqual([[4, 240, 3, 128, 256], 94_371_840, 4]);
  expect((batch!.size * Float32Array.BYTES_PER_ELEMENT) / MEBIBYTE).toBe(360);
});

test("[P7] a coloured picture of 18×18 is three planes, 972 values", async () => {
  const pixels = Uint8Array.from(range(18 * 18 * 3), (i) => (i % 3) * 100 + (Math.floor(i / 3) % 50));
  const picture = await data.readImage(encode({ width: 18, height: 18, channels: 3, data: pixels }));
  expect([picture.shape, picture.size]).toEqual([[18, 18, 3], 972]);
  const planes = split(picture, 3, 2).map((plane) => plane.reshape([18, 18]));
  planes.forEach((plane, channel) => {
    expect(plane.shape).toEqual([18, 18]);
    expect([...plane.dataSync()]).toEqual(range(324).map((i) => channel * 100 + (i % 50)));
  });
});

/** cos(2πft/rate) for `count` samples. */
const tone = (frequency: number, rate: number, count: number): Float32Array => Float32Array.from(range(count), (t) => Math.cos((2 * Math.PI * frequency * t) / rate));

test("[T19] the spectrum of cos(2πn/8) has 4 at k = 1 and k = 7, 0 elsewhere, and the signal's energy", () => {
  const signal = tone(1, 8, 8);
  const spectrum = fft.fft(tensor(Float32Array.from(range(16), (i) => (i % 2 === 0 ? signal[i / 2]! : 0)), [8, 2])).dataSync();
  // Rounding: eight terms of size 1, each off by at most 2⁻²⁴, and twiddles as much again.
  range(8).forEach((k) => {
    expect(Math.abs(spectrum[2 * k]! - (k === 1 || k === 7 ? 4 : 0))).toBeLessThan(16 * 2 ** -24);
    expect(Math.abs(spectrum[2 * k + 1]!)).toBeLessThan(16 * 2 ** -24);
  });
  const energy = Array.from(spectrum).reduce((sum, value) => sum + value * value, 0) / 8;
  expect(energy).toBeCloseTo(signal.reduce((sum, value) => sum + value * value, 0), 5);
});

test("[P9] [T19] sound becomes numbers by Fourier's transform: spectrograms of three vowels' tones, as a dataset, teach a net to tell them", async () => {
  const [RATE, TONES] = [8000, [440, 880, 1760]];
  const sounds = data.generator(function* ({ epoch }) {
    for (let i = 0; i < 60; i++) yield { wave: tone(TONES[i % 3]! * (1 + ((i * 7 + epoch) % 11) * 0.002), RATE, 1024), ys: i % 3 };
  });
  const spectra = sounds.map(({ wave, ys }) => ({ xs: fft.spectrogram(wave, { frameLength: 128 }).add(1e-3).log(), ys }));
  const [first] = await spectra.take(1).toArray();
  expect(first!.xs.shape).toEqual([29, 65]); // (1024 − 128) / 32 + 1 windows, 128/2 + 1 frequencies
  const middle = [...first!.xs.dataSync()].slice(14 * 65, 15 * 65);
  expect(middle.indexOf(Math.max(...middle))).toBe(Math.round((440 / RATE) * 128));
  const model = sequential({ seed: 1, layers: [layers.flatten({ inputShape: [29, 65] }), layers.dense({ units: 3, activation: "softmax" })] });
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  const batches = await spectra.batch(20).cache().toArray();
  for (let epoch = 0; epoch < 10; epoch++) for (const { xs, ys } of batches) await model.trainOnBatch(xs, ys);
  const right = (await Promise.all(batches.map(async ({ xs, ys }) => {
    const predicted = (await model.predict(xs)).arraySync() as number[][];
    return predicted.filter((row, i) => row.indexOf(Math.max(...row)) === ys.dataSync()[i]).length;
  }))).reduce((sum, n) => sum + n, 0);
  expect(right).toBe(60);
});

test("[P10] [P13] a dataset of 60,000 in batches of 128: 469, the last of 96; 401 of them are 51,328 examples; a new order each pass, from the seed", async () => {
  const all = data.fromArrays(Int32Array.from(range(60_000)));
  const batches = all.batch(128);
  expect(batches.size).toBe(469);
  let [count, seen] = [0, 0];
  for await (const batch of batches) {
    const [size] = batch.shape as [number];
    expect([batch.dataSync()[0], size]).toEqual([128 * count, count === 468 ? 96 : 128]);
    if (count < 401) seen += size;
    count++;
  }
  expect([count, seen]).toEqual([469, 51_328]);
  const order = async (pass: number): Promise<string> => (await data.fromIterable(all.shuffle(60_000, 7).epoch(pass)).take(100).toArray()).map((x) => x.item()).join();
  expect(await order(0)).not.toBe(await order(1));
  expect(await order(0)).toBe(await order(0));
});

test("[P11] [P12] bytes to [0, 1] and one-hot labels, as stages of a dataset", async () => {
  const { images, labels } = generateDigits({ count: 32, seed: 3 });
  const digits = data.fromArrays({ xs: { data: images, shape: [32, 28, 28] }, ys: labels });
  const [batch] = await digits.batch(32).map(({ xs, ys }) => ({ xs: xs.reshape([32, 784]).div(255), ys })).toArray();
  const values = batch!.xs.dataSync();
  expect([batch!.xs.shape, batch!.xs.dtype, Math.min(...values) >= 0, Math.max(...values) <= 1]).toEqual([[32, 784], "float32", true, true]);
  expect(batch!.ys.dtype).toBe("uint8");
});

test("[P14] normalised inputs make rounder contours: the condition number of a table's XᵀX falls from above 10⁹ to below 10³", () => {
  const { x } = datasets.cells();
  const [rows, columns] = x.shape;
  const column = (k: number): Float64Array => Float64Array.from(range(rows), (i) => x.data[i * columns + k]!);
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const raw = range(columns).map(column);
  const normalised = raw.map((values) => {
    const middle = mean(values);
    const spread = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
    return values.map((value) => (value - middle) / spread);
  });
  const before = conditionNumber(raw);
  const after = conditionNumber(normalised);
  console.log(`condition number of XᵀX: ${before.toExponential(2)} before, ${after.toFixed(1)} after`);
  expect(before).toBeGreaterThan(1e9);
  expect(after).toBeLessThan(1e3);
});

/** Largest by smallest eigenvalue of XᵀX, in float64 by Jacobi's rotations. */
function conditionNumber(columns: readonly Float64Array[]): number {
  const n = columns.length;
  const a = columns.map((p) => columns.map((q) => p.reduce((sum, value, i) => sum + value * q[i]!, 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p]![q] === 0) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const [c, s] = [1 / Math.sqrt(t * t + 1), t / Math.sqrt(t * t + 1)];
        for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
        [a[p], a[q]] = [a[p]!.map((value, k) => c * value - s * a[q]![k]!), a[p]!.map((value, k) => s * value + c * a[q]![k]!)];
      }
    }
  }
  const eigenvalues = a.map((row, i) => Math.abs(row[i]!));
  return Math.max(...eigenvalues) / Math.min(...eigenvalues);
}

test("[P15] structured data are tables; unstructured are pictures, text and series: each has its way into a dataset", async () => {
  const table = await data.csv({ text: "age,city\n30,Bonn\n" }, { columnConfigs: { city: { vocabulary: true } } }).toArray();
  expect(table).toEqual([{ age: 30, city: 0 }]);

  for (const name of ["cat", "dog"]) {
    mkdirSync(join(folder, "pets", name), { recursive: true });
    writeFileSync(join(folder, "pets", name, "1.png"), encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) }));
  }
  const pets = await data.imagesFromDirectory(join(folder, "pets"), { imageSize: [4, 4] });
  expect([pets.classNames, (await pets.toArray())[0]!.xs.shape]).toEqual([["cat", "dog"], [2, 4, 4, 3]]);

  // Text: words by their numbers.
  const words = ["a", "is", "rose"];
  const sentences = data.textLines({ text: "a rose is a rose\nis a rose a rose\n" }).map((line) => Int32Array.from(line.split(" "), (word) => words.indexOf(word)));
  expect((await sentences.batch(2).toArray())[0]!.arraySync()).toEqual([[0, 2, 1, 0, 2], [1, 0, 2, 0, 2]]);

  const series = data.timeseries(range(10), null, { sequenceLength: 4, batchSize: 7 });
  expect((await series.toArray())[0]!.shape).toEqual([7, 4]);
});

test("[D8] more data than Node may hold train: 195 MiB of examples with a heap of 64 MB; kept in memory, they end it", () => {
  built("bundle/node/index.js");
  const run = [join(repository, "test", "streaming.mjs")];
  const { dataBytes, peakBytes, rssBytes, steps, first, last } = JSON.parse(execFileSync(process.execPath, ["--max-old-space-size=64", ...run], { encoding: "utf8" })) as Record<string, number>;
  const shown = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;
  console.log(`${shown(dataBytes!)} of examples in ${steps} steps: heap at most ${shown(peakBytes!)}, process ${shown(rssBytes!)}; loss ${first!.toFixed(3)} → ${last!.toFixed(3)}`);
  expect(dataBytes! / MEBIBYTE).toBeGreaterThan(3 * 64 - 1);
  expect(peakBytes! / MEBIBYTE).toBeLessThan(80);
  expect(steps).toBe(400);
  expect(last!).toBeLessThan(first! / 2);
  const held = spawnSync(process.execPath, ["--max-old-space-size=64", ...run, "--hold"], { encoding: "utf8" });
  expect([held.status, held.stderr]).not.toEqual([0, expect.anything()]);
  expect(held.stderr).toContain("heap out of memory");
}, 120_000);

test("[D9] one call loads a trained network, and one a data set: the network reads its digits", async () => {
  const model = await applications.digits();
  const { test: examples, height, width } = await datasets.mnist({ baseUrls: [], cache: join(folder, "none"), generated: { train: 1, test: 500 } });
  const { images, labels, count } = examples;
  const predicted = (await model.predict({ data: images, shape: [count, height, width, 1] })).arraySync() as number[][];
  const right = predicted.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
  console.log(`digits.safetensors reads ${right} of ${count} generated digits`);
  expect(right / count).toBeGreaterThan(0.9);
});

test("[D9] the network that comes with the package reads MNIST's test images", async (context) => {
  const { test: examples } = await datasets.mnist({ data: needMnist(context) });
  const model = await applications.digits();
  const { images, labels } = examples;
  const predicted = (await model.predict({ data: images.subarray(0, 1000 * 784), shape: [1000, 28, 28, 1] })).arraySync() as number[][];
  expect(predicted.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length).toBeGreaterThan(980);
});

test("(docs/data.md) its example prints what it says", () => {
  built("bundle/node/index.js");
  const [, example] = /```js\n(.*?)```/s.exec(readFileSync(join(repository, "docs", "data.md"), "utf8"))!;
  const said = Array.from(example!.matchAll(/\/\/ (.*)$/gm), ([, line]) => line!.trim());
  writeFileSync(join(folder, "example.mjs"), example!.replace('"edgegrad"', JSON.stringify(pathToFileURL(join(repository, "dist", "bundle", "node", "index.js")).href)));
  const printed = execFileSync(process.execPath, [join(folder, "example.mjs")], { encoding: "utf8" }).trim().split("\n");
  expect(printed).toEqual(said);
});

test("(package) the trained network's file is among those that are packed", () => {
  const { files } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { files: string[] };
  expect(files).toContain("demo/model/digits.safetensors");
});
