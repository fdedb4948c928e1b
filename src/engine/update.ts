// Steps in place: optimizer ops that change variables, and the guard that holds them back when something is not finite.
import { ValueError } from "../base/errors.js";
import { part, type Value } from "../graph/value.js";
import { guardFinite } from "../ops/guardFinite.js";
import type { Tensor } from "./tensor.js";
import { currentTrace } from "./trace.js";
import type { Variable } from "./variable.js";

/** An op with one result per variable, each the variable's new value; its own signature is checked by its shape rule. */
export type StepOp = (...args: never[]) => Value;

/**
 * Applies a step op: variables first, then inputs. Result i is assigned to variables[i]; inside compile() the kernel changes it in place.
 */
export function applyStep(op: StepOp, variables: readonly Variable[], inputs: readonly Tensor[], attrs: object): void {
  const trace = currentTrace();
  if (trace === null) throw new ValueError("applyStep: updates in place are part of a program. Call it inside compile().");
  const step = op as (...args: readonly (Value | object)[]) => Value;
  const tuple = step(...variables.map((variable) => variable.value), ...inputs.map(({ value }) => value), attrs);
  variables.forEach((variable, i) => trace.assign(variable, tuple.parts ? part(tuple, i) : tuple));
}

/** Assignments made in fn happen only in calls where every element of `tensors` is finite; otherwise lastStatus of the compiled function says which was not. */
export function guarded(tensors: readonly Tensor[], fn: () => void): void {
  const trace = currentTrace();
  if (trace === null) throw new ValueError("guarded: a guard is part of a program. Call it inside compile().");
  trace.guarded(guardFinite(...tensors.map(({ value }) => value)), fn);
}
