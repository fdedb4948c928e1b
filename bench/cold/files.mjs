// Files of plain float32, as the starts read them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function readFloats(folder, name) {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
