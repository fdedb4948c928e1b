// PGM: grey images as text (P2) or bytes (P5), as "netpbm" defines them: https://netpbm.sourceforge.net/doc/pgm.html
// Reads the first image of a file.
import { FormatError } from "../base/errors.js";

export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1;
  /** Bits a sample: 8 for files with a maximum up to 255, else 16. */
  readonly depth: 8 | 16;
  /** Samples, row-major, stretched so that the file's maximum becomes 255 or 65535. */
  readonly data: Uint8Array | Uint16Array;
}

const LARGEST_SIDE = 16384;

/**
 * Reads a P2 or P5 image.
 *
 * name: how errors call the file
 * Throws FormatError on another format, a broken header, samples above the maximum and a file that is cut off.
 */
export function readPgm(bytes: Uint8Array, name: string): GreyImage {
  const format = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0);
  if (format !== "P2" && format !== "P5") {
    throw new FormatError(`${name}: expected a PGM image, which starts with P2 or P5, got ${JSON.stringify(format)}.`);
  }
  const words = new Words(bytes, name);
  const width = words.number("width", 1, LARGEST_SIDE);
  const height = words.number("height", 1, LARGEST_SIDE);
  const largest = words.number("maximum", 1, 65535);
  const wide = largest > 255;
  const count = width * height;
  const data = wide ? new Uint16Array(count) : new Uint8Array(count);
  const full = wide ? 65535 : 255;
  const sample = format === "P2" ? () => words.number("sample", 0, largest) : binarySamples(words, wide, count, name);
  for (let i = 0; i < count; i++) {
    const value = sample();
    if (value > largest) throw new FormatError(`${name}: expected samples up to ${largest}, got ${value} in pixel ${i}.`);
    data[i] = Math.round((value * full) / largest);
  }
  return { width, height, channels: 1, depth: wide ? 16 : 8, data };
}

/** Two-byte samples stand with the high byte first; one white-space byte ends the header. */
function binarySamples(words: Words, wide: boolean, count: number, name: string): () => number {
  const { bytes } = words;
  let position = words.position + 1;
  const expected = count * (wide ? 2 : 1);
  if (bytes.length - position < expected) {
    throw new FormatError(`${name}: expected ${expected} bytes of samples, got ${Math.max(0, bytes.length - position)}: the file is cut off.`);
  }
  return wide ? () => bytes[position++]! * 256 + bytes[position++]! : () => bytes[position++]!;
}

/** The whole numbers of a text, separated by white space and by comments from # to the end of the line. */
class Words {
  position = 2;

  constructor(
    readonly bytes: Uint8Array,
    private readonly name: string,
  ) {}

  number(what: string, smallest: number, largest: number): number {
    const { bytes } = this;
    while (isSpace(bytes[this.position]) || bytes[this.position] === HASH) {
      if (bytes[this.position] === HASH) this.skipLine();
      else this.position++;
    }
    const start = this.position;
    while (this.position < bytes.length && !isSpace(bytes[this.position]) && bytes[this.position] !== HASH && this.position - start < 9) {
      this.position++;
    }
    const text = String.fromCharCode(...bytes.subarray(start, this.position));
    if (text === "") throw new FormatError(`${this.name}: expected the ${what}, got the end of the file: it is cut off.`);
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= smallest && value <= largest)) {
      throw new FormatError(`${this.name}: expected the ${what} to be a whole number from ${smallest} to ${largest}, got ${JSON.stringify(text)}.`);
    }
    return value;
  }

  private skipLine(): void {
    while (this.position < this.bytes.length && this.bytes[this.position] !== NEWLINE) this.position++;
  }
}

const HASH = 0x23;
const NEWLINE = 0x0a;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
