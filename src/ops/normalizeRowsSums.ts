// normalizeRowsSums: the gradients of normalizeRows for scale and offset, in one pass over memory.
import { sizeOf } from "../base/shape.js";
import { add } from "./add.js";
import { part, type Value } from "../graph/value.js";
import { broadcastTo } from "./broadcastTo.js";
import { byStrips, MOST_COLUMNS } from "./cuts.js";
import { mul } from "./mul.js";
import { normalizeRows, type RowNormAttrs } from "./normalizeRows.js";
import { normalizeRowsGrad } from "./normalizeRowsGrad.js";
import { at, op, WORKSPACE, type Op } from "./op.js";
import { rowsAndColumns } from "./softmax.js";

/**
 * Parts: Σ dy · normalizeRows(x) and Σ dy over all rows. `stats` are those of x, from normalizeRowsGrad with the same attributes; the gradient for x
 * takes their dependence on x into account, so none flows to them.
 *
 * x, dy: [..., n]   stats: [rows, 2]   parts: [n] and [n]
 */
export const normalizeRowsSums: Op<[x: Value, dy: Value, stats: Value], RowNormAttrs> = op({
  name: "normalizeRowsSums",
  shape: ([x]) => {
    const type = { shape: x.shape.slice(-1), dtype: "float32" as const };
    return [type, type];
  },
  vjpParts: ([u, v], _sums, [x, dy], { epsilon, centred }) => {
    const forDy: Value[] = [];
    if (u) forDy.push(mul(normalizeRows(x, { epsilon, centred, scaled: false, shifted: false }), u));
    if (v) forDy.push(broadcastTo(v, { shape: dy.shape }));
    return [u ? part(normalizeRowsGrad(x, dy, u, { epsilon, centred }), 0) : null, forDy.reduce((sum, one) => add(sum, one)), null];
  },
  lower: ([dscale, doffset], [x, dy, stats]) => {
    const [rows, cols] = rowsAndColumns(x.shape);
    return {
      kernel: "f32_norm_sums",
      workspace: 16 * MOST_COLUMNS,
      words: [at(dscale), at(doffset!), at(x), at(dy), at(stats), rows, cols, WORKSPACE],
      split: byStrips(1, cols, 2, 3),
    };
  },
  heavy: true,
  flops: (_dscale, [x]) => 5 * sizeOf(x.shape),
});
