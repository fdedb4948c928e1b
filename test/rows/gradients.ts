// Rows of the ops that steer gradients and order: their values are those of their first input.
import { OPS } from "../../src/ops/index.js";
import { map } from "./plain.js";
import { row, type Row } from "./row.js";

const EXACT = [0, "the same bits"] as const;

export const GRADIENTS: readonly Row[] = [
  row({
    op: "after",
    apply: ([x, other]) => OPS.after(x!, other!),
    reference: ([x]) => x!,
    tolerance: EXACT,
    cases: [
      { inputs: [{ shape: [3, 5] }, { shape: [2] }], attrs: {} },
      { inputs: [{ shape: [] }, { shape: [0] }], attrs: {} },
    ],
  }),
  row({
    op: "withGradient",
    // The rule given is the true one, so that differences agree with it.
    apply: ([x]) => OPS.withGradient(OPS.mul(x!, x!), [x!], (dy) => [OPS.mul(dy, OPS.add(x!, x!))]),
    reference: ([x]) => map((value) => value * value, x!),
    tolerance: [1e-7, "one rounding"],
    cases: [{ inputs: [{ shape: [7] }], attrs: {} }, { inputs: [{ shape: [2, 3] }], attrs: {} }],
  }),
];
