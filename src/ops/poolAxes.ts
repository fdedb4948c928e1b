// Pools of one axis are pools of two, of which the first has one element; those of three go over the last two axes of pixels, then over the first.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { narrow, single, widen, windowOf, type Conv1dAttrs } from "./conv1d.js";
import { planePadding, triple, type Conv3dAttrs, type Padded, type Triple } from "./conv3d.js";
import { channelsLast } from "./dataFormat.js";
import type { AveragePoolAttrs } from "./pooling.js";
import { reshape } from "./reshape.js";
import { paddingsOf } from "./window.js";

export interface Pool1dAttrs extends Omit<Conv1dAttrs, "groups">, Pick<AveragePoolAttrs, "ceilMode"> {
  /** Elements of a window. */
  readonly poolSize: number | readonly [number];
}

export interface Pool3dAttrs extends Omit<Conv3dAttrs, "groups">, Pick<AveragePoolAttrs, "ceilMode"> {
  /** Voxels of a window, [depth, height, width] or one number for all. */
  readonly poolSize: number | Triple;
}

/** What is left over for averages: countIncludePad. */
type Rest = Pick<AveragePoolAttrs, "ceilMode" | "countIncludePad">;
type Pool2d = (x: Value, attrs: AveragePoolAttrs) => Value;

/** x: [N, W, C] → [N, OW, C] */
export function poolLine(x: Value, { poolSize, strides = poolSize, padding, dilations, dataFormat, ...rest }: Pool1dAttrs & Rest, where: string, pool: Pool2d): Value {
  if (x.shape.length !== 3) throw new ShapeError(`${where}: signals must be [N, W, C], got ${showShape(x.shape)}.`);
  const window = windowOf({ strides, padding, dilations });
  return channelsLast(x, dataFormat, where, (signals) => narrow(pool(widen(signals), { poolSize: [1, single(poolSize)], ...window, ...rest })));
}

/** x: [N, D, H, W, C] → [N, OD, OH, OW, C]. Maxima of maxima are maxima, and so for averages: all windows of a plane have the same number of elements. */
export function poolVolume(x: Value, attrs: Pool3dAttrs & Rest, where: string, pool: Pool2d): Value {
  const { poolSize, strides = poolSize, padding = "valid", dilations = 1, dataFormat, ...rest } = attrs;
  if (x.shape.length !== 5) throw new ShapeError(`${where}: volumes must be [N, D, H, W, C], got ${showShape(x.shape)}.`);
  const [size, step, spread] = [triple(poolSize), triple(strides), triple(dilations)];
  const [along, ...across] = paddingsOf(padding, 3) as [Padded, Padded, Padded];
  return channelsLast(x, dataFormat, where, (volumes) => {
    const [n, d, h, w, c] = volumes.shape as readonly [number, number, number, number, number];
    const planes = pool(reshape(volumes, { shape: [n * d, h, w, c] }), {
      poolSize: [size[1], size[2]], strides: [step[1], step[2]], dilations: [spread[1], spread[2]], padding: planePadding(across), ...rest,
    });
    const [oh, ow] = [planes.shape[1]!, planes.shape[2]!];
    const y = pool(reshape(planes, { shape: [n, d, oh * ow, c] }), {
      poolSize: [size[0], 1], strides: [step[0], 1], dilations: [spread[0], 1], padding: planePadding([along, [0, 0]]), ...rest,
    });
    return reshape(y, { shape: [n, y.shape[1]!, oh, ow, c] });
  });
}
