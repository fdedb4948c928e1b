// Derivatives beyond the gradient of a scalar: products with a Jacobian from either side, whole Jacobians and Hessians, a gradient an example.
// All are built from reverse mode alone, so every op with a gradient rule has them.
import { ShapeError } from "../base/errors.js";
import { sameShape, showShape, sizeOf } from "../base/shape.js";
import { gradients } from "../compile/grad.js";
import { constant, nextNodeId, type Value } from "../graph/value.js";
import { broadcastTo } from "../ops/broadcastTo.js";
import { cast } from "../ops/cast.js";
import { reshape } from "../ops/reshape.js";
import { slice } from "../ops/slice.js";
import { stack } from "../ops/stack.js";
import { grad, variableGrads } from "./grad.js";
import { tensor, recorded, Tensor, valueOf, type TensorLike } from "./tensor.js";
import type { Variable } from "./variable.js";

type TensorFunction = (x: Tensor) => Tensor;

/**
 * Vector-Jacobian product (reverse mode): f's value at x, and the function v → vᵀ·J that pulls a gradient of the value back to x.
 *
 * v: shape of f(x)   returns a tensor in the shape of x; zeros where f does not depend on x.
 */
export function vjp(f: TensorFunction, x: TensorLike): { value: Tensor; pullback: (v: TensorLike) => Tensor } {
  const { input, value, since } = traced(f, x);
  return { value: new Tensor(value), pullback: (v) => new Tensor(pull(value, input, floatOf(v), since)) };
}

/**
 * Jacobian-vector product (forward mode): f's value at x and its derivative along v, J·v, in the shape of the value.
 * Computed as the gradient of a vector-Jacobian product, which is linear in its vector; so it needs second gradients.
 *
 * v: shape of x.   Throws ShapeError when it is not.
 */
export function jvp(f: TensorFunction, x: TensorLike, v: TensorLike): { value: Tensor; tangent: Tensor } {
  const { input, value, since } = traced(f, x);
  const direction = floatOf(v);
  if (!sameShape(direction.shape, input.shape)) throw new ShapeError(`jvp: the direction is ${showShape(direction.shape)}, x is ${showShape(input.shape)}.`);
  // Any numbers do: the product is linear in u, so its gradient does not contain them.
  const u = tensor(new Float32Array(sizeOf(value.shape)), value.shape).value;
  const product = pull(value, input, u, since);
  const [tangent] = gradients(product, [u], direction, u.id);
  return { value: new Tensor(value), tangent: new Tensor(tangent ?? zeros(value)) };
}

/**
 * All derivatives of f at x: [...shape of f(x), ...shape of x]. One backward pass an element of f(x), in one program.
 */
export function jacobian(f: TensorFunction): (x: TensorLike) => Tensor {
  return (x) => {
    const { input, value, since } = traced(f, x);
    return new Tensor(jacobianOf(value, input, since));
  };
}

/**
 * The second derivatives of a scalar function at x: [...shape of x, ...shape of x], symmetric.
 * Throws ShapeError when f returns no scalar.
 */
export function hessian(f: TensorFunction): (x: TensorLike) => Tensor {
  return jacobian((x) => grad(f)(x));
}

/**
 * A gradient for every example of a batch: f is called with one example (the leading axis taken off) of each of `batch` and returns its loss.
 * Returns, for every trainable variable f reads (or for those given), the gradients stacked: [examples, ...shape of the variable]. Their mean is the gradient of the mean loss.
 * Throws ShapeError when the leading sizes differ.
 */
export function perExampleGrads(f: (...example: Tensor[]) => Tensor, batch: readonly TensorLike[], variables?: readonly Variable[]): Map<Variable, Tensor> {
  const xs = batch.map((x) => valueOf(x));
  const count = xs[0]?.shape[0];
  if (count === undefined || count === 0 || xs.some((x) => x.shape[0] !== count)) {
    throw new ShapeError(`perExampleGrads: expected tensors with one leading number of examples, got ${xs.map(({ shape }) => showShape(shape)).join(", ") || "none"}.`);
  }
  const each = Array.from({ length: count }, (_, i) => variableGrads(() => f(...xs.map((x) => example(x, i))), variables).grads);
  return new Map([...each[0]!.keys()].map((variable) => [variable, new Tensor(stack(each.map((grads) => grads.get(variable)!.value), { axis: 0 }))]));
}

function example(x: Value, i: number): Tensor {
  const size = [1, ...x.shape.slice(1)];
  return new Tensor(reshape(slice(x, { begin: [i, ...x.shape.slice(1).map(() => 0)], size }), { shape: x.shape.slice(1) }));
}

interface Traced {
  readonly input: Value;
  readonly value: Value;
  /** Nodes made before f are constants. */
  readonly since: number;
}

function traced(f: TensorFunction, x: TensorLike): Traced {
  const input = x instanceof Tensor ? x.value : floatOf(x);
  const since = nextNodeId();
  const value = recorded(() => f(new Tensor(input))).value;
  return { input, value, since };
}

function pull(value: Value, input: Value, v: Value, since: number): Value {
  if (!sameShape(v.shape, value.shape)) throw new ShapeError(`vjp: the vector is ${showShape(v.shape)}, f(x) is ${showShape(value.shape)}.`);
  return gradients(value, [input], v, since)[0] ?? zeros(input);
}

function jacobianOf(value: Value, input: Value, since: number): Value {
  const count = sizeOf(value.shape);
  const rows = Array.from({ length: count }, (_, i) => {
    const unit = new Float32Array(count);
    unit[i] = 1;
    return pull(value, input, tensor(unit, value.shape).value, since);
  });
  const shape = [...value.shape, ...input.shape];
  return rows.length === 0 ? zeros({ ...input, shape }) : reshape(stack(rows, { axis: 0 }), { shape });
}

/** Integers are no place to differentiate at. */
function floatOf(x: TensorLike): Value {
  return cast(valueOf(x), { dtype: "float32" });
}

function zeros({ shape }: { readonly shape: Value["shape"] }): Value {
  return broadcastTo(constant(0), { shape });
}
