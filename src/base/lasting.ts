// Data that nobody changes any more: what has been copied to a device once need not be copied again.
import type { TypedArray } from "./dtype.js";

/** Less is copied faster than looked up. */
const WORTHWHILE = 16 * 1024;

const lasting = /* @__PURE__ */ new WeakSet<TypedArray>();

/** Promises that the elements of `data` stay as they are. */
export function markLasting(data: TypedArray): void {
  if (data.byteLength >= WORTHWHILE) lasting.add(data);
}

/** Whether that was promised of so much data that a copy is worth avoiding. */
export function isLasting(data: TypedArray): boolean {
  return data.byteLength >= WORTHWHILE && lasting.has(data);
}
