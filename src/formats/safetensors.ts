// safetensors: named tensors in one file. Eight bytes of header length, a JSON header, then the bytes of all tensors
// without holes: https://github.com/huggingface/safetensors, section "Format". Reading copies nothing.
import { DTypeError, FormatError, ValueError } from "../base/errors.js";
import { firstDuplicateKey } from "./json.js";

/** Bytes an element takes, of every dtype whose elements are whole bytes. */
const SAFETENSORS_BYTES = {
  BOOL: 1, U8: 1, I8: 1, F8_E4M3: 1, F8_E5M2: 1,
  I16: 2, U16: 2, F16: 2, BF16: 2,
  I32: 4, U32: 4, F32: 4,
  I64: 8, U64: 8, F64: 8,
} as const;

export type SafetensorsDType = keyof typeof SAFETENSORS_BYTES;

export interface StoredTensor {
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** The elements, little-endian and row-major; after reading, a view of the file's bytes, aligned to nothing. */
  readonly data: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LARGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

/**
 * Reads a safetensors file; the tensors come in the order of their bytes.
 *
 * name: how errors call the file   Throws ValueError for anything but a Uint8Array.
 * Throws FormatError, with the tensor's name, wherever the file departs from the specification: a cut file, a header that is no
 * JSON object or names a key twice, an unknown dtype, a shape that disagrees with the bytes, offsets that overlap, leave
 * a hole or run out of the file.
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const headerBytes = headerLength(bytes, name);
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes), name);
  const body = bytes.subarray(8 + headerBytes);
  const entries: { key: string; dtype: SafetensorsDType; shape: number[]; begin: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(header)) {
    if (key === METADATA) metadata = checkMetadata(value, name);
    else entries.push({ key, ...checkEntry(value, body.length, `${name}: tensor "${key}"`) });
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);

  const tensors = new Map<string, StoredTensor>();
  let position = 0;
  let previous = "the header";
  for (const { key, dtype, shape, begin, end } of entries) {
    if (begin < position) {
      throw new FormatError(`${name}: tensor "${key}" starts at byte ${begin} and overlaps ${previous}, which ends at ${position}.`);
    }
    if (begin > position) {
      throw new FormatError(`${name}: expected tensor "${key}" to start at byte ${position}, where ${previous} ends, it starts at ${begin}: holes are not allowed.`);
    }
    tensors.set(key, { dtype, shape, data: body.subarray(begin, end) });
    position = end;
    previous = `tensor "${key}"`;
  }
  if (position !== body.length) {
    throw new FormatError(`${name}: expected ${position} bytes of tensors, the file has ${body.length}: ${body.length - position} bytes belong to no tensor.`);
  }
  return { tensors, metadata };
}

/**
 * Writes a safetensors file. Equal content gives equal bytes: tensors stand by element size, the largest first, then by
 * name, so that each is aligned to its element size; metadata stands by key.
 *
 * Throws ValueError when a tensor's bytes disagree with its dtype and shape, or a tensor is named "__metadata__".
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = [...tensors].sort(
    ([a, { dtype: p }], [b, { dtype: q }]) => SAFETENSORS_BYTES[q] - SAFETENSORS_BYTES[p] || (a < b ? -1 : 1),
  );
  const entries: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    entries.push(`"${METADATA}":{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`).join(",")}}`);
  }
  let size = 0;
  for (const [key, { dtype, shape, data }] of sorted) {
    if (key === METADATA) throw new ValueError(`safetensors: a tensor cannot be named "${METADATA}".`);
    const expected = byteLength(dtype, shape);
    if (data.length !== expected) {
      throw new ValueError(`safetensors: tensor "${key}": ${dtype} of shape [${shape.join(", ")}] takes ${expected} bytes, got ${data.length}.`);
    }
    // Built as text, not as an object: objects move keys that look like numbers to the front.
    entries.push(`${JSON.stringify(key)}:{"dtype":"${dtype}","shape":[${shape.join(",")}],"data_offsets":[${size},${size + expected}]}`);
    size += expected;
  }
  const text = new TextEncoder().encode(`{${entries.join(",")}}`);
  const headerBytes = Math.ceil(text.length / 8) * 8;
  if (headerBytes > LARGEST_HEADER) {
    throw new ValueError(`safetensors: the header takes ${headerBytes} bytes, the format allows ${LARGEST_HEADER}. Store less metadata.`);
  }
  const out = new Uint8Array(8 + headerBytes + size);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerBytes), true);
  out.set(text, 8);
  out.fill(0x20, 8 + text.length, 8 + headerBytes);
  let position = 8 + headerBytes;
  for (const [, { data }] of sorted) {
    out.set(data, position);
    position += data.length;
  }
  return out;
}

/**
 * A stored tensor as float32, copied (the bytes in the file are aligned to nothing).
 *
 * place: how errors call it, file and tensor   Throws DTypeError unless the dtype is F32.
 */
export function toFloat32(tensor: StoredTensor, place: string): Float32Array {
  if (tensor.dtype !== "F32") throw new DTypeError(`${place}: expected dtype F32, got ${tensor.dtype}.`);
  // Not slice(): that of a Buffer copies nothing.
  const copy = new Uint8Array(tensor.data);
  return new Float32Array(copy.buffer);
}

/** A float32 array as a tensor to store; shares its memory. */
export function fromFloat32(values: Float32Array, shape: readonly number[]): StoredTensor {
  return { dtype: "F32", shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

function headerLength(bytes: Uint8Array, name: string): number {
  if (!(bytes instanceof Uint8Array)) throw new ValueError(`${name}: expected the file's bytes as a Uint8Array, got ${Object.prototype.toString.call(bytes).slice(8, -1)}.`);
  if (bytes.length < 8) {
    throw new FormatError(`${name}: expected a safetensors file, which starts with 8 bytes of header length; the file has ${bytes.length}.`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) {
    throw new FormatError(`${name}: expected a header of at most ${LARGEST_HEADER} bytes, got ${length}. Is it a safetensors file?`);
  }
  if (Number(length) > bytes.length - 8) {
    throw new FormatError(`${name}: expected a header of ${length} bytes, only ${bytes.length - 8} follow: the file is cut off.`);
  }
  return Number(length);
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw new FormatError(`${name}: expected the header to begin with "{", got ${firstByte(bytes)}.`);
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${name}: expected the header to be JSON in UTF-8: ${(cause as Error).message}.`, { cause });
  }
  const duplicate = firstDuplicateKey(text);
  if (duplicate !== undefined) throw new FormatError(`${name}: the header names "${duplicate}" twice.`);
  return header as Record<string, unknown>; // It begins with "{" and parsed, so it is an object.
}

function checkMetadata(value: unknown, name: string): Record<string, string> {
  if (!isObject(value)) throw new FormatError(`${name}: expected ${METADATA} to map text to text, got ${JSON.stringify(value)}.`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new FormatError(`${name}: expected ${METADATA} "${key}" to be text, got ${JSON.stringify(text)}.`);
  }
  return value as Record<string, string>;
}

/** Checks all that one tensor's entry can show by itself; how it lies among the others is checked by the reader. */
function checkEntry(
  value: unknown,
  bodyLength: number,
  place: string,
): { dtype: SafetensorsDType; shape: number[]; begin: number; end: number } {
  if (!isObject(value)) throw new FormatError(`${place}: expected {dtype, shape, data_offsets}, got ${JSON.stringify(value)}.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDType(dtype)) {
    throw new FormatError(`${place}: expected a dtype of ${Object.keys(SAFETENSORS_BYTES).join(", ")}, got ${JSON.stringify(dtype)}.`);
  }
  if (!isSizes(shape)) throw new FormatError(`${place}: expected a shape of whole numbers, got ${JSON.stringify(shape)}.`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw new FormatError(`${place}: expected data_offsets [begin, end], got ${JSON.stringify(offsets)}.`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) throw new FormatError(`${place}: expected data_offsets [begin, end] with begin ≤ end, got [${begin}, ${end}].`);
  if (end > bodyLength) {
    throw new FormatError(`${place}: its bytes end at ${end}, out of the range of the file's ${bodyLength} bytes of tensors. Is the file cut off?`);
  }
  const expected = byteLength(dtype, shape);
  if (end - begin !== expected) {
    throw new FormatError(`${place}: ${dtype} of shape [${shape.join(", ")}] takes ${expected} bytes, data_offsets [${begin}, ${end}] hold ${end - begin}.`);
  }
  return { dtype, shape, begin, end };
}

function byteLength(dtype: SafetensorsDType, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, SAFETENSORS_BYTES[dtype]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDType(value: unknown): value is SafetensorsDType {
  return typeof value === "string" && Object.hasOwn(SAFETENSORS_BYTES, value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function firstByte(bytes: Uint8Array): string {
  return bytes.length === 0 ? "nothing" : `byte 0x${bytes[0]!.toString(16).padStart(2, "0")}`;
}
