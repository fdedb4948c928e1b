// averagePool3d: the average voxel of each window of a volume, channel by channel; a composition.
import type { Value } from "../graph/value.js";
import { averagePool2d } from "./averagePool2d.js";
import { poolVolume, type Pool3dAttrs } from "./poolAxes.js";
import type { AveragePoolAttrs } from "./pooling.js";

/**
 * The average voxel of each window of a volume; padding is neither added nor counted, unless countIncludePad says so.
 *
 * x: [N, D, H, W, C]   returns [N, OD, OH, OW, C]; both channels first where dataFormat says so   Throws ShapeError when the window does not fit.
 */
export function averagePool3d(x: Value, attrs: Pool3dAttrs & Pick<AveragePoolAttrs, "countIncludePad">): Value {
  return poolVolume(x, attrs, "averagePool3d", averagePool2d);
}
