// Rows of the ops that change the size of images.
import { OPS } from "../../src/ops/index.js";
import type { ResizeAttrs } from "../../src/ops/resize.js";
import { build, get, type Plain } from "./plain.js";
import { row, type Row } from "./row.js";

type Weights = readonly (readonly [pixel: number, weight: number])[];

/** The pixels of an axis that pixel i of the new one is made of. */
function weights(i: number, from: number, to: number, { method = "bilinear", alignCorners, halfPixelCenters }: ResizeAttrs): Weights {
  const at = alignCorners ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : halfPixelCenters ? ((i + 0.5) * from) / to - 0.5 : (i * from) / to;
  if (method === "nearest") return [[Math.min(from - 1, Math.max(0, alignCorners || halfPixelCenters ? Math.floor(at + 0.5 + 1e-9) : Math.floor(at + 1e-9))), 1]];
  const place = Math.min(from - 1, Math.max(0, at));
  const low = Math.floor(place);
  return [[low, 1 - (place - low)], [Math.min(low + 1, from - 1), place - low]];
}

/** The same by cubic curves, written as Keys does: two pieces between four pixels. */
function cubic(i: number, from: number, to: number): Weights {
  const at = ((i + 0.5) * from) / to - 0.5;
  const shares = Array.from({ length: 4 }, (_, k) => Math.floor(at) - 1 + k).filter((pixel) => pixel >= 0 && pixel < from).map((pixel) => {
    const far = Math.abs(at - pixel);
    return [pixel, far < 1 ? 1.5 * far ** 3 - 2.5 * far ** 2 + 1 : -0.5 * far ** 3 + 2.5 * far ** 2 - 4 * far + 2] as const;
  });
  const whole = shares.reduce((sum, [, share]) => sum + share, 0);
  return shares.map(([pixel, share]) => [pixel, share / whole] as const);
}

function resize(x: Plain, attrs: ResizeAttrs): Plain {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const [oh, ow] = attrs.size;
  return build([n, oh, ow, c], ([i, y, z, k]) => {
    let sum = 0;
    for (const [row, down] of weights(y!, h, oh, attrs)) for (const [column, across] of weights(z!, w, ow, attrs)) sum += down * across * get(x, [i!, row, column, k!]);
    return sum;
  });
}

/** The same weights, from the new pixels back to the old ones. */
function handBack(dy: Plain, attrs: ResizeAttrs, h: number, w: number): Plain {
  const [n, oh, ow, c] = dy.shape as [number, number, number, number];
  const data = new Array<number>(n * h * w * c).fill(0);
  for (let i = 0; i < n; i++) for (let y = 0; y < oh; y++) for (let z = 0; z < ow; z++) for (let k = 0; k < c; k++) {
    for (const [row, down] of weights(y, h, oh, attrs)) for (const [column, across] of weights(z, w, ow, attrs)) {
      data[((i * h + row) * w + column) * c + k]! += down * across * get(dy, [i, y, z, k]);
    }
  }
  return { shape: [n, h, w, c], data };
}

export const IMAGES: readonly Row[] = [
  row<ResizeAttrs>({
    op: "resize",
    apply: ([x], attrs) => OPS.resize(x!, attrs),
    reference: ([x], attrs) => resize(x!, attrs),
    tolerance: [4e-7, "weights rounded to float32, four products"],
    cases: [
      { inputs: [{ shape: [2, 3, 4, 3] }], attrs: { size: [5, 7], alignCorners: true } },
      { inputs: [{ shape: [1, 5, 4, 2] }], attrs: { size: [3, 9], halfPixelCenters: true } },
      { inputs: [{ shape: [1, 4, 5, 1] }], attrs: { size: [8, 3] } },
      { inputs: [{ shape: [1, 3, 4, 5] }], attrs: { size: [6, 8], method: "nearest" } },
      { inputs: [{ shape: [1, 5, 6, 2] }], attrs: { size: [3, 4], method: "nearest", halfPixelCenters: true } },
      { inputs: [{ shape: [1, 4, 3, 2] }], attrs: { size: [7, 1], method: "nearest", alignCorners: true } },
      { inputs: [{ shape: [1, 1, 1, 2] }], attrs: { size: [3, 2] } },
      { inputs: [{ shape: [0, 2, 2, 1] }], attrs: { size: [3, 3] } },
      { inputs: [{ shape: [1, 2, 2, 1], dtype: "uint8", values: [0, 50, 100, 255] }], attrs: { size: [3, 3], alignCorners: true } },
    ],
  }),
  row<{ size: readonly [number, number] }>({
    op: "resizeBicubic",
    apply: ([x], attrs) => OPS.resizeBicubic(x!, attrs),
    reference: ([x], { size: [oh, ow] }) => {
      const [n, h, w, c] = x!.shape as [number, number, number, number];
      return build([n, oh, ow, c], ([i, y, z, k]) => {
        let sum = 0;
        for (const [row, down] of cubic(y!, h, oh)) for (const [column, across] of cubic(z!, w, ow)) sum += down * across * get(x!, [i!, row, column, k!]);
        return sum;
      });
    },
    tolerance: [2e-6, "places rounded to float32 before a curve of slope up to 2, shares divided by their sum, two products"],
    cases: [
      { inputs: [{ shape: [2, 3, 4, 3] }], attrs: { size: [6, 8] } },
      { inputs: [{ shape: [1, 7, 5, 2] }], attrs: { size: [3, 9] } },
      { inputs: [{ shape: [1, 1, 1, 2] }], attrs: { size: [3, 2] } },
      { inputs: [{ shape: [1, 2, 6, 1] }], attrs: { size: [2, 6] } },
      { inputs: [{ shape: [0, 2, 2, 1] }], attrs: { size: [3, 3] } },
      { inputs: [{ shape: [1, 2, 2, 1], dtype: "uint8", values: [0, 50, 100, 250] }], attrs: { size: [4, 3] } },
    ],
  }),
  row<{ height: number; width: number; method: "nearest" | "bilinear"; places: "asymmetric" | "halfPixel" | "alignCorners" }>({
    op: "resizeGrad",
    apply: ([dy], attrs) => OPS.resizeGrad(dy!, attrs),
    reference: ([dy], { height, width, method, places }) =>
      handBack(dy!, { size: [dy!.shape[1]!, dy!.shape[2]!], method, alignCorners: places === "alignCorners", halfPixelCenters: places === "halfPixel" }, height, width),
    tolerance: [2e-6, "sums of up to twenty weighted pixels"],
    cases: [
      { inputs: [{ shape: [1, 6, 7, 3] }], attrs: { height: 3, width: 4, method: "bilinear", places: "halfPixel" } },
      { inputs: [{ shape: [2, 3, 3, 2] }], attrs: { height: 5, width: 2, method: "nearest", places: "asymmetric" } },
    ],
  }),
];
