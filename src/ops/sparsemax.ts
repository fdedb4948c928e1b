// sparsemax: the nearest point of the probability simplex, a composition.
import { normalizeAxis } from "../base/shape.js";
import { constant, type Value } from "../graph/value.js";
import { add } from "./add.js";
import { cast } from "./cast.js";
import { div } from "./div.js";
import { iota } from "./iota.js";
import { less } from "./less.js";
import { max } from "./max.js";
import { moveAxis } from "./moveAxis.js";
import { mul } from "./mul.js";
import { pad } from "./pad.js";
import { relu } from "./relu.js";
import { slice } from "./slice.js";
import { sort } from "./sort.js";
import { stopGradient } from "./stopGradient.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";
import { where } from "./where.js";

/**
 * max(z − τ, 0) along `axis`, with the τ for which it sums to 1: probabilities, many of them exactly 0. In float32.
 *
 * The gradient of those above 0 is dy less its mean over them; of the others 0.   Martins & Astudillo 2016, algorithm 1
 */
export function sparsemax(x: Value, { axis = -1 }: { axis?: number } = {}): Value {
  const along = normalizeAxis(axis, x.shape.length, "sparsemax");
  const logits = moveAxis(cast(x, { dtype: "float32" }), { from: along, to: -1 });
  const z = sub(logits, stopGradient(max(logits, { axes: -1, keepDims: true })));
  const fixed = stopGradient(z);
  const tau = meanExcess(z, less(threshold(fixed), fixed));
  return moveAxis(relu(sub(z, tau)), { from: -1, to: along });
}

/** (Σ − 1) / count of the elements chosen. */
function meanExcess(z: Value, chosen: Value): Value {
  const total = sum(where(chosen, z, constant(0)), { axes: -1, keepDims: true });
  return div(sub(total, constant(1)), sum(cast(chosen, { dtype: "float32" }), { axes: -1, keepDims: true }));
}

/** τ: the k largest count, where k is the last with 1 + k·z₍ₖ₎ > z₍₁₎ + … + z₍ₖ₎. */
function threshold(z: Value): Value {
  const n = z.shape.at(-1)!;
  const sorted = sort(z, { descending: true });
  return meanExcess(sorted, less(sub(runningSums(sorted), constant(1)), mul(iota({ n, start: 1 }), sorted)));
}

/** Sums of all elements up to each, along the last axis: log₂ n additions of the row to itself, shifted by 1, 2, 4 … */
function runningSums(x: Value): Value {
  const n = x.shape.at(-1)!;
  const front = x.shape.slice(0, -1);
  let sums = x;
  for (let shift = 1; shift < n; shift *= 2) {
    const head = slice(sums, { begin: x.shape.map(() => 0), size: [...front, n - shift] });
    sums = add(sums, pad(head, { padding: [...front.map((): [number, number] => [0, 0]), [shift, 0]] }));
  }
  return sums;
}
