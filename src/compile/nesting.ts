// Nesting: what lowering offers to ops with bodies, which write branches and loops around steps. Such an op brings its lowering along, so that programs
// without control flow carry none of it.
import { BYTES, type DType } from "../base/dtype.js";
import { sizeOf, stridesOf } from "../base/shape.js";
import type { Graph } from "../graph/graph.js";
import type { Body, TensorType, Value } from "../graph/value.js";
import type { AnyOp, Layout, LoweredWord } from "../ops/op.js";
import type { Kernel } from "../program/kernels.js";
import type { Step } from "../program/program.js";

/** Where a value lies. */
export interface Placed extends Layout {
  readonly slot: number;
  readonly dtype: DType;
}

export interface NestingDraft {
  /** Where a value, computed before, lies. */
  at(value: Value): Placed;
  /** New memory for a tensor. */
  fresh(type: TensorType): Placed;
  /** A place whose elements lie in a row; a copy where they do not, or where one is asked for. */
  dense(place: Placed, copy?: boolean): Placed;
  /** A copy of an input, with memory of its own. */
  copyOf(input: Value): Placed;
  /** Adds a step that copies. */
  copy(to: Placed, from: Placed, note: string): void;
  /** Adds a kernel's step. */
  step(kernel: Kernel, words: readonly LoweredWord[], writes: readonly Placed[], reads: readonly Placed[], note: string): void;
  /** Adds steps that are ready. */
  nest(...steps: readonly Step[]): void;
  /** The steps of a body whose parameters lie where they are given. `first` and `last` add steps before and after the body's own. */
  inside(body: Body, given: readonly Placed[], last: (results: readonly Placed[]) => void, first?: () => void): Step[];
}

/** An op with bodies. */
export interface ControlOp extends AnyOp {
  /** Adds the steps of a node; returns where its results lie. */
  lowerInto(draft: NestingDraft, value: Value): readonly Placed[];
  /** The graph without results of such ops that nobody reads. */
  prune(graph: Graph): Graph;
}

export function isContiguous({ shape, strides }: Layout): boolean {
  const expected = stridesOf(shape);
  return sizeOf(shape) === 0 || shape.every((dim, i) => dim === 1 || strides[i] === expected[i]);
}

export function addressOf({ slot, offset, dtype }: Placed): { slot: number; offset: number } {
  return { slot, offset: offset * BYTES[dtype] };
}
