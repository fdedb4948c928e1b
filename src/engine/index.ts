// The engine's public face, for the layers above.
export { compile, type Arguments, type CompiledFunction, type Parameter, type Outputs, type RunStatus } from "./compile.js";
export { init, memory, type InitOptions } from "./device.js";
export type { Numerics } from "../ops/op.js";
export * from "./activations.js";
export * from "./create.js";
export * from "./elementwise.js";
export * from "./functions.js";
export { cond, scan, whileLoop, type ScanOptions, type WhileOptions } from "./control.js";
export { checkpoint, customGradient, type WithGradient } from "./customGradient.js";
export { hessian, jacobian, jvp, perExampleGrads, vjp } from "./derivatives.js";
export { grad, gradients, grads, stopGradient, valueAndGrad, valueAndGrads, variableGrads } from "./grad.js";
export { printGraph } from "./print.js";
export { bernoulli, categorical, dropout, randomInt, randomKeyVariable, randomNormal, randomSeed, randomUniform, setRandomSeed, truncatedNormal, withRandomKey } from "./random.js";
export { fedScalar } from "./scalar.js";
export { borrowed, tensor, Tensor, type NestedArray, type TensorLike } from "./tensor.js";
export { applyStep, guarded, type StepOp } from "./update.js";
export { GradientTape, type TapeOptions } from "./tape.js";
export { variable, Variable, type VariableOptions } from "./variable.js";
