// Public names, nothing else.
export * from "./base/errors.js";
export type { DType, TypedArray } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export * from "./engine/index.js";
