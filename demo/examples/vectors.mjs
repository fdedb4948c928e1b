// Tensors as arrows: a sum of two vectors, and what a matrix does to the plane.
import { add, linalg, matmul, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";
import { COLORS, LINE, SOFT } from "./lib/style.mjs";

const at = ([x, y]) => `${240 + 60 * x} ${240 - 60 * y}`;

/** An arrow from one point to another, with its name beside its middle. */
function arrow(from, to, color, name) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const angle = Math.atan2(dy, dx);
  const barb = (turn) => at([to[0] - 0.25 * Math.cos(angle + turn), to[1] - 0.25 * Math.sin(angle + turn)]);
  const beside = at([from[0] + dx / 2 - 0.3 * Math.sin(angle), from[1] + dy / 2 + 0.3 * Math.cos(angle)]);
  return `<path d="M${at(from)} L${at(to)} M${barb(0.45)} L${at(to)} L${barb(-0.45)}" stroke="${color}" stroke-width="3" fill="none"/><text transform="translate(${beside})" text-anchor="middle" dominant-baseline="central" fill="${color}">${name}</text>`;
}

/** Squared paper from -2 to 4 both ways. */
function plane(drawing) {
  const grid = [-1, 1, 2, 3].map((i) => `M${at([i, -2])} L${at([i, 4])} M${at([-2, i])} L${at([4, i])}`).join(" ");
  const numbers = [-1, 1, 2, 3].map((i) => `<text transform="translate(${at([i, -0.3])})" text-anchor="middle" font-size="12" fill="${SOFT}">${i}</text><text transform="translate(${at([-0.15, i - 0.08])})" text-anchor="end" font-size="12" fill="${SOFT}">${i}</text>`).join("");
  return `<svg viewBox="120 0 360 360" role="img" font-family="system-ui" font-size="16"><path d="${grid}" stroke="${LINE}" fill="none"/><path d="M${at([-2, 0])} L${at([4, 0])} M${at([0, -2])} L${at([0, 4])}" stroke="${SOFT}"/>${numbers}${drawing}</svg>`;
}

const outline = (points, color, dashed) => `<path d="M${points.map(at).join(" L")} Z" stroke="${color}" stroke-width="3" fill="${color}" fill-opacity=".12"${dashed ? ' stroke-dasharray="7 6"' : ""}/>`;

const TURN = Math.PI / 6;
const TRANSFORMS = {
  "turned by 30°": [[Math.cos(TURN), -Math.sin(TURN)], [Math.sin(TURN), Math.cos(TURN)]],
  "stretched and flattened": [[2, 0], [0, 0.5]],
  sheared: [[1, 0.8], [0, 1]],
  "stretched twofold": [[2, 0], [0, 2]],
};
const SQUARE = [[0, 0], [1.5, 0], [1.5, 1.5], [0, 1.5]];

export default example(
  import.meta.url,
  "Vectors as arrows, matrices as moves",
  "A tensor of two numbers is a point of the plane, or the arrow that leads there; arrows are added by putting one at the end of the other. A matrix moves every point at once: its columns are where (1, 0) and (0, 1) go, and its determinant says how many times larger areas become.",
  async ({ page }) => {
    const [a, b] = [[1, 2.5], [2, -0.5]];
    const total = await add(tensor(a), tensor(b)).data();
    const [blue, orange, green] = COLORS;
    page.heading("The sum of two vectors").svg(plane(arrow([0, 0], a, blue, "a") + arrow(a, total, orange, "b") + arrow([0, 0], total, green, "a + b")), `a = (${a.join(", ")}), b = (${b.join(", ")}), a + b = (${total.join(", ")})`);
    page.svg(plane(arrow([0, 0], b, orange, "b") + arrow(b, total, blue, "a") + arrow([0, 0], total, green, "b + a")), "The other way round it leads to the same point.");

    page.heading("What matrices do to a square").text("Dashed: before. Filled: after the matrix product.");
    const determinants = {};
    for (const [name, rows] of Object.entries(TRANSFORMS)) {
      const matrix = tensor(rows, [2, 2], "float32");
      // Points are rows here, so the matrix stands on the right, transposed.
      const moved = await matmul(tensor(SQUARE), matrix.transpose()).array();
      determinants[name] = (await linalg.det(matrix).data())[0];
      page.svg(plane(outline(SQUARE, SOFT, true) + outline(moved, blue)), `${name}: [${rows.map((row) => row.map((value) => Number(value.toFixed(2))).join(" ")).join("; ")}], areas × ${Number(determinants[name].toFixed(3))}`);
    }
    return { "x of a + b": total[0], "y of a + b": total[1], "areas, turned": determinants["turned by 30°"], "areas, stretched twofold": determinants["stretched twofold"] };
  },
);
