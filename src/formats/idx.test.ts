import { describe, expect, it } from "vitest";
import { FormatError } from "../base/errors.js";
import { parseIdx } from "./idx.js";

const images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];
const labels = [0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9];

const BROKEN: [what: string, bytes: number[], rank: number | undefined, message: string][] = [
  ["an empty file", [], 3, "f: expected an IDX header of at least 4 bytes, the file has 0"],
  ["a cut header", images.slice(0, 10), 3, "f: expected a header of 16 bytes for rank 3, the file has 10"],
  ["a cut body", images.slice(0, -1), 3, "f: expected 22 bytes for shape [2, 1, 3], got 21: it is cut off"],
  ["trailing bytes", [...images, 0], 3, "f: expected 22 bytes for shape [2, 1, 3], got 23: bytes are left over"],
  ["labels for images", labels, 3, "f: expected rank 3 (magic 0x00000803), got rank 1 (magic 0x00000801)"],
  ["a wrong magic", [1, ...images.slice(1)], 3, "f: expected an IDX file of unsigned bytes (magic 0x00000803), got magic 0x01000803"],
  ["floats", [0, 0, 13, 1, 0, 0, 0, 0], 1, "got magic 0x00000d01"],
  ["a gzip file", [0x1f, 0x8b, 8, 0, 0, 0], 1, "It is a gzip file"],
  ["rank 0", [0, 0, 8, 0], undefined, "got magic 0x00000800"],
];

describe("parseIdx", () => {
  it("reads shape and elements, also from the middle of a larger buffer", () => {
    expect(parseIdx(Uint8Array.from(labels), "f")).toEqual({ shape: [3], data: Uint8Array.of(7, 8, 9) });
    const inside = Uint8Array.from([99, ...images, 99]).subarray(1, -1);
    expect(parseIdx(inside, "f", 3)).toEqual({ shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  it("reads a file without elements", () => {
    expect(parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0), "f").data.length).toBe(0);
  });

  it.each(BROKEN)("names what is wrong with %s", (_what, bytes, rank, message) => {
    expect(() => parseIdx(Uint8Array.from(bytes), "f", rank)).toThrow(FormatError);
    expect(() => parseIdx(Uint8Array.from(bytes), "f", rank)).toThrow(message);
  });
});
