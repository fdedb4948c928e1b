// Gradients that the user chooses: a function with a gradient of its own, and one whose insides are computed a second time rather than kept.
import { gradients } from "../compile/grad.js";
import { rebuild } from "../graph/rebuild.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import { topological } from "../graph/graph.js";
import { CONSTANT, isLeaf, nextNodeId, type Value } from "../graph/value.js";
import { after } from "../ops/after.js";
import { withGradient } from "../ops/withGradient.js";
import { recorded, Tensor, valueOf, type TensorLike } from "./tensor.js";

/** What a function with a gradient of its own returns: its value, and the gradients for its arguments from the gradient dy of the value. */
export interface WithGradient {
  readonly value: Tensor;
  /** dy: shape of the value   returns the gradient of each argument, null where none flows. */
  readonly gradFunc: (dy: Tensor) => Tensor | readonly (Tensor | null)[];
}

/**
 * f with the gradient that its gradFunc gives, whatever its value is computed by: for numerically better gradients, clipped or straight-through ones.
 *
 * gradFunc(dy) returns one tensor in the shape of each argument, or null where none flows; dy has the shape of the value.
 * Throws ValueError when it returns another number of them, ShapeError when a shape differs.
 */
export function customGradient(f: (...xs: Tensor[]) => WithGradient): (...xs: TensorLike[]) => Tensor {
  return (...xs) => {
    const inputs = xs.map((x) => (x instanceof Tensor ? x : new Tensor(valueOf(x))));
    const { value, gradFunc } = recorded(() => f(...inputs));
    const rule = (dy: Value): (Value | null)[] => {
      const grads = [gradFunc(new Tensor(dy))].flat() as readonly (Tensor | null)[];
      if (grads.length !== inputs.length) throw new ValueError(`customGradient: gradFunc returned ${grads.length} gradients for ${inputs.length} arguments.`);
      return grads.map((grad, i) => {
        if (grad !== null && !sameShape(grad.shape, inputs[i]!.shape)) {
          throw new ShapeError(`customGradient: gradient ${i} is ${showShape(grad.shape)}, its argument ${showShape(inputs[i]!.shape)}.`);
        }
        return grad && grad.value;
      });
    };
    return new Tensor(withGradient(value.value, inputs.map((x) => x.value), rule));
  };
}

/** What customGrad()'s function returns: its value, and the gradients from the gradient dy of the value and what was saved. */
export interface WithSavedGradient {
  readonly value: Tensor;
  /** dy: shape of the value; saved: what save() was given   returns the gradient of each argument, null where none flows. */
  readonly gradFunc: (dy: Tensor, saved: readonly Tensor[]) => Tensor | readonly (Tensor | null)[];
}

/** customGradient() as TensorFlow.js writes it: f's last argument is save(tensors), whose tensors gradFunc gets. Closures do the same without. */
export function customGrad(f: (...xsAndSave: [...xs: Tensor[], save: (tensors: readonly Tensor[]) => void]) => WithSavedGradient): (...xs: TensorLike[]) => Tensor {
  return customGradient((...xs) => {
    let saved: readonly Tensor[] = [];
    const { value, gradFunc } = f(...xs, (tensors) => (saved = tensors));
    return { value, gradFunc: (dy) => gradFunc(dy, saved) };
  });
}

/**
 * f, whose intermediates are not kept for the backward pass but computed again there: less memory for about one more forward pass.
 * The result and its gradients have the same bits; random draws inside f are repeated, not drawn anew. Variables that f reads get their gradients.
 */
export function checkpoint(f: (...xs: Tensor[]) => Tensor): (...xs: TensorLike[]) => Tensor {
  return (...xs) => {
    const since = nextNodeId();
    const inputs = xs.map((x) => (x instanceof Tensor ? x : new Tensor(valueOf(x))));
    const y = recorded(() => f(...inputs)).value;
    const given = new Set(inputs.map((x) => x.value));
    const isOutside = (value: Value): boolean => given.has(value) || value.id < since || isLeaf(value);
    const inside = topological([y], isOutside);
    const border = inside.filter((value) => isOutside(value) && value.op !== CONSTANT);
    const rule = (dy: Value): readonly (Value | null)[] => {
      // Every input comes in "after dy": the copies are other nodes than the first ones, and run when the backward pass gets here.
      const copies = new Map<Value, Value>(border.map((value) => [value, after(value, dy)]));
      for (const value of inside) {
        if (!copies.has(value)) copies.set(value, value.op === CONSTANT ? value : rebuild(value, value.inputs.map((input) => copies.get(input)!)));
      }
      return gradients(copies.get(y)!, border.map((value) => copies.get(value)!), dy);
    };
    return new Tensor(withGradient(y, border, rule));
  };
}
