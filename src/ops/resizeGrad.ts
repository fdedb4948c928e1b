// resizeGrad: the gradient of resize, each pixel's gradient handed back to the pixels it was made from.
import type { Value } from "../graph/value.js";
import { at, op, type Op } from "./op.js";
import { METHODS, PLACES, resize, type ResizeNode } from "./resize.js";

/** dy [n, newHeight, newWidth, c] as the gradient [n, height, width, c] of what was resized. */
export const resizeGrad: Op<[dy: Value], ResizeNode> = op({
  name: "resizeGrad",
  shape: ([dy], { height, width }) => ({ shape: [dy.shape[0]!, height, width, dy.shape[3]!], dtype: "float32" }),
  vjp: (ddx, _dx, [dy], { method, places }) => [
    resize(ddx, { size: [dy.shape[1]!, dy.shape[2]!], method, alignCorners: places === "alignCorners", halfPixelCenters: places === "halfPixel" }),
  ],
  lower: ([out], [dy], { method, places }) => ({
    kernel: "f32_resize_grad",
    words: [at(out), at(dy), ...out.shape, dy.shape[1]!, dy.shape[2]!, METHODS[method], PLACES[places]],
  }),
  heavy: true,
});
