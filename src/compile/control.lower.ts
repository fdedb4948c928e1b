// The lowering of control flow: branch and loop steps around the steps of bodies, with what the rounds of a loop hand on.
import { BYTES } from "../base/dtype.js";
import { sizeOf } from "../base/shape.js";
import type { Value } from "../graph/value.js";
import type { Step } from "../program/program.js";
import type { LoopAttrs } from "./control.js";
import { addressOf, isContiguous, type NestingDraft, type Placed } from "./nesting.js";

/** Rounds of a loop that only its condition ends. */
const MOST_ROUNDS = 2 ** 31 - 1;

export function lowerBranch(draft: NestingDraft, value: Value): Placed[] {
  const [condition, ...values] = value.inputs;
  const given = values.map((input) => draft.at(input));
  const results = value.parts!.map((type) => draft.fresh(type));
  const [steps, otherwise] = value.bodies!.map((body) => draft.inside(body, given, (found) => found.forEach((place, k) => draft.copy(results[k]!, place, "result"))));
  const place = draft.at(condition!);
  // A branch looks at the first int32 of a slot.
  const { slot } = place.offset === 0 ? place : draft.dense(place, true);
  draft.nest({ kind: "branch", condition: slot, steps: steps!, otherwise: otherwise! });
  return results;
}

export function lowerLoop(draft: NestingDraft, value: Value): Placed[] {
  const { count, carries, sequences, reverse } = value.attrs as object as LoopAttrs;
  const carried = value.inputs.slice(0, carries).map((input) => draft.copyOf(input));
  const rows = value.inputs.slice(carries, carries + sequences).map((input) => draft.dense(draft.at(input)));
  const rest = value.inputs.slice(carries + sequences).map((input) => draft.at(input));
  const results = value.parts!.slice(carries).map((type) => draft.fresh(type));
  const index = draft.fresh({ shape: [], dtype: "int32" });
  draft.step("fill", [addressOf(index), 1, 0], [index], [], "round 0");
  const copyRow = (to: Placed, from: Placed, row: Placed, note: string): void => {
    const bytes = sizeOf(row.shape) * BYTES[row.dtype];
    const stride = ({ shape }: Placed): number => (shape.length > row.shape.length ? bytes : 0);
    const words = [addressOf(to), addressOf(from), addressOf(index), bytes, stride(to), stride(from), reverse ? count - 1 : 0, reverse ? -1 : 1];
    draft.step("copy_row", words, [to], [from, index], note);
  };
  const x = rows.map(({ shape, dtype }) => draft.fresh({ shape: shape.slice(1), dtype }));
  // Rows come in by the body's first steps and go out by its last ones; the round is counted when all is done.
  const steps = draft.inside(
    value.bodies![0]!,
    [...carried, ...x, ...rest],
    (found) => {
      found.slice(carries).forEach((place, k) => copyRow(results[k]!, draft.dense(place), place, "row out"));
      carryOver(draft, carried, found.slice(0, carries));
      draft.step("next_round", [addressOf(index)], [index], [index], "next round");
    },
    () => rows.forEach((row, k) => copyRow(x[k]!, row, x[k]!, "row in")),
  );
  draft.nest({ kind: "loop", count, steps });
  return [...carried, ...results];
}

export function lowerWhile(draft: NestingDraft, value: Value): Placed[] {
  const [condition, body] = value.bodies!;
  const carries = body!.outputs.length;
  const carried = value.inputs.slice(0, carries).map((input) => draft.copyOf(input));
  const given = [...carried, ...value.inputs.slice(carries).map((input) => draft.at(input))];
  const goes = draft.fresh({ shape: [], dtype: "int32" });
  const test = (): Step[] => draft.inside(condition!, given, ([found]) => draft.copy(goes, { ...found!, dtype: "int32" }, "condition"));
  draft.nest(...test());
  const steps = draft.inside(body!, given, (found) => carryOver(draft, carried, found));
  draft.nest({ kind: "loop", count: MOST_ROUNDS, condition: goes.slot, steps: [...steps, ...test()] });
  return carried;
}

/** The results of a round become the carries of the next one. All are read before any is overwritten. */
function carryOver(draft: NestingDraft, carried: readonly Placed[], found: readonly Placed[]): void {
  const slots = new Set(carried.map(({ slot }) => slot));
  const stays = (place: Placed, k: number): boolean => place.slot === carried[k]!.slot && place.offset === 0 && isContiguous(place);
  const safe = found.map((place, k) => (stays(place, k) || !slots.has(place.slot) ? place : draft.dense(place, true)));
  safe.forEach((place, k) => {
    if (!stays(place, k)) draft.copy(carried[k]!, place, "carried on");
  });
}
