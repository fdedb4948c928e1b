// The kernels of module "train": gradients, updates and randomness. src/program/kernels.ts is the same list on the other side.
export { f32_conv2d_grad_filter, f32_conv2d_grad_input } from "./conv.grad";
