// Where the ink of a grey image lies, and moving it to the middle, as MNIST's makers did.

/**
 * Moves a [size, size] image by whole pixels so that its centre of mass comes to lie in pixel (⌊size/2⌋, ⌊size/2⌋), which
 * in MNIST is pixel (14, 14). In place; ink that would leave the image is cut off. An image without ink stays as it is.
 */
export function centreByMass(image: Uint8Array, size: number): void {
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const value = image[i]!;
      mass += value;
      massX += value * x;
      massY += value * y;
    }
  }
  if (mass === 0) return;
  const middle = size >> 1;
  shift(image, size, Math.round(middle - massX / mass), Math.round(middle - massY / mass));
}

function shift(image: Uint8Array, size: number, dx: number, dy: number): void {
  const offset = dy * size + dx;
  if (offset === 0 && dx === 0) return;
  // In the direction that never overwrites what is still to be moved.
  const [start, end, step] = offset > 0 ? [size * size - 1, -1, -1] : [0, size * size, 1];
  for (let i = start; i !== end; i += step) {
    const x = (i % size) - dx;
    const y = Math.floor(i / size) - dy;
    image[i] = x >= 0 && x < size && y >= 0 && y < size ? image[i - offset]! : 0;
  }
}
