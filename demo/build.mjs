// Builds the page into dist/demo: two bundles, the kernels and the weights beside them, sizes filled into the text.
// `node demo/build.mjs [FOLDER]` builds; with --serve it serves the page too. The kernels are those of `npm run build`.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const root = new URL("..", here);

const FILES = [
  ["demo/style.css", "style.css"],
  ["demo/icon.svg", "icon.svg"],
  ["demo/model/digits.safetensors", "digits.safetensors"],
  ["dist/wasm/core.simd.wasm", "core.simd.wasm"],
  ["dist/wasm/train.simd.wasm", "train.simd.wasm"],
];

/** Builds the page into a folder (dist/demo when left out) and returns its path. */
export async function buildDemo(folder = fileURLToPath(new URL("dist/demo", root))) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: { app: fileURLToPath(new URL("app.ts", here)), worker: fileURLToPath(new URL("worker.ts", here)) },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    // Reached under Node only.
    external: ["node:*"],
    logLevel: "warning",
  });
  for (const [from, to] of FILES) {
    await copyFile(new URL(from, root), `${folder}/${to}`).catch((cause) => {
      throw new Error(`demo: expected ${from}, it is not there. Run npm run build first?`, { cause });
    });
  }
  const sizes = {
    codeSize: await kilobytes(folder, ["app.js", "style.css", "core.simd.wasm"]),
    trainingSize: await kilobytes(folder, ["worker.js", "train.simd.wasm"]),
    weightsSize: await kilobytes(folder, ["digits.safetensors"], false),
  };
  const page = await readFile(new URL("index.html", here), "utf8");
  await writeFile(`${folder}/index.html`, page.replace(/\{\{(\w+)\}\}/g, (_, name) => sizes[name]));
  return folder;
}

/** What files weigh together; compressed as servers do, unless told otherwise. */
async function kilobytes(folder, files, compressed = true) {
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(`${folder}/${file}`);
    bytes += compressed ? gzipSync(content, { level: 9 }).length : content.length;
  }
  return `${Math.round(bytes / 1000)} KB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  console.log(await buildDemo(folder));
  if (process.argv.includes("--serve")) {
    const { serve } = await import("../dist/cli/serve.js");
    const { url } = await serve({ port: 8080, ...(folder && { folder }) });
    console.log(`Draw digits at ${url} (Ctrl-C ends)`);
  }
}
