// Every example runs, at a reduced size, reaches the figures that its page is about, and writes a page that needs nothing else.
import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { built, mnistFolder } from "./shared.js";

type Figures = Readonly<Record<string, number | string>>;

interface Example {
  readonly name: string;
  readonly title: string;
  run(options: { small: boolean; data?: string }): Promise<{ figures: Figures; page: { html(): string } }>;
}

/** What the figures of each example have to be: least and most. */
const FIGURES: Readonly<Record<string, Readonly<Record<string, readonly [least: number, most: number]>>>> = {
  activations: { curves: [19, 19], notMonotone: [4, 4], steepestSigmoid: [0.25, 0.25], steepestTanh: [1, 1] },
  autoencoder: { ofTheMeanPicture: [0, 0.6] },
  digits: { accuracy: [0.88, 1], parameters: [407_050, 407_050] },
  filters: { blurred: [0, 0.9], sharpened: [1.5, 10] },
  lenet: { accuracy: [0.85, 1], parameters: [61_706, 61_706] },
  optimizers: { "momentum, a ravine": [0, 0.1], "gradient descent, a ravine": [1, 2], "Adam, a neuron on two points": [0, 0.005], stuckAt: [-2, -1], rolledTo: [1, 2.2], stochasticSlope: [1.2, 1.8], batchSlope: [0.3, 0.8] },
  overfitting: { bestDegree: [2, 9], underfitted: [1.3, 100], overfitted: [1.3, 1e6], gap: [0.05, 10], helped: [4, 7], moreData: [0, 0.7] },
  perceptron: { converged: [1, 1], mistakes: [0, 0], learnable: [14, 14], angle: [0, 10] },
  regression: { r2: [0.85, 1], rows: [320, 320], columns: [7, 7] },
  saturation: { vanishing: [0, 1e-5], kept: [0.05, 5], zigzag: [0.5, 1], dead: [20, 64], deadSlow: [0, 2] },
  spirals: { accuracy: [0.95, 1] },
  tabular: { epochs: [30, 599], loss: [0, 0.25], accuracy: [0.9, 1] },
  tape: { accuracy: [0.85, 1] },
  tones: { accuracy: [0.95, 1] },
  towers: { firstError: [0.2, 0.4], lastError: [0, 0.1], squareError: [0, 0.06] },
  vectors: { x: [3, 3], y: [2, 2], area: [0.99, 1.01] },
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
  expect(html).toContain(example.title.replaceAll("&", "&amp;"));
  expect(html).toMatch(/<svg|<img/);
  // Nothing is loaded from elsewhere: every link is an embedded picture or the name of a namespace.
  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link!).filter((link) => !link.startsWith("data:") && !link.startsWith("#"))).toEqual([]);
  expect(html).not.toMatch(/NaN|undefined/);
});
