// A program as text: slots by space, then steps with their operands and notes.
import { showShape } from "../base/shape.js";
import type { Program, Step, Word } from "./program.js";

/** The program as text: one line a slot, `s3 scratch@64 float32[128, 10] 5120 B`, one a step, `7: s3 = f32_gemm(s0 s1)`; with `words`, those too. */
export function printProgram(program: Program, words = false): string {
  const { slots } = program;
  const name = (i: number): string => `${slots[i]!.space}${slots[i]!.name ? `.${slots[i]!.name}` : ""}@${slots[i]!.offset}`;
  const lines = [`program · modules ${program.modules.join(", ")} · ${Object.entries(program.bytes).map(([space, bytes]) => `${space} ${bytes} B`).join(", ")}`];
  slots.forEach((slot, i) => lines.push(`  s${i} ${name(i)} ${slot.dtype}${showShape(slot.shape)} ${slot.bytes} B`));
  const walk = (steps: readonly Step[], indent: string): void => {
    for (const step of steps) {
      if (step.kind === "kernel") {
        const reads = step.reads.map((slot) => `s${slot}`).join(" ");
        const writes = step.writes.filter((slot) => slot !== step.workspace).map((slot) => `s${slot}`).join(" ");
        lines.push(`${indent}${step.id}: ${writes} = ${step.kernel}(${reads})${step.note ? `   ; ${step.note}` : ""}`);
        if (words) lines.push(`${indent}   ${step.words.map(showWord).join(" ")}`);
      } else if (step.kind === "branch") {
        lines.push(`${indent}if s${step.condition}`);
        walk(step.steps, `${indent}  `);
        if (step.otherwise.length > 0) {
          lines.push(`${indent}else`);
          walk(step.otherwise, `${indent}  `);
        }
      } else {
        lines.push(step.condition === undefined ? `${indent}repeat ${step.count}` : `${indent}while s${step.condition}`);
        walk(step.steps, `${indent}  `);
      }
    }
  };
  lines.push("prologue");
  walk(program.prologue, "  ");
  lines.push("steps");
  walk(program.steps, "  ");
  lines.push(`return ${program.outputs.map((slot) => `s${slot}`).join(" ")}`);
  return lines.join("\n");
}

/** Numbers as they stand, addresses as slot and offset. */
function showWord(word: Word): string {
  if (typeof word === "number") return String(word);
  return word.offset === 0 ? `s${word.slot}` : `s${word.slot}+${word.offset}`;
}
