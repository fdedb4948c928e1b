// The kernels of module "extra": what the common layers do without. src/program/kernels.ts is the same list on the other side.
export { f32_attention } from "./attention";
export { f32_depthwise_conv2d, f32_depthwise_conv2d_grad_filter } from "./depthwise";
export { f32_fft } from "./fft";
export { f32_cholesky, f32_triangular_solve } from "./linalg.cholesky";
export { f32_eigh } from "./linalg.eigh";
export { f32_cofactor, f32_det, f32_solve } from "./linalg.lu";
export { f32_qr } from "./linalg.qr";
export { f32_svd } from "./linalg.svd";
export { f32_fold, i32_reduce } from "./reduce";
export { f32_max_pool2d_gather } from "./pool.gather";
export { f32_norm_rows, f32_norm_rows_grad, f32_norm_sums } from "./norm.rows";
export { f32_resize, f32_resize_grad } from "./resize";
export { copy_row, next_round } from "./round";
export { gather_nd, iota, scatter_along, scatter_nd, take_along } from "./scatter";
export { f32_scan, i32_scan } from "./scan";
export { argsort, searchsorted } from "./sort";
export { f32_tile_extra } from "./tile.extra";
export { f32_winograd4, f32_winograd4_grad_filter } from "./winograd.fast";
