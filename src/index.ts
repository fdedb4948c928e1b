// Public names, nothing else.
export * from "./base/errors.js";
export type { DType, TypedArray } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export * from "./engine/index.js";
export * from "./nn/index.js";
export { printProgram } from "./program/print.js";
export { printPlan } from "./program/printPlan.js";
export type { Program } from "./program/program.js";
export { imageAugmenter, type AugmenterOptions } from "./data/image.js";
export { toDigitImage } from "./data/images.js";
export { generateDigits } from "./data/digits/generate.js";
export { loadMnist } from "./data/mnist.js";
export { loadModel, saveModel } from "./io/files.js";
