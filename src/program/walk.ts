// Walks over a program's steps, for reports and checks that care for kernels only.
import type { KernelStep, Step } from "./program.js";

/** The kernel steps, in the order they are written down: those of branches and loops among them, once. */
export function kernelSteps(steps: readonly Step[]): KernelStep[] {
  return steps.flatMap((step) => (step.kind === "kernel" ? [step] : [...kernelSteps(step.steps), ...(step.kind === "branch" ? kernelSteps(step.otherwise) : [])]));
}
