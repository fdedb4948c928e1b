// The page's server: types, paths that must not leave the folder, ports that are taken, sub paths.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve, type Served } from "./serve.js";

let parent: string;
let folder: string;
let served: Served;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "edgegrad-serve-"));
  folder = join(parent, "page");
  await mkdir(join(folder, "inner"), { recursive: true });
  await mkdir(join(parent, "page-secret"));
  const files = { "page/index.html": "<p>page", "page/app.js": "1", "page/core.wasm": "\0asm", "page/weights.safetensors": "w", "page/inner/index.html": "<p>inner", "page/a b.css": "p{}", "secret.txt": "secret", "page-secret/secret.txt": "secret" };
  for (const [name, content] of Object.entries(files)) await writeFile(join(parent, name), content);
  served = await serve({ port: 0, folder });
});

afterAll(async () => {
  await served.close();
  await rm(parent, { recursive: true });
});

/** As it stands in the request line: fetch would tidy the path first. */
function get(path: string, method = "GET", at = served): Promise<{ status: number; type: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port: new URL(at.url).port, path, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode!, type: response.headers["content-type"], body }));
    })
      .on("error", reject)
      .end();
  });
}

describe("serves files with their types", () => {
  const rows: [path: string, type: string, body: string][] = [
    ["/", "text/html; charset=utf-8", "<p>page"],
    ["/index.html?v=1", "text/html; charset=utf-8", "<p>page"],
    ["/inner/", "text/html; charset=utf-8", "<p>inner"],
    ["/app.js", "text/javascript; charset=utf-8", "1"],
    ["/core.wasm", "application/wasm", "\0asm"],
    ["/weights.safetensors", "application/octet-stream", "w"],
    ["/a%20b.css", "text/css; charset=utf-8", "p{}"],
  ];
  test.each(rows)("%s is %s", async (path, type, body) => {
    expect(await get(path)).toEqual({ status: 200, type, body });
  });
});

describe("keeps to its folder", () => {
  test.each(["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/inner/../../secret.txt", "/../page-secret/secret.txt", "/..%5csecret.txt", "/%00", "/%E0%A4%A", "/inner", "/none.html", "//etc/passwd"])("%s is not found", async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toContain("secret");
  });

  test("only reading is allowed, and HEAD sends no body", async () => {
    expect((await get("/", "POST")).status).toBe(405);
    expect(await get("/", "HEAD")).toEqual({ status: 200, type: "text/html; charset=utf-8", body: "" });
  });
});

test("takes the next free port when the one asked for is taken", async () => {
  const taken = Number(new URL(served.url).port);
  const second = await serve({ port: taken, folder });
  const port = Number(new URL(second.url).port);
  await second.close();
  expect(port).toBeGreaterThan(taken);
  expect(port).toBeLessThan(taken + 20);
});

test("serves under a sub path, and nothing outside of it", async () => {
  const below = await serve({ port: 0, folder, base: "/some/where/" });
  expect(below.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/some\/where\/$/);
  expect((await get("/some/where/", "GET", below)).body).toBe("<p>page");
  expect((await get("/app.js", "GET", below)).status).toBe(404);
  await below.close();
});
