// What the ops that scatter share. A file of its own, so that programs with one of them need not load the other.
import type { DType } from "../base/dtype.js";
import { stridesOf } from "../base/shape.js";
import { copyInto } from "./copyInto.js";
import { filled } from "./filled.js";
import { at, type Lowering, type Operand } from "./op.js";

/** What becomes of the element that is already there. */
export type ScatterMode = "add" | "update";

/** The steps that lay the ground: zeros, or the base where the result has not taken over its memory. */
export function baseOf(out: Operand, base: Operand | undefined): Lowering[] {
  if (base === undefined) return [filled(out, 0)];
  const same = base.address.slot === out.address.slot && base.address.offset === out.address.offset;
  return same ? [] : [copyInto(at(out), stridesOf(out.shape), base)];
}

/** The kernels' kind word. */
export function kindOf(mode: ScatterMode, dtype: DType): number {
  return mode === "update" ? 2 : dtype === "float32" ? 0 : 1;
}
