// What `edgegrad predict` is given: image files, and rows of IDX files (FILE#7, FILE#0-99).
import { decode, hasPngSignature } from "fast-png";
import { FormatError, ValueError } from "../base/errors.js";
import { readIfThere } from "../data/files.js";
import { gunzip, isGzip } from "../data/gunzip.js";
import { toDigitImage, type Picture } from "../data/images.js";
import { parseIdx } from "../formats/idx.js";
import { readPgm } from "../formats/pgm.js";

export interface NamedImage {
  readonly name: string;
  /** [size, size], 0 is background and 255 is ink. */
  readonly pixels: Uint8Array;
}

/**
 * The images an argument names, each `size` pixels a side.
 *
 * Throws ValueError when there is no such file or row, FormatError when the file is neither PNG, PGM nor IDX, or damaged.
 */
export async function readImages(argument: string, size: number): Promise<NamedImage[]> {
  const rows = /^(.+)#(\d+)(?:-(\d+))?$/.exec(argument);
  const path = rows ? rows[1]! : argument;
  const file = await readIfThere(path);
  if (!file) throw new ValueError(`${path}: expected an image file, there is none.`);
  const picture = rows ? undefined : readPicture(file, path);
  if (picture) return [{ name: path, pixels: toDigitImage(picture, { size, box: Math.round((size * 20) / 28) }) }];
  const bytes = isGzip(file) ? await gunzip(file, path) : file;
  if (!rows) throw new FormatError(`${path}: expected a PNG or PGM image. For rows of an IDX file say which: ${path}#7 or ${path}#0-99.`);
  return readRows(bytes, path, Number(rows[2]), Number(rows[3] ?? rows[2]), size);
}

/** A PNG or PGM; undefined when the bytes are neither. */
function readPicture(bytes: Uint8Array, path: string): Picture | undefined {
  if (bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35)) return readPgm(bytes, path);
  if (bytes.length < 8 || !hasPngSignature(bytes)) return undefined;
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new FormatError(`${path}: expected a whole PNG image, it is damaged or breaks off (${(cause as Error).message}).`, { cause });
  }
}

function readRows(bytes: Uint8Array, path: string, first: number, last: number, size: number): NamedImage[] {
  const { shape, data } = parseIdx(bytes, path, 3);
  const [count, height, width] = shape as [number, number, number];
  if (height !== size || width !== size) throw new ValueError(`${path}: the model reads images of ${size}×${size}, these are ${height}×${width}.`);
  if (first > last || last >= count) throw new ValueError(`${path}: expected rows from 0 to ${count - 1}, got ${first}${first === last ? "" : `-${last}`}.`);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const row = first + i;
    return { name: `${path}#${row}`, pixels: data.subarray(row * size * size, (row + 1) * size * size) };
  });
}
