import { describe, expect, it } from "vitest";
import { DTypeError, FormatError, ValueError } from "../base/errors.js";
import { fromFloat32, readSafetensors, type StoredTensor, toFloat32, writeSafetensors } from "./safetensors.js";

/** A file from header text and body, without the writer under test. */
function file(header: string | object, body: number[] | number = 0, length?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return new Uint8Array(Buffer.concat([size, text, typeof body === "number" ? Buffer.alloc(body) : Buffer.from(body)]));
}

const f32 = (shape: number[], begin: number, end: number): object => ({ dtype: "F32", shape, data_offsets: [begin, end] });

/** The specification's rules, each checked by itself on the raw bytes; shares no code with the reader. */
function followsSpecification(bytes: Uint8Array): string[] {
  const problems: string[] = [];
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = Number(buffer.readBigUInt64LE(0));
  if (n > 100_000_000) problems.push("header larger than 100 MB");
  const text = buffer.toString("utf8", 8, 8 + n);
  if (text[0] !== "{") problems.push("header does not begin with {");
  if (n % 8 !== 0) problems.push("body is not aligned to 8 bytes");
  const trimmed = text.replace(/ +$/, "");
  if (!trimmed.endsWith("}")) problems.push("padded with something else than spaces");
  const header = JSON.parse(text) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const { __metadata__: metadata, ...tensors } = header;
  if (metadata && Object.values(metadata).some((value) => typeof value !== "string")) problems.push("metadata is not text to text");
  const width: Record<string, number> = { F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4, F16: 2, BF16: 2, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1 };
  const covered = new Uint8Array(buffer.length - 8 - n);
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(tensors)) {
    const [begin, end] = data_offsets;
    if (width[dtype] === undefined) problems.push(`${name}: dtype`);
    if (end > covered.length || begin > end) problems.push(`${name}: range`);
    if (end - begin !== shape.reduce((a, b) => a * b, 1) * width[dtype]!) problems.push(`${name}: size`);
    for (let i = begin; i < end; i++) covered[i]!++;
  }
  if (covered.some((count) => count === 0)) problems.push("hole");
  if (covered.some((count) => count > 1)) problems.push("overlap");
  return problems;
}

const tensors = new Map<string, StoredTensor>([
  ["bytes", { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ["weight", fromFloat32(Float32Array.of(1.5, -2, 0.25, 8), [2, 2])],
  ["scalar", fromFloat32(Float32Array.of(7), [])],
  ["none", { dtype: "F16", shape: [0, 5], data: new Uint8Array(0) }],
  ["10", { dtype: "I64", shape: [1], data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }],
  ['odd "name"\n✓', { dtype: "BOOL", shape: [2, 1], data: Uint8Array.of(1, 0) }],
]);
const metadata = { format: "test", "7": "seven", note: 'a "quoted" ✓' };

describe("writeSafetensors", () => {
  it("writes what the specification asks for", () => {
    expect(followsSpecification(writeSafetensors(tensors, metadata))).toEqual([]);
    expect(followsSpecification(writeSafetensors(new Map()))).toEqual([]);
  });

  it("is read back equal, in the order of the bytes: element size, then name", () => {
    const read = readSafetensors(writeSafetensors(tensors, metadata), "m");
    expect([...read.tensors.keys()]).toEqual(["10", "scalar", "weight", "none", "bytes", 'odd "name"\n✓']);
    expect(read.metadata).toEqual(metadata);
    for (const [name, tensor] of tensors) expect(read.tensors.get(name), name).toEqual(tensor);
  });

  it("gives equal bytes whatever the order of the map and of the metadata", () => {
    const backwards = new Map([...tensors].reverse());
    expect(writeSafetensors(backwards, { note: metadata.note, format: "test", "7": "seven" })).toEqual(writeSafetensors(tensors, metadata));
  });

  it("aligns every tensor to its element size", () => {
    const bytes = writeSafetensors(tensors, metadata);
    for (const [name, { dtype, data }] of readSafetensors(bytes, "m").tensors) {
      const width = { I64: 8, F32: 4, F16: 2 }[dtype as string] ?? 1;
      expect(data.byteOffset % width, name).toBe(0);
    }
  });

  it("refuses bytes that disagree with the shape, and the reserved name", () => {
    const bad = new Map([["w", { dtype: "F32", shape: [3], data: new Uint8Array(8) } as const]]);
    expect(() => writeSafetensors(bad)).toThrow(ValueError);
    expect(() => writeSafetensors(bad)).toThrow('safetensors: tensor "w": F32 of shape [3] takes 12 bytes, got 8.');
    expect(() => writeSafetensors(new Map([["__metadata__", tensors.get("bytes")!]]))).toThrow("cannot be named");
  });
});

const BROKEN: [what: string, bytes: Uint8Array, message: string][] = [
  ["an empty file", new Uint8Array(0), "m: expected a safetensors file, which starts with 8 bytes of header length; the file has 0"],
  ["a cut header", file({ a: f32([1], 0, 4) }, 4).subarray(0, 20), "only 12 follow: the file is cut off"],
  ["a huge header", file("{}", 0, 100_000_001n), "expected a header of at most 100000000 bytes, got 100000001"],
  ["a header length beyond 2^53", file("{}", 0, 2n ** 64n - 1n), "got 18446744073709551615"],
  ["no header", file(""), 'expected the header to begin with "{", got nothing'],
  ["a list", file("[]"), 'expected the header to begin with "{", got byte 0x5b'],
  ["leading spaces", file(" {}"), "got byte 0x20"],
  ["broken JSON", file(`{"a":`), "expected the header to be JSON in UTF-8"],
  ["broken UTF-8", file("{}").fill(0xff, 9, 10), "expected the header to be JSON in UTF-8"],
  ["a duplicate name", file(`{"a":${JSON.stringify(f32([1], 0, 4))},"a":${JSON.stringify(f32([1], 4, 8))}}`, 8), 'the header names "a" twice'],
  ["a duplicate field", file(`{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}`, 4), 'the header names "shape" twice'],
  ["metadata that is no object", file({ __metadata__: [] }), "expected __metadata__ to map text to text, got []"],
  ["metadata with a number", file({ __metadata__: { a: 1 } }), 'expected __metadata__ "a" to be text, got 1'],
  ["an entry that is no object", file({ a: 3 }), 'm: tensor "a": expected {dtype, shape, data_offsets}, got 3'],
  ["an unknown dtype", file({ a: { dtype: "F31", shape: [1], data_offsets: [0, 4] } }, 4), 'tensor "a": expected a dtype of BOOL'],
  ["a dtype from Object", file({ a: { dtype: "toString", shape: [1], data_offsets: [0, 4] } }, 4), 'got "toString"'],
  ["a missing shape", file({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4), "expected a shape of whole numbers, got undefined"],
  ["a negative size", file({ a: f32([-1], 0, 4) }, 4), "expected a shape of whole numbers, got [-1]"],
  ["a fractional size", file({ a: f32([1.5], 0, 6) }, 6), "expected a shape of whole numbers, got [1.5]"],
  ["three offsets", file({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 8] } }, 8), "expected data_offsets [begin, end], got [0,4,8]"],
  ["backward offsets", file({ a: f32([1], 4, 0) }, 4), "with begin ≤ end, got [4, 0]"],
  ["a cut body", file({ a: f32([2], 0, 8) }, 7), "its bytes end at 8, out of the range of the file's 7 bytes of tensors. Is the file cut off?"],
  ["an offset out of range", file({ a: f32([1], 2 ** 52, 2 ** 52 + 4) }, 4), "out of the range of the file's 4 bytes"],
  ["a shape that disagrees", file({ a: f32([3], 0, 8) }, 8), "F32 of shape [3] takes 12 bytes, data_offsets [0, 8] hold 8"],
  ["a shape whose product overflows", file({ a: f32([2 ** 52, 2 ** 52, 0], 0, 4) }, 4), "data_offsets [0, 4] hold 4"],
  ["overlapping tensors", file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), 'tensor "b" starts at byte 4 and overlaps tensor "a", which ends at 8'],
  ["two names for one range", file({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4), 'tensor "b" starts at byte 0 and overlaps tensor "a"'],
  ["a hole", file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), 'expected tensor "b" to start at byte 4, where tensor "a" ends, it starts at 8'],
  ["a hole at the start", file({ a: f32([1], 4, 8) }, 8), "where the header ends, it starts at 4"],
  ["trailing bytes", file({ a: f32([1], 0, 4) }, 9), "expected 4 bytes of tensors, the file has 9: 5 bytes belong to no tensor"],
];

describe("readSafetensors", () => {
  it.each(BROKEN)("names what is wrong with %s", (_what, bytes, message) => {
    expect(() => readSafetensors(bytes, "m")).toThrow(FormatError);
    expect(() => readSafetensors(bytes, "m")).toThrow(message);
  });

  it("reads entries in any order, padding, and a file in the middle of a buffer", () => {
    const bytes = file(`${JSON.stringify({ b: f32([1], 4, 8), a: f32([1], 0, 4) })}   `, [0, 0, 128, 63, 0, 0, 0, 64]);
    const inside = Uint8Array.from([9, ...bytes, 9]).subarray(1, -1);
    const { tensors: read } = readSafetensors(inside, "m");
    expect([...read.keys()]).toEqual(["a", "b"]);
    expect([...toFloat32(read.get("b")!, "b")]).toEqual([2]);
  });

  it("gives views, not copies", () => {
    const bytes = file({ a: f32([1], 0, 4) }, 4);
    expect(readSafetensors(bytes, "m").tensors.get("a")!.data.buffer).toBe(bytes.buffer);
  });
});

describe("toFloat32", () => {
  it("names the place and both dtypes when the dtype is another", () => {
    expect(() => toFloat32(tensors.get("bytes")!, 'm: tensor "bytes"')).toThrow(DTypeError);
    expect(() => toFloat32(tensors.get("bytes")!, 'm: tensor "bytes"')).toThrow('m: tensor "bytes": expected dtype F32, got U8.');
  });
});
