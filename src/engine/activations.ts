// Activation functions over tensors, lifted from nodes; formulas, sources and gradients stand with the ops. relu, sigmoid, tanh, softplus, softmax
// and logSoftmax are in functions.ts, step and sign in elementwise.ts.
import { ValueError } from "../base/errors.js";
import type { Value } from "../graph/value.js";
import { celu as celuOp } from "../ops/celu.js";
import { elu as eluOp } from "../ops/elu.js";
import { exp } from "../ops/exp.js";
import { gelu as geluOp } from "../ops/gelu.js";
import { geluTanh } from "../ops/geluTanh.js";
import { glu as gluOp } from "../ops/glu.js";
import { hardShrink as hardShrinkOp } from "../ops/hardShrink.js";
import { hardSigmoid as hardSigmoidOp } from "../ops/hardSigmoid.js";
import { hardSwish as hardSwishOp } from "../ops/hardSwish.js";
import { hardTanh as hardTanhOp } from "../ops/hardTanh.js";
import { leakyRelu as leakyReluOp } from "../ops/leakyRelu.js";
import { logSigmoid as logSigmoidOp } from "../ops/logSigmoid.js";
import { maxout as maxoutOp } from "../ops/maxout.js";
import { mish as mishOp } from "../ops/mish.js";
import { normalCdf as normalCdfOp } from "../ops/normalCdf.js";
import { prelu as preluOp } from "../ops/prelu.js";
import { relu6 as relu6Op } from "../ops/relu6.js";
import { selu as seluOp } from "../ops/selu.js";
import { silu as siluOp } from "../ops/silu.js";
import { softShrink as softShrinkOp } from "../ops/softShrink.js";
import { softsign as softsignOp } from "../ops/softsign.js";
import { sparsemax as sparsemaxOp } from "../ops/sparsemax.js";
import { tanhShrink as tanhShrinkOp } from "../ops/tanhShrink.js";
import { threshold as thresholdOp } from "../ops/threshold.js";
import { lift, lift2 } from "./functions.js";
import { Tensor, valueOf, type TensorLike } from "./tensor.js";

/** x itself. */
export function linear(x: TensorLike): Tensor {
  return new Tensor(valueOf(x));
}

/** min(max(x, 0), 6), elementwise, in the shape of x; keeps NaN. */
export const relu6 = /* @__PURE__ */ lift((x) => relu6Op(x));
/** x where it is positive, else alpha · x (alpha 0.2 when absent), elementwise, in the shape of x.   Maas et al. 2013 */
export const leakyRelu = /* @__PURE__ */ lift((x, alpha?: number) => leakyReluOp(x, { alpha }));
/** alpha: a tensor that broadcasts against x: [channels] for a slope a channel of the last axis. */
export const prelu = /* @__PURE__ */ lift2((x, alpha) => preluOp(x, alpha));
/** x where it is positive, else alpha · (eˣ − 1) (alpha 1 when absent), elementwise, in the shape of x.   Clevert et al. 2016 */
export const elu = /* @__PURE__ */ lift((x, alpha?: number) => eluOp(x, { alpha }));
/** elu with the scale and slope that keep mean 0 and variance 1 from layer to layer, elementwise, in the shape of x.   Klambauer et al. 2017 */
export const selu = /* @__PURE__ */ lift((x) => seluOp(x));
/** x where it is positive, else alpha · (exp(x / alpha) − 1) (alpha 1 when absent), elementwise, in the shape of x.   Barron 2017 */
export const celu = /* @__PURE__ */ lift((x, alpha?: number) => celuOp(x, { alpha }));
/** x · sigmoid(beta · x); also called swish. */
export const silu = /* @__PURE__ */ lift((x, beta?: number) => siluOp(x, { beta }));
export { silu as swish };
/** The ways to compute gelu: x · Φ(x); with tanh, within 5e-4 of it; as x · sigmoid(1.702 x), within 0.0203. */
const GELUS: Readonly<Record<string, (x: Value) => Value>> = {
  none: geluOp,
  tanh: geluTanh,
  sigmoid: (x) => siluOp(x, { beta: 1.702 }),
};

/** x · Φ(x), Φ being the normal distribution function; approximate: "none" (default), "tanh" or "sigmoid". Throws ValueError for others.   Hendrycks & Gimpel 2016 */
export function gelu(x: TensorLike, approximate: "none" | "tanh" | "sigmoid" = "none"): Tensor {
  const form = GELUS[approximate];
  if (form === undefined) throw new ValueError(`gelu: approximate is "${String(approximate)}"; expected ${Object.keys(GELUS).join(", ")}.`);
  return new Tensor(form(valueOf(x)));
}
/** Φ(x), the normal distribution function. */
export const normalCdf = /* @__PURE__ */ lift((x) => normalCdfOp(x));
/** x · tanh(ln(1 + eˣ)), elementwise, in the shape of x.   Misra 2019 */
export const mish = /* @__PURE__ */ lift((x) => mishOp(x));
/** x / 6 + 1/2, kept within [0, 1], elementwise, in the shape of x. */
export const hardSigmoid = /* @__PURE__ */ lift((x) => hardSigmoidOp(x));
/** x · hardSigmoid(x), elementwise, in the shape of x.   Howard et al. 2019 */
export const hardSwish = /* @__PURE__ */ lift((x) => hardSwishOp(x));
/** x kept within [min, max], [−1, 1] when absent, elementwise, in the shape of x. */
export const hardTanh = /* @__PURE__ */ lift((x, min?: number, max?: number) => hardTanhOp(x, { min, max }));
/** x − tanh(x), elementwise, in the shape of x. */
export const tanhShrink = /* @__PURE__ */ lift((x) => tanhShrinkOp(x));
/** x brought nearer to 0 by lambda (0.5 when absent), and 0 within it, elementwise, in the shape of x. */
export const softShrink = /* @__PURE__ */ lift((x, lambda?: number) => softShrinkOp(x, { lambda }));
/** x, but 0 within [−lambda, lambda] (0.5 when absent), elementwise, in the shape of x. */
export const hardShrink = /* @__PURE__ */ lift((x, lambda?: number) => hardShrinkOp(x, { lambda }));
/** x where it is larger than `above` (0 when absent), else `value` (0 when absent), elementwise, in the shape of x. */
export const threshold = /* @__PURE__ */ lift((x, above?: number, value?: number) => thresholdOp(x, { threshold: above, value }));
/** x / (1 + |x|), elementwise, in the shape of x. */
export const softsign = /* @__PURE__ */ lift((x) => softsignOp(x));
/** ln(1 / (1 + e⁻ˣ)) without overflow, elementwise, in the shape of x. */
export const logSigmoid = /* @__PURE__ */ lift((x) => logSigmoidOp(x));
/** eˣ, elementwise, in the shape of x. */
export const exponential = /* @__PURE__ */ lift((x) => exp(x));
/** The first half of x along an axis (the last when absent), times the sigmoid of the second. Throws ShapeError for an odd size.   Dauphin et al. 2017 */
export const glu = /* @__PURE__ */ lift((x, axis?: number) => gluOp(x, { axis }));
/** The largest of each group along an axis (the last when absent), which has `units` groups afterwards. Throws ShapeError when they do not divide it.   Goodfellow et al. 2013 */
export const maxout = /* @__PURE__ */ lift((x, units: number, axis?: number) => maxoutOp(x, { units, axis }));
/** The nearest point on the simplex along an axis (the last when absent): like softmax, but exactly 0 for small x.   Martins & Astudillo 2016 */
export const sparsemax = /* @__PURE__ */ lift((x, axis?: number) => sparsemaxOp(x, { axis }));
