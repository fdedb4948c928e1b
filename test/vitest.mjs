// Runs vitest in this process and hands back what each test came to: for commands that count tests or read their titles.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { startVitest } from "vitest/node";

const repository = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {string[]} files  parts of paths; [] runs every test file
 * @param {import("vitest/node").CliOptions} options
 * @returns {Promise<{ title: string, file: string, state: "passed" | "failed" | "skipped", note: string }[]>}
 *   title: with those of its describe blocks; note: why it was skipped. A file that fails to load counts as one failed test.
 */
export async function runVitest(files, options = {}) {
  const vitest = await startVitest("test", files, { run: true, watch: false, root: repository, ...options });
  const results = [];
  for (const module of vitest.state.getTestModules()) {
    const file = relative(repository, module.moduleId);
    const before = results.length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      // "pending" after a run: an earlier failure ended it before its turn.
      const state = result.state === "pending" ? "failed" : result.state;
      results.push({ title: test.fullName, file, state, note: (state === "skipped" && result.note) || "" });
    }
    const broken = module.errors().length > 0 || (module.state() === "failed" && !results.slice(before).some(({ state }) => state === "failed"));
    if (broken) results.push({ title: "(the file itself)", file, state: "failed", note: "" });
  }
  for (const _ of vitest.state.getUnhandledErrors()) results.push({ title: "(unhandled error)", file: "", state: "failed", note: "" });
  await vitest.close();
  return results;
}
