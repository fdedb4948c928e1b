// The kernels of module "train": gradients, updates and randomness. src/program/kernels.ts is the same list on the other side.
export { f32_conv2d_grad_filter, f32_conv2d_grad_input } from "./conv.grad";
export { scatter_add } from "./gather";
export { guard_finite } from "./guard";
export { f32_lane_conv2d_grad_filter, f32_lane_conv2d_grad_input } from "./lane.conv.grad";
export { f32_lane_unpool } from "./lane.pool";
export { f32_bn_grad_sums, f32_bn_stats } from "./norm";
export { f32_adam, f32_rmsprop, f32_sgd } from "./optimizer";
export { f32_dropout, f32_random } from "./random";
export { f32_average_pool2d_grad, f32_max_pool2d_grad } from "./pool.grad";
export { f32_softmax_grad, f32_softmax_xent, f32_softmax_xent_grad } from "./softmax.grad";
export { f32_winograd2_grad_filter } from "./winograd.grad";
