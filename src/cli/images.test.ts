import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { afterAll, describe, expect, test } from "vitest";
import { readImages } from "./images.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-images-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** 60×90, dark on bright: a bar of 20×40 in a corner. */
const bar = Uint8Array.from({ length: 60 * 90 }, (_, i) => (i % 60 < 20 && i < 40 * 60 && i >= 60 ? 0 : 255));

/** An IDX file of three images of 2×2. */
const IDX = Buffer.from([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const idx = file("three-idx3-ubyte", IDX);
const packed = file("three-idx3-ubyte.gz", gzipSync(IDX));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test("FILE#1 is one row, FILE#1-2 are two; gzip is unpacked", async () => {
  expect((await readImages(`${idx}#1`, 2)).map(({ name, pixels }) => [name, ...pixels])).toEqual([[`${idx}#1`, 5, 6, 7, 8]]);
  expect((await readImages(`${packed}#1-2`, 2)).map(({ name, pixels }) => [name, ...pixels])).toEqual([
    [`${packed}#1`, 5, 6, 7, 8],
    [`${packed}#2`, 9, 10, 11, 12],
  ]);
});

test("a PGM and a PNG of any size become digits as MNIST holds them: a bar 20 pixels high in the middle", async () => {
  const pgm = file("a.pgm", Buffer.concat([Buffer.from("P5 60 90 255\n"), bar]));
  const png = file("a.png", encode({ width: 60, height: 90, channels: 1, depth: 8, data: bar }));
  const [fromPgm] = await readImages(pgm, 28);
  const [fromPng] = await readImages(png, 28);
  expect(fromPng!.pixels).toEqual(fromPgm!.pixels);
  const inked = [...Array(28).keys()].filter((y) => fromPgm!.pixels.subarray(y * 28, y * 28 + 28).some((value) => value > 128));
  expect([inked.length, fromPgm!.pixels[14 * 28 + 14]]).toEqual([20, 255]);
});

describe("what is refused, and how", () => {
  const REFUSED: [argument: string, size: number, message: RegExp][] = [
    [join(folder, "none.png"), 28, /none\.png: expected an image file, there is none/],
    [idx, 2, /For rows of an IDX file say which: .*#7 or .*#0-99/],
    [`${idx}#3`, 2, /expected rows from 0 to 2, got 3\./],
    [`${idx}#1-3`, 2, /expected rows from 0 to 2, got 1-3/],
    [`${idx}#2-1`, 2, /expected rows from 0 to 2, got 2-1/],
    [`${idx}#0`, 28, /the model reads images of 28×28, these are 2×2/],
    [file("cut.png", encode({ width: 60, height: 90, channels: 1, depth: 8, data: bar }).subarray(0, 60)), 28, /cut\.png: expected a whole PNG image/],
    [`${file("text", Buffer.from("hello"))}#0`, 28, /text: expected an IDX file/],
  ];
  for (const [argument, size, message] of REFUSED) {
    test(message.source, async () => expect(readImages(argument, size)).rejects.toThrow(message));
  }
});
