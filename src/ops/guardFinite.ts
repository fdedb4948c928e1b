// guardFinite: whether tensors hold neither infinities nor NaN; the first that does is reported in the program's status.
import { DTypeError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import { part, type TensorType, type Value } from "../graph/value.js";
import { rowUnits } from "../program/split.js";
import { at, op, STATUS_ADDRESS, STEP_INDEX, type LoweredWord, type Lowering, type Op, type Operand } from "./op.js";

/** Tensors from here on are looked through by all threads, as they were written, each unit with a flag. */
const LARGE = 4096;

/** Results: the condition, then the flags of each large tensor. */
const guardOp: Op<[...tensors: Value[]]> = op({
  name: "guardFinite",
  shape: (tensors) => {
    const odd = tensors.find((x) => x.dtype !== "float32");
    if (odd) throw new DTypeError(`guardFinite: takes float32, got ${odd.dtype}.`);
    const flags = tensors.filter(isLarge).map((x): TensorType => ({ shape: [rowUnits(x.shape, x.dtype).units], dtype: "float32" }));
    return [{ shape: [], dtype: "int32" }, ...flags];
  },
  vjpParts: (_dys, _ys, tensors) => tensors.map(() => null),
  lower: ([condition, ...flags], tensors) => {
    const all = tensors.map((x, which) => ({ x, which }));
    const small = all.filter(({ x }) => !isLarge(x));
    const guard = (list: readonly { x: Operand; which: number }[]): Lowering => ({
      kernel: "guard_finite",
      words: [at(condition), STATUS_ADDRESS, STEP_INDEX, list.length, ...list.flatMap(({ x, which }): LoweredWord[] => [at(x), sizeOf(x.shape), which])],
    });
    if (flags.length === 0) return guard(small);
    const large = all.filter(({ x }) => isLarge(x)).map(({ x, which }, k): Lowering => {
      const { units, elements, bytes } = rowUnits(x.shape, x.dtype);
      return {
        kernel: "f32_finite",
        words: [at(flags[k]!), at(x), sizeOf(x.shape), elements, STATUS_ADDRESS, STEP_INDEX, which],
        split: { units, outputs: [null, ...flags.map(() => 4)], inputs: tensors.map(() => bytes) },
      };
    });
    // The small ones come first, the loss among them: where it is not finite, no gradient is. Once more in the end, for the condition.
    return [guard(small), ...large, guard([...small, ...flags.map((x) => ({ x, which: 0 }))])];
  },
  heavy: true,
});

/** int32 scalar: 1 when all elements of all tensors are finite, else 0 and the status "not finite". Throws DTypeError for other than float32. */
export function guardFinite(...tensors: readonly Value[]): Value {
  return part(guardOp(...tensors), 0);
}

function isLarge(x: TensorType): boolean {
  return sizeOf(x.shape) >= LARGE;
}
