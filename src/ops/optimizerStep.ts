// optimizerStep: what the optimizers' update ops share. Their results are parameters and their slots, changed in place. An op updates one parameter;
// `many` gives the same op for several, which run as one step.
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf, type Shape } from "../base/shape.js";
import type { TensorType, Value } from "../graph/value.js";
import type { Kernel } from "../program/kernels.js";
import type { Address } from "../program/program.js";
import { rowUnits } from "../program/split.js";
import { at, like, op, type AnyOp, type LoweredWord, type Op, type OpRule, type Operand } from "./op.js";

const IN_PLACE = "an update in place is the end of a training step";

export interface OptimizerRule<A extends object> {
  readonly name: string;
  readonly kernel: Kernel;
  /** The parameter and its slots. */
  readonly variables: number;
  /** Words before the list of tensors, but for the rate, which is the first, and the length of the list. */
  readonly scalars: (attrs: A) => readonly LoweredWord[];
  /** The words of a tensor, but for its size: addresses of the parameter and its slots as the kernel wants them, 0 for what there is not. */
  readonly tensors: (variables: readonly Address[], grad: Address) => readonly LoweredWord[];
}

/** An op over the parameter, its slots, its gradient and the rate, a scalar. Its results are the parameter and its slots. */
export function optimizerStep<I extends readonly Value[], A extends object>(rule: OptimizerRule<A>): Op<I, A> {
  const several = new Map<number, AnyOp>();
  const many = (count: number): AnyOp => {
    if (!several.has(count)) several.set(count, rulesFor(rule, count, `${rule.name} × ${count}`) as AnyOp);
    return several.get(count)!;
  };
  return op<I, A>({ ...rulesFor<I, A>(rule, 1, rule.name), many });
}

/** Inputs: of each parameter its variables and its gradient; at the end the rate. */
function rulesFor<I extends readonly Value[], A extends object>(rule: OptimizerRule<A>, count: number, name: string): OpRule<I, A> {
  const { variables, kernel } = rule;
  const stride = variables + 1;
  const parameters = Array.from({ length: count }, (_, i) => i);
  const of = <T>(inputs: readonly T[], i: number): { variables: readonly T[]; grad: T } => ({
    variables: inputs.slice(i * stride, i * stride + variables),
    grad: inputs[i * stride + variables]!,
  });
  return {
    name,
    shape: (inputs) => parameters.flatMap((i) => stepTypes(name, of(inputs, i).variables, of(inputs, i).grad, inputs[count * stride]!)),
    noGradient: IN_PLACE,
    lower: (_out, operands, attrs) => {
      const inputs = operands as readonly Operand[];
      const sizes = unitsOf(parameters.map((i) => inputs[i * stride]!.shape));
      const list = parameters.flatMap((i): readonly LoweredWord[] => {
        const { variables: own, grad } = of(inputs, i);
        return [...rule.tensors(own.map((x) => at(x)), at(grad)), sizeOf(own[0]!.shape), sizes.elements[i]!];
      });
      const bytes = parameters.map((i) => 4 * sizes.elements[i]!);
      return {
        kernel,
        words: [at(inputs[count * stride]!), ...rule.scalars(attrs), count, ...list],
        split: {
          units: sizes.units,
          outputs: bytes.flatMap((size) => new Array<number>(variables).fill(size)),
          inputs: [...bytes.flatMap((size) => new Array<number>(stride).fill(size)), null],
        },
      };
    },
    mutates: parameters.flatMap((i) => Array.from({ length: variables }, (_, k) => i * stride + k)),
  };
}

/**
 * Elements a unit of each of several tensors, all cut into the same number of units: that of the tensor that has most. Those with as many keep the
 * units that other steps on them count; the others are cut evenly, by cache lines.
 */
function unitsOf(shapes: readonly Shape[]): { units: number; elements: readonly number[] } {
  const own = shapes.map((shape) => rowUnits(shape, "float32"));
  const units = Math.max(...own.map((one) => one.units));
  const elements = own.map((one, i) => (one.units === units ? one.elements : LINE_ELEMENTS * Math.ceil(sizeOf(shapes[i]!) / units / LINE_ELEMENTS)));
  return { units, elements };
}

/** Elements of a cache line. */
const LINE_ELEMENTS = 16;

/**
 * Types of the results: those of the variables.
 * Throws DTypeError or ShapeError unless variables and gradient are float32 of one shape and the rate is a float32 scalar.
 */
function stepTypes(where: string, variables: readonly TensorType[], grad: TensorType, rate: TensorType): TensorType[] {
  const p = variables[0]!;
  for (const x of [...variables, grad, rate]) {
    if (x.dtype !== "float32") throw new DTypeError(`${where}: takes float32, got ${x.dtype}. Cast first.`);
  }
  for (const x of [...variables, grad]) {
    if (!sameShape(x.shape, p.shape)) {
      throw new ShapeError(`${where}: the parameter is ${showShape(p.shape)}, its slots and gradient must be so too, got ${showShape(x.shape)}.`);
    }
  }
  if (rate.shape.length !== 0) throw new ShapeError(`${where}: the learning rate must be a scalar, got ${showShape(rate.shape)}.`);
  return variables.map((x) => like(x));
}
