import { crc32, deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { asDigit, readGreyImage, type GreyImage } from "./greyImage.js";

const grey = (image: GreyImage): number[] => [...image.pixels];

describe("PNG of every kind becomes 0 … 255", () => {
  const KINDS: { kind: string; png: Parameters<typeof encode>[0]; pixels: number[] }[] = [
    { kind: "grey, 8 bits", png: { width: 2, height: 1, depth: 8, channels: 1, data: Uint8Array.of(0, 200) }, pixels: [0, 200] },
    { kind: "grey, 16 bits", png: { width: 2, height: 1, depth: 16, channels: 1, data: Uint16Array.of(0, 65535) }, pixels: [0, 255] },
    { kind: "grey and alpha, over white", png: { width: 2, height: 1, depth: 8, channels: 2, data: Uint8Array.of(0, 255, 0, 0) }, pixels: [0, 255] },
    { kind: "RGB by brightness", png: { width: 3, height: 1, depth: 8, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) }, pixels: [76, 150, 29] },
    { kind: "RGBA, black on nothing", png: { width: 2, height: 1, depth: 8, channels: 4, data: Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0) }, pixels: [0, 255] },
    { kind: "RGBA, white on nothing, over black", png: { width: 2, height: 1, depth: 8, channels: 4, data: Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0) }, pixels: [255, 0] },
  ];
  for (const { kind, png, pixels } of KINDS) test(kind, () => expect(grey(readGreyImage(encode(png), "a.png"))).toEqual(pixels));

  const PACKED: [depth: number, rows: number[][], pixels: number[]][] = [
    [1, [[0b10100000, 0b01000000], [0b00000001, 0b10000000]], [255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0]],
    [2, [[0b00011011, 0b11000000, 0b00010000]], [0, 85, 170, 255, 255, 0, 0, 0, 0, 85]],
    [4, [[0x01, 0x23, 0x45, 0x67, 0xef]], [0, 17, 34, 51, 68, 85, 102, 119, 238, 255]],
  ];
  for (const [depth, rows, pixels] of PACKED) {
    test(`grey of ${depth} bits, rows of 10 pixels`, () => expect(grey(readGreyImage(packedPng(depth, rows), "a.png"))).toEqual(pixels));
  }
});

test("a damaged PNG is named", () => {
  const file = encode({ width: 2, height: 2, depth: 8, channels: 1, data: Uint8Array.of(1, 2, 3, 4) });
  expect(() => readGreyImage(file.subarray(0, file.length - 20), "cut.png")).toThrow(/^cut\.png: expected a whole PNG image/);
  file[file.length - 20]! ^= 1;
  expect(() => readGreyImage(file, "hurt.png")).toThrow(/^hurt\.png: expected a whole PNG image/);
});

describe("an image as MNIST holds it", () => {
  test("28×28 and bright on dark: as it is", () => {
    const pixels = new Uint8Array(784).fill(255, 300, 320);
    expect(asDigit({ width: 28, height: 28, pixels })).toEqual(pixels);
  });

  test("dark on bright is inverted", () => {
    const pixels = new Uint8Array(784).fill(255).fill(10, 300, 320);
    const digit = asDigit({ width: 28, height: 28, pixels });
    expect([digit[0], digit[299], digit[300], digit[320]]).toEqual([0, 0, 245, 0]);
  });

  test("any size: the ink's longer side becomes 20 pixels, its middle the image's", () => {
    const [width, height] = [200, 300];
    const pixels = new Uint8Array(width * height).fill(255);
    for (let y = 10; y < 110; y++) pixels.fill(0, y * width + 20, y * width + 70); // A bar of 50×100, far from the middle.
    const digit = asDigit({ width, height, pixels });
    const rows = [...Array(28).keys()].filter((y) => digit.subarray(y * 28, y * 28 + 28).some((value) => value > 0));
    const columns = [...Array(28).keys()].filter((x) => digit.some((value, i) => i % 28 === x && value > 0));
    expect([rows[0], rows.length, columns[0], columns.length]).toEqual([4, 20, 9, 10]);
    expect(digit[14 * 28 + 14]).toBe(255);
  });

  test("no ink: an empty image", () => {
    expect(asDigit({ width: 5, height: 5, pixels: new Uint8Array(25) }).every((value) => value === 0)).toBe(true);
  });
});

/** A grey PNG, 10 pixels wide, of packed samples: the encoder makes none. */
function packedPng(depth: number, rows: readonly number[][]): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(10, 0);
  head.writeUInt32BE(rows.length, 4);
  head[8] = depth;
  const chunks = { IHDR: head, IDAT: deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row]))), IEND: Buffer.alloc(0) };
  const parts = [Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])];
  for (const [type, data] of Object.entries(chunks)) {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    parts.push(length, body, sum);
  }
  return Buffer.concat(parts);
}
