import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FormatError, ValueError } from "../base/errors.js";
import { init, tensor } from "../engine/index.js";
import { augment } from "./augment.js";
import { array, fromArrays } from "./datasetSources.js";
import { readImage, type ImageOptions } from "./decodeImage.js";
import { images, imagesFromDirectory, type ImageDirectoryOptions } from "./imageDataset.js";
import { resizePixels, type Interpolation } from "./imagePixels.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-images-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => init());

const RED = [200, 10, 20];
const BLUE = [0, 40, 250];
/** Two pixels: red, blue. */
const colours = encodePng({ width: 2, height: 1, channels: 3, data: Uint8Array.of(...RED, ...BLUE) });

describe("readImage", () => {
  const ROWS: { claim: string; source: Uint8Array; options?: ImageOptions; pixels: unknown }[] = [
    { claim: "PNG in colour", source: colours, pixels: [[RED, BLUE]] },
    { claim: "PNG in colour as grey: BT.601", source: colours, options: { colorMode: "grayscale" }, pixels: [[[Math.round(0.299 * 200 + 0.587 * 10 + 0.114 * 20)], [Math.round(0.587 * 40 + 0.114 * 250)]]] },
    { claim: "PNG without alpha as RGBA", source: colours, options: { colorMode: "rgba" }, pixels: [[[...RED, 255], [...BLUE, 255]]] },
    { claim: "PNG with alpha", source: encodePng({ width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 4) }), options: { colorMode: "rgba" }, pixels: [[[1, 2, 3, 4]]] },
    { claim: "grey PNG as RGB", source: encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 9) }), pixels: [[[7, 7, 7], [9, 9, 9]]] },
    { claim: "PNG of 16 bits: 65535 is 255", source: encodePng({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65535, 257) }), options: { colorMode: "grayscale" }, pixels: [[[255], [1]]] },
    { claim: "PGM", source: new TextEncoder().encode("P2 2 1 255 3 4"), options: { colorMode: "grayscale" }, pixels: [[[3], [4]]] },
  ];
  it.each(ROWS)("$claim", async ({ source, options, pixels }) => {
    const image = await readImage(source, options);
    expect([image.dtype, image.arraySync()]).toEqual(["uint8", pixels]);
  });

  it("JPEG: what was encoded at quality 100, within 3 of 255", async () => {
    const [width, height] = [24, 17];
    const rgba = new Uint8Array(width * height * 4);
    for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i += 4) rgba.set([x * 10, y * 15, 128, 255], i);
    const image = await readImage(new Uint8Array(jpeg.encode({ width, height, data: rgba }, 100).data));
    expect(image.shape).toEqual([height, width, 3]);
    image.dataSync().forEach((value, i) => expect(Math.abs(value - rgba[Math.floor(i / 3) * 4 + (i % 3)]!)).toBeLessThanOrEqual(3));
  });

  it("files, Blobs and ImageData", async () => {
    const path = join(folder, "colours.png");
    writeFileSync(path, colours);
    for (const source of [path, new Blob([new Uint8Array(colours)]), { width: 2, height: 1, data: Uint8ClampedArray.of(...RED, 255, ...BLUE, 255) }]) {
      expect((await readImage(source)).arraySync()).toEqual([[RED, BLUE]]);
    }
  });

  it("names the file that is no image, or breaks off", async () => {
    const path = join(folder, "no.png");
    writeFileSync(path, "hello");
    await expect(readImage(path)).rejects.toThrow(`${path}: expected a PNG, JPEG or PGM image, got bytes that begin with 68 65 6c 6c.`);
    await expect(readImage({ bytes: new Uint8Array(), name: "empty.png" })).rejects.toThrow("empty.png: expected a PNG, JPEG or PGM image, got an empty file.");
    await expect(readImage({ bytes: colours.subarray(0, 40), name: "cut.png" })).rejects.toThrow(FormatError);
    const whole = new Uint8Array(jpeg.encode({ width: 8, height: 8, data: new Uint8Array(256) }, 50).data);
    await expect(readImage({ bytes: whole.subarray(0, 200), name: "cut.jpg" })).rejects.toThrow("cut.jpg: expected a whole JPEG image, it is damaged or breaks off");
    await expect(readImage(colours, { colorMode: "gray" as never })).rejects.toThrow('readImage: colorMode: expected one of "grayscale", "rgb", "rgba"; got "gray".');
  });
});

describe("resizePixels", () => {
  const ramp = { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 40, 80, 120) };
  // Pixel centres lie at ½: results of tf.image.resize (v2) for the first two, means for "area".
  const ROWS: { interpolation: Interpolation; width: number; values: number[] }[] = [
    { interpolation: "nearest", width: 2, values: [40, 120] },
    { interpolation: "nearest", width: 8, values: [0, 0, 40, 40, 80, 80, 120, 120] },
    { interpolation: "bilinear", width: 2, values: [20, 100] },
    { interpolation: "bilinear", width: 8, values: [0, 10, 30, 50, 70, 90, 110, 120] },
    { interpolation: "bilinear", width: 1, values: [60] },
    { interpolation: "area", width: 1, values: [60] },
    { interpolation: "area", width: 3, values: [10, 60, 110] },
  ];
  it.each(ROWS)("$interpolation to $width", ({ interpolation, width, values }) => {
    expect([...resizePixels(ramp, 1, width, interpolation).data]).toEqual(values);
    const column = { ...ramp, width: 1, height: 4 };
    expect([...resizePixels(column, width, 1, interpolation).data]).toEqual(values);
  });

  it("keeps channels apart", () => {
    expect([...resizePixels({ width: 2, height: 1, channels: 2, data: Uint8Array.of(0, 100, 50, 200) }, 1, 1, "area").data]).toEqual([25, 150]);
  });
});

describe("images", () => {
  it("with labels, brought to one size, in batches", async () => {
    const small = encodePng({ width: 1, height: 1, channels: 3, data: Uint8Array.of(...RED) });
    const [batch] = await images([colours, small], { labels: ["two", "one"], size: [3, 2] }).batch(2).toArray();
    expect([batch!.xs.shape, batch!.xs.dtype, batch!.ys]).toEqual([[2, 3, 2, 3], "uint8", ["two", "one"]]);
    expect(() => images([colours], { labels: [1, 2] })).toThrow("images: expected a label for each of 1 images, got 2.");
  });
});

describe("imagesFromDirectory", () => {
  const root = join(folder, "pets");
  for (const [name, count, value] of [["cats", 6, 10], ["dogs", 4, 200]] as const) {
    mkdirSync(join(root, name, "more"), { recursive: true });
    for (let i = 0; i < count; i++) {
      const file = encodePng({ width: 4, height: 3, channels: 1, data: new Uint8Array(12).fill(value + i) });
      writeFileSync(join(root, name, i % 2 === 0 ? `${i}.png` : join("more", `${i}.PNG`)), file);
    }
    writeFileSync(join(root, name, "readme.txt"), "no image");
  }
  const load = (options: ImageDirectoryOptions = {}): ReturnType<typeof imagesFromDirectory> => imagesFromDirectory(root, { imageSize: [3, 4], colorMode: "grayscale", seed: 1, ...options });

  it("subfolders are classes, in order of their names; batches of bytes with class numbers", async () => {
    const pets = await load({ batchSize: 4, shuffle: false });
    expect([pets.classNames, pets.size, pets.filePaths.length]).toEqual([["cats", "dogs"], 3, 10]);
    const batches = await pets.toArray();
    expect(batches.map(({ xs }) => xs.shape)).toEqual([[4, 3, 4, 1], [4, 3, 4, 1], [2, 3, 4, 1]]);
    expect([batches[0]!.xs.dtype, batches[0]!.ys.dtype]).toEqual(["uint8", "int32"]);
    expect(batches.flatMap(({ ys }) => [...ys.dataSync()])).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("labels belong to their images in every order", async () => {
    const pets = await load({ batchSize: 3 });
    const orders: string[] = [];
    for (let pass = 0; pass < 2; pass++) {
      const first: number[] = [];
      for await (const { xs, ys } of pets) {
        ys.dataSync().forEach((label, i) => {
          const value = xs.dataSync()[i * 12]!;
          expect(label).toBe(value < 100 ? 0 : 1);
          first.push(value);
        });
      }
      orders.push(first.join());
      expect(first.sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 200, 201, 202, 203]);
    }
    expect(orders[0]).not.toBe(orders[1]);
  });

  it("one-hot, binary and no labels; single images", async () => {
    expect((await (await load({ labelMode: "categorical", shuffle: false })).toArray())[0]!.ys.arraySync()).toContainEqual([0, 1]);
    expect((await (await load({ labelMode: "binary" })).toArray())[0]!.ys.shape).toEqual([10, 1]);
    const alone = await imagesFromDirectory(root, { labelMode: null, imageSize: [2, 2], batchSize: null });
    expect((await alone.toArray()).map(({ shape }) => shape)).toEqual(Array(10).fill([2, 2, 3]));
  });

  it("splits by seed, without overlap", async () => {
    const [train, validation] = [await load({ validationSplit: 0.3, subset: "training" }), await load({ validationSplit: 0.3, subset: "validation" })];
    expect([train.filePaths.length, validation.filePaths.length]).toEqual([7, 3]);
    expect(new Set([...train.filePaths, ...validation.filePaths]).size).toBe(10);
  });

  it("says what is wrong", async () => {
    await expect(imagesFromDirectory(join(folder, "none"))).rejects.toThrow(ValueError);
    await expect(imagesFromDirectory(join(root, "cats", "more"))).rejects.toThrow("expected images (.png, .jpg, .jpeg, .pgm) in subfolders");
    await expect(load({ classNames: ["cats", "birds"] })).rejects.toThrow('no subfolder is called "birds"; there are cats, dogs.');
    await expect(load({ validationSplit: 0.2 })).rejects.toThrow("expected validationSplit and subset together, got validationSplit 0.2 alone.");
    await expect(load({ labelMode: "onehot" as never })).rejects.toThrow("imagesFromDirectory: labelMode");
  });
});

describe("augment", () => {
  const digit = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 > 2 && i % 8 < 5 ? 255 : 0));
  const dataset = fromArrays({ xs: { data: Uint8Array.from({ length: 256 }, (_, i) => digit[i % 64]!), shape: [4, 8, 8, 1] }, ys: [0, 1, 2, 3] });

  it("changes every image in another way, in every pass; the same from the same seed", async () => {
    const passes = async (seed: number): Promise<string[][]> => {
      const augmented = dataset.map(augment({ seed }));
      const pass = async (): Promise<string[]> => (await augmented.toArray()).map(({ xs }) => xs.dataSync().join());
      return [await pass(), await pass()];
    };
    const found = await passes(1);
    expect(new Set([...found.flat(), digit.join()]).size).toBe(9);
    expect(await passes(1)).toEqual(found);
    expect(await passes(2)).not.toEqual(found);
  });

  it("gives the same images one by one and in batches, and leaves labels, dtype and the data alone", async () => {
    const single = await dataset.map(augment({ seed: 1 })).batch(3).toArray();
    const batches = await dataset.batch(3).map(augment({ seed: 1 })).toArray();
    expect(batches.map(({ xs }) => [...xs.dataSync()])).toEqual(single.map(({ xs }) => [...xs.dataSync()]));
    expect([batches[0]!.xs.dtype, batches[1]!.ys.arraySync()]).toEqual(["uint8", [3]]);
    expect((await dataset.toArray())[0]!.xs.dataSync()).toEqual(digit);
  });

  it("refuses what is no image", async () => {
    await expect(array([tensor([1, 2])]).map(augment({ seed: 1 })).toArray()).rejects.toThrow("dataset: map: element 0: augment: expected float32 or uint8 images");
  });
});
