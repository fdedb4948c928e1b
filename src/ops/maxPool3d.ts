// maxPool3d: the largest voxel of each window of a volume, channel by channel; a composition.
import type { Value } from "../graph/value.js";
import { maxPool2d } from "./maxPool2d.js";
import { poolVolume, type Pool3dAttrs } from "./poolAxes.js";

/**
 * The largest voxel of each window of a volume; padding is not looked at. The first of equals takes the gradient.
 *
 * x: [N, D, H, W, C]   returns [N, OD, OH, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function maxPool3d(x: Value, attrs: Pool3dAttrs): Value {
  return poolVolume(x, attrs, "maxPool3d", maxPool2d);
}
