// cov: how variables vary together, a composition.
import { ShapeError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { matmul } from "./matmul.js";
import { mean } from "./mean.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { sub } from "./sub.js";
import { turned } from "./swapAxes.js";

export interface CovAttrs {
  /** Subtracted from the number of observations in the divisor; 1 when absent. */
  readonly correction?: number;
  /** Whether rows are the variables and columns the observations, as when absent; false: the other way round. */
  readonly rowvar?: boolean;
}

/**
 * Σ (xᵢ − mean)(xⱼ − mean) / (n − correction) over observations, in float32.
 *
 * x: [variables, n], or [n] of one variable   returns [variables, variables], or []   Throws ShapeError for another rank.
 */
export function cov(x: Value, { correction = 1, rowvar = true }: CovAttrs = {}): Value {
  if (x.shape.length !== 1 && x.shape.length !== 2) throw new ShapeError(`cov: takes [variables, observations] or [observations], got ${showShape(x.shape)}.`);
  const rows = x.shape.length === 1 ? reshape(x, { shape: [1, -1] }) : rowvar ? x : turned(x);
  const centred = sub(rows, mean(rows, { axes: 1, keepDims: true }));
  const all = mul(matmul(centred, turned(centred)), constant(1 / (rows.shape[1]! - correction)));
  return x.shape.length === 1 ? reshape(all, { shape: [] }) : all;
}
