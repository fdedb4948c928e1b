// after: x itself, but not before another value is there. Keeps what is recomputed on purpose from being merged with what was computed first.
import type { Value } from "../graph/value.js";
import { like, op, type Op } from "./op.js";

/** x itself, a view; whatever reads it runs after `other`. */
export const after: Op<[x: Value, other: Value]> = op({
  name: "after",
  shape: ([x]) => like(x),
  vjp: (dy) => [dy, null],
  view: (layout) => layout,
});
