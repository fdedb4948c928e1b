// A page that an example writes: headings, words, tables, charts and pictures, in one file that needs nothing else.
import { writeFileSync } from "node:fs";
import * as echarts from "echarts";
import { encode } from "fast-png";

const STYLE = `
:root { color-scheme: light; font: 400 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #171a2b; background: #f3f4f8 }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
p { max-width: 46rem; margin: .5rem 0 } figure { margin: 1rem 0; padding: .75rem; background: #fff; border: 1px solid #d8dbe8; border-radius: .6rem; overflow-x: auto }
figure.row { display: flex; flex-wrap: wrap; gap: .75rem } figure.row > div { text-align: center; font-size: .8rem; color: #585e78 }
figcaption { color: #585e78; font-size: .9rem } svg { max-width: 100%; height: auto } img { image-rendering: pixelated; display: block; margin: 0 auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #d8dbe8 }
th:first-child, td:first-child { text-align: left }`;

/** Colours of series, told apart by those who see few colours too. */
const COLORS = ["#2b3fe0", "#d9480f", "#2f9e44", "#9c36b5", "#e8590c", "#0c8599", "#c2255c", "#5c940d"];

export class Page {
  parts = [];

  constructor(title, about) {
    this.title = title;
    this.parts.push(`<h1>${escaped(title)}</h1>`, `<p>${escaped(about)}</p>`);
  }

  heading(text) {
    this.parts.push(`<h2>${escaped(text)}</h2>`);
    return this;
  }

  text(text) {
    this.parts.push(`<p>${escaped(text)}</p>`);
    return this;
  }

  /** head: names of columns; rows: cells, texts or numbers. */
  table(head, rows) {
    const line = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${escaped(String(cell))}</${tag}>`).join("")}</tr>`;
    this.parts.push(`<figure><table>${line(head, "th")}${rows.map((cells) => line(cells, "td")).join("")}</table></figure>`);
    return this;
  }

  /** Any chart: an option object of ECharts. */
  chart(option, { width = 880, height = 360, caption = "" } = {}) {
    const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
    chart.setOption({ animation: false, color: COLORS, textStyle: { fontFamily: "inherit" }, ...option });
    const svg = chart.renderToSVGString();
    chart.dispose();
    this.parts.push(`<figure>${svg}${caption && `<figcaption>${escaped(caption)}</figcaption>`}</figure>`);
    return this;
  }

  /** Curves over one axis. series: { name: [y, …] or [[x, y], …] }. */
  lines(series, { x = "epoch", y = "", log = false, logX = false, min, max, caption = "", height = 320 } = {}) {
    return this.chart(
      {
        grid: { left: 64, right: 24, top: 44, bottom: 48 },
        legend: { top: 4, itemGap: 20, data: Object.keys(series) },
        xAxis: { type: logX ? "log" : "value", name: x, nameLocation: "middle", nameGap: 28, min: "dataMin", max: "dataMax", axisLine: { onZero: false } },
        yAxis: { type: log ? "log" : "value", name: y, scale: true, axisLine: { onZero: false }, axisLabel: { formatter: (value) => (log && value > 0 && value < 1e-3 ? value.toExponential(0) : String(value)) }, ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
        series: Object.entries(series).map(([name, points]) => ({ name, type: "line", showSymbol: points.length < 3, data: points.map((point, i) => (Array.isArray(point) ? point : [i + 1, point])) })),
      },
      { caption, height },
    );
  }

  /** Pictures in a row. images: { pixels, width, height, label?, scale?, channels? }: numbers from 0 to 255, row by row, 1 (default) or 3 a pixel. */
  pictures(images, { scale = 3, caption = "" } = {}) {
    const one = ({ pixels, width, height, channels = 1, label = "", scale: own = scale }) => {
      const png = encode({ width, height, channels, depth: 8, data: Uint8Array.from(pixels, (value) => Math.max(0, Math.min(255, Math.round(value)))) });
      return `<div><img alt="${escaped(label)}" width="${width * own}" height="${height * own}" src="data:image/png;base64,${Buffer.from(png).toString("base64")}">${escaped(label)}</div>`;
    };
    this.parts.push(`<figure class="row">${images.map(one).join("")}</figure>${caption && `<p>${escaped(caption)}</p>`}`);
    return this;
  }

  /** SVG of one's own. */
  svg(text, caption = "") {
    this.parts.push(`<figure>${text}${caption && `<figcaption>${escaped(caption)}</figcaption>`}</figure>`);
    return this;
  }

  html() {
    return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(this.title)}</title><style>${STYLE}</style></head>\n<body><main>\n${this.parts.join("\n")}\n</main></body></html>\n`;
  }

  save(file) {
    writeFileSync(file, this.html());
  }
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
