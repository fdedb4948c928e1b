// Pooling over tensors, lifted from nodes; what they do stands with the ops. maxPool2d and averagePool2d are in functions.ts.
import { averagePool1d as averagePool1dOp } from "../ops/averagePool1d.js";
import { averagePool3d as averagePool3dOp } from "../ops/averagePool3d.js";
import { globalAveragePool as globalAveragePoolOp } from "../ops/globalAveragePool.js";
import { globalMaxPool as globalMaxPoolOp } from "../ops/globalMaxPool.js";
import { maxPool1d as maxPool1dOp } from "../ops/maxPool1d.js";
import { maxPool3d as maxPool3dOp } from "../ops/maxPool3d.js";
import { lift } from "./functions.js";

export const maxPool1d = /* @__PURE__ */ lift(maxPool1dOp);
export const maxPool3d = /* @__PURE__ */ lift(maxPool3dOp);
export const averagePool1d = /* @__PURE__ */ lift(averagePool1dOp);
export const averagePool3d = /* @__PURE__ */ lift(averagePool3dOp);
export const globalMaxPool = /* @__PURE__ */ lift(globalMaxPoolOp);
export const globalAveragePool = /* @__PURE__ */ lift(globalAveragePoolOp);
