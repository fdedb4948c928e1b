// What the examples with digits share: pixels as numbers, pictures, and a table of confusions.

/** Pixels in [0, 1] of `count` images from number `from` on. */
export function pixels({ images, labels }, count = labels.length, from = 0) {
  return Float32Array.from(images.subarray(from * 784, (from + count) * 784), (value) => value / 255);
}

/** One image for a page, dark on light. */
export function pictureOf({ images }, i, label) {
  return { pixels: Array.from(images.subarray(i * 784, (i + 1) * 784), (value) => 255 - value), width: 28, height: 28, label };
}

/** The class of the largest of each ten scores, and how often each digit was taken for each. */
export function confusion(scores, labels) {
  const table = Array.from({ length: 10 }, () => new Array(10).fill(0));
  const chosen = Uint8Array.from(labels, (label, i) => {
    const row = scores.subarray(10 * i, 10 * i + 10);
    const found = row.indexOf(Math.max(...row));
    table[label][found]++;
    return found;
  });
  return { chosen, table };
}

/** 0.9731 as "97 %". */
export function hundredths(share) {
  return `${Math.round(100 * share)} %`;
}
