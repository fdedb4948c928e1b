// Gradients of functions and of values, in eager code and inside compile() alike.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { showShape } from "../base/shape.js";
import { gradients as gradientsOf } from "../compile/grad.js";
import { topological } from "../graph/graph.js";
import { constant, nextNodeId, STATE, type Value } from "../graph/value.js";
import { broadcastTo } from "../ops/broadcastTo.js";
import { stopGradient as stop } from "../ops/stopGradient.js";
import { recorded, Tensor, valueOf, type TensorLike } from "./tensor.js";
import { Variable } from "./variable.js";

/**
 * Gradient of the scalar y for each of xs, null where none flows. dy: the gradient of y itself, in its shape, for a y that is no scalar.
 * Outside grad(), valueAndGrads() and variableGrads(), a tensor that was looked at is data, and no gradient flows through it.
 * Throws ShapeError when y is no scalar and no dy is given.
 */
export function gradients(y: Tensor, xs: readonly Tensor[], dy?: TensorLike): (Tensor | null)[] {
  return tensors(gradientsOf(y.value, xs.map((x) => x.value), dy === undefined ? undefined : valueOf(dy)));
}

function tensors(grads: readonly (Value | null)[]): (Tensor | null)[] {
  return grads.map((grad) => (grad === null ? null : new Tensor(grad)));
}

type ScalarFunction = (...xs: Tensor[]) => Tensor;

/** The arguments, or a list of tensors that are. */
type Listed = TensorLike[] | [xs: readonly Tensor[]];

/** The gradients of f for all its arguments, given one by one or as a list of tensors: (x, y, …) → [∂f/∂x, ∂f/∂y, …]. f returns a scalar. */
export function grads(f: ScalarFunction): (...xs: Listed) => Tensor[] {
  return (...xs) => valueAndGrads(f)(...xs).grads;
}

/** The gradient of f for its one argument. f returns a scalar. */
export function grad(f: (x: Tensor) => Tensor): (x: TensorLike) => Tensor {
  return (x) => grads(f as ScalarFunction)(x)[0]!;
}

/** f's value and its gradient for one argument. */
export function valueAndGrad(f: (x: Tensor) => Tensor): (x: TensorLike) => { value: Tensor; grad: Tensor } {
  return (x) => {
    const { value, grads: all } = valueAndGrads(f as ScalarFunction)(x);
    return { value, grad: all[0]! };
  };
}

/** f's value and its gradients for all arguments; zeros where none flows, as for an argument of integers. Throws DTypeError when all are integers or booleans. */
export function valueAndGrads(f: ScalarFunction): (...xs: Listed) => { value: Tensor; grads: Tensor[] } {
  return (...given) => {
    const inputs = listed(given).map((x) => (x instanceof Tensor ? x : new Tensor(floatOf(x))));
    if (inputs.length > 0 && !inputs.some(({ dtype }) => isFloat(dtype))) {
      throw new DTypeError(`grad: expected an argument of floats, got ${inputs.map(({ dtype }) => dtype).join(", ")}, whose gradient is zero. Cast it: x.cast("float32").`);
    }
    const leaves = inputs.map((input) => input.value);
    const since = nextNodeId();
    const value = recorded(() => f(...inputs));
    const all = tensors(gradientsOf(value.value, leaves, undefined, since)).map((g, i) => g ?? zerosLike(inputs[i]!));
    return { value, grads: all };
  };
}

/**
 * The value of f and its gradient for every trainable variable it reads, or for those given. What was computed before f is constant.
 * Throws ValueError when a variable given is not read by f, naming it.
 */
export function variableGrads(f: () => Tensor, variables?: readonly Variable[]): { value: Tensor; grads: Map<Variable, Tensor> } {
  const since = nextNodeId();
  const value = recorded(f);
  const list = variables ?? variablesIn(value.value, since).filter(({ trainable }) => trainable);
  if (list.length === 0) throw new ValueError("variableGrads: f reads no trainable variable, so there is nothing to differentiate for.");
  const all = tensors(gradientsOf(value.value, list.map((variable) => variable.value), undefined, since));
  const grads = new Map<Variable, Tensor>();
  list.forEach((variable, i) => {
    const found = all[i];
    if (found) grads.set(variable, found);
    else if (variables) throw new ValueError(`variableGrads: the value does not depend on variable ${variable.name} ${showShape(variable.shape)}.`);
  });
  return { value, grads };
}

/** x, through which no gradient flows. */
export function stopGradient(x: TensorLike): Tensor {
  return new Tensor(stop(valueOf(x)));
}

/** Variables that nodes from `since` on read, in order of creation. */
function variablesIn(value: Value, since: number): Variable[] {
  const found = new Set<Variable>();
  for (const node of topological([value], ({ id }) => id < since)) if (node.op === STATE && node.source instanceof Variable) found.add(node.source);
  return [...found].sort((a, b) => a.id - b.id);
}

/** A list of tensors is no tensor: its entries are the arguments. */
function listed(given: Listed): readonly TensorLike[] {
  const [first] = given;
  return Array.isArray(first) && first.some((x) => x instanceof Tensor) ? (first as readonly Tensor[]) : (given as TensorLike[]);
}

/** Integers are no place to differentiate at: bare numbers and arrays become float32. */
function floatOf(x: TensorLike): Value {
  return new Tensor(valueOf(x)).cast("float32").value;
}

function zerosLike(x: Tensor): Tensor {
  return new Tensor(broadcastTo(constant(0), { shape: x.shape }));
}
