// Control flow that depends on values: branches and loops that stay inside one program, with gradients. Where the number of rounds is known when
// the code runs, JavaScript's own loops do as well, a node a step.
import { DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape, showShape } from "../base/shape.js";
import { branch, whileLoop as whileNodes, withHistory } from "../compile/control.js";
import { closed, inlined, makeBody, parameter } from "../graph/body.js";
import { constant, nextNodeId, type Body, type TensorType, type Value } from "../graph/value.js";
import { cast } from "../ops/cast.js";
import { logicalAnd } from "../ops/logicalAnd.js";
import { reshape } from "../ops/reshape.js";
import { flatten, type Outputs } from "./compile.js";
import { withinBody } from "./trace.js";
import { recorded, Tensor, valueOf, type TensorLike } from "./tensor.js";

/**
 * The result of one of two functions, chosen when the program runs: `then` where the predicate is not 0, else `otherwise`. Only the chosen one is computed;
 * gradients flow through it. Both return tensors of the same shapes and dtypes, in the same form; what they read comes in by closure.
 *
 * predicate: one number or boolean.   Throws ShapeError or DTypeError, naming the result, when the two do not agree.
 */
export function cond<R extends Outputs>(predicate: TensorLike, then: () => R, otherwise: () => R): R {
  const ways = [then, otherwise].map((fn) => {
    const since = nextNodeId();
    const { tensors, pack } = flatten(inBody(fn));
    return { pack, ...closed([], tensors.map(({ value }) => value), since) };
  });
  const [first, second] = ways as [(typeof ways)[0], (typeof ways)[0]];
  checkTypes("cond", first.body.outputs, second.body.outputs, "in the first function", "in the second");
  const values = [...new Set([...first.captured, ...second.captured])];
  const params = values.map(parameter);
  const bodyOf = (way: typeof first): Body => makeBody(params, inlined(way.body, way.captured.map((value) => params[values.indexOf(value)]!)));
  return first.pack(branch(conditionOf(predicate, "cond"), values, bodyOf(first), bodyOf(second)).map((value) => new Tensor(value)));
}

/** Options of scan(). */
export interface ScanOptions {
  /** From the last row to the first. Default false. */
  readonly reverse?: boolean;
  /** Rounds, where xs is null. */
  readonly length?: number;
}

type Carry = Tensor | readonly Tensor[];

/**
 * Runs fn over the rows of xs, carrying a state from one to the next: (carry, x) → [carry, y]. One loop in the program, however many rows; gradients flow
 * through carry, xs and whatever fn reads.
 *
 * init: the first carry, a tensor or a list   xs: a tensor or a list of them, [rows, …], or null with `length`
 * returns [the last carry, the ys under each other: [rows, …], in the form fn gives them]; y may be null.
 * Random draws inside fn are the same in every round: hand them in by xs. Throws ShapeError when a carry changes its shape or rows differ in number.
 */
export function scan<C extends TensorLike | readonly Tensor[], Y extends Tensor | readonly Tensor[] | null>(
  fn: (carry: C extends readonly Tensor[] ? readonly Tensor[] : Tensor, x: Tensor & readonly Tensor[]) => readonly [Carry, Y],
  init: C,
  xs: TensorLike | readonly Tensor[] | null,
  { reverse = false, length }: ScanOptions = {},
): [carry: C extends readonly Tensor[] ? Tensor[] : Tensor, ys: Y] {
  const start = listOf(init);
  const rows = xs === null ? [] : listOf(xs);
  const count = rowCount(rows, length);
  const carries = start.map(parameter);
  const x = rows.map(({ shape, dtype }, i) => parameter({ shape: shape.slice(1), dtype }, carries.length + i));
  const params = [...carries, ...x];
  const [next, y] = inBody(() => fn(formed(carries, init) as never, (xs === null ? null : formed(x, xs)) as never));
  const carried = listOf(next);
  checkTypes("scan", start, carried, "at the start", "after a round");
  const ys = y === null ? [] : listOf(y);
  const { body, captured } = closed(params, [...carried, ...ys]);
  if (body.outputs.length === 0) throw new ValueError("scan: expected a carry or a result for each row, got neither. Return [carry, y].");
  const found = withHistory({ count, carries: carries.length, sequences: x.length, reverse }, [...start, ...rows, ...captured], body);
  const stacked = found.slice(carries.length, carries.length + ys.length);
  return [formed(found.slice(0, carries.length), init), y === null ? null : formed(stacked, y)] as never;
}

/** Options of whileLoop(). */
export interface WhileOptions {
  /** At most so many rounds. With it the loop has gradients, and always takes the memory of as many rounds. */
  readonly maxIterations?: number;
}

/**
 * Runs body over the variables as long as the condition holds for them, which is looked at before every round.
 *
 * init: the variables, a list of tensors   condition: variables → one number or boolean   body: variables → the next variables
 * returns the variables for which the condition first failed, or those after maxIterations rounds.
 * Throws ShapeError when a variable changes its shape; a gradient is refused unless maxIterations is given.
 */
export function whileLoop(
  condition: (...variables: Tensor[]) => TensorLike,
  body: (...variables: Tensor[]) => readonly TensorLike[],
  init: readonly TensorLike[],
  { maxIterations }: WhileOptions = {},
): Tensor[] {
  const start = init.map((x) => valueOf(x));
  if (start.length === 0) throw new ValueError("whileLoop: expected at least one variable, got none.");
  if (maxIterations !== undefined && !(Number.isInteger(maxIterations) && maxIterations >= 0)) {
    throw new ValueError(`whileLoop: maxIterations is ${maxIterations}; expected a whole number of at least 0.`);
  }
  const params = start.map(parameter);
  const goes = conditionOf(new Tensor(inBody(() => valueOf(condition(...params.map((param) => new Tensor(param)))))), "whileLoop");
  const next = inBody(() => body(...params.map((param) => new Tensor(param)))).map((x, i) => valueOf(x, start[i]?.dtype));
  checkTypes("whileLoop", start, next, "at the start", "after a round");
  const test = closed(params, [goes]);
  const round = closed(params, next);
  const values = [...new Set([...test.captured, ...round.captured])];
  const shared = [...start, ...values].map(parameter);
  const placed = (captured: readonly Value[]): Value[] => [...shared.slice(0, start.length), ...captured.map((value) => shared[start.length + values.indexOf(value)]!)];
  const tests = inlined(test.body, placed(test.captured));
  const rounds = inlined(round.body, placed(round.captured));
  if (maxIterations === undefined) return whileNodes([...start, ...values], makeBody(shared, tests), makeBody(shared, rounds)).map((value) => new Tensor(value));

  // As many rounds as allowed; those after the end hand the variables on.
  const active = parameter({ shape: [], dtype: "int32" }, shared.length);
  const still = cast(logicalAnd(active, tests[0]!), { dtype: "int32" });
  const inner = shared.map(parameter);
  const stepped = branch(still, shared, makeBody(inner, inlined(makeBody(shared, rounds), inner)), makeBody(inner, inner.slice(0, start.length)));
  const whole = makeBody([active, ...shared], [still, ...stepped]);
  const found = withHistory({ count: maxIterations, carries: 1 + start.length, sequences: 0, reverse: false }, [constant(1, "int32"), ...start, ...values], whole);
  return found.slice(1, 1 + start.length).map((value) => new Tensor(value));
}

function inBody<T>(fn: () => T): T {
  return withinBody(() => recorded(fn));
}

/** One int32, 0 or not. */
function conditionOf(x: TensorLike, where: string): Value {
  const value = valueOf(x);
  if (value.shape.some((dim) => dim !== 1)) throw new ShapeError(`${where}: the condition must be one number, got ${showShape(value.shape)}. Reduce it with any() or all().`);
  const scalar = reshape(value, { shape: [] });
  return cast(value.dtype === "int32" ? scalar : cast(scalar, { dtype: "bool" }), { dtype: "int32" });
}

function listOf(x: TensorLike | readonly Tensor[]): Value[] {
  return isList(x) ? x.map(({ value }) => value) : [valueOf(x)];
}

function isList(x: TensorLike | readonly Tensor[]): x is readonly Tensor[] {
  return Array.isArray(x) && x.every((item) => item instanceof Tensor);
}

/** Tensors in the form of what they stand for: one, or a list. */
function formed(values: readonly Value[], like: TensorLike | readonly Tensor[]): Tensor | Tensor[] {
  const tensors = values.map((value) => new Tensor(value));
  return isList(like) ? tensors : tensors[0]!;
}

function rowCount(rows: readonly Value[], length: number | undefined): number {
  const counts = rows.map(({ shape }) => shape[0]);
  const count = counts[0] ?? length;
  if (count === undefined || !(Number.isInteger(count) && count >= 0)) throw new ValueError(`scan: expected rows in xs, or a length, got ${rows.length > 0 ? "a scalar" : String(length)}.`);
  if (counts.some((other) => other !== count) || (length !== undefined && length !== count)) {
    throw new ShapeError(`scan: the numbers of rows differ: ${counts.join(", ")}${length === undefined ? "" : `, length ${length}`}.`);
  }
  return count;
}

function checkTypes(where: string, expected: readonly TensorType[], got: readonly TensorType[], before: string, after: string): void {
  if (expected.length !== got.length) throw new ValueError(`${where}: ${expected.length} tensors ${before}, ${got.length} ${after}.`);
  expected.forEach(({ shape, dtype }, i) => {
    const other = got[i]!;
    if (!sameShape(shape, other.shape)) throw new ShapeError(`${where}: tensor ${i} is ${showShape(shape)} ${before}, ${showShape(other.shape)} ${after}. It must keep its shape.`);
    if (dtype !== other.dtype) throw new DTypeError(`${where}: tensor ${i} is ${dtype} ${before}, ${other.dtype} ${after}. Cast it.`);
  });
}
