// stft: the spectra of windows of a signal, one after another: what sounds when.
import { ValueError } from "../base/errors.js";
import { constant, type Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { cos } from "./cos.js";
import { frame } from "./frame.js";
import { iota } from "./iota.js";
import { mul } from "./mul.js";
import { rfft } from "./rfft.js";
import { sub } from "./sub.js";

/** a − (1 − a)·cos(2πj/length): how each window fades in and out. "none" cuts. */
const WINDOWS = { hann: 0.5, hamming: 0.54, none: 1 } as const;

export interface StftAttrs {
  readonly frameLength: number;
  /** Elements from one window to the next; a quarter of a window when absent. */
  readonly hop?: number;
  /** Length of the transform: windows are filled with zeros up to it; frameLength when absent. */
  readonly fftLength?: number;
  /** "hann" when absent. */
  readonly window?: keyof typeof WINDOWS;
}

/**
 * The short-time Fourier transform of x [..., n]: complex numbers [..., windows, fftLength/2 + 1, 2].
 *
 * Throws ShapeError when no window fits, ValueError for an unknown window.
 */
export function stft(x: Value, { frameLength, hop = Math.max(1, Math.floor(frameLength / 4)), fftLength = frameLength, window = "hann" }: StftAttrs): Value {
  if (!Object.hasOwn(WINDOWS, window)) throw new ValueError(`stft: window "${String(window)}" is not known; expected ${Object.keys(WINDOWS).join(", ")}.`);
  const frames = frame(cast(x, { dtype: "float32" }), { length: frameLength, hop });
  const a = WINDOWS[window];
  if (a === 1) return rfft(frames, { n: fftLength });
  const angle = mul(cast(iota({ n: frameLength }), { dtype: "float32" }), constant((2 * Math.PI) / frameLength));
  const fade = sub(constant(a), mul(constant(1 - a), cos(angle)));
  return rfft(mul(frames, fade), { n: fftLength });
}
