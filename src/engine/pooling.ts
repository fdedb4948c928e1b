// Pooling over tensors, lifted from nodes; what they do stands with the ops. maxPool2d and averagePool2d are in functions.ts.
import { averagePool1d as averagePool1dOp } from "../ops/averagePool1d.js";
import { averagePool3d as averagePool3dOp } from "../ops/averagePool3d.js";
import { globalAveragePool as globalAveragePoolOp } from "../ops/globalAveragePool.js";
import { globalMaxPool as globalMaxPoolOp } from "../ops/globalMaxPool.js";
import { maxPool1d as maxPool1dOp } from "../ops/maxPool1d.js";
import { maxPool3d as maxPool3dOp } from "../ops/maxPool3d.js";
import { liftFloats } from "./floats.js";

/** The largest element of each window. x: [batch, steps, channels]; options as maxPool2d. */
export const maxPool1d = /* @__PURE__ */ liftFloats(maxPool1dOp);
/** The largest element of each window. x: [batch, depth, height, width, channels]; options as maxPool2d. */
export const maxPool3d = /* @__PURE__ */ liftFloats(maxPool3dOp);
/** The mean of each window. x: [batch, steps, channels]; options as averagePool2d. */
export const averagePool1d = /* @__PURE__ */ liftFloats(averagePool1dOp);
/** The mean of each window. x: [batch, depth, height, width, channels]; options as averagePool2d. */
export const averagePool3d = /* @__PURE__ */ liftFloats(averagePool3dOp);
/** The largest element of each channel. x: [batch, ..., channels]; result [batch, channels]. */
export const globalMaxPool = /* @__PURE__ */ liftFloats(globalMaxPoolOp);
/** The mean of each channel. x: [batch, ..., channels]; result [batch, channels]. */
export const globalAveragePool = /* @__PURE__ */ liftFloats(globalAveragePoolOp);
