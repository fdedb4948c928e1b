import { describe, expect, it } from "vitest";
import { ProtoMessage } from "./protobuf.js";
import { graphEvent, histogramEvent, histogramOf, scalarEvent, versionEvent } from "./tensorboard.js";
import { crc32c, frameRecord } from "./tfrecord.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("crc32c", () => {
  // RFC 3720, appendix B.4, and the check value of CRC catalogues.
  it.each([
    { of: "123456789", data: bytes("123456789"), crc: 0xe3069283 },
    { of: "32 zeros", data: new Uint8Array(32), crc: 0x8a9136aa },
    { of: "32 bytes of ones", data: new Uint8Array(32).fill(255), crc: 0x62a8ab43 },
    { of: "0 to 31", data: Uint8Array.from({ length: 32 }, (_, i) => i), crc: 0x46dd794e },
  ])("of $of", ({ data, crc }) => expect(crc32c(data)).toBe(crc));
});

describe("frames", () => {
  it("hold length, checksum, bytes, checksum", () => {
    const frame = frameRecord(bytes("abc"));
    const view = new DataView(frame.buffer);
    expect([frame.length, view.getBigUint64(0, true)]).toEqual([19, 3n]);
    // Unmasked: minus the constant, turned left by 15 bits.
    const unmasked = (at: number): number => {
      const turned = (view.getUint32(at, true) - 0xa282ead8) >>> 0;
      return ((turned << 15) | (turned >>> 17)) >>> 0;
    };
    expect([unmasked(8), unmasked(15)]).toEqual([crc32c(frame.subarray(0, 8)), crc32c(bytes("abc"))]);
  });
});

describe("protobuf", () => {
  // The examples of the encoding's documentation, and borders of the varint.
  it.each([
    { claim: "150 in field 1", message: new ProtoMessage().int(1, 150), hex: "089601" },
    { claim: "text in field 2", message: new ProtoMessage().string(2, "testing"), hex: "120774657374696e67" },
    { claim: "a message in field 3", message: new ProtoMessage().message(3, new ProtoMessage().int(1, 150)), hex: "1a03089601" },
    { claim: "−1 takes ten bytes", message: new ProtoMessage().int(1, -1), hex: "08ffffffffffffffffff01" },
    { claim: "a field number above 15 takes two bytes", message: new ProtoMessage().int(16, 1), hex: "800101" },
    { claim: "2⁵³ − 1", message: new ProtoMessage().int(1, 2 ** 53 - 1), hex: "08ffffffffffffff0f" },
    { claim: "a float and a double", message: new ProtoMessage().float(1, 1).double(2, 1), hex: "0d0000803f11000000000000f03f" },
    { claim: "packed doubles", message: new ProtoMessage().doubles(6, [1, -2]), hex: "3210000000000000f03f00000000000000c0" },
  ])("$claim", ({ message, hex }) => expect(Buffer.from(message.finish()).toString("hex")).toBe(hex));

  it("grows beyond its first buffer", () => {
    const message = new ProtoMessage().string(1, "x".repeat(1000)).int(2, 7).finish();
    expect([message.length, message.at(-1)]).toEqual([1 + 2 + 1000 + 2, 7]);
  });
});

describe("events", () => {
  const time = { wallTime: 1.5, step: 3 };
  const body = (frame: Uint8Array): string => Buffer.from(frame.subarray(12, -4)).toString("hex");

  it("version, scalar and graph, byte by byte", () => {
    expect(body(versionEvent(1.5))).toBe(`09000000000000f83f1a0d${Buffer.from("brain.Event:2").toString("hex")}`);
    // step 3; summary { value { tag "l", simple_value 0.5 } }
    expect(body(scalarEvent(time, "l", 0.5))).toBe("09000000000000f83f1003" + "2a0a" + "0a08" + "0a016c" + "150000003f");
    // graph_def { node { name "a", op "B", input "c", attr "_output_shapes" = [[-1, 2]] }, versions { producer 22 } }
    const name = Buffer.from("_output_shapes").toString("hex");
    const sizes = "120b08ffffffffffffffffff01" + "12020802"; // dim { size −1 } dim { size 2 }
    const attribute = `2a27${`0a0e${name}`}${`1215${`0a13${`3a11${sizes}`}`}`}`;
    expect(body(graphEvent(1.5, [{ name: "a", op: "B", inputs: ["c"], shape: [-1, 2] }]))).toBe(`09000000000000f83f${`2238${`0a32${"0a0161"}${"120142"}${"1a0163"}${attribute}`}`}${"22020816"}`);
  });

  it("histograms count every finite value once, in 30 buckets between the least and the largest", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i / 999) * 4 - 2);
    const { min, max, count, limits, buckets, sum, sumSquares } = histogramOf([...values, NaN, Infinity]);
    expect([min, max, count, limits.length, limits.at(-1)]).toEqual([-2, 2, 1000, 30, 2]);
    expect(buckets.reduce((total, n) => total + n, 0)).toBe(1000);
    for (const n of buckets) expect(Math.abs(n - 1000 / 30)).toBeLessThan(1.5);
    expect(sum).toBeCloseTo(values.reduce((total, x) => total + x, 0), 9);
    expect(sumSquares).toBeCloseTo(values.reduce((total, x) => total + x * x, 0), 6);
    limits.slice(1).forEach((limit, i) => expect(limit).toBeGreaterThan(limits[i]!));
  });

  it("histograms of one value, of none and of huge ones are whole", () => {
    expect(histogramOf([3, 3])).toMatchObject({ count: 2, limits: [3], buckets: [2] });
    expect(histogramOf([NaN])).toMatchObject({ count: 0, limits: [0], buckets: [0] });
    expect(histogramOf([-3e38, 3e38]).buckets.reduce((total, n) => total + n, 0)).toBe(2);
    expect(histogramEvent(time, "w", [1]).length).toBeGreaterThan(16);
  });
});
