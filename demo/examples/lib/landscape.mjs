// A landscape as a picture with contours: the lower the lighter, a line wherever the height crosses a step of a logarithmic scale.
import { address } from "./page.mjs";

const WIDTH = 384;
const HEIGHT = 300;
const STEPS_PER_TENFOLD = 4;

/** f(x, y): the height; x, y: the ends of both axes. An address for plot's `under`. */
export function contours({ f, x, y }) {
  const step = (column, row) => Math.floor(STEPS_PER_TENFOLD * Math.log10(1e-3 + f(x[0] + (column / WIDTH) * (x[1] - x[0]), y[1] - (row / HEIGHT) * (y[1] - y[0]))));
  const steps = Array.from({ length: HEIGHT * WIDTH }, (_, i) => step(i % WIDTH, Math.floor(i / WIDTH)));
  const [least, most] = steps.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity]);
  const pixels = steps.flatMap((one, i) => {
    const share = (one - least) / (most - least || 1);
    const isLine = one !== steps[i + 1] || one !== steps[i + WIDTH];
    return isLine ? [150 - 20 * share, 160 - 20 * share, 205] : [255 - 65 * share, 255 - 55 * share, 255 - 20 * share];
  });
  return address({ pixels, width: WIDTH, height: HEIGHT, channels: 3 });
}
