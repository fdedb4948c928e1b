// What programs do to pictures and to boxes in them, exported as `image` with the names of TensorFlow.js: [batch, height, width, channels], or one without batch.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape, type Shape } from "../base/shape.js";
import type { TypedArray } from "../base/dtype.js";
import { images } from "./familiar.js";
import { flip, resizeBilinear as bilinear, resizeNearest as nearest, tile } from "./shapes.js";
import { tensor, type Tensor, type TensorLike } from "./tensor.js";

/** Images in another [height, width], by linear interpolation. float32. */
export function resizeBilinear(x: TensorLike, size: Shape): Tensor {
  return images(x, (batch) => bilinear(batch, size));
}

/** Images in another [height, width], by the nearest pixel. float32. */
export function resizeNearestNeighbor(x: TensorLike, size: Shape): Tensor {
  return images(x, (batch) => nearest(batch, size));
}

/** Images mirrored: left becomes right. */
export function flipLeftRight(x: TensorLike): Tensor {
  return images(x, (batch) => flip(batch, 2));
}

/** RGB images as one channel of brightness, 0.2989 red + 0.587 green + 0.114 blue, float32 (ITU-R BT.601). Throws ShapeError unless there are three channels. */
export function rgbToGrayscale(x: TensorLike): Tensor {
  return images(x, (batch) => {
    if (batch.shape.at(-1) !== 3) throw new ShapeError(`rgbToGrayscale: expected [..., 3], got ${showShape(batch.shape)}.`);
    return batch.cast("float32").mul([0.2989, 0.587, 0.114]).sum(-1, true);
  });
}

/** Images of one channel as three equal ones. Throws ShapeError unless there is one channel. */
export function grayscaleToRGB(x: TensorLike): Tensor {
  return images(x, (batch) => {
    if (batch.shape.at(-1) !== 1) throw new ShapeError(`grayscaleToRGB: expected [..., 1], got ${showShape(batch.shape)}.`);
    return tile(batch, [1, 1, 1, 3]);
  });
}

/**
 * Which of overlapping boxes to keep: greedily, the best score first, none that covers a kept one by more than iouThreshold.
 * It looks at values, so that the engine must run, and not inside compile().
 *
 * boxes: [boxes, 4] as y1, x1, y2, x2 (any two opposite corners)   scores: [boxes]   returns int32 indices, at most maxOutputSize, best first; of equal scores
 * the earlier one is first.   Throws ShapeError for other shapes, ValueError for thresholds outside 0 … 1, DeviceError before init().
 */
export function nonMaxSuppression(boxes: TensorLike, scores: TensorLike, maxOutputSize: number, iouThreshold = 0.5, scoreThreshold = -Infinity): Tensor {
  const [corners, points] = checked(boxes, scores, iouThreshold);
  return kept(corners.dataSync(), points.dataSync(), maxOutputSize, iouThreshold, scoreThreshold);
}

/** As nonMaxSuppression(), and starts the engine when needed. */
export async function nonMaxSuppressionAsync(boxes: TensorLike, scores: TensorLike, maxOutputSize: number, iouThreshold = 0.5, scoreThreshold = -Infinity): Promise<Tensor> {
  const [corners, points] = checked(boxes, scores, iouThreshold);
  const [cornerData, scoreData] = await Promise.all([corners.data(), points.data()]);
  return kept(cornerData, scoreData, maxOutputSize, iouThreshold, scoreThreshold);
}

function checked(boxes: TensorLike, scores: TensorLike, iouThreshold: number): [Tensor, Tensor] {
  const corners = tensor(boxes);
  const points = tensor(scores);
  if (corners.rank !== 2 || corners.shape[1] !== 4 || points.rank !== 1 || points.size !== corners.shape[0]) {
    throw new ShapeError(`nonMaxSuppression: expected boxes [n, 4] and scores [n], got ${showShape(corners.shape)} and ${showShape(points.shape)}.`);
  }
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) throw new ValueError(`nonMaxSuppression: expected an iouThreshold of 0 to 1, got ${iouThreshold}.`);
  return [corners, points];
}

function kept(corners: TypedArray, scores: TypedArray, most: number, iouThreshold: number, scoreThreshold: number): Tensor {
  // Scores are float32: 0.6 is not above a threshold of 0.6.
  const least = Math.fround(scoreThreshold);
  const order = Array.from(scores, (_, i) => i).filter((i) => scores[i]! > least);
  order.sort((i, j) => scores[j]! - scores[i]! || i - j);
  const found: number[] = [];
  for (const i of order) {
    if (found.length >= most) break;
    if (found.every((j) => overlap(corners, i, j) <= iouThreshold)) found.push(i);
  }
  return tensor(Int32Array.from(found));
}

/** The area that two boxes share, of the area that both cover; 0 where one has none. */
function overlap(corners: TypedArray, i: number, j: number): number {
  const a = sorted(corners, i);
  const b = sorted(corners, j);
  const shared = Math.max(Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), 0) * Math.max(Math.min(a.right, b.right) - Math.max(a.left, b.left), 0);
  const covered = a.area + b.area - shared;
  return a.area > 0 && b.area > 0 ? shared / covered : 0;
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly area: number;
}

function sorted(corners: TypedArray, box: number): Box {
  const [y1, x1, y2, x2] = [0, 1, 2, 3].map((k) => corners[4 * box + k]!) as [number, number, number, number];
  const [top, left, bottom, right] = [Math.min(y1, y2), Math.min(x1, x2), Math.max(y1, y2), Math.max(x1, x2)];
  return { top, left, bottom, right, area: (bottom - top) * (right - left) };
}
