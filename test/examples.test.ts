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
  spirals: { accuracy: [0.95, 1] },
};

const folder = new URL("../demo/examples/", import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith(".mjs")).map((file) => file.slice(0, -4));

test("every example has figures that are checked", () => {
  expect(Object.keys(FIGURES).sort()).toEqual(names.sort());
});

test.each(names)("%s", { timeout: 60_000 }, async (name) => {
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
