// A program's memory plan as text: where in the arena each intermediate lies, and when it lives.
import { showShape } from "../base/shape.js";
import { scratchLives } from "./lives.js";
import { memoryReport } from "./memory.js";
import type { Program } from "./program.js";
import { kernelSteps } from "./walk.js";

/** The chart is at most this wide; beyond, a column stands for several steps. */
const COLUMNS = 64;

/** One line a scratch slot, by address: its bytes in the arena, the steps it lives through by number and drawn. Steps are numbered as printProgram does. */
export function printPlan(program: Program): string {
  const { slots } = program;
  const steps = kernelSteps(program.steps);
  const lives = [...scratchLives(slots, program.steps)].sort(([a], [b]) => slots[a]!.offset - slots[b]!.offset || a - b);
  const { planned, peak, sum } = memoryReport(program);
  const column = (time: number): number => (steps.length <= COLUMNS ? time : Math.floor((time * COLUMNS) / steps.length));
  const width = Math.min(steps.length, COLUMNS);
  const rows = lives.map(([index, { first, last }]) => {
    const { offset, bytes, dtype, shape } = slots[index]!;
    const bar = "█".repeat(column(last) - column(first) + 1);
    return [`${offset}–${offset + bytes}`, `s${index}`, `${dtype}${showShape(shape)}`, `steps ${steps[first]!.id}–${steps[last]!.id}`, `${"·".repeat(column(first))}${bar}`.padEnd(width, "·")];
  });
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]!.length))) ?? [];
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`);
  return [`plan · ${steps.length} steps · arena ${planned} B, ${peak} B alive at once, ${sum} B without sharing`, ...lines].join("\n");
}
