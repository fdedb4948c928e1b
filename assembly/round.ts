// What loops need between their rounds: a row copied in or out at a place that is counted at run time, and the count.

/** to[row] = from[row], rows of `bytes`; row = first + step · index. A side of which every round has the same place has a stride of 0. Words: docs/kernels.md. */
export function copy_row(words: usize): void {
  const to = <usize>load<u32>(words), from = <usize>load<u32>(words, 4);
  const row = load<i32>(words, 24) + load<i32>(words, 28) * load<i32>(<usize>load<u32>(words, 8));
  memory.copy(to + <usize>row * <usize>load<u32>(words, 16), from + <usize>row * <usize>load<u32>(words, 20), <usize>load<u32>(words, 12));
}

/** index += 1. */
export function next_round(words: usize): void {
  const index = <usize>load<u32>(words);
  store<i32>(index, load<i32>(index) + 1);
}
