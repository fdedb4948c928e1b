// normalizeRowsGrad: the gradient of normalizeRows for x, and each row's statistics, which the gradients of scale and offset need.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import { constant, part, type Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { add } from "./add.js";
import { byRows } from "./cuts.js";
import { mean } from "./mean.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { checkRowsOf, normalizeRows, type RowNormAttrs } from "./normalizeRows.js";
import { at, like, op, type Op } from "./op.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { rowsAndColumns } from "./softmax.js";
import { square } from "./square.js";

/**
 * Parts: dx = (g − average of g − y · average of g·y) / σ along the last axis, with g = dy · scale, y = normalizeRows(x), σ = √(variance + ε); not centred
 * without the first average. And [mean (0 when not centred), 1/σ] of each row.
 *
 * x, dy: [..., n]   scale: [n], or none   parts: [..., n] and [rows, 2]
 */
export const normalizeRowsGrad: Op<readonly [x: Value, dy: Value, ...scale: Value[]], RowNormAttrs> = op({
  name: "normalizeRowsGrad",
  shape: ([x, dy, ...scale]) => {
    checkRowsOf(x, scale, "normalizeRowsGrad");
    if (!sameShape(x.shape, dy.shape)) throw new ShapeError(`normalizeRowsGrad: dy must be ${showShape(x.shape)} as x, got ${showShape(dy.shape)}.`);
    return [like(x), { shape: [rowsAndColumns(x.shape)[0], 2], dtype: "float32" }];
  },
  vjpParts: ([u, dstats], [dx, stats], [x, dy, scale], { epsilon, centred }) => {
    const y = normalizeRows(x, { epsilon, centred, scaled: false, shifted: false });
    const n = x.shape[x.shape.length - 1]!;
    const column = (table: Value, i: number): Value => rowsOf(slice(table, { begin: [0, i], size: [table.shape[0]!, 1] }), x);
    const inverse = column(stats!, 1);
    const forX: Value[] = [];
    let [forDy, forScale]: (Value | null)[] = [null, null];
    if (u) {
      const g = scale ? mul(dy, scale) : dy;
      // dx is linear in g, by a symmetric matrix: u's way back is the op itself. For x: 1/σ and both averages move, each by a gradient of that form.
      const back = part(normalizeRowsGrad(x, u, { epsilon, centred }), 0);
      const turned = add(mul(average(mul(g, y)), back), mul(average(mul(u, y)), dx!));
      forX.push(neg(mul(inverse, add(turned, mul(y, average(mul(u, dx!)))))));
      forDy = scale ? mul(back, scale) : back;
      forScale = mul(back, dy);
    }
    if (dstats) {
      forX.push(mul(mul(y, square(inverse)), mul(column(dstats, 1), constant(-1 / n))));
      if (centred) forX.push(mul(column(dstats, 0), constant(1 / n)));
    }
    return [forX.reduce((sum, one) => add(sum, one)), forDy ?? null, ...(scale ? [forScale ?? null] : [])];
  },
  lower: ([dx, stats], [x, dy, scale], { epsilon, centred }) => {
    const [rows, cols] = rowsAndColumns(x.shape);
    return {
      kernel: "f32_norm_rows_grad",
      words: [at(dx), at(x), at(dy), scale ? at(scale) : 0, rows, cols, f32Word(epsilon), centred ? 1 : 0, at(stats!)],
      split: byRows(rows, [cols, 2], [cols, cols, ...(scale ? [null] : [])]),
    };
  },
  inPlace: [1],
  heavy: true,
  flops: (dx) => 12 * sizeOf(dx.shape),
});

function average(x: Value): Value {
  return mean(x, { axes: -1, keepDims: true });
}

/** A column of a table of rows, with the leading axes of x. */
function rowsOf(column: Value, x: Value): Value {
  return reshape(column, { shape: [...x.shape.slice(0, -1), 1] });
}
