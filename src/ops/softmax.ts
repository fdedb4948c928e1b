// softmax: eˣ / Σ eˣ along an axis.
import { sizeOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { byRows } from "./cuts.js";
import { cast } from "./cast.js";
import { alongAxis } from "./lastAxis.js";
import { at, like, op, type Op } from "./op.js";
import { softmaxGrad } from "./softmaxGrad.js";

/** softmax or its logarithm along the last axis. */
export function softmaxRows(name: string, log: boolean): Op<[x: Value]> {
  return op({
    name,
    shape: ([x]) => like(x),
    vjp: (dy, y) => [softmaxGrad(y, dy, { log })],
    lower: ([out], [x]) => {
      const [rows, cols] = rowsAndColumns(x.shape);
      return { kernel: "f32_softmax", words: [at(out), at(x), rows, cols, log ? 1 : 0], split: byRows(rows, [cols], [cols]) };
    },
    inPlace: [0],
    heavy: true,
    flops: (out) => 4 * sizeOf(out.shape),
  });
}

/** A shape as rows of its last axis. */
export function rowsAndColumns(shape: Shape): [rows: number, columns: number] {
  return [sizeOf(shape.slice(0, -1)), shape[shape.length - 1]!];
}

const softmaxOp = softmaxRows("softmax", false);

/** eˣ / Σ eˣ along `axis` (the last when absent), in float32; the maximum is subtracted first, so nothing overflows. */
export function softmax(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  return alongAxis(cast(x, { dtype: "float32" }), axis, "softmax", softmaxOp);
}
