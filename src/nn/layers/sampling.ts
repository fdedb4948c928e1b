// Images seen through an affine map: what rotation, zoom and translation have in common. Every image of a batch has a map of its own.
import { ValueError } from "../../base/errors.js";
import {
  add, cast, clip, floor, gather, greaterEqual, less, logicalAnd, minimum, mul, remainder, reshape, round, sub, tensor, where, arange, type Tensor,
} from "../../engine/index.js"; // prettier-ignore
import { checkWord } from "../../base/options.js";
import type { Interpolation } from "./images.js";

const FILL_MODES = ["constant", "nearest", "reflect", "wrap"] as const;
/** What lies beyond the border: "constant" a value, "nearest" the border's pixel, "reflect" the image mirrored (c b a | a b c | c b a), "wrap" the image again. */
export type FillMode = (typeof FILL_MODES)[number];

/** The mode that options name; default "reflect". Throws ValueError for others. */
export function fillModeOf(value: unknown, place: string): FillMode {
  return checkWord(value ?? "reflect", FILL_MODES, `${place}: fillMode`);
}

/** A row and a column of the source as sums: row = yy · (y − middle) + yx · (x − middle) + middle + dy. Each is [batch, 1, 1] or a number. */
export interface AffineMap {
  readonly yy: Tensor | number;
  readonly yx: Tensor | number;
  readonly xy: Tensor | number;
  readonly xx: Tensor | number;
  readonly dy: Tensor | number;
  readonly dx: Tensor | number;
}

export interface SamplingOptions {
  readonly interpolation: Interpolation;
  readonly fillMode: FillMode;
  /** Value beyond the border with "constant". */
  readonly fillValue: number;
}

/**
 * Pixel (y, x) of a result is what the image has at the place the map gives, counted from its middle.
 *
 * images: [batch, height, width, channels] float32   returns the same shape
 */
export function sampled(images: Tensor, map: AffineMap, { interpolation, fillMode, fillValue }: SamplingOptions): Tensor {
  const [batch, height, width, channels] = images.shape as readonly [number, number, number, number];
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  const y = tensor(Float32Array.from({ length: height }, (_, i) => i - middleY), [1, height, 1]);
  const x = tensor(Float32Array.from({ length: width }, (_, i) => i - middleX), [1, 1, width]);
  const row = add(add(mul(y, map.yy), mul(x, map.yx)), add(map.dy, middleY));
  const column = add(add(mul(y, map.xy), mul(x, map.xx)), add(map.dx, middleX));
  const pixels = reshape(images, [batch * height * width, channels]);
  const first = reshape(mul(cast(arange(batch), "int32"), height * width), [batch, 1, 1]);

  const pixelAt = (atRow: Tensor, atColumn: Tensor): Tensor => {
    const [r, c] = [brought(atRow, height, fillMode), brought(atColumn, width, fillMode)];
    const found = gather(pixels, add(first, cast(add(mul(r, width), c), "int32")));
    if (fillMode !== "constant") return found;
    const inside = logicalAnd(within(atRow, height), within(atColumn, width));
    return where(reshape(inside, [...inside.shape, 1]), found, fillValue);
  };
  if (interpolation === "nearest") return pixelAt(round(row), round(column));

  const [top, left] = [floor(row), floor(column)];
  const [down, right] = [sub(row, top), sub(column, left)].map((share) => reshape(share, [...share.shape, 1])) as [Tensor, Tensor];
  const mixed = (atRow: Tensor): Tensor => add(mul(pixelAt(atRow, left), sub(1, right)), mul(pixelAt(atRow, add(left, 1)), right));
  return add(mul(mixed(top), sub(1, down)), mul(mixed(add(top, 1)), down));
}

function within(at: Tensor, size: number): Tensor {
  return logicalAnd(greaterEqual(at, 0), less(at, size));
}

/** Whole numbers brought into 0 … size − 1 as a mode says. */
function brought(at: Tensor, size: number, mode: FillMode): Tensor {
  if (mode === "wrap") return remainder(at, size);
  if (mode === "reflect") {
    const twice = remainder(at, 2 * size);
    return minimum(twice, sub(2 * size - 1, twice));
  }
  return clip(at, 0, size - 1);
}

/** A factor as options give it: [low, high], or a number f for [−f, f]. Throws ValueError for a range that falls, or leaves [least, most]. */
export function factorOf(value: unknown, place: string, least = -1, most = 1): readonly [low: number, high: number] {
  const [low, high, ...more] = typeof value === "number" ? [-value, value] : Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof low !== "number" || typeof high !== "number" || more.length > 0 || !(low >= least && high <= most && low <= high)) {
    throw new ValueError(`${place}: expected a number from 0, or a range [low, high] in [${least}, ${most}], got ${JSON.stringify(value)}.`);
  }
  return [low, high];
}
