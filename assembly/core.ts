// The kernels of module "core": all that prediction needs. src/program/kernels.ts is the same list on the other side.
export { f32_conv2d } from "./conv";
export { copy, fill, u8_to_f32 } from "./copy";
export { gather, one_hot } from "./gather";
export { f32_gemm } from "./gemm";
export { f32_tile } from "./tile";
