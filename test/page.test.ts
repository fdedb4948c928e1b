// The page, driven in a real Chromium: drawn on with mouse, finger and keys, given MNIST to read, and made to train.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, expect, test, vi, type TestContext } from "vitest";
import { loadMnist } from "../src/data/mnist.js";
import { drawWithMouse, reading, Site, type OpenPage } from "./page/site.js";
import { DIGITS } from "./page/strokes.js";
import { needChromium, needMnist } from "./shared.js";

// A thousand images take a thousand frames, and a machine may be busy.
vi.setConfig({ testTimeout: 180_000 });

let site: Promise<Site> | undefined;

async function open(context: TestContext, ...options: Parameters<Site["open"]>): Promise<OpenPage> {
  const chromium = needChromium(context);
  site ??= Site.start(chromium);
  const opened = await (await site).open(...options);
  context.onTestFinished(() => opened.page.close());
  return opened;
}

afterAll(async () => (await site)?.stop());

test("of ten digits drawn with the mouse at least nine are read right", async (context) => {
  const { page, complaints } = await open(context);
  const read: string[] = [];
  for (const strokes of DIGITS) {
    await page.click("#clear");
    await drawWithMouse(page, strokes);
    read.push(await reading(page));
  }
  console.log(`drawn 0123456789, read ${read.join("")}`);
  expect(read.filter((digit, i) => digit === String(i)).length).toBeGreaterThanOrEqual(9);
  expect(complaints).toEqual([]);
});

test("digits drawn at two thirds of that size into a corner are read as well", async (context) => {
  const { page } = await open(context);
  const read: string[] = [];
  for (const strokes of DIGITS) {
    await page.click("#clear");
    await drawWithMouse(page, strokes, { scale: 0.66, x: -0.1, y: 0.4 });
    read.push(await reading(page));
  }
  console.log(`drawn small 0123456789, read ${read.join("")}`);
  // A pen that stays as wide makes small loops narrow: one more may be mistaken.
  expect(read.filter((digit, i) => digit === String(i)).length).toBeGreaterThanOrEqual(8);
});

test("of 1,000 MNIST test images drawn onto the canvas at least 0.98 are read right", async (context) => {
  const folder = needMnist(context);
  const { page, complaints } = await open(context);
  const { test: set } = await loadMnist({ data: folder });
  let right = 0;
  for (let start = 0; start < 1000; start += 100) {
    const images = Buffer.from(set.images.subarray(start * 784, (start + 100) * 784)).toString("base64");
    const read = await page.evaluate(readImages, images);
    right += read.filter((digit, i) => digit === String(set.labels[start + i])).length;
  }
  console.log(`MNIST on the canvas: ${right} of 1,000`);
  expect(right / 1000).toBeGreaterThanOrEqual(0.98);
  expect(complaints).toEqual([]);
});

/** Runs in the page: draws images as opaque as they are bright, twenty times as large, and reads what the page says. */
async function readImages(base64: string): Promise<string[]> {
  const images = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const pad = document.getElementById("pad") as HTMLCanvasElement;
  const context = pad.getContext("2d")!;
  const small = new OffscreenCanvas(28, 28);
  const read: string[] = [];
  for (let i = 0; i < images.length / 784; i++) {
    const pixels = new ImageData(28, 28);
    for (let k = 0; k < 784; k++) pixels.data[4 * k + 3] = images[784 * i + k]!;
    small.getContext("2d")!.putImageData(pixels, 0, 0);
    context.clearRect(0, 0, pad.width, pad.height);
    context.drawImage(small, 0, 0, pad.width, pad.height);
    pad.dispatchEvent(new Event("input"));
    await new Promise(requestAnimationFrame);
    read.push(document.getElementById("digit")!.textContent!);
  }
  return read;
}

test("a training run in the tab reaches 0.9 on unseen digits while the page stays smooth, and its network then reads", async (context) => {
  const { page, complaints, requests } = await open(context);
  expect(requests.filter((file) => /train|worker/.test(file)), "what only training needs is not fetched before").toEqual([]);
  await page.check("input[name=epochs][value='3']", { force: true });
  await page.click("#train");
  await page.evaluate(watchFrames);
  await drawWithMouse(page, DIGITS[7]!);
  expect(await reading(page), "the page reads while it trains").toBe("7");
  await page.waitForSelector("#use:visible", { timeout: 120_000 });
  const gapMs = await page.evaluate(medianGap);
  const status = (await page.textContent("#train-status"))!;
  const accuracy = Number(/reads ([\d.]+) %/.exec(status)?.[1]) / 100;
  console.log(`trained in the tab: ${status} ${await page.textContent("#throughput")} images/s; a frame every ${gapMs.toFixed(1)} ms`);
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
  // Training beside the drawing would hold the page for 50 ms at a stretch: that is how long fit works before it gives way.
  expect(gapMs).toBeLessThan(40);
  expect(await page.locator(".chart circle").count(), "a dot an epoch in both charts").toBe(6);
  await page.click("#use");
  expect(await page.textContent("#model-name")).toMatch(/^your network, \d\d\.\d % right/);
  await page.click("#samples button[aria-label='Write a 3']");
  expect(await reading(page)).toBe("3");
  await page.click("#bundled");
  expect(await page.textContent("#model-name")).toMatch(/^built-in/);
  expect(complaints).toEqual([]);
});

/** Runs in the page: takes down the time between frames. */
function watchFrames(): void {
  const gaps: number[] = (Reflect.set(globalThis, "gaps", []), Reflect.get(globalThis, "gaps"));
  let last = performance.now();
  const next = (): void => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

function medianGap(): number {
  const gaps: number[] = Reflect.get(globalThis, "gaps");
  return gaps.sort((a, b) => a - b)[gaps.length >> 1]!;
}

test("Stop ends a training run of the convolutional network, and what it has learned can be used", async (context) => {
  const { page, complaints } = await open(context);
  await page.check("input[name=network][value=lenet]", { force: true });
  await page.check("input[name=epochs][value='20']", { force: true });
  await page.click("#train");
  await page.waitForFunction(() => /\d/.test(document.getElementById("throughput")!.textContent!));
  const start = performance.now();
  await page.click("#stop");
  await page.waitForSelector("#use:visible");
  expect(performance.now() - start).toBeLessThan(5000);
  expect(await page.textContent("#train-status")).toMatch(/^Stopped\./);
  await page.click("#use");
  expect(await page.textContent("#fact-parameters")).toBe("61,706");
  expect(await page.locator("#train").isEnabled()).toBe(true);
  expect(complaints).toEqual([]);
});

test("the keyboard draws, takes back, clears, and has digits written", async (context) => {
  const { page, complaints } = await open(context);
  const press = async (key: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await page.keyboard.press(key);
  };
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("pad");
  expect(await page.locator("#pen").isVisible(), "the pen's place is shown").toBe(true);
  await page.keyboard.press("Escape");
  expect(await reading(page)).toBe("");
  await page.keyboard.press(" ");
  await press("ArrowDown", 30);
  await page.keyboard.press(" ");
  expect(await reading(page)).toBe("1");
  await press("ArrowRight", 12);
  expect(await reading(page), "a lifted pen leaves no ink").toBe("1");
  await page.keyboard.press("Backspace");
  expect(await reading(page)).toBe("");
  for (const digit of ["0", "6"]) {
    await page.keyboard.press(digit);
    expect(await reading(page)).toBe(digit);
  }
  await page.waitForFunction(() => document.getElementById("spoken")!.textContent!.startsWith("Reads 6"));
  await page.keyboard.press(" ");
  await press("ArrowUp", 30);
  expect(await reading(page), "a stroke by keys starts on a clean sheet, too").toBe("1");
  const reached = await page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>("button, input, canvas[tabindex]")].filter((control) => control.offsetParent !== null);
    return controls.filter((control) => control.tabIndex < 0).length;
  });
  expect(reached, "controls out of the keyboard's reach").toBe(0);
  expect(complaints).toEqual([]);
});

test("the first stroke replaces what the page has written, and Undo goes back step by step", async (context) => {
  const { page } = await open(context);
  expect(await reading(page), "the page writes a 3 to begin with").toBe("3");
  await drawWithMouse(page, DIGITS[1]!);
  expect(await reading(page)).toBe("1");
  await page.click("#undo");
  expect(await reading(page)).toBe("");
  await page.click("#undo");
  expect(await reading(page)).toBe("3");
  await page.click("#clear");
  expect(await reading(page)).toBe("");
  expect(await page.isDisabled("#clear")).toBe(true);
});

test("a finger draws on a phone 360 pixels wide, and does not scroll the page", async (context) => {
  const { page, complaints } = await open(context, PHONE);
  await page.tap("#clear");
  const session = await page.context().newCDPSession(page);
  const box = (await page.locator("#pad").boundingBox())!;
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", point?: readonly [number, number]): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: point ? [{ x: box.x + point[0] * box.width, y: box.y + point[1] * box.height }] : [] });
  for (const [first, ...rest] of DIGITS[3]!) {
    await touch("touchStart", first);
    for (const point of rest) await touch("touchMove", point);
    await touch("touchEnd");
  }
  expect(await reading(page)).toBe("3");
  expect(await page.evaluate(() => scrollY)).toBe(0);
  expect(complaints).toEqual([]);
});

test("says what is wrong when the weights cannot be fetched, and can still train", async (context) => {
  const { page } = await open(context, {}, { refuse: "digits.safetensors" });
  expect(await page.textContent("#failure")).toBe("The network could not be loaded: /somebody/digits/digits.safetensors: expected a file, got HTTP 404.");
  expect(await page.textContent("#model-name")).toBe("no network");
  expect(await page.isEnabled("#train")).toBe(true);
});

test("says which browsers it needs where there is no WebAssembly SIMD", async (context) => {
  const { page } = await open(context);
  await page.addInitScript(() => void (WebAssembly.validate = () => false));
  await page.reload();
  await page.waitForSelector("#failure:visible");
  expect(await page.textContent("#failure")).toBe("The network could not be loaded: this browser has no WebAssembly SIMD. Chrome 91, Firefox 89, Safari 16.4 and later have it.");
  await drawWithMouse(page, DIGITS[1]!);
  await reading(page);
  expect(await page.textContent("#certainty")).toBe("No network to read it yet");
  await page.click("#train");
  await page.waitForFunction(() => document.getElementById("train-status")!.textContent!.startsWith("Training failed: this browser has no WebAssembly SIMD."));
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const LOOKS = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "phone", options: { ...PHONE, colorScheme: "light" } },
  { name: "phone-dark", options: { ...PHONE, colorScheme: "dark" } },
] as const;

test("nothing sticks out and all text is readable, light and dark, wide and narrow", async (context) => {
  needChromium(context);
  const folder = await mkdtemp(join(tmpdir(), "edgegrad-looks-"));
  for (const { name, options } of LOOKS) {
    const { page } = await open(context, options);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name}: pixels that stick out`).toBeLessThanOrEqual(0);
    expect(await page.evaluate(faintTexts), `${name}: texts below the contrast of 4.5 that WCAG 2.2 asks for`).toEqual([]);
    expect(await smallTargets(page), `${name}: controls smaller than the 24 pixels that WCAG 2.2 asks for`).toEqual([]);
  }
  console.log(`screenshots: ${folder}`);
});

/** Runs in the page: texts whose colour is too near to the colour they stand on. */
function faintTexts(): string[] {
  const channels = (color: string): number[] => {
    const context = new OffscreenCanvas(1, 1).getContext("2d")!;
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color: number[]): number => {
    const [r, g, b] = color.slice(0, 3).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const ground = (from: Element | null): number[] => {
    for (let at = from; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  const faint: string[] = [];
  for (const element of document.body.querySelectorAll<HTMLElement>("*")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent!.trim()).join("");
    if (!text || element.offsetParent === null || element.matches(":disabled, .unseen, .unsure")) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))].sort((p, q) => q - p);
    const contrast = (a! + 0.05) / (b! + 0.05);
    if (contrast < 4.5) faint.push(`${text}: ${contrast.toFixed(2)}`);
  }
  return faint;
}

async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, label, canvas[tabindex]")]
      .filter((control) => control.offsetParent !== null)
      .map((control) => ({ name: control.textContent || control.getAttribute("aria-label"), box: control.getBoundingClientRect() }))
      .filter(({ box }) => Math.min(box.width, box.height) < 24)
      .map(({ name, box }) => `${name}: ${box.width}×${box.height}`),
  );
}
