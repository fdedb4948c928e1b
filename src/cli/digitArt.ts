// A grey image as text: two pixels a character, upper and lower half, for a terminal.

/** From background to ink. With half blocks alone a stroke's grey edges would be lost. */
const SHADES = " ░▒▓█";

/**
 * Draws an image with one line of text for two rows of pixels.
 *
 * pixels: [height, width] row-major, 0 is background and 255 is ink
 */
export function drawDigit(pixels: ArrayLike<number>, width: number, height: number): string {
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let line = "";
    for (let x = 0; x < width; x++) line += character(pixels[y * width + x]!, y + 1 < height ? pixels[(y + 1) * width + x]! : 0);
    lines.push(line.trimEnd());
  }
  return lines.join("\n");
}

function character(upper: number, lower: number): string {
  if (upper >= 128 && lower < 64) return "▀";
  if (lower >= 128 && upper < 64) return "▄";
  return SHADES[Math.min(SHADES.length - 1, Math.floor(((upper + lower) / 2 / 256) * SHADES.length))]!;
}

/** A bar of `width` characters, filled to `share` in steps of an eighth. */
export function drawBar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (eighths % 8 ? "▏▎▍▌▋▊▉"[(eighths % 8) - 1]! : "");
}
