// The rarer reductions and running sums over tensors, lifted from nodes; what they do stands with the ops.
import { countNonzero as countNonzeroOp } from "../ops/countNonzero.js";
import { cumprod as cumprodOp } from "../ops/cumprod.js";
import { cumsum as cumsumOp } from "../ops/cumsum.js";
import { linearScan as linearScanOp } from "../ops/linearScan.js";
import { lift, lift2 } from "./functions.js";
import type { Axes } from "./tensor.js";

/** Running sums along an axis; exclusive: without the element itself, reverse: from the end. */
export const cumsum = /* @__PURE__ */ lift((x, axis: number = 0, exclusive: boolean = false, reverse: boolean = false) => cumsumOp(x, { axis, exclusive, reverse }));
/** Running products along an axis; exclusive: without the element itself, reverse: from the end. */
export const cumprod = /* @__PURE__ */ lift((x, axis: number = 0, exclusive: boolean = false, reverse: boolean = false) => cumprodOp(x, { axis, exclusive, reverse }));
/** h[i] = a[i] · h[i − 1] + b[i] along an axis, with 0 before the first. */
export const linearScan = /* @__PURE__ */ lift2((a, b, axis: number = 0, reverse: boolean = false) => linearScanOp(a, b, { axis, reverse }));
/** How many elements are not 0, int32, over axes (all when absent). */
export const countNonzero = /* @__PURE__ */ lift((x, axes?: Axes, keepDims: boolean = false) => countNonzeroOp(x, { axes, keepDims }));
