// batchNormalize: batch normalisation while training, by the batch's own mean and variance. Forward a composition; the gradient
// is Ioffe & Szegedy's closed form, which takes the dependence of both statistics on x into account in one pass over dy and x.
import { sizeOf } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { batchNorm, checkRows } from "./batchNorm.js";
import { bnGradSums } from "./bnGradSums.js";
import { bnStats, row } from "./bnStats.js";
import { mul } from "./mul.js";
import { like, op, type Op } from "./op.js";
import { rsqrt } from "./rsqrt.js";
import { square } from "./square.js";
import { sub } from "./sub.js";

/**
 * (x − mean) / √(variance + ε) · gamma + beta with mean and variance of each channel over this batch: those of bnStats(x), which is
 * computed once however often it is asked for.   Ioffe & Szegedy 2015
 *
 * x: [..., channels]   gamma, beta: [channels]   returns the shape of x
 */
export const batchNormalize: Op<[x: Value, gamma: Value, beta: Value], { epsilon: number }> = op({
  name: "batchNormalize",
  shape: ([x, gamma, beta]) => {
    checkRows(x, { gamma, beta }, "batchNormalize");
    return like(x);
  },
  vjp: (dy, _y, [x, gamma], { epsilon }) => {
    const stats = bnStats(x);
    const mean = row(stats, 0);
    const inverse = rsqrt(add(row(stats, 1), constant(epsilon)));
    const sums = bnGradSums(dy, x, mean);
    const [dbeta, product] = [row(sums, 0), row(sums, 1)];
    const share = constant(gamma.shape[0]! / sizeOf(x.shape));
    // dx = gamma / σ · (dy − average of dy − (x − mean) / σ² · average of dy·(x − mean)): all factors but x and dy are rows.
    const slope = mul(mul(product, square(inverse)), share);
    const centred = sub(sub(dy, mul(dbeta, share)), mul(sub(x, mean), slope));
    return [mul(centred, mul(gamma, inverse)), mul(product, inverse), dbeta];
  },
  expand: ([x, gamma, beta], { epsilon }) => {
    const stats = bnStats(x);
    return batchNorm(x, row(stats, 0), row(stats, 1), gamma, beta, { epsilon });
  },
});
