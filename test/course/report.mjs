// `npm run course`: which rows of the course are proven by a test that names them, "[O13] …", and ran and passed just now.
// `-- --json` prints the same as one line of JSON at the end.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { runVitest } from "../vitest.mjs";

const NAMED = /\[([A-Z]\d+)\]/g;
const repository = fileURLToPath(new URL("../..", import.meta.url));

const json = process.argv.includes("--json");
const rows = await loadRows();
const results = await runVitest(filesThatNameRows(), { testNamePattern: NAMED.source, reporters: json ? ["dot"] : ["default"] });

const known = new Set(rows.map(({ id }) => id));
const unknown = results.flatMap(({ title, file }) => idsOf(title).filter((id) => !known.has(id)).map((id) => `${file} > ${title}: the course has no row ${id}`));

/** @type {Map<string, string[]>} */
const proofs = new Map();
for (const { title, file, state } of results) {
  if (state !== "passed") continue;
  for (const id of idsOf(title)) proofs.set(id, [...(proofs.get(id) ?? []), `${file} > ${title}`]);
}
// One test that fails outweighs any number that pass.
for (const { title, state } of results) if (state === "failed") for (const id of idsOf(title)) proofs.delete(id);

const software = rows.filter(({ notSoftware }) => !notSoftware);
const proven = software.filter(({ id }) => proofs.has(id));
const open = software.filter(({ id }) => !proofs.has(id));
const notSoftware = rows.length - software.length;
const failed = results.filter(({ state, title }) => state === "failed" && (idsOf(title).length > 0 || title.startsWith("(")));

console.log(`\nProven (${proven.length})`);
for (const { id, name } of proven) console.log(`  ${id.padEnd(4)}${name}\n${proofs.get(id).map((by) => `        ${by}`).join("\n")}`);
console.log(`\nOpen (${open.length})`);
for (const { id, name } of open) console.log(`  ${id.padEnd(4)}${name}`);
console.log(`\n${proven.length} proven, ${open.length} open, ${notSoftware} not software`);
for (const { file, title } of failed) console.log(`failed: ${file} > ${title}`);
for (const line of unknown) console.log(line);
if (json) {
  const list = proven.map(({ id }) => ({ id, by: proofs.get(id).join("; ") }));
  console.log(JSON.stringify({ proven: proven.length, open: open.length, notSoftware, rows: list }));
}
// Not process.exit(), which cuts what a pipe has not taken yet.
process.exitCode = failed.length + unknown.length > 0 ? 1 : 0;

function idsOf(title) {
  return Array.from(title.matchAll(NAMED), ([, id]) => id);
}

async function loadRows() {
  const { code } = transformSync(readFileSync(new URL("rows.ts", import.meta.url), "utf8"), { loader: "ts", format: "esm" });
  const { ROWS } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return ROWS;
}

/** Only files with a row's ID in a title are run: the report takes seconds, not minutes. */
function filesThatNameRows() {
  return ["src", "test", "demo"]
    .flatMap((folder) => readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" }).map((path) => join(repository, folder, path)))
    .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"))
    .filter((path) => /["'`]\[[A-Z]\d+\]/.test(readFileSync(path, "utf8")))
    .map((path) => relative(repository, path));
}
