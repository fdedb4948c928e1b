// Walks over a program's steps, for reports, checks and counts that need not tell branches from loops.
import type { KernelStep, Step } from "./program.js";

/** The kernel steps, in the order they are written down: those of branches and loops among them, once. */
export function kernelSteps(steps: readonly Step[]): KernelStep[] {
  return steps.flatMap((step) => (step.kind === "kernel" ? [step] : kernelSteps(stepsInside(step))));
}

/** The steps inside a branch, both ways of it, or a loop; none inside a kernel's. */
export function stepsInside(step: Step): readonly Step[] {
  return step.kind === "kernel" ? [] : step.kind === "loop" ? step.steps : [...step.steps, ...step.otherwise];
}
