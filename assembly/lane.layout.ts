// Between images in a row, [N][values], and images in lanes, [groups][values][8 images]: a transposition, eight images at a time.
// Lanes of images that do not exist hold zeros.
import { transpose4x4 } from "./gemm.pack";
import { LANES } from "./lane.tile";

/** Groups of out[groups, values, 8] from x[images, values]. Words: docs/kernels.md. */
export function to_lanes(words: usize): void {
  const images = load<i32>(words, 8), values = load<i32>(words, 12);
  const row = <usize>values << 2;
  for (let g = load<i32>(words - 8), end = min((images + LANES - 1) / LANES, load<i32>(words - 4)); g < end; g++) {
    const out = <usize>load<u32>(words) + <usize>(g * LANES) * row, x = <usize>load<u32>(words, 4) + <usize>(g * LANES) * row;
    const held = min(LANES, images - g * LANES);
    let i = 0;
    if (held == LANES) {
      for (; i <= values - 4; i += 4) {
        const from = x + (<usize>i << 2), to = out + <usize>i * 32, from4 = from + 4 * row;
        transpose4x4(from, from + row, from + 2 * row, from + 3 * row, to, 32);
        transpose4x4(from4, from4 + row, from4 + 2 * row, from4 + 3 * row, to + 16, 32);
      }
    }
    for (; i < values; i++) {
      for (let k = 0; k < LANES; k++) {
        store<f32>(out + (<usize>(i * LANES + k) << 2), k < held ? load<f32>(x + <usize>k * row + (<usize>i << 2)) : 0);
      }
    }
  }
}

/** Groups of out[images, values] from x[groups, values, 8]. Words: docs/kernels.md. */
export function from_lanes(words: usize): void {
  const images = load<i32>(words, 8), values = load<i32>(words, 12);
  const row = <usize>values << 2;
  for (let g = load<i32>(words - 8), end = min((images + LANES - 1) / LANES, load<i32>(words - 4)); g < end; g++) {
    const out = <usize>load<u32>(words) + <usize>(g * LANES) * row, x = <usize>load<u32>(words, 4) + <usize>(g * LANES) * row;
    const held = min(LANES, images - g * LANES);
    let i = 0;
    if (held == LANES) {
      for (; i <= values - 4; i += 4) {
        const from = x + <usize>i * 32, to = out + (<usize>i << 2);
        transpose4x4(from, from + 32, from + 64, from + 96, to, row);
        transpose4x4(from + 16, from + 48, from + 80, from + 112, to + 4 * row, row);
      }
    }
    for (; i < values; i++) {
      for (let k = 0; k < held; k++) store<f32>(out + <usize>k * row + (<usize>i << 2), load<f32>(x + (<usize>(i * LANES + k) << 2)));
    }
  }
}
