// place: a tensor laid into a larger one that is otherwise filled with one value. The gradient of slice; padding is made of it.
import { sizeOf, stridesOf, type Shape } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import { f32Word } from "../program/program.js";
import { copyInto } from "./copyInto.js";
import { filled } from "./filled.js";
import { at, op, type Op } from "./op.js";
import { slice } from "./slice.js";

/** A tensor of `shape` full of `value`, with x at `begin`, its elements `steps` apart. Callers see to it that x fits. */
export const place: Op<[x: Value], { shape: Shape; begin: Shape; steps: Shape; value: number }> = op({
  name: "place",
  shape: ([x], { shape }) => ({ shape, dtype: x.dtype }),
  vjp: (dy, _y, [x], { begin, steps }) => [slice(dy, { begin, steps, size: x.shape })],
  lower: ([out], [x], { shape, begin, steps, value }) => {
    const strides = stridesOf(shape);
    // Nothing may be laid behind the last element: it has no address.
    const first = sizeOf(x.shape) === 0 ? 0 : begin.reduce((sum, index, i) => sum + index * strides[i]!, 0);
    return [
      filled(out, x.dtype === "float32" ? f32Word(value) : value >>> 0),
      copyInto(at(out, first), strides.map((stride, i) => stride * steps[i]!), x),
    ];
  },
  strided: true,
});
