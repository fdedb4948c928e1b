import { describe, expect, it } from "vitest";
import { FormatError } from "../base/errors.js";
import { readPgm } from "./pgm.js";

const file = (text: string, ...samples: number[]): Uint8Array => Uint8Array.from([...Buffer.from(text), ...samples]);

const GOOD: [what: string, bytes: Uint8Array, depth: number, data: number[]][] = [
  ["text", file("P2\n3 2\n255\n0 1 2\n253 254 255\n"), 8, [0, 1, 2, 253, 254, 255]],
  ["text with comments", file("P2 # made by hand\n# two\n3 2#\n15 0 1 2 3 4#x\n15"), 8, [0, 17, 34, 51, 68, 255]],
  ["bytes", file("P5 3 2 255\n", 10, 32, 35, 13, 0, 255), 8, [10, 32, 35, 13, 0, 255]],
  ["bytes, black and white", file("P5\n3\n2\n1\n", 0, 1, 0, 1, 1, 0), 8, [0, 255, 0, 255, 255, 0]],
  ["two bytes a sample", file("P5 3 2 65535\n", 0, 1, 1, 0, 255, 255, 0, 0, 18, 52, 0, 255), 16, [1, 256, 65535, 0, 0x1234, 255]],
];

const BROKEN: [what: string, bytes: Uint8Array, message: string][] = [
  ["an empty file", file(""), "i: expected a PGM image, which starts with P2 or P5"],
  ["a colour image", file("P6 1 1 255\n", 0, 0, 0), 'got "P6"'],
  ["a cut header", file("P5 3 2"), "i: expected the maximum, got the end of the file"],
  ["a width of nothing", file("P5 0 2 255\n"), 'expected the width to be a whole number from 1 to 16384, got "0"'],
  ["a negative height", file("P5 2 -2 255\n"), 'got "-2"'],
  ["a maximum too large", file("P5 2 2 65536\n"), "expected the maximum to be a whole number from 1 to 65535"],
  ["cut bytes", file("P5 3 2 255\n", 1, 2, 3), "expected 6 bytes of samples, got 3: the file is cut off"],
  ["cut text", file("P2 3 2 255\n1 2 3"), "expected the sample, got the end of the file"],
  ["a sample above the maximum", file("P5 2 1 7\n", 7, 8), "expected samples up to 7, got 8 in pixel 1"],
  ["a text sample above the maximum", file("P2 2 1 7\n7 8"), 'expected the sample to be a whole number from 0 to 7, got "8"'],
];

describe("readPgm", () => {
  it.each(GOOD)("reads %s", (_what, bytes, depth, data) => {
    const image = readPgm(bytes, "i");
    expect([image.width, image.height, image.channels, image.depth]).toEqual([3, 2, 1, depth]);
    expect([...image.data]).toEqual(data);
  });

  it.each(BROKEN)("names what is wrong with %s", (_what, bytes, message) => {
    expect(() => readPgm(bytes, "i")).toThrow(FormatError);
    expect(() => readPgm(bytes, "i")).toThrow(message);
  });
});
