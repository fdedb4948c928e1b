// A row: one op, its cases, and what it must give. The one table of test/ops.test.ts and of the kernels' benches.
import type { DType } from "../../src/base/dtype.js";
import type { Value } from "../../src/graph/value.js";
import type { OPS } from "../../src/ops/index.js";
import type { Plain } from "./plain.js";

export type OpName = keyof typeof OPS;

export interface Input {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  /** The row's domain when absent: uniform numbers from the interval (whole ones for integers). */
  readonly domain?: readonly [from: number, to: number];
  /** Exactly these numbers instead, repeated as needed. */
  readonly values?: readonly number[];
}

export interface Case<A> {
  readonly inputs: readonly Input[];
  readonly attrs: A;
  /** Special values, at which no gradient is asked for. */
  readonly special?: boolean;
}

export interface Row<A = unknown> {
  readonly op: OpName;
  /** Tells rows of one op apart. */
  readonly variant?: string;
  /** The op under test, on graph values; several results for optimizer steps. */
  apply(inputs: readonly Value[], attrs: A): Value | readonly Value[];
  /** The same in float64. */
  reference(inputs: readonly Plain[], attrs: A): Plain | readonly Plain[];
  readonly cases: readonly Case<A>[];
  /** Where inputs are drawn from, away from kinks. */
  readonly domain?: readonly [from: number, to: number];
  /** |result − reference| ≤ tolerance · max(1, largest |reference|), and why so much. 0: the same bits. */
  readonly tolerance: readonly [bound: number, why: string];
  /** Reason why gradients are not compared, or inputs that have none. */
  readonly gradient?: string;
  /** Reason why gradients of gradients are not compared. */
  readonly second?: string;
}

/** Checks a row against its own attribute type, then forgets it: tables hold rows of all types. */
export function row<A>(given: Row<A>): Row {
  return given;
}
