// A fingerprint of a model's weights: equal on every platform exactly when every bit is.
import type { Model } from "../nn/index.js";

/**
 * SHA-256, in hexadecimal, over the little-endian bytes of all weights in the order of their names; no optimizer state.
 * NaNs of different bits count as equal.
 */
export async function weightsSha256(model: Model): Promise<string> {
  const weights = [...model.weights].sort((a, b) => (a.name < b.name ? -1 : 1));
  const bytes = new Uint8Array(4 * weights.reduce((sum, { size }) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let position = 0;
  for (const weight of weights) {
    for (const value of weight.dataSync()) {
      // NaN has many bit patterns, and engines choose among them; this is the one that counts.
      if (Number.isNaN(value)) view.setUint32(position, 0x7fc00000, true);
      else if (weight.dtype === "float32") view.setFloat32(position, value, true);
      else view.setInt32(position, value, true);
      position += 4;
    }
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
