// Curves and points over two axes as SVG, drawn by ECharts: small enough for a phone, two beside each other on a desk.
import * as echarts from "echarts";
import { COLORS, LINE, SOFT } from "./style.mjs";

const WIDTH = 440;

/**
 * series: { name: [y, …] or [[x, y], …] for a line, { dots: [[x, y], …] }, { line, dashed, thin, color } }
 * x, y: what the axes say   log: y by powers of ten   xRange, yRange: ends of the axes   under: the address of a picture behind it all
 * race: a dot runs along every line that is not thin, a step of each at the same time
 */
export function plot(series, { x = "epoch", y = "", log = false, xRange, yRange, under, race = false, height = 270 } = {}) {
  const height10 = ([at, value]) => [at, log ? Math.log10(value) : value];
  const drawn = Object.entries(series).map(([name, given], i) => {
    const { line, dots, dashed = i > 3, color = COLORS[i % COLORS.length], thin = false } = Array.isArray(given) ? { line: given } : given;
    const points = (line ?? dots).map((point, k) => height10(Array.isArray(point) ? point : [k + 1, point]));
    return { name, points, isLine: line !== undefined, dashed: line !== undefined && dashed, color, thin };
  });
  // Curves over x fill the chart from end to end; paths and clouds of points get some room.
  const isFunction = drawn.every(({ isLine, points }) => isLine && points.every(([at], i) => i === 0 || at >= points[i - 1][0]));
  const categories = typeof drawn[0].points[0][0] === "string";
  const axis = {
    nameTextStyle: { color: SOFT, fontSize: 13 }, axisLabel: { color: SOFT, fontSize: 12, hideOverlap: true }, axisTick: { show: false },
    axisLine: { show: true, onZero: false, lineStyle: { color: SOFT } }, splitLine: { show: !under, lineStyle: { color: LINE } },
  };
  const ends = (range) => range && { min: range[0], max: range[1] };
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: "inherit" },
    grid: { left: log ? 46 : 44, right: 14, top: 10, bottom: 42 },
    xAxis: { ...axis, type: categories ? "category" : "value", name: x, nameLocation: "middle", nameGap: 26, boundaryGap: false, scale: true, ...(x === "epoch" && { minInterval: 1 }), ...(isFunction && ends(["dataMin", "dataMax"])), ...ends(xRange) },
    yAxis: { ...axis, type: "value", scale: true, ...(log && { minInterval: 1, axisLabel: { ...axis.axisLabel, formatter: (power) => powerOfTen(power) } }), ...ends(yRange) },
    series: [
      ...(under ? [behind(under, xRange, yRange)] : []),
      ...drawn.map(({ name, points, isLine, dashed, color, thin }) => ({
        name, data: points, color, clip: true, silent: true,
        ...(isLine
          ? { type: "line", showSymbol: points.length < 12, symbol: "circle", symbolSize: 5, lineStyle: { width: thin ? 1.25 : 2, color, type: dashed ? [6, 4] : "solid" } }
          : { type: "scatter", symbolSize: 6, itemStyle: { color } }),
      })),
    ],
  });
  const racers = race ? drawn.filter(({ isLine, thin }) => isLine && !thin).map(({ points, color }) => racer(points.map((point) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, point)), color)) : [];
  const svg = chart.renderToSVGString().replaceAll("<image ", '<image preserveAspectRatio="none" ').replace(/<\/svg>\s*$/, `${racers.join("")}</svg>`);
  chart.dispose();
  return { svg, y, legend: drawn.map(({ name, isLine, dashed, color }) => ({ name, color: COLORS.indexOf(color), kind: !isLine ? "dots" : dashed ? "dashed" : "line" })) };
}

/** A picture that fills the square between the axes. */
function behind(image, [left, right], [bottom, top]) {
  return {
    type: "custom", data: [[left, top]], silent: true,
    renderItem: (_, { coord }) => {
      const [[x0, y0], [x1, y1]] = [coord([left, top]), coord([right, bottom])];
      return { type: "image", style: { image, x: x0, y: y0, width: x1 - x0, height: y1 - y0 } };
    },
  };
}

/** A dot that runs along these pixels for ever. */
function racer(pixels, color) {
  const values = (axis) => pixels.map((pixel) => Math.round(10 * pixel[axis]) / 10).join(";");
  const run = (name, axis) => `<animate attributeName="${name}" values="${values(axis)}" dur="10s" repeatCount="indefinite"/>`;
  return `<circle class="racer" r="5.5" fill="${color}" stroke="#fff" stroke-width="1.5">${run("cx", 0)}${run("cy", 1)}</circle>`;
}

/** -4 as 10⁻⁴, and 0.01 to 100 as numbers. */
function powerOfTen(power) {
  if (!Number.isInteger(power)) return "";
  if (Math.abs(power) <= 2) return String(Number((10 ** power).toFixed(2)));
  return `10${[...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("")}`;
}
