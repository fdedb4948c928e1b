// Traces: what a compiled function does to variables and randomness while it is being written down.
import { ValueError } from "../base/errors.js";
import { whileTracing } from "../base/origin.js";
import type { Update } from "../graph/graph.js";
import { nextNodeId, stateLeaf, type Value } from "../graph/value.js";
import type { Variable } from "./variable.js";

let current: Trace | null = null;

/** The trace being written, null in eager code. */
export function currentTrace(): Trace | null {
  return current;
}

function during<T>(trace: Trace, fn: () => T): T {
  const outer = current;
  current = trace;
  try {
    return fn();
  } finally {
    current = outer;
  }
}

export class Trace {
  /** Nodes with a smaller id were made before: eager work, captured by the function. */
  readonly firstId = nextNodeId();
  private readonly leaves = new Map<Variable, Value>();
  private readonly assigned = new Map<Variable, { value: Value; guard: Value | undefined }>();
  private guard: Value | undefined;
  private streams = 0;

  /** @param creates whether the function may make variables: on its first trace only */
  constructor(readonly creates: boolean) {}

  /** Runs fn with this trace as the current one. */
  write<T>(fn: () => T): T {
    return during(this, () => whileTracing(fn));
  }

  read(variable: Variable): Value {
    const assigned = this.assigned.get(variable);
    if (assigned !== undefined) return assigned.value;
    let leaf = this.leaves.get(variable);
    if (leaf === undefined) {
      leaf = stateLeaf({ shape: variable.shape, dtype: variable.dtype }, variable);
      this.leaves.set(variable, leaf);
    }
    return leaf;
  }

  assign(variable: Variable, value: Value): void {
    const before = this.assigned.get(variable);
    if (before !== undefined && before.guard !== this.guard) {
      throw new ValueError(`assign: variable ${variable.name} is assigned under two different guards in one call. Assign it once.`);
    }
    this.assigned.set(variable, { value, guard: this.guard });
  }

  /** Assignments made in fn take place only where `guard`, an int32 scalar, is not 0. */
  guarded(guard: Value, fn: () => void): void {
    if (this.guard !== undefined) throw new ValueError("guarded: guards do not nest.");
    this.guard = guard;
    try {
      fn();
    } finally {
      this.guard = undefined;
    }
  }

  /** The next number that tells random draws of one call apart. */
  nextStream(): number {
    return this.streams++;
  }

  updates(): Update[] {
    return [...this.assigned].map(([variable, { value, guard }]) => ({
      state: this.leaves.get(variable) ?? stateLeaf({ shape: variable.shape, dtype: variable.dtype }, variable),
      value,
      ...(guard && { guard }),
    }));
  }
}

let bodies = 0;

/** Runs fn as the body of a branch or loop: its values exist only when the program runs. */
export function withinBody<T>(fn: () => T): T {
  bodies++;
  try {
    return fn();
  } finally {
    bodies--;
  }
}

/** Throws ValueError inside such a body. doing: "data: a value was read". */
export function refuseInBody(doing: string, cure: string): void {
  if (bodies > 0) throw new ValueError(`${doing} inside a function of cond, scan or whileLoop, where no value exists yet. ${cure}`);
}
