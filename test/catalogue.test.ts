// The catalogue is complete: every op has its line in the table, its row, its gradient or the reason why not, one way to run, and
// what it runs is always a kernel of the register. Nothing is executed here.
import { VERIFIERS } from "../src/compile/verify.js";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loop } from "../src/compile/control.js";
import { compileGraph } from "../src/compile/index.js";
import { gradients } from "../src/compile/grad.js";
import { topological } from "../src/graph/graph.js";
import { makeBody, parameter } from "../src/graph/body.js";
import { inputLeaf, isLeaf, PART, type Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { rulesOf, type AnyOp } from "../src/ops/op.js";
import { KERNELS, type Kernel } from "../src/program/kernels.js";
import { verifyProgram } from "../src/program/verify.js";
import type { Step } from "../src/program/program.js";
import { ROWS } from "./rows/index.js";
import { leavesOf, nameOf } from "./rows/run.js";

const folder = new URL("../src/ops/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts")).map((file) => file.slice(0, -3));

/** Files that make or serve ops and are none. */
const MAKERS = new Set(["op", "index", "elementwise", "reduction", "argReduction", "copyInto", "filled", "optimizerStep"]);

/** Every op that the rows reach: in their graphs, in those of their gradients, and behind expansions. */
const reached = new Map<string, AnyOp>();
const kernels = new Set<string>();
for (const row of ROWS) {
  for (const one of row.cases) {
    const leaves = leavesOf(row, one, 1);
    const results = [row.apply(leaves, one.attrs)].flat() as Value[];
    const floats = leaves.filter(({ dtype }) => dtype === "float32");
    const first = results[0]!;
    const grads = row.gradient === undefined && first.dtype === "float32" ? gradients(OPS.sum(first), floats) : [];
    const outputs = [...results, ...grads.filter((grad) => grad !== null)];
    for (const value of topological(outputs)) note(value);
    const { program } = compileGraph({ outputs, updates: [] }, { verify: VERIFIERS });
    verifyProgram(program);
    const fast = compileGraph({ outputs, updates: [] }, { numerics: "fast", verify: VERIFIERS }).program;
    [...program.prologue, ...program.steps, ...fast.steps].forEach(noteKernels);
  }
}

// Between the rounds of a loop run kernels that are no op's.
const row = parameter({ shape: [3], dtype: "float32" }, 0);
const looped = loop({ count: 2, carries: 0, sequences: 1, reverse: false }, [inputLeaf({ shape: [2, 3], dtype: "float32" }, {})], makeBody([row], [OPS.neg(row)]));
compileGraph({ outputs: looped, updates: [] }, { verify: VERIFIERS }).program.steps.forEach(noteKernels);

function note(value: Value): void {
  if (isLeaf(value) || value.op === PART || reached.has(value.op.name)) return;
  const rules = rulesOf(value);
  reached.set(value.op.name, rules);
  if (rules.expand) topological([rules.expand(value.inputs, value.attrs)]).forEach(note);
}

function noteKernels(step: Step): void {
  if (step.kind === "kernel") kernels.add(step.kernel);
  else step.steps.forEach(noteKernels);
}

describe("the table", () => {
  test("holds what every file of src/ops/ exports by its own name, and every op exported besides", async () => {
    const missing: string[] = [];
    for (const file of files.filter((name) => !MAKERS.has(name))) {
      const exports = (await import(new URL(`${file}.ts`, folder).href)) as Record<string, unknown>;
      for (const [name, value] of Object.entries(exports)) {
        const isOp = typeof value === "function" && "shape" in value;
        if ((isOp || name === file) && (OPS as Record<string, unknown>)[name] !== value) missing.push(`${file}: ${name}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test.each(Object.keys(OPS))("%s has a row", (name) => {
    expect(ROWS.some((row) => row.op === name)).toBe(true);
  });

  test("names of rows are distinct", () => {
    const names = ROWS.map(nameOf);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe.each([...reached])("op %s", (name, rules) => {
  test("carries the name of its file", () => {
    expect(Object.keys(OPS)).toContain(name);
  });

  test("has a gradient rule, or the reason why there is none", () => {
    expect([rules.vjp !== undefined || rules.vjpParts !== undefined, rules.noGradient !== undefined].filter(Boolean)).toHaveLength(1);
  });

  test("runs in exactly one way", () => {
    expect([rules.micro, rules.lower, rules.view, rules.expand].filter((way) => way !== undefined)).toHaveLength(1);
  });
});

describe("the register of kernels", () => {
  test.each(Object.keys(KERNELS) as Kernel[])("%s is what some op runs", (kernel) => {
    expect(kernels.has(kernel)).toBe(true);
  });
});
