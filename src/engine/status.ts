// What a run reports, in the words of the program: which step failed, and the error that says so.
import { ValueError } from "../base/errors.js";
import { STATUS, type KernelStep, type Program } from "../program/program.js";
import { kernelSteps } from "../program/walk.js";
import type { Status } from "../runtime/executor.js";

/** The step a status names. */
export function stepOf(program: Program, id: number): KernelStep | null {
  return kernelSteps([...program.prologue, ...program.steps]).find((step) => step.id === id) ?? null;
}

/** What each failure means, at the element that it names. */
const FAILURES: Readonly<Record<number, (element: number) => string>> = {
  [STATUS.indexOutOfRange]: (element) => `the index at position ${element} is out of range`,
  [STATUS.singular]: (element) => `matrix ${element} of the batch is singular. Use pinv or lstsq, or add to its diagonal`,
  [STATUS.notPositiveDefinite]: (element) => `matrix ${element} of the batch is not positive definite. Add to its diagonal?`,
};

/** Throws ValueError for failures that make results wrong; a guard that held updates back is no such failure. */
export function throwOnFailure(status: Status, { program, origins }: { readonly program: Program; readonly origins: ReadonlyMap<number, string> }): void {
  if (status.code === STATUS.ok || status.code === STATUS.notFinite) return;
  const note = stepOf(program, status.step)?.note ?? "?";
  const line = origins.get(status.step);
  const what = FAILURES[status.code]?.(status.element) ?? `failed with code ${status.code} at element ${status.element}`;
  throw new ValueError(`${note}: ${what} (step ${status.step} of the program${line === undefined ? "" : `, made at ${line}`}).`);
}
