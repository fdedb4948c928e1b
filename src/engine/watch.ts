// What DEBUG=1..5 shows of a program, on standard error: once when it is compiled, and how long it ran after 1, 10, 100 … runs,
// so that a training run does not drown in lines.
import { debugLevel, debugLog } from "../base/debug.js";
import { printProgram } from "../program/print.js";
import { printPlan } from "../program/printPlan.js";
import type { KernelStep, Program } from "../program/program.js";
import type { StepWatch } from "../runtime/executor.js";

let programs = 0;

export class ProgramWatch {
  /** Given to the executor from level 2 on. */
  readonly step: StepWatch | undefined;
  private readonly name = `program ${++programs}`;
  private readonly spent = new Map<KernelStep, number>();
  private runs = 0;
  private total = 0;

  constructor(program: Program, compileMs: number) {
    const { scratch, constant, derived } = program.bytes;
    debugLog(1, () => `${this.name}: ${program.steps.length} steps, ${program.prologue.length} before the first run; arena ${scratch} B, constants ${constant + derived} B; compiled in ${compileMs.toFixed(2)} ms`);
    debugLog(2, () => printProgram(program, debugLevel() >= 5));
    debugLog(3, () => printPlan(program));
    if (debugLevel() >= 2) this.step = (step, ms) => void this.spent.set(step, (this.spent.get(step) ?? 0) + ms);
  }

  run(ms: number): void {
    this.runs++;
    this.total += ms;
    if (!/^10*$/.test(String(this.runs))) return;
    debugLog(1, () => `${this.name}: ${(this.total / this.runs).toFixed(3)} ms a run, mean of ${this.runs}`);
    const share = (ms: number): string => `${(ms / this.runs).toFixed(4)} ms`;
    debugLog(2, () => [...this.spent].map(([step, ms]) => `  ${step.id}: ${share(ms).padStart(12)}  ${step.kernel}${step.note ? `   ; ${step.note}` : ""}`).join("\n"));
  }
}

/** The watch of a program just compiled; none with DEBUG=0, where runs are not timed. */
export function watchProgram(program: Program, compileMs: number): ProgramWatch | undefined {
  return debugLevel() > 0 ? new ProgramWatch(program, compileMs) : undefined;
}
