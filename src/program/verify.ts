// What a legal program is, whoever wrote it: a compiler, a test, a file. Knows slots, reads and writes; knows no kernel's words beyond their
// addresses.
import { BYTES } from "../base/dtype.js";
import { base64Bytes } from "../base/base64.js";
import { FormatError } from "../base/errors.js";
import { KERNELS, MODULES, type Kernel } from "./kernels.js";
import { scratchLives } from "./lives.js";
import { findRace } from "./races.js";
import { stepsInside } from "./walk.js";
import { ALIGNMENT, PROGRAM_VERSION, STATUS_WORDS, type KernelStep, type Program, type Slot, type Space, type Step } from "./program.js";

const SPACES: ReadonlySet<unknown> = new Set<Space>(["input", "output", "state", "constant", "derived", "scratch"]);

/** Throws FormatError, naming the step and slot, when a part is missing, addresses leave their slots, a slot is read before it is written, live slots overlap, or threads could meet. */
export function verifyProgram(program: Program): void {
  checkHead(program);
  program.slots.forEach((slot, i) => checkSlot(slot, i, program));
  checkLists(program);
  checkSteps(program);
  checkScratch(program);
  const race = findRace(program.slots, program.steps);
  if (race !== null) fail(race);
}

function fail(message: string): never {
  throw new FormatError(`program: ${message}`);
}

function checkHead(program: Program): void {
  if (typeof program !== "object" || program === null) fail(`expected an object, got ${program === null ? "null" : typeof program}`);
  if (program.format !== "edgegrad-program" || program.version !== PROGRAM_VERSION) {
    fail(`format ${program.format} version ${program.version} is not known; expected edgegrad-program version ${PROGRAM_VERSION}. Save the model again with this version of edgegrad.`);
  }
  for (const list of ["modules", "slots", "inputs", "outputs", "states", "updates", "prologue", "steps"] as const) {
    if (!Array.isArray(program[list])) fail(`${list} is no list`);
  }
  // Modules are loaded by their names, from a folder that no file may lead out of.
  for (const name of program.modules) if (!MODULES.some((known) => known === name)) fail(`module ${JSON.stringify(name)} is not known; expected ${MODULES.join(", ")}`);
  if (typeof program.bytes !== "object" || program.bytes === null) fail("bytes is missing");
}

function checkSlot({ space, offset, bytes, dtype, shape, data }: Slot, i: number, program: Program): void {
  if (!SPACES.has(space) || !(dtype in BYTES) || !Array.isArray(shape)) fail(`slot ${i} has space ${space}, dtype ${dtype} and shape ${JSON.stringify(shape)}, which cannot be`);
  if (!isCount(bytes) || !isCount(offset) || offset % ALIGNMENT !== 0) fail(`slot ${i} has ${bytes} B at byte ${offset}; offsets are multiples of ${ALIGNMENT}`);
  if (data !== undefined && (typeof data !== "string" || space !== "constant" || base64Bytes(data) !== bytes)) fail(`slot ${i} (${space}, ${bytes} B) holds data of another kind or size`);
  if (space !== "state" && !(offset + bytes <= program.bytes[space])) fail(`slot ${i} ends at byte ${offset + bytes} of ${space}, which has ${program.bytes[space]}`);
}

function checkLists(program: Program): void {
  const { slots, inputs, outputs, states, updates, status } = program;
  const rows = [["inputs", inputs, "input"], ["outputs", outputs, "output"], ["states", states, "state"], ["updates", updates, "state"], ["status", [status], "output"]] as const;
  for (const [name, list, space] of rows) {
    for (const i of list) if (slots[i]?.space !== space) fail(`${name} names slot ${i}, which is ${slots[i]?.space ?? "none"}; expected ${space}`);
  }
  if (slots[status]!.bytes < 4 * STATUS_WORDS) fail(`the status slot has ${slots[status]!.bytes} B, expected ${4 * STATUS_WORDS}`);
  for (const i of updates) if (!states.includes(i)) fail(`slot ${i} is updated, but is none of the states`);
}

function checkSteps(program: Program): void {
  const { slots } = program;
  const written = new Set<number>([program.status]);
  slots.forEach(({ space, bytes }, i) => {
    if (space === "input" || space === "state" || space === "constant" || bytes === 0) written.add(i);
  });
  const check = (step: KernelStep): void => {
    const at = `step ${step.id} (${step.kernel})`;
    if (!Object.hasOwn(KERNELS, step.kernel)) fail(`step ${step.id}: kernel ${step.kernel} is not known`);
    const module = KERNELS[step.kernel as Kernel];
    if (!program.modules.includes(module)) fail(`${at} is of the module ${module}, modules lists ${program.modules.join(", ") || "none"}`);
    for (const word of step.words) {
      if (typeof word === "number") continue;
      const slot = slots[word.slot] ?? fail(`${at}: slot ${word.slot} does not exist`);
      if (!(word.offset >= 0 && word.offset <= slot.bytes)) fail(`${at}: byte ${word.offset} of slot ${word.slot}, which has ${slot.bytes}`);
      const declared = step.reads.includes(word.slot) || step.writes.includes(word.slot) || word.slot === program.status;
      if (!declared) fail(`${at}: slot ${word.slot} is used but neither read nor written by its declaration`);
    }
    if (step.split !== undefined) checkSplit(step, at);
    for (const slot of step.reads) if (!written.has(slot)) fail(`${at} reads slot ${slot} before anything has written it`);
    for (const slot of step.writes) {
      const space = slots[slot]?.space ?? fail(`${at}: slot ${slot} does not exist`);
      if (space === "constant" || space === "input") fail(`${at} writes ${space} slot ${slot}`);
      written.add(slot);
    }
  };
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === "kernel") check(step);
      else {
        if (step.condition !== undefined && !written.has(step.condition)) fail(`a ${step.kind} reads slot ${step.condition} before anything has written it`);
        walk(stepsInside(step));
      }
    }
  };
  walk(program.prologue);
  walk(program.steps);
  for (const slot of program.outputs) if (!written.has(slot)) fail(`output slot ${slot} is never written`);
}

function checkSplit({ split, reads, writes }: KernelStep, at: string): void {
  const { units, slices } = split!;
  if (!isCount(units) || typeof slices !== "object" || slices === null) fail(`${at}: its split has ${units} units and slices ${JSON.stringify(slices)}`);
  for (const [slot, bytes] of Object.entries(slices)) if (!isCount(bytes)) fail(`${at}: ${bytes} B a unit of slot ${slot}`);
  for (const slot of writes) if (reads.includes(slot) && slices[slot] === undefined) fail(`${at} reads anywhere in slot ${slot}, where other threads write`);
}

function checkScratch({ slots, steps }: Program): void {
  const alive = [...scratchLives(slots, steps)];
  for (const [i, a] of alive) {
    for (const [j, b] of alive) {
      if (i >= j || a.last < b.first || b.last < a.first) continue;
      const [x, y] = [slots[i]!, slots[j]!];
      if (x.offset < y.offset + y.bytes && y.offset < x.offset + x.bytes) fail(`slots ${i} and ${j} are alive together and overlap at byte ${Math.max(x.offset, y.offset)} of scratch`);
    }
  }
}

function isCount(x: unknown): boolean {
  return Number.isInteger(x) && (x as number) >= 0;
}
