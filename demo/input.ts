// What the network is shown: the pad's ink as a 28×28 image, laid out as MNIST is.
import { toDigitImage } from "../src/data/images.js";

export const SIDE = 28;

/** Side of the ink when it is searched and scaled: enough for 5 pixels in each of the 28, and a sixteenth of what the pad has. */
const COARSE = 5 * SIDE;
/** Empty pixels all around: ink that touches the pad's edge is still ink, not paper. */
const MARGIN = 1;
const FRAMED = COARSE + 2 * MARGIN;

/** Reads the ink of a canvas, whatever its colour: ink is where the canvas is opaque. */
export class InkReader {
  private readonly coarse: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const copy = document.createElement("canvas");
    copy.width = copy.height = FRAMED;
    this.coarse = copy.getContext("2d", { willReadFrequently: true })!;
    this.coarse.globalCompositeOperation = "copy";
  }

  /** [28, 28], 0 is paper and 255 is ink; all 0 on an empty pad. */
  read(): Uint8Array {
    this.coarse.drawImage(this.canvas, MARGIN, MARGIN, COARSE, COARSE);
    const { data } = this.coarse.getImageData(0, 0, FRAMED, FRAMED);
    const opacity = new Uint8Array(FRAMED * FRAMED);
    for (let i = 0, at = 3; i < opacity.length; i++, at += 4) opacity[i] = data[at]!;
    const bounds = inkBounds(opacity);
    if (!bounds) return new Uint8Array(SIDE * SIDE);
    const { left, top, width, height } = bounds;
    const ink = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      const start = (top + y) * FRAMED + left;
      ink.set(opacity.subarray(start, start + width), y * width);
    }
    return toDigitImage({ width, height, data: ink, channels: 1 });
  }
}

/** The part that holds ink, with one empty row or column on each side; null when there is none. */
function inkBounds(opacity: Uint8Array): { left: number; top: number; width: number; height: number } | null {
  let [left, right, top, bottom] = [FRAMED, -1, FRAMED, -1];
  for (let y = 0, i = 0; y < FRAMED; y++) {
    for (let x = 0; x < FRAMED; x++, i++) {
      if (opacity[i] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left: left - MARGIN, top: top - MARGIN, width: right - left + 1 + 2 * MARGIN, height: bottom - top + 1 + 2 * MARGIN };
}
