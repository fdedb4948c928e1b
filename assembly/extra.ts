// The kernels of module "extra": what the common layers do without. src/program/kernels.ts is the same list on the other side.
export { f32_tile_extra } from "./tile.extra";
