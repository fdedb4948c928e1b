// The built page, served under a sub path, open in a real Chromium that takes down every complaint.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { serve, type Served } from "../../src/cli/serve.js";
import { CHROMIUM_ARGS } from "../shared.js";
import type { Stroke } from "./strokes.js";

export interface OpenPage {
  readonly page: Page;
  /** Errors on the console, exceptions, failed requests, and requests to anywhere but the page's own folder. */
  readonly complaints: readonly string[];
  /** Addresses of all requests, relative to the page's folder. */
  readonly requests: readonly string[];
}

/** A host that serves more than this page would do the same: neither the page nor its parts may know where they lie. */
const BASE = "/somebody/digits/";

export class Site {
  private constructor(
    private readonly folder: string,
    private readonly served: Served,
    private readonly browser: Browser,
  ) {}

  /** Builds the page into a temporary folder, serves it, starts the browser. */
  static async start(executablePath: string): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), "edgegrad-page-"));
    await promisify(execFile)(process.execPath, [fileURLToPath(new URL("../../demo/build.mjs", import.meta.url)), folder]);
    const served = await serve({ port: 0, folder, base: BASE });
    return new Site(folder, served, await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] }));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.served.close();
    await rm(this.folder, { recursive: true });
  }

  /** Opens the page and waits until it reads. refuse: a file that the host does not have. */
  async open(options: BrowserContextOptions = {}, { refuse }: { refuse?: string } = {}): Promise<OpenPage> {
    const { url } = this.served;
    const page = await this.browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => void (["error", "warning"].includes(message.type()) && complaints.push(message.text())));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on("request", (request) => {
      if (request.url().startsWith(url)) requests.push(request.url().slice(url.length));
      else complaints.push(`asked for ${request.url()}`);
    });
    if (refuse) await page.route(url + refuse, (route) => route.fulfill({ status: 404 }));
    await page.goto(url);
    await page.waitForFunction(() => document.getElementById("digit")?.textContent === "3" || document.getElementById("failure")?.hidden === false);
    return { page, complaints, requests };
  }
}

/** Draws on the pad with the mouse. scale, x, y: size and place of the drawing, in parts of the pad. */
export async function drawWithMouse(page: Page, strokes: readonly Stroke[], { scale = 1, x = 0, y = 0 } = {}): Promise<void> {
  await page.locator("#pad").scrollIntoViewIfNeeded();
  const box = (await page.locator("#pad").boundingBox())!;
  const at = ([u, v]: readonly [number, number]): [number, number] => [box.x + (x + u * scale) * box.width, box.y + (y + v * scale) * box.height];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(first!));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** What the page reads once it has drawn its next frame: a digit, or "" when nothing is there. */
export async function reading(page: Page): Promise<string> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return (await page.locator("#digit").textContent())!.trim();
}
