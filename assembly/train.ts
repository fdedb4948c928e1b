// The kernels of module "train": what training takes besides core, updates and randomness. src/program/kernels.ts is the same list on the other side.
export { scatter_add } from "./gather";
export { f32_finite, guard_finite } from "./guard";
export { f32_bn_grad_sums, f32_bn_stats } from "./norm";
export { f32_adam, f32_rmsprop, f32_sgd } from "./optimizer";
export { f32_dropout, f32_random } from "./random";
export { f32_average_pool2d_grad, f32_max_pool2d_grad } from "./pool.grad";
