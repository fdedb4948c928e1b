// Activations by name. Functions, their formulas and sources stand with the engine's; defaults here are those of Keras 3.
import { ValueError } from "../base/errors.js";
import {
  celu, elu, exponential, gelu, glu, hardShrink, hardSigmoid, hardSwish, hardTanh, leakyRelu, linear, logSigmoid, logSoftmax, mish, relu, relu6, selu,
  sigmoid, silu, softmax, softplus, softShrink, softsign, sparsemax, square, tanh, tanhShrink, threshold, type Tensor,
} from "../engine/index.js"; // prettier-ignore
import { lookUp, normalizeName, type NameIn } from "../base/names.js";

export type Activation = (x: Tensor) => Tensor;

/** A name in either spelling, or a function of tensors; a layer with a function of the user's own cannot be written to a file. */
export type ActivationLike = NameIn<typeof ACTIVATIONS> | Activation;

const ACTIVATIONS = {
  linear, relu, sigmoid, tanh, softmax, logSoftmax, softplus, softsign, exponential,
  swish: silu, silu, relu6, leakyRelu, elu, selu, celu, gelu, mish, hardSigmoid, hardSwish, hardSilu: hardSwish, hardTanh,
  logSigmoid, glu, sparsemax, squareplus, tanhShrink, softShrink, hardShrink, threshold,
} satisfies Readonly<Record<string, Activation>>; // prettier-ignore

/** (x + √(x² + b)) / 2; at b = 0 a relu, at 4 (the default) close to softplus.   Barron 2021 */
export function squareplus(x: Tensor, b = 4): Tensor {
  return x.add(square(x).add(b).sqrt()).mul(0.5);
}

/** The function a name means, in either spelling, or the function itself; softmax runs over the last axis. Throws ValueError on an unknown name. */
export function getActivation(like: ActivationLike, where = "activation"): Activation {
  if (typeof like === "function") return like;
  const known = lookUp<Activation>(ACTIVATIONS, like, where);
  return (x) => known(x);
}

/** How a layer's configuration writes an activation down. Throws ValueError for a function that has no name here. */
export function activationConfig(like: ActivationLike, where: string): string {
  if (typeof like === "string") return like;
  const name = Object.entries(ACTIVATIONS).find(([, known]) => known === like)?.[0];
  if (name !== undefined) return name;
  throw new ValueError(`${where}: expected an activation by name, got a function, which a file cannot hold. Use one of ${Object.keys(ACTIVATIONS).join(", ")}, or a layer of its own after this one.`);
}

/** Whether a name means "no activation": the layer's results are then logits. */
export function isLinear(name: string): boolean {
  return normalizeName(name) === "linear";
}
