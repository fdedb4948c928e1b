// Elementwise ops: broadcasting, promotion and the choice of micro-op by dtype, shared by all of them.
import { isFloat, promote, type DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { broadcastShapes, type Shape } from "../base/shape.js";
import type { TensorType, Value } from "../graph/value.js";
import type { Micro } from "../program/micro.js";
import { cast } from "./cast.js";
import { op, type Op, type OpRule } from "./op.js";

interface ElementwiseRule<I extends readonly Value[], A extends object> extends Pick<OpRule<I, A>, "vjp" | "noGradient"> {
  readonly name: string;
  /** Micro-op for each dtype the op computes in. */
  readonly micro: Partial<Record<DType, Micro>>;
  /** Dtype of the result; the operands' common dtype when absent. */
  readonly result?: DType;
  /** Dtype the operands are cast to, whatever they are; their common dtype when absent. */
  readonly operands?: DType;
}

/** Gradient rule of ops that are constant almost everywhere. */
export function flat<I extends readonly Value[]>(_dy: Value, _y: Value, inputs: I): readonly null[] {
  return inputs.map(() => null);
}

/** An op of one, two or three operands that meet in one dtype and broadcast. Where only float32 has a micro-op, integers are cast. */
export function elementwise<I extends readonly Value[], A extends object = Record<never, never>>(rule: ElementwiseRule<I, A>): Op<I, A> {
  const { name, micro, result, operands } = rule;
  return op<I, A>({
    ...rule,
    prepare: (inputs, attrs) => {
      const dtype = operands ?? computeDtype(inputs, micro, name);
      return [inputs.map((x) => cast(x, { dtype })) as readonly Value[] as I, attrs];
    },
    shape: (inputs) => {
      let shape: Shape = inputs[0]!.shape;
      for (let i = 1; i < inputs.length; i++) shape = broadcastShapes(shape, inputs[i]!.shape, name);
      return { shape, dtype: result ?? inputs[0]!.dtype };
    },
    micro: (inputs) => microFor((inputs as readonly TensorType[])[0]!, micro, name),
    inPlace: [0, 1, 2],
  });
}

/** An op that rounds floats to whole numbers, and leaves integers as they are. */
export function rounding(name: string, micro: Micro): (x: Value) => Value {
  const rounded: Op<[x: Value]> = elementwise({ name, micro: { float32: micro }, vjp: flat });
  return (x) => (isFloat(x.dtype) ? rounded(x) : cast(x, { dtype: "int32" }));
}

function computeDtype(inputs: readonly Value[], micro: Partial<Record<DType, Micro>>, name: string): DType {
  let dtype = inputs[0]!.dtype;
  for (const input of inputs) dtype = promote(dtype, input.dtype);
  if (micro[dtype] !== undefined) return dtype;
  if (dtype === "bool" && micro.int32 !== undefined) return "int32";
  if (micro.float32 !== undefined) return "float32";
  throw new DTypeError(`${name}: does not take ${dtype}; it takes ${Object.keys(micro).join(", ")}.`);
}

function microFor(x: TensorType, micro: Partial<Record<DType, Micro>>, name: string): Micro {
  const found = micro[x.dtype];
  if (found === undefined) throw new DTypeError(`${name}: no micro-op for ${x.dtype}.`);
  return found;
}
