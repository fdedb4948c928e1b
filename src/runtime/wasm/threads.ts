// A program's steps for each of several threads: words of its own, with its range of units, its workspace and its status, and the list to walk.
import { STATUS_WORDS, type KernelStep, type Program, type Step, type Word } from "../../program/program.js";
import { ALL_UNITS, firstUnit } from "../../program/split.js";
import { kernelSteps } from "../../program/walk.js";
import { countWords } from "../../program/words.js";
import type { Status } from "../executor.js";
import type { WasmExecutor } from "./executor.js";
import type { Job } from "./signals.js";
import { StepWriter } from "./walk.js";

/** Words before a step's own: the first unit, and the one behind the last. */
export 
const LINE_BYTES = 64;

export class ThreadLists {
  private constructor(
    private readonly executor: WasmExecutor,
    private readonly layout: number,
    private readonly threads: number,
    /** Where each thread's steps begin and end. */
    readonly ranges: Job["ranges"],
    /** Of the threads after the first: a thread reports failures where no other writes. */
    private readonly statuses: readonly number[],
    private readonly address: number,
    private readonly bytes: number,
  ) {}

  /** The lists given, or new ones when there are none, or what they point at has moved. */
  static current(known: ThreadLists | null, executor: WasmExecutor, program: Program, slotAddress: readonly number[], threads: number): ThreadLists {
    // First, for it may move them.
    const workspaces = executor.workspacesOf(largestWorkspace(program));
    if (known?.layout === executor.layoutVersion && known.threads === threads) return known;
    known?.release();
    return ThreadLists.write(executor, program, slotAddress, threads, workspaces);
  }

  private static write(executor: WasmExecutor, program: Program, slotAddress: readonly number[], threads: number, workspaces: readonly number[]): ThreadLists {
    const first = { program, slotAddress, executor, threads, thread: 0, workspace: 0, status: 0 };
    // The first thread has the most steps.
    const wordBytes = lines(4 * countWords(program.steps));
    const bytesEach = wordBytes + lines(4 * listFor(first, [], 0).cells.length);
    const statusBytes = LINE_BYTES * (threads - 1);
    const bytes = statusBytes + threads * bytesEach;
    const address = executor.reserve(bytes);
    const statuses = Array.from({ length: threads - 1 }, (_, i) => address + LINE_BYTES * i);
    const ranges = Array.from({ length: threads }, (_, thread): [number, number] => {
      const base = address + statusBytes + thread * bytesEach;
      const words: number[] = [];
      const { cells } = listFor({ ...first, thread, workspace: workspaces[thread - 1] ?? 0, status: statuses[thread - 1] ?? 0 }, words, base);
      const from = base + wordBytes;
      new Uint32Array(executor.buffer, base, words.length).set(words);
      new Int32Array(executor.buffer, from, cells.length).set(cells);
      return [from, from + 4 * cells.length];
    });
    return new ThreadLists(executor, executor.layoutVersion, threads, ranges, statuses, address, bytes);
  }

  /** Before a run. */
  clear(): void {
    for (const address of this.statuses) new Int32Array(this.executor.buffer, address, STATUS_WORDS).fill(0);
  }

  /** What the threads report together: the earliest failing step, and its first element. `own` is what the first thread reports. */
  firstFailure(own: Status): Status {
    let first = own;
    for (const address of this.statuses) {
      const [code = 0, step = 0, element = 0] = new Int32Array(this.executor.buffer, address, STATUS_WORDS);
      if (code !== 0 && (first.code === 0 || step < first.step || (step === first.step && element < first.element))) first = { code, step, element };
    }
    return first;
  }

  release(): void {
    this.executor.giveBack(this.address, this.bytes);
  }
}

interface ThreadPlace {
  readonly program: Program;
  readonly slotAddress: readonly number[];
  readonly executor: WasmExecutor;
  readonly thread: number;
  readonly threads: number;
  readonly workspace: number;
  readonly status: number;
}

/** A thread's list; its words are added to `words`, which will lie at `base`. */
function listFor(place: ThreadPlace, words: number[], base: number): StepWriter {
  const link = (steps: readonly Step[]): StepWriter => {
    const writer = new StepWriter();
    for (const step of steps) {
      if (step.barrier) writer.wait();
      if (step.kind === "loop") writer.loop(step.count, link(step.steps));
      else if (step.kind === "branch") writer.branch(place.slotAddress[step.condition]!, link(step.steps), link(step.otherwise));
      else if (step.split !== undefined) {
        const [begin, end] = [firstUnit(step.split.units, place.thread, place.threads), firstUnit(step.split.units, place.thread + 1, place.threads)];
        if (begin === end) continue;
        words.push(begin, end);
        call(writer, step);
      } else if (place.thread === 0) {
        words.push(0, ALL_UNITS);
        call(writer, step);
      }
    }
    return writer;
  };
  const call = (writer: StepWriter, step: KernelStep): void => {
    writer.call(place.executor.kernel(step.kernel).number, base + 4 * words.length);
    for (const word of step.words) words.push(typeof word === "number" ? word : addressIn(place, step, word));
  };
  return link(place.program.steps);
}

function addressIn({ program, slotAddress, thread, workspace, status }: ThreadPlace, step: KernelStep, { slot, offset }: Exclude<Word, number>): number {
  if (thread > 0 && slot === step.workspace) return workspace + offset;
  if (thread > 0 && slot === program.status) return status + offset;
  return slotAddress[slot]! + offset;
}

/** Bytes of the largest workspace of a step that threads share. */
function largestWorkspace({ slots, steps }: Program): number {
  return Math.max(0, ...kernelSteps(steps).map(({ split, workspace }) => (split && workspace !== undefined ? slots[workspace]!.bytes : 0)));
}

function lines(bytes: number): number {
  return Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
}
