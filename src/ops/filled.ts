// filled: the words of the fill kernel, for ops that write only part of their result.
import { BYTES } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import { UNIT_ELEMENTS } from "../program/split.js";
import { at, type Lowering, type Operand } from "./op.js";

/** Fills a tensor of four-byte elements with the same bits. */
export function filled(out: Operand, bits: number): Lowering {
  const size = sizeOf(out.shape);
  return { kernel: "fill", words: [at(out), size, bits], split: { units: Math.ceil(size / UNIT_ELEMENTS), outputs: [UNIT_ELEMENTS * BYTES[out.dtype]], inputs: [] } };
}
