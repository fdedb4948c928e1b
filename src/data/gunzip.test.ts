import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FormatError } from "../base/errors.js";
import { gunzip } from "./gunzip.js";

const text = Buffer.from("handwriting ".repeat(5000));
const packed = new Uint8Array(gzipSync(text));
const flipped = packed.map((byte, i) => (i === packed.length - 5 ? byte ^ 1 : byte));

const BROKEN: [what: string, bytes: Uint8Array, message: string][] = [
  ["an empty file", new Uint8Array(0), "f: expected a gzip file, which starts with 1f 8b, got an empty file"],
  ["another format", Uint8Array.of(0, 0, 8, 3), "f: expected a gzip file, which starts with 1f 8b, got 00 00"],
  ["only the magic", packed.subarray(0, 2), "f: expected a whole gzip file, its 2 bytes are damaged or break off early"],
  ["half a file", packed.subarray(0, packed.length / 2), "damaged or break off early"],
  ["a missing checksum", packed.subarray(0, -8), "damaged or break off early"],
  ["a last byte missing", packed.subarray(0, -1), "damaged or break off early"],
  ["a wrong checksum", flipped, "damaged or break off early"],
];

describe("gunzip", () => {
  it("unpacks", async () => {
    expect(Buffer.from(await gunzip(packed, "f")).equals(text)).toBe(true);
  });

  it.each(BROKEN)("names what is wrong with %s", async (_what, bytes, message) => {
    await expect(gunzip(bytes, "f")).rejects.toThrow(FormatError);
    await expect(gunzip(bytes, "f")).rejects.toThrow(message);
  });
});
