// Convolutions by hand: what blurring, sharpening and edge kernels do to a digit.
import { conv2d, tensor } from "edgegrad";
import { inked, rowOf, stretched } from "./lib/digits.mjs";
import { example } from "./lib/example.mjs";

const mean = (size) => Array.from({ length: size }, () => new Array(size).fill(1 / size ** 2));

const KERNELS = {
  "as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "blurred: the mean of 3 × 3": mean(3),
  "blurred: the mean of 5 × 5": mean(5),
  "sharpened: a heavy centre": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "edges: centre minus surroundings": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
  "edges from left to right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  "edges from top to bottom": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
};

/** How much neighbouring pixels differ, on average: little in a blurred picture, much in a sharp one. */
const roughness = (pixels) => pixels.reduce((sum, value, i) => sum + (i % 28 === 0 ? 0 : Math.abs(value - pixels[i - 1])), 0) / pixels.length;

/** Weights as text: row by row, or what all of them are. */
const written = (weights) => (weights.flat().every((w) => w === weights[0][0]) ? `all 1/${weights.length ** 2}` : weights.map((row) => row.join("  ")).join(" | "));

export default example(
  import.meta.url,
  "Blur, sharpen, find edges",
  "A convolution replaces every pixel by a weighted sum of its neighbourhood, and the weights alone decide what comes out. Those whose sum is 1 keep the brightness; those whose sum is 0 leave nothing of an even area, only its edges. A convolutional network learns such weights by itself.",
  async ({ page, small, digits }) => {
    const { train } = await digits();
    const rough = {};
    for (const index of small ? [4] : [4, 0, 7]) {
      const picture = tensor(Float32Array.from(rowOf(train.images, index), (value) => value / 255), [1, 28, 28, 1]);
      const pictures = [];
      for (const [name, weights] of Object.entries(KERNELS)) {
        const result = await conv2d(picture, tensor(weights.flat(), [weights.length, weights.length, 1, 1], "float32"), { padding: "same" }).data();
        rough[name] ??= roughness(result);
        // An edge may be a step up or a step down, and stronger than any ink.
        pictures.push(name.startsWith("edges") ? stretched(result.map(Math.abs), 28, 28, name) : inked(result, name));
      }
      page.heading(`A ${train.labels[index]}`).pictures(pictures, { scale: 4 });
    }
    page.heading("The weights, and what they do to the first picture").text("Roughness: by how much a pixel differs from its left neighbour, on average.");
    page.table(["kernel", "weights, row by row", "roughness"], Object.entries(rough).map(([name, value]) => [name, written(KERNELS[name]), value.toFixed(3)]));
    const [plain, blurred, , sharp] = Object.values(rough);
    return { "roughness after the blur": blurred / plain, "after sharpening": sharp / plain };
  },
);
