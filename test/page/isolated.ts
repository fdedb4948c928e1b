// The built files as they are, no bundler between, served to a Chromium: with the headers that let a page share memory, or without.
import { createServer, type Server } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { repository } from "../shared.js";

export const ISOLATION: Readonly<Record<string, string>> = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };
const HEAD = `<!doctype html><link rel="icon" href="data:,"><script type="importmap">{"imports":{"@assemblyscript/loader":"/node_modules/@assemblyscript/loader/index.js"}}</script>`;

/** Serves a page with this module script, which may import from /dist/. */
export async function servePage(script: string, headers: Readonly<Record<string, string>>): Promise<{ url: string; server: Server }> {
  const server = createServer(async ({ url }, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const path = normalize(new URL(url!, "http://localhost").pathname);
    if (path === "/") return void response.setHeader("content-type", "text/html").end(`${HEAD}<script type="module">${script}</script>`);
    const served = path.startsWith("/dist/") || path.startsWith("/node_modules/@assemblyscript/loader/");
    const body = served && (await readFile(join(repository, path)).catch(() => null));
    if (!body) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
