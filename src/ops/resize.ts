// resize: images in another height and width, by the nearest pixel or linearly between four.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { cast } from "./cast.js";
import { at, op, type Op } from "./op.js";
import { resizeGrad } from "./resizeGrad.js";

/** The kernel's words: where pixels lie, and what is between them. */
export const METHODS = { nearest: 0, bilinear: 1 } as const;
export const PLACES = { asymmetric: 0, halfPixel: 1, alignCorners: 2 } as const;

export interface ResizeNode {
  readonly height: number;
  readonly width: number;
  readonly method: keyof typeof METHODS;
  readonly places: keyof typeof PLACES;
}

export interface ResizeAttrs {
  /** [height, width] of the result. */
  readonly size: readonly [height: number, width: number];
  /** "bilinear" when absent. */
  readonly method?: keyof typeof METHODS;
  /** First and last pixels fall on first and last pixels. */
  readonly alignCorners?: boolean;
  /** Pixels are squares whose centres are compared; else pixel i of the result lies at i · old / new. */
  readonly halfPixelCenters?: boolean;
}

const resizeOp: Op<[x: Value], ResizeNode> = op({
  name: "resize",
  shape: ([x], { height, width }) => ({ shape: [x.shape[0]!, height, width, x.shape[3]!], dtype: "float32" }),
  vjp: (dy, _y, [x], { method, places }) => [resizeGrad(dy, { height: x.shape[1]!, width: x.shape[2]!, method, places })],
  lower: ([out], [x], { height, width, method, places }) => ({
    kernel: "f32_resize",
    words: [at(out), at(x), ...x.shape, height, width, METHODS[method], PLACES[places]],
  }),
  heavy: true,
});

/**
 * x [n, h, w, c] as [n, height, width, c], float32.
 *
 * Nearest: the pixel below where the new one lies, or, with half pixel centres or aligned corners, the nearest. Throws ShapeError for another rank or
 * an empty image, ValueError for options that do not go together.
 */
export function resize(x: Value, { size, method = "bilinear", alignCorners = false, halfPixelCenters = false }: ResizeAttrs): Value {
  const [height, width] = size;
  if (x.shape.length !== 4 || x.shape[1] === 0 || x.shape[2] === 0) throw new ShapeError(`resize: takes images [n, h, w, c], got ${showShape(x.shape)}.`);
  if (![height, width].every((dim) => Number.isInteger(dim) && dim > 0)) throw new ShapeError(`resize: size must be two whole numbers from 1, got ${showShape(size)}.`);
  if (!Object.hasOwn(METHODS, method)) throw new ValueError(`resize: method "${String(method)}" is not known; expected ${Object.keys(METHODS).join(", ")}.`);
  if (alignCorners && halfPixelCenters) throw new ValueError("resize: alignCorners and halfPixelCenters exclude each other.");
  const places = alignCorners ? "alignCorners" : halfPixelCenters ? "halfPixel" : "asymmetric";
  return resizeOp(cast(x, { dtype: "float32" }), { height, width, method, places });
}
