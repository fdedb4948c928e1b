// The network that comes with the package: it reads handwritten digits, and was trained by `npm run weights`.
import { bytesOf, hasFiles } from "../../data/bytes.js";
import { FileError } from "../../base/errors.js";
import type { Tensor } from "../../engine/index.js";
import type { ModelOf } from "../../nn/model.js";
import { modelFromBytes } from "../../nn/serialize.js";

/**
 * The trained digit network, ready to predict or to be trained further: a convolutional one for images float32 or uint8 [count, 28, 28, 1], bright ink
 * (255) on dark (0) as MNIST has it; it gives ten probabilities. toDigitImage brings pictures into that form.
 *
 * Its file (420 KB) is loaded by this call: from beside the package, or from where a bundler put it. Throws FileError where it is not found.
 */
export async function digits(): Promise<ModelOf<Tensor>> {
  // Bundlers know this form, and take the file along. As deep as runtime/wasm, so that it holds in Node's bundle too.
  const url = new URL("../../../demo/model/digits.safetensors", import.meta.url);
  let bytes: Uint8Array;
  try {
    bytes = url.protocol === "file:" && hasFiles() ? await (await import("node:fs/promises")).readFile(url) : await bytesOf(url);
  } catch (cause) {
    throw new FileError(`applications.digits: expected the network's file at ${url.href} (${(cause as Error).message}). Does the page serve the package's folder demo/model?`, { cause });
  }
  return modelFromBytes(bytes, "digits.safetensors");
}
