// The kernels of module "core": prediction, and the gradients that share their inner loops with it. src/program/kernels.ts is the same list on the other side.
export { f32_conv2d } from "./conv";
export { f32_conv2d_grad_filter, f32_conv2d_grad_input } from "./conv.grad";
export { copy, fill } from "./copy";
export { gather, one_hot } from "./gather";
export { f32_gemm } from "./gemm";
export { f32_lane_conv2d } from "./lane.conv";
export { f32_lane_conv2d_grad_filter, f32_lane_conv2d_grad_input } from "./lane.conv.grad";
export { from_lanes, to_lanes } from "./lane.layout";
export { f32_lane_unpool } from "./lane.pool";
export { f32_average_pool2d, f32_max_pool2d } from "./pool";
export { f32_reduce } from "./reduce";
export { f32_arg_reduce } from "./reduce.arg";
export { f32_softmax } from "./softmax";
export { f32_softmax_grad, f32_softmax_xent, f32_softmax_xent_grad } from "./softmax.grad";
export { f32_tile } from "./tile";
export { f32_winograd2 } from "./winograd";
export { f32_winograd2_grad_filter } from "./winograd.grad";
