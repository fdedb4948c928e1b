// The table of all ops in docs/ops.md is what the ops themselves say: asked for each dtype, for their gradient and for how they run.
// `UPDATE=1 npx vitest run test/opsTable.test.ts` writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DTYPES, isFloat, type DType } from "../src/base/dtype.js";
import { gradients } from "../src/compile/grad.js";
import { topological } from "../src/graph/graph.js";
import { inputLeaf, isLeaf, PART, type Value } from "../src/graph/value.js";
import { OPS } from "../src/ops/index.js";
import { rulesOf, type AnyOp } from "../src/ops/op.js";
import { sum } from "../src/ops/sum.js";
import { ROWS } from "./rows/index.js";
import type { Row } from "./rows/row.js";

const FILE = new URL("../docs/ops.md", import.meta.url);

/** Result of a row's case with its first input, and those of the same dtype, given in another; undefined when the op refuses. */
function applied(row: Row, dtype: DType, one = row.cases.find(({ special }) => special !== true) ?? row.cases[0]!): Value | undefined {
  const first = one.inputs[0]?.dtype ?? "float32";
  const inputs = one.inputs.map(({ shape, dtype: own = "float32" }) => inputLeaf({ shape, dtype: own === first ? dtype : own }, {}));
  try {
    return [row.apply(inputs, one.attrs)].flat()[0] as Value;
  } catch {
    return undefined;
  }
}

/** The node of the op itself, under views and casts that its function adds. */
function nodeOf(name: string, value: Value): Value | undefined {
  const seen = [value];
  for (const next of seen) {
    if (next.op !== PART && next.op.name === name) return next;
    seen.push(...next.inputs);
  }
  return undefined;
}

const WAYS: readonly (readonly [key: keyof AnyOp, words: string])[] = [["micro", "elementwise, fused"], ["lower", "kernel"], ["view", "view"], ["expand", "composition"]];

function lineOf(name: string): string {
  const rows = ROWS.filter(({ op }) => op === name);
  const taken = DTYPES.flatMap((dtype) => {
    const result = rows.map((row) => applied(row, dtype)).find((value) => value !== undefined);
    return result === undefined ? [] : [[dtype, result.dtype] as const];
  });
  // Some cases of an op take another way: a convolution of single pixels is a product.
  const results = rows.flatMap((row) => row.cases.flatMap((one) => applied(row, one.inputs[0]?.dtype ?? "float32", one) ?? []));
  const made = results.find((value) => nodeOf(name, value) !== undefined) ?? results[0]!;
  const node = nodeOf(name, made);
  const rules = node === undefined ? undefined : rulesOf(node);
  const way = rules === undefined ? `composition of ${makersOf(made)}` : WAYS.find(([key]) => rules[key] !== undefined)![1];
  const dtypes = taken.map(([from, to]) => (from === to ? from : `${from} → ${to}`)).join(", ");
  return `| ${name} | ${dtypes || "none"} | ${gradientOf(made, rules)} | ${way} | wasm |`;
}

/** Whether one flows to some input, or why not. */
function gradientOf(result: Value, rules: AnyOp | undefined): string {
  if (rules?.noGradient !== undefined) return `no: ${rules.noGradient}`;
  if (!isFloat(result.dtype)) return "no: the result is no float";
  const leaves = topological([result]).filter((value) => isLeaf(value) && isFloat(value.dtype));
  const found = leaves.length === 0 ? [] : gradients(sum(result), leaves);
  return found.some((gradient) => gradient !== null) ? "yes" : "no: none flows";
}

/** The ops that a composition ends with. */
function makersOf(result: Value): string {
  const names = topological([result]).flatMap((value) => (isLeaf(value) || value.op === PART || rulesOf(value).view !== undefined ? [] : [value.op.name]));
  return [...new Set(names)].slice(-4).join(", ") || "views";
}

const text = [
  "# All ops",
  "",
  "What each op takes and gives (`int32 → float32`: takes int32, gives float32; the dtypes of indices, masks and conditions are not listed), whether it has a gradient, how it runs,",
  "and on which devices. Every line is asked from the op itself, and every op is judged on every device at awkward sizes, broadcast and strided, by a float64 reference",
  "(`test/rows`, `test/ops.test.ts`). Public functions are built of these; most carry their names.",
  "",
  "| op | dtypes | gradient | runs as | devices |",
  "|---|---|---|---|---|",
  ...Object.keys(OPS).sort().map(lineOf),
  "",
].join("\n");

test("docs/ops.md holds what the ops say of themselves", () => {
  if (process.env["UPDATE"] === "1") writeFileSync(FILE, text);
  expect(readFileSync(FILE, "utf8")).toBe(text);
});

test("every op takes some dtype, and names why it has no gradient where it has none", () => {
  const lines = text.split("\n").filter((line) => /^\| [a-z]/i.test(line) && !line.startsWith("| op "));
  expect(lines).toHaveLength(Object.keys(OPS).length);
  expect(lines.filter((line) => line.includes("| none |"))).toEqual([]);
});
