// One file over HTTP, with limits on waiting, its unpacked bytes verified. Knows no disk.
import { gunzip, isGzip } from "./gunzip.js";

export interface DownloadOptions {
  /** Milliseconds until the server has to have answered. */
  connectTimeoutMs: number;
  /** Milliseconds between two pieces of the body. */
  stallTimeoutMs: number;
  /** Called as bytes arrive; totalBytes is undefined where the server does not tell. */
  onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
  /** Leaves a gzip file packed; the checksum is then that of the packed bytes (false). */
  keepPacked?: boolean;
}

/** A download that did not come to its end; the message says why, without the address. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

/**
 * Fetches a file, unpacks it if it is gzip and verifies it.
 *
 * sha256: of the unpacked bytes, in hexadecimal (gzip headers differ between copies of the same file), unless they stay packed
 * Throws DownloadError: no answer in time, refused, a status other than 200, cut off, stalled, damaged, another checksum.
 */
export async function download(url: string, sha256: string, options: DownloadOptions): Promise<Uint8Array> {
  const { connectTimeoutMs, stallTimeoutMs, onProgress, keepPacked = false } = options;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new DownloadError(`no answer within ${connectTimeoutMs / 1000} s`)), connectTimeoutMs);
  const waitForMore = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new DownloadError(`no bytes for ${stallTimeoutMs / 1000} s`)), stallTimeoutMs);
  };
  let packed: Uint8Array;
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new DownloadError(`status ${response.status}`);
    }
    waitForMore();
    packed = await readBody(response, waitForMore, onProgress);
  } catch (error) {
    throw asDownloadError(error);
  } finally {
    clearTimeout(timer);
  }
  const bytes = isGzip(packed) && !keepPacked
    ? await gunzip(packed, "body").catch((cause: Error) => {
        throw new DownloadError(cause.message, { cause });
      })
    : packed;
  const sum = await sha256Of(bytes);
  if (sum !== sha256) throw new DownloadError(`expected SHA-256 ${sha256} of the ${keepPacked ? "packed" : "unpacked"} bytes, got ${sum}`);
  return bytes;
}

/** SHA-256 in hexadecimal. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function readBody(
  response: Response,
  arrived: () => void,
  onProgress: DownloadOptions["onProgress"],
): Promise<Uint8Array> {
  // With a content encoding, fetch unpacks on the way and the length counts other bytes than those that arrive.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  const totalBytes = length === null ? undefined : Number(length);
  const pieces: Uint8Array[] = [];
  let received = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    arrived();
    pieces.push(piece.value);
    received += piece.value.length;
    onProgress?.(received, totalBytes);
  }
  if (totalBytes !== undefined && received !== totalBytes) {
    throw new DownloadError(`expected ${totalBytes} bytes, got ${received}: it was cut off`);
  }
  const bytes = new Uint8Array(received);
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}

/** fetch wraps the reason (a refused connection, an unknown host) in its cause. */
function asDownloadError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } };
  return new DownloadError(cause?.code ?? cause?.message ?? message, { cause: error });
}
