// Convolutions by hand: what blurring, sharpening and edge kernels do to a digit.
import { conv2d, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const KERNELS = {
  "as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "blur: the mean of 3 × 3": Array.from({ length: 3 }, () => [1 / 9, 1 / 9, 1 / 9]),
  "blur: the mean of 5 × 5": Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => 1 / 25)),
  "sharpen: a heavy centre": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "edges: centre minus surroundings": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
  "edges from left to right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "edges from top to bottom": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
};

/** How much neighbouring pixels differ, on average: little in a blurred picture, much in a sharp one. */
const roughness = (pixels, width) => pixels.reduce((sum, value, i) => sum + (i % width === 0 ? 0 : Math.abs(value - pixels[i - 1])), 0) / pixels.length;

export default example(
  import.meta.url,
  "Blur, sharpen, find edges",
  "A convolution replaces every pixel by a weighted sum of its neighbourhood. The weights decide what comes out; a network learns its own.",
  async ({ page, small, digits }) => {
    const { train } = await digits();
    const rough = {};
    for (const index of small ? [4] : [4, 0, 7]) {
      const picture = Float32Array.from(train.images.subarray(index * 784, (index + 1) * 784));
      const pictures = [];
      for (const [name, weights] of Object.entries(KERNELS)) {
        const size = weights.length;
        const result = await conv2d(tensor(picture, [1, 28, 28, 1]), tensor(weights.flat(), [size, size, 1, 1], "float32"), { padding: "same" }).data();
        rough[name] ??= roughness([...result], 28);
        pictures.push({ pixels: name.startsWith("edges") ? [...result].map(Math.abs) : result, width: 28, height: 28, label: name });
      }
      page.heading(`A ${train.labels[index]}`).pictures(pictures, { scale: 5 });
    }
    page.table(["kernel", "roughness"], Object.entries(rough).map(([name, value]) => [name, value.toFixed(1)]));
    const [plain, blurred, , sharp] = Object.values(rough);
    return { blurred: blurred / plain, sharpened: sharp / plain };
  },
);
