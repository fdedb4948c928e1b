// The kernels of module "core": all that prediction needs. src/program/kernels.ts is the same list on the other side.
export { f32_conv2d } from "./conv";
export { copy, fill } from "./copy";
export { gather, one_hot } from "./gather";
export { f32_gemm } from "./gemm";
export { f32_lane_conv2d } from "./lane.conv";
export { from_lanes, to_lanes } from "./lane.layout";
export { f32_tile } from "./tile";
export { f32_average_pool2d, f32_max_pool2d } from "./pool";
export { f32_reduce, i32_reduce } from "./reduce";
export { f32_arg_reduce } from "./reduce.arg";
export { f32_softmax } from "./softmax";
export { f32_winograd2 } from "./winograd";
