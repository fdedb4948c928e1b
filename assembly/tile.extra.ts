// f32_tile for chains that hold a rare micro-op: the same walk over operands, with more micro-ops to choose from.
import { runAnyMicro } from "./micro.extra";
import { walk } from "./tile";

export function f32_tile_extra(words: usize): void {
  walk(words, runAnyMicro);
}
