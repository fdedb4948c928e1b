// Convolutions of tensors. Options go by name; or, as in TensorFlow.js, in a row. What they compute stands with the ops.
import { ValueError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import { conv1d as conv1dOp, type Conv1dAttrs } from "../ops/conv1d.js";
import { conv1dTranspose as conv1dTransposeOp, type Conv1dTransposeAttrs } from "../ops/conv1dTranspose.js";
import { conv2d as conv2dOp, type ConvAttrs } from "../ops/conv2d.js";
import { conv2dTranspose as conv2dTransposeOp } from "../ops/conv2dTranspose.js";
import { conv3d as conv3dOp, type Conv3dAttrs } from "../ops/conv3d.js";
import { conv3dTranspose as conv3dTransposeOp } from "../ops/conv3dTranspose.js";
import type { DataFormat } from "../ops/dataFormat.js";
import { depthwiseConv2d as depthwiseConv2dOp } from "../ops/depthwiseConv2d.js";
import { separableConv2d as separableConv2dOp } from "../ops/separableConv2d.js";
import type { TransposedAttrs } from "../ops/transposed.js";
import type { WindowAttrs } from "../ops/window.js";
import { floats } from "./floats.js";
import { Tensor, type TensorLike } from "./tensor.js";

/** What all options have. */
interface Options {
  readonly strides?: unknown;
  readonly padding?: unknown;
  readonly dilations?: unknown;
  readonly dataFormat?: DataFormat;
}

/** Options of depthwise convolutions, which have no groups. */
export interface DepthwiseOptions extends WindowAttrs {
  readonly dataFormat?: DataFormat;
}

/** Options by name, or strides, pad, dataFormat and dilations in a row. Throws ValueError for a name that is not known. */
export interface Convolution<A extends Options> {
  (x: TensorLike, filter: TensorLike, options?: A): Tensor;
  (x: TensorLike, filter: TensorLike, strides: A["strides"], pad?: A["padding"], dataFormat?: DataFormat, dilations?: A["dilations"]): Tensor;
}

/** Options by name, or outputShape, strides, pad, dataFormat in a row. */
export interface TransposedConvolution<A extends Options & { readonly outputShape?: unknown }> {
  (x: TensorLike, filter: TensorLike, options?: A): Tensor;
  (x: TensorLike, filter: TensorLike, outputShape: A["outputShape"], strides: A["strides"], pad?: A["padding"], dataFormat?: DataFormat): Tensor;
}

const NAMES = ["strides", "padding", "dilations", "dataFormat"];
const GROUPED = [...NAMES, "groups"];
const TRANSPOSED = [...GROUPED, "outputPadding", "outputShape"];

/** Options from what follows the filters: by name, or by place in the order of `row`. */
function optionsOf<A extends Options>(given: readonly unknown[], row: readonly string[], names: readonly string[], where: string): A {
  const [first] = given;
  const isNamed = given.length < 2 && typeof first === "object" && first !== null && !Array.isArray(first);
  const options = isNamed ? first : Object.fromEntries(row.flatMap((name, i) => (given[i] === undefined ? [] : [[name, given[i]]])));
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ValueError(`${where}: option "${unknown}" is not known; expected ${names.join(", ")}.`);
  return options as A;
}

function apply<A>(fn: (x: Value, w: Value, attrs: A) => Value, x: TensorLike, filter: TensorLike, options: A): Tensor {
  return new Tensor(fn(floats(x), floats(filter), options));
}

const ROW = ["strides", "padding", "dataFormat", "dilations"];

function forward<A extends Options>(where: string, names: readonly string[], fn: (x: Value, w: Value, attrs: A) => Value): Convolution<A> {
  return (x: TensorLike, filter: TensorLike, ...given: readonly unknown[]) => apply(fn, x, filter, optionsOf<A>(given, ROW, names, where));
}

const TRANSPOSED_ROW = ["outputShape", "strides", "padding", "dataFormat"];

function transposed<A extends Options & { readonly outputShape?: unknown }>(where: string, fn: (x: Value, w: Value, attrs: A) => Value): TransposedConvolution<A> {
  return (x: TensorLike, filter: TensorLike, ...given: readonly unknown[]) => apply(fn, x, filter, optionsOf<A>(given, TRANSPOSED_ROW, TRANSPOSED, where));
}

/** x [N, W, C], filter [K, C / groups, O] to [N, OW, O]. */
export const conv1d: Convolution<Conv1dAttrs> = /* @__PURE__ */ forward<Conv1dAttrs>("conv1d", GROUPED, conv1dOp);
/** x [N, H, W, C], filter [KH, KW, C / groups, O] to [N, OH, OW, O]. */
export const conv2d: Convolution<ConvAttrs> = /* @__PURE__ */ forward<ConvAttrs>("conv2d", GROUPED, conv2dOp);
/** x [N, D, H, W, C], filter [KD, KH, KW, C / groups, O] to [N, OD, OH, OW, O]. */
export const conv3d: Convolution<Conv3dAttrs> = /* @__PURE__ */ forward<Conv3dAttrs>("conv3d", GROUPED, conv3dOp);
/** x [N, H, W, C], filter [KH, KW, C, M] to [N, OH, OW, C·M]. */
export const depthwiseConv2d: Convolution<DepthwiseOptions> = /* @__PURE__ */ forward<DepthwiseOptions>("depthwiseConv2d", NAMES, depthwiseConv2dOp);

/** x [N, W, K], filter [S, C / groups, K] to [N, OW, C]. */
export const conv1dTranspose: TransposedConvolution<Conv1dTransposeAttrs> = /* @__PURE__ */ transposed<Conv1dTransposeAttrs>("conv1dTranspose", conv1dTransposeOp);
/** x [N, H, W, K], filter [KH, KW, C / groups, K] to [N, OH, OW, C]. */
export const conv2dTranspose: TransposedConvolution<WindowAttrs & TransposedAttrs> = /* @__PURE__ */ transposed<WindowAttrs & TransposedAttrs>("conv2dTranspose", conv2dTransposeOp);
/** x [N, D, H, W, K], filter [KD, KH, KW, C / groups, K] to [N, OD, OH, OW, C]. */
export const conv3dTranspose: TransposedConvolution<Conv3dAttrs & TransposedAttrs> = /* @__PURE__ */ transposed<Conv3dAttrs & TransposedAttrs>("conv3dTranspose", conv3dTransposeOp);

/**
 * A depthwise convolution and a product over channels. x [N, H, W, C], depthwise [KH, KW, C, M], pointwise [1, 1, C·M, O] to [N, OH, OW, O].
 * Options by name, or strides, pad, dilations and dataFormat in a row, which is TensorFlow.js's order here.
 */
export function separableConv2d(
  x: TensorLike,
  depthwise: TensorLike,
  pointwise: TensorLike,
  ...given: readonly [DepthwiseOptions?] | readonly [WindowAttrs["strides"], WindowAttrs["padding"]?, WindowAttrs["dilations"]?, DataFormat?]
): Tensor {
  const options = optionsOf<DepthwiseOptions>(given, ["strides", "padding", "dilations", "dataFormat"], NAMES, "separableConv2d");
  return new Tensor(separableConv2dOp(floats(x), floats(depthwise), floats(pointwise), options));
}
