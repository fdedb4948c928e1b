// A page that an example writes: headings, words, figures, tables, charts and pictures, in one file that needs nothing else.
import { readFileSync, writeFileSync } from "node:fs";
import { encode } from "fast-png";
import { plot } from "./plot.mjs";
import { FILM_SCRIPT, STYLE } from "./style.mjs";

export class Page {
  parts = [];
  numbers = {};

  /** file: the example's, whose code the page shows at its end; path: how the page names it. */
  constructor({ title, about, file, path }) {
    Object.assign(this, { title, about, file, path });
  }

  /** What came out, in numbers, at the top of the page. */
  figures(numbers) {
    this.numbers = numbers;
  }

  heading(text) {
    return this.add(`<h2>${escaped(text)}</h2>`);
  }

  text(text) {
    return this.add(`<p>${escaped(text)}</p>`);
  }

  /** head: names of columns; rows: cells, texts or numbers. */
  table(head, rows, caption = "") {
    const line = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${escaped(String(cell))}</${tag}>`).join("")}</tr>`;
    return this.figure(`<table>${line(head, "th")}${rows.map((cells) => line(cells, "td")).join("")}</table>`, { caption, kind: "fits" });
  }

  /** A table of bars from 0. names: what the bars of a row are; rows: [name, [value, …]]. */
  bars(names, rows, caption = "") {
    const most = Math.max(...rows.flatMap(([, values]) => values));
    const bar = (value, i) => `<i style="width:${((100 * value) / most).toFixed(1)}%;background:var(--c${i})"></i>`;
    const head = `<tr><th></th>${names.map((name) => `<th>${escaped(name)}</th>`).join("")}<td></td></tr>`;
    const lines = rows.map(([name, values]) => `<tr><td>${escaped(name)}</td>${values.map((value) => `<td>${value.toFixed(2)}</td>`).join("")}<td>${values.map(bar).join("")}</td></tr>`);
    return this.figure(`${legend(names.map((name, color) => ({ name, color, kind: "dots" })))}<table class="bars">${head}${lines.join("")}</table>`, { caption });
  }

  /** How often each class (row) was taken for each (column): what is right in one colour, what is wrong in another, the more the darker. */
  confusion(counts, names = counts.map((_, i) => i)) {
    const cell = (count, row, column) => {
      const share = count / counts[row].reduce((sum, one) => sum + one, 0);
      const shade = Math.round(row === column ? 70 * share : count && 8 + 400 * share);
      return `<td${count ? "" : ' class="none"'} style="background:color-mix(in srgb,var(--c${row === column ? 2 : 1}) ${Math.min(70, shade)}%,transparent)">${count}</td>`;
    };
    const head = `<tr><th></th>${names.map((name) => `<th scope="col">${escaped(String(name))}</th>`).join("")}</tr>`;
    const rows = counts.map((row, i) => `<tr><th scope="row">${escaped(String(names[i]))}</th>${row.map((count, k) => cell(count, i, k)).join("")}</tr>`);
    return this.figure(`<table class="matrix">${head}${rows.join("")}</table>`, { caption: "Rows: what it is. Columns: what the network says.", kind: "fits" });
  }

  /** Curves and points: see plot.mjs. Charts that follow each other stand side by side where there is room. */
  plot(series, options = {}) {
    const { svg, y, legend: keys } = plot(series, options);
    const unit = y && `<p class="unit">${escaped(y)}</p>`;
    return this.add(`<figure>${keys.length > 1 ? legend(keys) : ""}${unit}${svg}${captioned(options.caption)}</figure>`, true);
  }

  /** Pictures in a row. images: see picture(). */
  pictures(images, { scale = 3, caption = "" } = {}) {
    const one = (image) => `<div>${picture({ scale, ...image })}${image.label ? `<span>${escaped(image.label)}</span>` : ""}</div>`;
    return this.figure(`<div class="row">${images.map(one).join("")}</div>`, { caption });
  }

  /** Pictures of one place, one after another: it plays, and can be dragged through. */
  film(images, { scale = 6, caption = "" } = {}) {
    const last = images.length - 1;
    const frames = images.map((image, i) => `<img src="${address(image)}" alt="${escaped(image.label)}"${i === last ? "" : " hidden"}>`).join("");
    const controls = `<div class="controls"><button type="button">Play</button><input type="range" min="0" max="${last}" value="${last}" aria-label="which picture"><output>${escaped(images[last].label)}</output></div>`;
    return this.figure(`${framed(frames, { scale, ...images[last] })}${controls}`, { caption, kind: "film" });
  }

  /** SVG of one's own. Beside each other like charts. */
  svg(text, caption = "") {
    return this.add(`<figure>${text}${captioned(caption)}</figure>`, true);
  }

  html() {
    const figures = Object.entries(this.numbers).map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(shown(value))}</dd></div>`);
    const code = readFileSync(this.file, "utf8");
    // Charts in a row make one block.
    const blocks = this.parts.map(({ html, isChart }, i) => `${isChart && !this.parts[i - 1]?.isChart ? '<div class="charts">' : ""}${html}${isChart && !this.parts[i + 1]?.isChart ? "</div>" : ""}`);
    return [
      `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(this.title)} · edgegrad</title><style>${STYLE}</style></head>`,
      `<body><main><h1>${escaped(this.title)}</h1><p class="about">${escaped(this.about)}</p>`,
      `<dl class="figures">${figures.join("")}</dl>`,
      ...blocks,
      `<details><summary>The code that made this page: <code>${escaped(this.path)}</code>, ${code.trimEnd().split("\n").length} lines</summary><pre>${escaped(code)}</pre></details>`,
      `</main>${blocks.some((block) => block.includes('class="film"')) ? `<script>${FILM_SCRIPT}</script>` : ""}</body></html>\n`,
    ].join("\n");
  }

  save(file) {
    writeFileSync(file, this.html());
  }

  figure(html, { caption = "", kind = "" } = {}) {
    return this.add(`<figure${kind && ` class="${kind}"`}>${html}${captioned(caption)}</figure>`);
  }

  add(html, isChart = false) {
    this.parts.push({ html, isChart });
    return this;
  }
}

/** { pixels, width, height, label?, scale?, channels?, over?, smooth? }: numbers from 0 to 255, row by row, 1 (default) or 3 a pixel; over: SVG drawn on it, in pixels. */
function picture(image) {
  return framed(`<img src="${address(image)}" alt="${escaped(image.label ?? "")}">`, image);
}

function framed(html, { width, height, scale, channels = 1, over = "", smooth = false }) {
  const drawing = over && `<svg viewBox="0 0 ${width} ${height}">${over}</svg>`;
  return `<div class="picture${channels === 1 ? " grey" : ""}${smooth ? " smooth" : ""}" style="width:${width * scale}px">${html}${drawing}</div>`;
}

/** A picture as an address: the PNG itself. */
export function address({ pixels, width, height, channels = 1 }) {
  const png = encode({ width, height, channels, depth: 8, data: Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, Math.round(value)))) });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

function legend(keys) {
  return `<ul class="legend">${keys.map(({ name, color, kind }) => `<li class="${kind}" style="--c:var(--c${color})"><i></i>${escaped(name)}</li>`).join("")}</ul>`;
}

function captioned(text = "") {
  return text && `<figcaption>${escaped(text)}</figcaption>`;
}

/** A number as people read it: 407,050, 0.9812, 9.2 · 10⁻⁹. */
function shown(value) {
  if (typeof value !== "number" || Number.isInteger(value)) return value.toLocaleString("en");
  const [digits, power] = value.toExponential(2).split("e");
  return Math.abs(power) < 4 ? String(Number(value.toPrecision(4))).replace("-", "−") : `${Number(digits)} · 10${[...power].map((sign) => ({ "-": "⁻", "+": "" })[sign] ?? "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]).join("")}`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
