// npm run conformance -- --golden DIR [--json]: runs the golden cases of a folder against the built package. A line a group, the counts last, as JSON;
// with --json nothing else goes to the standard output. Exit status 1 if a case failed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import * as edgegrad from "../../dist/index.js";

const { values } = parseArgs({ options: { golden: { type: "string" }, json: { type: "boolean", default: false } } });
if (values.golden === undefined) {
  console.error("conformance: expected --golden DIR, a folder of golden cases, one JSON file each.");
  process.exit(2);
}
const files = Object.fromEntries(
  readdirSync(values.golden)
    .filter((name) => name.endsWith(".json") && name !== "INDEX.json")
    .sort()
    .map((name) => [name, readFileSync(join(values.golden, name), "utf8")]),
);

// The runner is TypeScript, shared with the tests; it imports nothing but types.
const entry = new URL("golden.ts", import.meta.url).pathname;
const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", platform: "node", target: "node20", write: false });
const { runAll } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

await edgegrad.init();
const report = runAll(files, edgegrad, values.json ? (line) => console.error(line) : (line) => console.log(line));
console.log(JSON.stringify(report));
process.exitCode = report.failed > 0 ? 1 : 0;
