// Shared memory for modules that were built without: the import of a memory differs in one flag, so that no second build is needed.
import { FormatError } from "../../base/errors.js";

const HEADER_BYTES = 8;
const IMPORT_SECTION = 2;
/** Kinds of imports. */
const FUNCTION = 0, TABLE = 1, MEMORY = 2, GLOBAL = 3;
/** Flags of limits: a maximum is given; the memory is shared. A shared memory needs a maximum. */
const HAS_MAXIMUM = 1, SHARED = 2;

/** A copy of a module's bytes that imports a shared memory where the module imports one of its own. Throws FormatError for what is no such module. */
export function withSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  const reader = new Reader(copy);
  reader.skip(HEADER_BYTES);
  while (!reader.ended) {
    const section = reader.byte();
    const size = reader.number();
    if (section === IMPORT_SECTION) {
      shareImports(reader);
      return copy;
    }
    reader.skip(size);
  }
  throw new FormatError("wasm: the module imports nothing; expected a memory.");
}

function shareImports(reader: Reader): void {
  let shared = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.skip(reader.number());
    reader.skip(reader.number());
    const kind = reader.byte();
    if (kind === MEMORY) {
      const flags = reader.peek();
      if ((flags & HAS_MAXIMUM) === 0) throw new FormatError("wasm: the module's memory has no maximum, without which it cannot be shared.");
      reader.put(flags | SHARED);
      shared++;
      limits(reader);
    } else if (kind === FUNCTION) reader.number();
    else if (kind === TABLE) {
      reader.byte();
      limits(reader);
    } else if (kind === GLOBAL) reader.skip(2);
    else throw new FormatError(`wasm: an import of kind ${kind} is not known.`);
  }
  if (shared === 0) throw new FormatError("wasm: the module imports no memory.");
}

function limits(reader: Reader): void {
  const flags = reader.byte();
  reader.number();
  if ((flags & HAS_MAXIMUM) !== 0) reader.number();
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  peek(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new FormatError("wasm: the module is cut off.");
    return byte;
  }

  byte(): number {
    const byte = this.peek();
    this.at++;
    return byte;
  }

  put(byte: number): void {
    this.bytes[this.at] = byte;
  }

  skip(count: number): void {
    this.at += count;
  }

  /** Unsigned LEB128, 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new FormatError("wasm: a number in the module takes more than 32 bits.");
  }
}
