// Builds every target of asconfig.json in one process, which saves the compiler's start-up. A target whose sources have not changed is left alone.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import asc from "assemblyscript/asc";

const root = new URL("..", import.meta.url);
const config = JSON.parse(await readFile(new URL("asconfig.json", root), "utf8"));
const stampFile = new URL("dist/wasm/.sources", root);
const sources = await hashSources();
const stamp = JSON.parse(await readFile(stampFile, "utf8").catch(() => "{}"));
await mkdir(new URL("dist/wasm/", root), { recursive: true });

for (const [target, options] of Object.entries(config.targets)) {
  const bytes = stamp.sources === sources ? await readFile(new URL(options.outFile, root)).catch(() => null) : null;
  const built = bytes ?? (await compile(target, options.outFile));
  const state = bytes ? "unchanged" : "built";
  console.log(`${options.outFile}  ${built.length} B, gzip ${gzipSync(built, { level: 9 }).length} B, ${state}`);
}
await writeFile(stampFile, JSON.stringify({ sources }));

async function compile(target, outFile) {
  const entry = `assembly/${target.split(".")[0]}.ts`;
  const { error, stdout, stderr } = await asc.main([entry, "--config", "asconfig.json", "--target", target], { baseDir: root.pathname });
  if (error) {
    console.error(`${target}: ${error.message}\n${stdout.toString()}${stderr.toString()}`);
    process.exit(1);
  }
  return readFile(new URL(outFile, root));
}

/** One hash over the compiler's version, the options and all kernel sources: any change rebuilds all. */
async function hashSources() {
  const hash = createHash("sha256").update(JSON.stringify(config)).update(asc.version ?? "");
  for (const name of (await readdir(new URL(".", import.meta.url))).sort()) {
    if (name.endsWith(".ts")) hash.update(name).update(await readFile(new URL(name, import.meta.url)));
  }
  return hash.digest("hex");
}
