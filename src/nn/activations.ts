// Activations by name.
import { abs, add, div, exp, logSoftmax, mul, relu, sigmoid, softmax, softplus, tanh, type Tensor } from "../engine/index.js";
import { lookUp, normalizeName } from "./names.js";

export type Activation = (x: Tensor) => Tensor;

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: (x) => x,
  relu: (x) => relu(x),
  sigmoid: (x) => sigmoid(x),
  tanh: (x) => tanh(x),
  softmax: (x) => softmax(x),
  logSoftmax: (x) => logSoftmax(x),
  softplus: (x) => softplus(x),
  /** x / (1 + |x|) */
  softsign: (x) => div(x, add(1, abs(x))),
  exponential: (x) => exp(x),
  swish: silu,
  silu,
};

/** x · sigmoid(x). Ramachandran et al. 2017, who call it swish. */
function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/** The function a name means, in either spelling; softmax runs over the last axis. Throws ValueError on an unknown name. */
export function getActivation(name: string, where = "activation"): Activation {
  return lookUp(ACTIVATIONS, name, where);
}

/** Whether a name means "no activation": the layer's results are then logits. */
export function isLinear(name: string): boolean {
  return normalizeName(name) === "linear";
}
