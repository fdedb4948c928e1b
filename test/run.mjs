// `npm test`: the kernels' as-pect specs, then the vitest suite; what was skipped and why; one line of counts at the end.
import { spawn } from "node:child_process";
import { runVitest } from "./vitest.mjs";

const kernels = await runSpecs();
const tests = await runVitest([]);
const count = (state) => tests.filter((test) => test.state === state).length;

const skipped = tests.filter(({ state }) => state === "skipped");
if (skipped.length > 0) console.log("\nSkipped:");
for (const { file, title, note } of skipped) console.log(`  ${file} > ${title}${note && ` [${note}]`}`);

const failed = kernels.failed + count("failed");
console.log(`\n${kernels.passed + count("passed")} passed, ${failed} failed, ${kernels.skipped + count("skipped")} skipped`);
process.exit(failed > 0 ? 1 : 0);

/** as-pect prints one line of counts a spec file: "Pass: 3 / 4 Todo: 1". A spec that does not compile counts as one failed test. */
async function runSpecs() {
  const child = spawn("npx", ["asp", "--summary", "--no-logo"], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const from of ["stdout", "stderr"]) {
    child[from].setEncoding("utf8").on("data", (text) => {
      output += text;
      process[from].write(text);
    });
  }
  const code = await new Promise((resolve) => child.on("close", resolve));
  let [passed, total, skipped] = [0, 0, 0];
  for (const [, pass, all, todo] of output.matchAll(/Pass: (\d+) \/ (\d+) Todo: (\d+)/g)) {
    passed += Number(pass);
    total += Number(all);
    skipped += Number(todo);
  }
  const failed = total - passed;
  return { passed, failed: code !== 0 || total === 0 ? Math.max(failed, 1) : failed, skipped };
}
