// Every example runs, at a reduced size, reaches the figures that its page is about, and writes a page that needs nothing else.
import { existsSync, readdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { built, CHROMIUM_ARGS, mnistFolder, needChromium } from "./shared.js";

type Figures = Readonly<Record<string, number | string>>;

interface Example {
  readonly name: string;
  readonly title: string;
  run(options: { small: boolean; data?: string }): Promise<{ figures: Figures; page: { html(): string } }>;
}

/** What the figures of each example have to be: least and most. */
const FIGURES: Readonly<Record<string, Readonly<Record<string, readonly [least: number, most: number]>>>> = {
  activations: { functions: [19, 19], "not monotone": [4, 4], "steepest slope of sigmoid": [0.25, 0.25], "of tanh": [1, 1] },
  autoencoder: { "of that of the mean digit": [0, 0.6] },
  digits: { "accuracy on new digits": [0.88, 1], weights: [407_050, 407_050] },
  filters: { "roughness after the blur": [0, 0.9], "after sharpening": [1.5, 10] },
  lenet: { "accuracy on new digits": [0.85, 1], weights: [61_706, 61_706] },
  optimizers: {
    "loss in the ravine, gradient descent": [1, 2],
    "loss in the ravine, momentum": [0, 0.1],
    "the ball stops at, without momentum": [-2, -1],
    "with momentum": [1, 2.2],
    "slope by batches (best: 1.5)": [0.3, 0.8],
    "slope by single examples": [1.2, 1.8],
  },
  overfitting: {
    "best degree": [2, 9],
    "degree 0: error, times the best": [1.3, 100],
    "degree 22: error, times the best": [1.3, 1e6],
    "gap of the network": [0.05, 10],
    "ways that helped, of 17": [11, 17],
    "loss with most data, to that with least": [0, 0.7],
  },
  perceptron: { mistakes: [0, 0], "functions learnt, of 16": [14, 14], "degrees off at the end": [0, 10] },
  regression: { "R² on houses held back": [0.85, 1], rows: [320, 320], columns: [7, 7] },
  saturation: {
    "gradient of layer 1 to layer 12, sigmoid": [0, 1e-5],
    "the same, relu": [0.05, 5],
    "zig-zag steps, inputs from 0 to 1": [0.9, 1],
    "zig-zag steps, inputs around 0": [0, 0.1],
    "dead relus, rate 0.01": [0, 2],
    "dead relus, rate 0.2": [20, 64],
  },
  spirals: { accuracy: [0.95, 1] },
  tabular: { "epochs in all": [30, 599], "loss on them": [0, 0.25], "accuracy on rows held back": [0.9, 1] },
  tape: { "accuracy on new digits": [0.85, 1] },
  tones: { "accuracy on new voices": [0.9, 1] },
  towers: { "largest error, 5 towers": [0.2, 0.4], "100 towers": [0, 0.02], "mean error in two dimensions": [0, 0.06] },
  vectors: { "x of a + b": [3, 3], "y of a + b": [2, 2], "areas, turned": [0.99, 1.01], "areas, stretched twofold": [3.99, 4.01] },
};

/** Rows of the course that an example shows. */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  activations: ["[A23]"],
  filters: ["[C2]"],
  lenet: ["[C13]"],
  optimizers: ["[O11]", "[O29]"],
  overfitting: ["[B4]"],
  saturation: ["[A24]", "[A25]", "[A26]"],
  spirals: ["[N22]"],
  tabular: ["[U5]"],
  tape: ["[U12]"],
  tones: ["[T19]"],
  vectors: ["[T21]"],
};

/** What a page has beside curves and figures. */
const PARTS: Readonly<Record<string, RegExp>> = { digits: /class="matrix"/, lenet: /class="matrix"/, optimizers: /<image .*<animate /s, overfitting: /class="bars"/, spirals: /class="film".*<script>/s };

/** Pages of the examples that have run. */
const pages = new Map<string, string>();

const folder = new URL("../demo/examples/", import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith(".mjs")).map((file) => file.slice(0, -4));

test("every example has figures that are checked", () => {
  expect(Object.keys(FIGURES).sort()).toEqual(names.sort());
});

test.each(names.map((name) => [name, [name, ...(ROWS[name] ?? [])].join(" ")] as const))("$1", { timeout: 120_000 }, async (name) => {
  built("index.js");
  const { default: example } = (await import(new URL(`${name}.mjs`, folder).href)) as { default: Example };
  const data = mnistFolder();
  const { figures, page } = await example.run({ small: true, ...(data !== undefined && existsSync(data) && { data }) });
  for (const [figure, [least, most]] of Object.entries(FIGURES[name]!)) {
    expect(figures[figure], `${figure} of ${name}: ${JSON.stringify(figures)}`).toBeGreaterThanOrEqual(least);
    expect(figures[figure], `${figure} of ${name}: ${JSON.stringify(figures)}`).toBeLessThanOrEqual(most);
  }
  const html = page.html();
  pages.set(name, html);
  expect(PARTS[name]?.test(html) ?? true, `${name}: expected ${PARTS[name]}`).toBe(true);
  // What it says and draws, without pictures; its code stands below.
  const shown = html.slice(0, html.indexOf("<details>")).replaceAll(/base64,[^"]*/g, "");
  expect(html).toContain(example.title.replaceAll("&", "&amp;"));
  expect(html).toMatch(/<svg|<img/);
  // Nothing is loaded from elsewhere: every link is an embedded picture or the name of a namespace.
  expect([...shown.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!).filter((link) => !link.startsWith("data:") && !link.startsWith("#"))).toEqual([]);
  expect(shown.match(/.{0,40}(NaN|undefined|Infinity)/g)).toBeNull();
  expect(html.includes(`demo/examples/${name}.mjs`), "names its code").toBe(true);
});

test("every page fits a phone and a desk, light and dark, and complains of nothing", { timeout: 120_000 }, async (context) => {
  const browser = await chromium.launch({ executablePath: needChromium(context), args: [...CHROMIUM_ARGS] });
  context.onTestFinished(() => browser.close());
  const complaints: string[] = [];
  for (const [colorScheme, width] of [["light", 1280], ["dark", 390]] as const) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, reducedMotion: "reduce" });
    page.on("console", (message) => void complaints.push(message.text()));
    page.on("pageerror", (error) => void complaints.push(error.message));
    for (const [name, html] of pages) {
      await page.setContent(html);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${name} at ${width}: pixels that stick out`).toBeLessThanOrEqual(0);
      // Tables may be pulled sideways, all else has to fit.
      expect(await page.evaluate(() => [...document.querySelectorAll("figure")].filter((figure) => !figure.querySelector("table") && figure.scrollWidth > figure.clientWidth).length), `${name} at ${width}: figures that stick out`).toBe(0);
      expect(await page.evaluate(() => [...document.querySelectorAll("figure > svg")].filter((svg) => svg.getBoundingClientRect().width < 240).length), `${name} at ${width}: charts too small to read`).toBe(0);
    }
  }
  expect(complaints).toEqual([]);
});
