// gzip, unpacked by the platform's DecompressionStream. Runs everywhere, the browser included.
import { FormatError } from "../base/errors.js";

/**
 * The unpacked bytes of a gzip file.
 *
 * name: how errors call the file   Throws FormatError when the bytes are no gzip, are damaged or break off.
 */
export async function gunzip(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (!isGzip(bytes)) {
    throw new FormatError(`${name}: expected a gzip file, which starts with 1f 8b, got ${showStart(bytes)}.`);
  }
  try {
    const unpacked = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (cause) {
    throw new FormatError(
      `${name}: expected a whole gzip file, its ${bytes.length} bytes are damaged or break off early (${(cause as Error).message}). Fetch it again.`,
      { cause },
    );
  }
}

/** True when the bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function showStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  return Array.from(bytes.subarray(0, 2), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
