// separableConv2d: a depthwise convolution and a product over the channels, a composition.
import type { Value } from "../graph/value.js";
import { conv2d } from "./conv2d.js";
import { channelsLast, type DataFormat } from "./dataFormat.js";
import { depthwiseConv2d } from "./depthwiseConv2d.js";
import type { WindowAttrs } from "./window.js";

/**
 * conv2d(depthwiseConv2d(x, depthwise), pointwise): strides, padding and dilations are those of the first.
 *
 * x: [N, H, W, C]   depthwise: [KH, KW, C, M]   pointwise: [1, 1, C·M, O]   returns [N, OH, OW, O]
 */
export function separableConv2d(x: Value, depthwise: Value, pointwise: Value, { dataFormat, ...attrs }: WindowAttrs & { dataFormat?: DataFormat } = {}): Value {
  return channelsLast(x, dataFormat, "separableConv2d", (images) => conv2d(depthwiseConv2d(images, depthwise, attrs), pointwise));
}
