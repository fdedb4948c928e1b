// Windows: how a filter or pool slides over an image. Strides, padding, dilations and output sizes, as Keras and TensorFlow count them.
import { ShapeError, ValueError } from "../base/errors.js";

export type Pair = readonly [height: number, width: number];
export type Padding = "same" | "valid" | number | readonly [top_bottom: Pair, left_right: Pair];

export interface WindowAttrs {
  /** Steps of the window, [height, width] or one number for both. */
  readonly strides?: number | Pair;
  /**
   * "valid": none. "same": as much as makes output = ⌈input / stride⌉, the odd one at the bottom and right.
   * A number on all sides, or [[top, bottom], [left, right]].
   */
  readonly padding?: Padding;
  /** Distance of neighbouring filter elements. */
  readonly dilations?: number | Pair;
}

/** WindowAttrs, checked and in full. */
export interface Window {
  readonly strides: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly dilations: Pair;
}

export function pair(value: number | Pair): Pair {
  return typeof value === "number" ? [value, value] : [value[0], value[1]];
}

/** Padding, axis by axis, where pixels are given; the name for each axis where a name is. */
export function paddingsOf(padding: "same" | "valid" | number | readonly Pair[], axes: number): ("same" | "valid" | Pair)[] {
  return Array.from({ length: axes }, (_, i) => (typeof padding === "number" ? [padding, padding] : typeof padding === "string" ? padding : padding[i]!));
}

/** The window over an image of `input` pixels. Throws ValueError for strides, dilations or paddings that cannot be. */
export function resolveWindow(attrs: WindowAttrs, input: Pair, size: Pair, where: string): Window {
  const strides = pair(attrs.strides ?? 1);
  const dilations = pair(attrs.dilations ?? 1);
  for (const [name, values, least] of [["strides", strides, 1], ["dilations", dilations, 1], ["window", size, 1]] as const) {
    if (values.some((n) => !Number.isInteger(n) || n < least)) {
      throw new ValueError(`${where}: ${name} must be whole numbers from ${least}, got [${values.join(", ")}].`);
    }
  }
  const side = (axis: 0 | 1): Pair => paddingOf(attrs.padding ?? "valid", axis, input[axis], reach(size[axis], dilations[axis]), strides[axis]);
  const padding = [side(0), side(1)] as const;
  if (padding.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ValueError(`${where}: padding must be "same", "valid" or whole numbers from 0, got ${JSON.stringify(attrs.padding)}.`);
  }
  return { strides, padding, dilations };
}

function paddingOf(padding: Padding, axis: 0 | 1, input: number, extent: number, stride: number): Pair {
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const total = Math.max((Math.ceil(input / stride) - 1) * stride + extent - input, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  return pair(typeof padding === "number" ? padding : padding[axis]);
}

/** Pixels from the first to the last element of a dilated filter. */
function reach(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** Pixels of the result. Throws ShapeError when the window does not fit the padded image. */
export function windowOutput({ strides, padding, dilations }: Window, input: Pair, size: Pair, where: string): Pair {
  const side = (axis: 0 | 1): number => {
    const [before, after] = padding[axis];
    const extent = reach(size[axis], dilations[axis]);
    const room = input[axis] + before + after;
    if (extent > room) {
      throw new ShapeError(
        `${where}: a window of ${extent} pixels does not fit ${["height", "width"][axis]} ${input[axis]} with padding [${before}, ${after}]. Use padding "same" or a smaller window?`,
      );
    }
    return Math.floor((room - extent) / strides[axis]) + 1;
  };
  return [side(0), side(1)];
}
