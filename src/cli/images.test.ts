import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { readImages } from "./images.js";

const folder = mkdtempSync(join(tmpdir(), "edgegrad-images-"));
afterAll(() => rmSync(folder, { recursive: true }));

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

test("a PGM is read", async () => {
  const path = file("a.pgm", Buffer.from("P2 2 2 255 0 255 0 0"));
  expect(await readImages(path, 2)).toEqual([{ name: path, pixels: Uint8Array.of(0, 255, 0, 0) }]);
});

describe("what is refused, and how", () => {
  const REFUSED: [argument: string, size: number, message: RegExp][] = [
    [join(folder, "none.png"), 28, /none\.png: expected an image file, there is none/],
    [idx, 2, /For rows of an IDX file say which: .*#7 or .*#0-99/],
    [`${idx}#3`, 2, /expected rows from 0 to 2, got 3\./],
    [`${idx}#1-3`, 2, /expected rows from 0 to 2, got 1-3/],
    [`${idx}#2-1`, 2, /expected rows from 0 to 2, got 2-1/],
    [`${idx}#0`, 28, /the model reads images of 28×28, these are 2×2/],
    [`${file("text", Buffer.from("hello"))}#0`, 28, /text: expected an IDX file/],
  ];
  for (const [argument, size, message] of REFUSED) {
    test(message.source, async () => expect(readImages(argument, size)).rejects.toThrow(message));
  }
});
