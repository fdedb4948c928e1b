// IDX: the format MNIST is published in. A big-endian header (magic with type and rank, then the sizes), then the
// bytes. Only unsigned bytes are read: https://yann.lecun.com/exdb/mnist, "the IDX file format".
import { FormatError } from "../base/errors.js";

export interface Idx {
  readonly shape: readonly number[];
  /** The elements, row-major: a view of the file's bytes. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an unpacked IDX file of unsigned bytes.
 *
 * name: how errors call the file   rank: the number of axes it must have; any when left out
 * Throws FormatError on another magic number, type or rank, on too few and on too many bytes.
 */
export function parseIdx(bytes: Uint8Array, name: string, rank?: number): Idx {
  if (bytes.length < 4) throw new FormatError(`${name}: expected an IDX header of at least 4 bytes, the file has ${bytes.length}.`);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const axes = bytes[3]!;
  if (header.getUint16(0) !== 0 || bytes[2] !== UNSIGNED_BYTE || axes === 0) {
    throw new FormatError(
      `${name}: expected an IDX file of unsigned bytes (magic ${magic(0x800 + (rank ?? 1))}), got magic ${magic(header.getUint32(0))}.${cure(bytes)}`,
    );
  }
  if (rank !== undefined && axes !== rank) {
    throw new FormatError(
      `${name}: expected rank ${rank} (magic ${magic(0x800 + rank)}), got rank ${axes} (magic ${magic(header.getUint32(0))}). Images have rank 3, labels rank 1: are two files mixed up?`,
    );
  }
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw new FormatError(`${name}: expected a header of ${start} bytes for rank ${axes}, the file has ${bytes.length}: it is cut off.`);
  }
  const shape = Array.from({ length: axes }, (_, axis) => header.getUint32(4 + 4 * axis));
  const expected = start + shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== expected) {
    const state = bytes.length < expected ? "it is cut off" : "bytes are left over";
    throw new FormatError(`${name}: expected ${expected} bytes for shape [${shape.join(", ")}], got ${bytes.length}: ${state}.`);
  }
  return { shape, data: bytes.subarray(start) };
}

function magic(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

function cure(bytes: Uint8Array): string {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? " It is a gzip file: unpack it, or name it .gz." : "";
}
