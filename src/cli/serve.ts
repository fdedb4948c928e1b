// A small static server for the page: one folder, only reading, only this machine.
import { createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ValueError } from "../base/errors.js";

export interface ServeOptions {
  /** 0 takes any free one. When the port is taken, the next free one of twenty is used. */
  readonly port: number;
  /** The folder to serve; the built page when left out. */
  readonly folder?: string;
  /** Path under which the folder appears, such as "/demo/"; "/" when left out. */
  readonly base?: string;
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

const TRIES = 20;

/**
 * Serves the page on this machine until closed.
 *
 * Throws ValueError when the page has not been built, the system's own error when no port can be had.
 */
export async function serve({ port, folder, base = "/" }: ServeOptions): Promise<Served> {
  const roots = folder === undefined ? await builtPage() : [folder];
  const server = createServer((request, response) => void answer(request, response, roots, base));
  await listen(server, port);
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** dist/demo of this package, from its compiled files, its sources or its bundle; and the folder of its network, of which the package has no copy in dist/demo. */
async function builtPage(): Promise<string[]> {
  for (const place of ["../demo/", "../../dist/demo/", "../../../dist/demo/"]) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (await access(join(folder, "index.html")).then(() => true, () => false)) return [folder, join(folder, "../../demo/model")];
  }
  throw new ValueError(`serve: expected the page in ${fileURLToPath(new URL("../demo/", import.meta.url))}, it has not been built. Run: npm run demo`);
}

async function listen(server: Server, port: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port === 0 ? 0 : port + attempt, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!taken || attempt + 1 === TRIES || port + attempt + 1 > 65535) throw error;
    }
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, roots: readonly string[], base: string): Promise<void> {
  const say = (code: number, text: string): void => {
    response.writeHead(code, { "content-type": "text/plain; charset=utf-8" }).end(text);
  };
  if (request.method !== "GET" && request.method !== "HEAD") return say(405, "Only GET and HEAD.");
  const file = await findFile(request.url ?? "/", roots, base);
  if (file === undefined) return say(404, "Not found.");
  response.writeHead(200, {
    "content-type": TYPES[extname(file.path)] ?? "application/octet-stream",
    "content-length": file.size,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  createReadStream(file.path).on("error", () => response.destroy()).pipe(response);
}

/** The file that an address names, in the first folder that has it. */
async function findFile(url: string, roots: readonly string[], base: string): Promise<{ path: string; size: number } | undefined> {
  for (const root of roots) {
    const path = fileOf(url, root, base);
    const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (found?.isFile()) return { path: path!, size: found.size };
  }
  return undefined;
}

/** The file that an address names in a folder; undefined when it lies outside of the base path or of the folder. */
function fileOf(url: string, root: string, base: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(base) || path.includes("\0")) return undefined;
  const inside = path.slice(base.length);
  const file = normalize(join(root, inside === "" || inside.endsWith("/") ? `${inside}index.html` : inside));
  return file.startsWith(normalize(root + sep)) ? file : undefined;
}
