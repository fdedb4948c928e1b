// Kernels by module: the register on this side. assembly/core.ts and assembly/train.ts export the same names; a test compares them.

/** core: what prediction needs; train: gradients, updates, randomness of the common layers; extra: everything rarer, loaded where a program names it. */
export const MODULES = ["core", "train", "extra"] as const;

export const KERNELS = {
  f32_tile: "core",
  f32_gemm: "core",
  f32_conv2d: "core",
  f32_max_pool2d: "core",
  f32_average_pool2d: "core",
  f32_reduce: "core",
  i32_reduce: "core",
  f32_arg_reduce: "core",
  f32_softmax: "core",
  copy: "core",
  fill: "core",
  gather: "core",
  one_hot: "core",
  f32_conv2d_grad_filter: "train",
  f32_conv2d_grad_input: "train",
  f32_max_pool2d_grad: "train",
  f32_average_pool2d_grad: "train",
  f32_softmax_grad: "train",
  f32_softmax_xent: "train",
  f32_softmax_xent_grad: "train",
  f32_bn_stats: "train",
  f32_bn_grad_sums: "train",
  f32_sgd: "train",
  f32_rmsprop: "train",
  f32_adam: "train",
  f32_random: "train",
  f32_dropout: "train",
  guard_finite: "train",
  scatter_add: "train",
  f32_tile_extra: "extra",
} as const satisfies Record<string, (typeof MODULES)[number]>;

export type Kernel = keyof typeof KERNELS;
export type Module = (typeof KERNELS)[Kernel];
