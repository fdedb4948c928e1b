// Bytes from wherever users keep them: text, arrays, Blobs and Files, addresses, paths, streams; in pieces, or whole.
import { FileError, ValueError } from "../base/errors.js";
import { readIfThere } from "./files.js";

/**
 * A string is an address (http, https, data, blob, file) or, where there are files (Node, Deno, Bun), a path; in a browser also an address
 * relative to the page. { text } is text itself, { name, bytes } are bytes with a name for errors.
 */
export type ByteSource =
  | string
  | URL
  | Blob
  | Uint8Array
  | ArrayBuffer
  | { readonly text: string; readonly name?: string }
  | { readonly bytes: Uint8Array; readonly name?: string }
  | AsyncIterable<Uint8Array | string>
  | ReadableStream<Uint8Array>;

/** How errors call a source. */
export function nameOf(source: ByteSource, fallback: string): string {
  if (typeof source === "string") return source.length > 80 ? `${source.slice(0, 77)}…` : source;
  if (source instanceof URL) return source.href;
  const { name } = source as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : fallback;
}

/** The source's bytes in pieces. Ending early closes files and connections. Throws FileError or ValueError with the name. */
export async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) yield source;
  else if (source instanceof ArrayBuffer) yield new Uint8Array(source);
  else if (source instanceof Blob) yield* pieces(source.stream());
  else if (typeof source === "string") yield* isAddress(source) ? fetched(source) : fromPath(isFileAddress(source) ? new URL(source) : source);
  else if (source instanceof URL) yield* source.protocol === "file:" ? fromPath(source) : fetched(source.href);
  else if (typeof source === "object" && source !== null) {
    if ("text" in source && typeof source.text === "string") yield encode(source.text);
    else if ("bytes" in source && source.bytes instanceof Uint8Array) yield source.bytes;
    else if ("getReader" in source) yield* pieces(source);
    else if (Symbol.asyncIterator in source) for await (const piece of source) yield typeof piece === "string" ? encode(piece) : piece;
    else throw unknown(source);
  } else throw unknown(source);
}

/**
 * A source that can be opened for a look at its beginning, and then read. For a stream, which can be read once, the pieces of the first
 * look are kept and given again to the one who reads it.
 */
export class Reopened {
  private readonly once: boolean;
  private readonly kept: Uint8Array[] = [];
  private rest: AsyncGenerator<Uint8Array, void, undefined> | undefined;
  private read = false;

  constructor(
    private readonly source: ByteSource,
    private readonly name: string,
  ) {
    this.once = typeof source === "object" && source !== null && ("getReader" in source || Symbol.asyncIterator in source);
  }

  /** The beginning, as far as it is asked for. */
  async *look(): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.once) return yield* piecesOf(this.source);
    this.rest ??= piecesOf(this.source);
    for (const piece of this.kept) yield piece;
    for (;;) {
      const next = await this.rest.next();
      if (next.done) return;
      this.kept.push(next.value);
      yield next.value;
    }
  }

  /** Everything. Throws ValueError when a stream is to be read twice. */
  async *all(): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.once) return yield* piecesOf(this.source);
    if (this.read) throw new ValueError(`${this.name}: expected a source that can be read again, a stream gives one pass. Add cache(), or pass a path or a Blob.`);
    this.read = true;
    try {
      while (this.kept.length > 0) yield this.kept.shift()!;
      yield* (this.rest ??= piecesOf(this.source));
    } finally {
      await this.rest?.return();
    }
  }
}

/** All bytes of a source. */
export async function bytesOf(source: ByteSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (typeof source === "string" && !isAddress(source) && !isFileAddress(source) && hasFiles()) return readWhole(source);
  const list: Uint8Array[] = [];
  for await (const piece of piecesOf(source)) list.push(piece);
  if (list.length === 1) return list[0]!;
  const bytes = new Uint8Array(list.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const piece of list) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

/** Whether this host has a disk and node: modules. */
export function hasFiles(): boolean {
  return typeof process !== "undefined" && typeof process.versions?.node === "string";
}

function isAddress(text: string): boolean {
  return /^(https?|data|blob):/i.test(text);
}

function isFileAddress(text: string): boolean {
  return /^file:\/\//i.test(text);
}

async function readWhole(path: string): Promise<Uint8Array> {
  checkPath(path);
  const bytes = await readIfThere(path);
  if (bytes === undefined) throw new FileError(`${path}: expected a file, there is none.`);
  return bytes;
}

async function* fromPath(path: string | URL): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof path === "string") {
    checkPath(path);
    if (!hasFiles()) return yield* fetched(path);
  }
  const { createReadStream } = await import("node:fs");
  const stream = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new FileError(`${String(path)}: ${code === "ENOENT" ? "expected a file, there is none." : `expected a file that can be read; ${message}.`}`, { cause });
  } finally {
    stream.destroy();
  }
}

function checkPath(path: string): void {
  if (path.includes("\n")) throw new ValueError(`${JSON.stringify(path.slice(0, 40))}…: expected a path or address, got text of several lines. Pass { text } instead?`);
}

async function* fetched(address: string): AsyncGenerator<Uint8Array, void, undefined> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new FileError(`${nameOf(address, "")}: expected an answer, the request failed (${(cause as Error).message}).`, { cause });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new FileError(`${address}: expected a file, the server answered ${response.status}.`);
  }
  if (response.body) yield* pieces(response.body);
}

/** Not every browser can iterate a stream. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function unknown(source: unknown): ValueError {
  return new ValueError(`expected a path, an address, { text }, bytes, a Blob or a stream, got ${source === null ? "null" : typeof source === "object" ? "an object of another kind" : typeof source}.`);
}
