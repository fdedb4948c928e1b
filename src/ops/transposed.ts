// Transposed convolutions: where a result lies, along each axis, from what a user says of padding and size. What they compute is the gradient of a
// convolution for its image, so a window here is that of the convolution that leads back.
import { ShapeError, ValueError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import type { DataFormat } from "./dataFormat.js";
import type { Pair } from "./window.js";

export interface TransposedAttrs {
  /** Pixels added at the end of each axis of the result, which the strides leave open; smaller than the stride. Absent: as Keras. */
  readonly outputPadding?: number | readonly number[];
  /** Size of the result instead: its pixels, or its whole shape (in the data format), with or without the batch. */
  readonly outputShape?: readonly number[];
  readonly groups?: number;
  readonly dataFormat?: DataFormat;
}

/** One axis of the convolution that leads back: its padding, and the size of its input. */
interface Axis {
  readonly size: number;
  readonly padding: Pair;
}

/** The axes of a result. paddings: of each axis, "same", "valid" or pixels. Throws ValueError or ShapeError for sizes that cannot be. */
export function transposedAxes(
  input: readonly number[],
  window: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  paddings: readonly ("same" | "valid" | Pair)[],
  { outputPadding, outputShape, dataFormat }: TransposedAttrs,
  where: string,
): Axis[] {
  const wanted = outputShape && pixelsOf(outputShape, input.length, dataFormat, where);
  return input.map((pixels, i) => {
    const [stride, padding] = [strides[i]!, paddings[i]!];
    const extra = typeof outputPadding === "number" ? outputPadding : outputPadding?.[i];
    if (extra !== undefined && !(Number.isInteger(extra) && extra >= 0 && extra < Math.max(stride, dilations[i]!))) {
      throw new ValueError(`${where}: outputPadding must be a whole number from 0, smaller than the stride ${stride} or the dilation ${dilations[i]!}, got ${extra}.`);
    }
    const extent = (window[i]! - 1) * dilations[i]! + 1;
    const reach = (pixels - 1) * stride + extent;
    const size = wanted?.[i] ?? defaultSize(pixels, stride, extent, padding, extra);
    const around = Math.max(reach - size, 0);
    const before = padding === "valid" ? 0 : padding === "same" ? around >> 1 : padding[0];
    const after = Math.max(reach - size - before, 0);
    // The convolution that leads back must see just these pixels.
    if (size < 1 || Math.floor((size + before + after - extent) / stride) + 1 !== pixels) {
      throw new ShapeError(`${where}: ${pixels} pixels, stride ${stride}, a window of ${extent} and padding ${JSON.stringify(padding)} do not give ${size} pixels.`);
    }
    return { size, padding: [before, after] };
  });
}

/** Keras's sizes for "same" and "valid"; PyTorch's for pixels. */
function defaultSize(pixels: number, stride: number, extent: number, padding: "same" | "valid" | Pair, extra: number | undefined): number {
  const reach = (pixels - 1) * stride + extent;
  if (typeof padding !== "string") return reach - padding[0] - padding[1] + (extra ?? 0);
  if (extra !== undefined) return reach - (padding === "same" ? 2 * (extent >> 1) : 0) + extra;
  return padding === "same" ? pixels * stride : pixels * stride + Math.max(extent - stride, 0);
}

function pixelsOf(shape: readonly number[], axes: number, format: DataFormat = "channelsLast", where: string): readonly number[] {
  const isFirst = format === "channelsFirst" || (format !== "channelsLast" && !format.endsWith("C"));
  const skipped = shape.length - axes - (shape.length > axes ? 1 : 0);
  if (skipped !== 0 && skipped !== 1) throw new ShapeError(`${where}: outputShape must name ${axes} axes of pixels, and may name channels and the batch; got ${showShape(shape)}.`);
  const first = shape.length === axes ? 0 : skipped + (isFirst ? 1 : 0);
  return shape.slice(first, first + axes);
}
