// normalizeRows: each row by its own statistics, the core of layer, group, instance and RMS normalisation.
import { DTypeError, ShapeError } from "../base/errors.js";
import { showShape, sizeOf } from "../base/shape.js";
import { part, type TensorType, type Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { byRows } from "./cuts.js";
import { normalizeRowsGrad } from "./normalizeRowsGrad.js";
import { normalizeRowsSums } from "./normalizeRowsSums.js";
import { at, like, op, type Op } from "./op.js";
import { rowsAndColumns } from "./softmax.js";

export interface RowNormAttrs {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether the mean is subtracted first. */
  readonly centred: boolean;
}

export interface AffineRowNormAttrs extends RowNormAttrs {
  /** Which of scale and offset there are. */
  readonly scaled: boolean;
  readonly shifted: boolean;
}

/**
 * (x − mean) / √(variance + ε) · scale + offset along the last axis; not centred: x / √(mean of x² + ε) · scale + offset. The variance is biased and takes
 * two passes, so that a large mean does no harm: error < 2e-6 · (1 + |mean| / deviation).
 *
 * x: [..., n] float32   scale, offset: [n], as the flags say   returns the shape of x
 */
export const normalizeRows: Op<readonly [x: Value, ...affine: Value[]], AffineRowNormAttrs> = op({
  name: "normalizeRows",
  shape: ([x, ...affine]) => {
    checkRowsOf(x, affine, "normalizeRows");
    return like(x);
  },
  vjp: (dy, _y, [x, ...affine], { scaled, shifted, epsilon, centred }) => {
    const scale = scaled ? affine.slice(0, 1) : [];
    const all = normalizeRowsGrad(x, dy, ...scale, { epsilon, centred });
    const sums = normalizeRowsSums(x, dy, part(all, 1), { epsilon, centred });
    return [part(all, 0), ...(scaled ? [part(sums, 0)] : []), ...(shifted ? [part(sums, 1)] : [])];
  },
  lower: ([out], [x, ...affine], { scaled, shifted, epsilon, centred }) => {
    const [rows, cols] = rowsAndColumns(x.shape);
    const [scale, offset] = [scaled ? at(affine[0]!) : 0, shifted ? at(affine[affine.length - 1]!) : 0];
    return {
      kernel: "f32_norm_rows",
      words: [at(out), at(x), scale, offset, rows, cols, f32Word(epsilon), centred ? 1 : 0],
      split: byRows(rows, [cols], [cols, ...affine.map(() => null)]),
    };
  },
  inPlace: [0],
  heavy: true,
  flops: (out) => 7 * sizeOf(out.shape),
});

/** Throws unless x is float32 [..., n] and each of `affine` is [n]. */
export function checkRowsOf(x: TensorType, affine: readonly TensorType[], where: string): void {
  if (x.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${x.dtype}. Cast first.`);
  if (x.shape.length === 0) throw new ShapeError(`${where}: takes [..., n], got a scalar.`);
  const n = x.shape[x.shape.length - 1]!;
  for (const { shape } of affine) {
    if (shape.length !== 1 || shape[0] !== n) throw new ShapeError(`${where}: scale and offset must be [${n}], as the rows of x ${showShape(x.shape)}, got ${showShape(shape)}.`);
  }
}
