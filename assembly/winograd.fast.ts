// Winograd's convolutions in tiles of 4×4, for numerics "fast": see winograd.ts, winograd.grad.ts and, for what they cost in accuracy, winograd.tile4.ts.
import { run } from "./winograd";
import { runGradFilter } from "./winograd.grad";

/** f32_winograd2 in tiles of 4×4. */
export function f32_winograd4(words: usize): void {
  run<u32>(words);
}

/** f32_winograd2_grad_filter in tiles of 4×4. */
export function f32_winograd4_grad_filter(words: usize): void {
  runGradFilter<u32>(words);
}
