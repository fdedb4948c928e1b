// GradientTape: records what is computed in its run(), then gives gradients of it. The functions of grad.ts are the shorter way; this is the course's.
import { isFloat } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { topological } from "../graph/graph.js";
import { nextNodeId, STATE, type Value } from "../graph/value.js";
import { gradients } from "../compile/grad.js";
import { taped, Tensor, valueOf, type TensorLike } from "./tensor.js";
import { Variable } from "./variable.js";

/** Options of a GradientTape. */
export interface TapeOptions {
  /** Whether gradient() may be called more than once. Default false. */
  readonly persistent?: boolean;
  /** Whether trainable variables are watched without being asked for. Default true. */
  readonly watchAccessedVariables?: boolean;
}

/**
 * Records operations for differentiation.
 *
 *   const tape = new GradientTape();
 *   const loss = tape.run(() => square(w.mul(x)));
 *   const dw = tape.gradient(loss, w);
 *
 * Trainable variables are watched by themselves, other tensors after watch(). What was computed before run() or after it is constant.
 * Tapes nest: a gradient taken inside another tape's run() is recorded there.
 */
export class GradientTape {
  private readonly persistent: boolean;
  private readonly watchesVariables: boolean;
  private readonly watched = new Map<Tensor, Value>();
  private since = Infinity;
  private until = -1;
  private used = false;

  constructor({ persistent = false, watchAccessedVariables = true }: TapeOptions = {}) {
    this.persistent = persistent;
    this.watchesVariables = watchAccessedVariables;
  }

  /** Runs fn and records what it computes. May be called several times, one after the other: the tape records from the first to the last. */
  run<T>(fn: () => T): T {
    this.since = Math.min(this.since, nextNodeId());
    this.until = Infinity;
    try {
      return taped(fn);
    } finally {
      this.until = nextNodeId();
    }
  }

  /** Lets gradients flow to these tensors, which are constants otherwise. Throws DTypeError for whole numbers, which have no gradient. */
  watch(...tensors: readonly Tensor[]): void {
    for (const x of tensors) {
      if (!isFloat(x.dtype)) throw new DTypeError(`watch: expected a tensor of floats, got ${x.dtype}, whose gradient is zero. Make it one: tensor([1, 2], [2], "float32"), x.cast("float32").`);
      this.watched.set(x, x.value);
    }
  }

  /**
   * The gradient of y for x, or for each of a list; null where none flows: for what is not watched, not trainable, or not on the way to y.
   * A y that is no scalar is summed, unless dy (in y's shape) is given.
   * Throws ValueError when called a second time on a tape that is not persistent.
   */
  gradient(y: Tensor, x: Tensor, dy?: TensorLike): Tensor | null;
  gradient(y: Tensor, xs: readonly Tensor[], dy?: TensorLike): (Tensor | null)[];
  gradient(y: Tensor, xs: Tensor | readonly Tensor[], dy?: TensorLike): Tensor | null | (Tensor | null)[] {
    if (this.used && !this.persistent) {
      throw new ValueError("GradientTape: gradient() was called a second time. Make the tape with { persistent: true } to take several gradients of one recording.");
    }
    this.used = true;
    const list = xs instanceof Tensor ? [xs] : xs;
    const target = y.value;
    const isRecorded = target.id >= this.since && target.id < this.until;
    // Where y was not computed on the tape, it depends on nothing but itself.
    const leaves = list.map((x) => this.leafOf(x, isRecorded ? target : null));
    const wanted = leaves.filter((leaf) => leaf !== null);
    const seed = dy === undefined ? new Tensor(target).mul(0).add(1).value : valueOf(dy);
    const since = isRecorded ? this.since : Infinity;
    const grads = wanted.length > 0 ? gradients(target, wanted, seed, since) : [];
    let next = 0;
    const result = leaves.map((leaf) => {
      const grad = leaf === null ? null : grads[next++]!;
      return grad && new Tensor(grad);
    });
    return xs instanceof Tensor ? result[0]! : result;
  }

  /** The node that stands for x on the tape; null when x is constant there. */
  private leafOf(x: Tensor, y: Value | null): Value | null {
    const watched = this.watched.get(x);
    if (watched !== undefined) return watched;
    if (x instanceof Variable) {
      if (!x.trainable || !this.watchesVariables) return null;
      // A version that has been overwritten since is still the one that was read.
      const read = y && topological([y], ({ id }) => id < this.since).find((value) => value.op === STATE && value.source === x);
      return read ?? x.value;
    }
    // A tensor computed on the tape depends on what is watched: its gradient is the one that flows through it.
    const { value } = x;
    return y !== null && value.id >= this.since && value.id < this.until && this.isActive(value) ? value : null;
  }

  private isActive(value: Value): boolean {
    const watched = new Set(this.watched.values());
    return topological([value], ({ id }) => id < this.since).some(
      (node) => watched.has(node) || (this.watchesVariables && node.op === STATE && node.source instanceof Variable && node.source.trainable),
    );
  }
}
