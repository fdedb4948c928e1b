// A thread's steps as cells of shared memory, four a step, and the loop that carries them out. Kernels are known by their numbers.
export type KernelFunction = (words: number) => void;

const CALL = 0, WAIT = 1, BRANCH = 2, LOOP = 3;
const STEP_CELLS = 4;

/** The kernels among a module's exports, put into a table in the order of `names`. */
export function enterKernels(table: KernelFunction[], names: readonly string[], exports: Readonly<Record<string, unknown>>): void {
  names.forEach((name, number) => {
    const entry = exports[name];
    if (typeof entry === "function") table[number] = entry as KernelFunction;
  });
}

/** Writes a thread's steps. */
export class StepWriter {
  readonly cells: number[] = [];

  /** words: their address. */
  call(kernel: number, words: number): void {
    this.cells.push(CALL, kernel, words, 0);
  }

  /** All threads wait for each other. */
  wait(): void {
    this.cells.push(WAIT, 0, 0, 0);
  }

  /** condition: address of an int32. */
  branch(condition: number, steps: StepWriter, otherwise: StepWriter): void {
    this.cells.push(BRANCH, condition, steps.cells.length, otherwise.cells.length);
    for (const cell of steps.cells) this.cells.push(cell);
    for (const cell of otherwise.cells) this.cells.push(cell);
  }

  loop(count: number, steps: StepWriter): void {
    if (steps.cells.length === 0) return;
    this.cells.push(LOOP, count, steps.cells.length, 0);
    for (const cell of steps.cells) this.cells.push(cell);
  }
}

/** Carries out the steps in cells `from` … `to` of a memory. wait: meets the other threads. */
export function walk(memory: Int32Array, from: number, to: number, kernels: readonly KernelFunction[], wait: () => void): void {
  for (let at = from; at < to; at += STEP_CELLS) {
    const kind = memory[at]!;
    if (kind === CALL) kernels[memory[at + 1]!]!(memory[at + 2]!);
    else if (kind === WAIT) wait();
    else if (kind === BRANCH) {
      const body = at + STEP_CELLS;
      const otherwise = body + memory[at + 2]!;
      const end = otherwise + memory[at + 3]!;
      if (memory[memory[at + 1]! >>> 2] !== 0) walk(memory, body, otherwise, kernels, wait);
      else walk(memory, otherwise, end, kernels, wait);
      at = end - STEP_CELLS;
    } else {
      const body = at + STEP_CELLS;
      const end = body + memory[at + 2]!;
      for (let round = memory[at + 1]!; round > 0; round--) walk(memory, body, end, kernels, wait);
      at = end - STEP_CELLS;
    }
  }
}
