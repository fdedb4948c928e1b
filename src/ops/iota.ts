// iota: 0, 1, 2 … as a tensor. Made once a program: it depends on nothing.
import { op, at, type Op } from "./op.js";

/** int32 numbers start, start + step, … of shape [n]. */
export const iota: Op<[], { n: number; start?: number; step?: number }> = op({
  name: "iota",
  shape: (_inputs, { n }) => ({ shape: [n], dtype: "int32" }),
  vjp: () => [],
  lower: ([out], _inputs, { n, start = 0, step = 1 }) => ({ kernel: "iota", words: [at(out), n, start, step] }),
});
