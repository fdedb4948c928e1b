// Tensors as arrows: a sum of two vectors, and what a matrix does to the plane.
import { add, matmul, tensor } from "edgegrad";
import { example } from "./lib/example.mjs";

const SCALE = 60;
const at = ([x, y]) => `${240 + SCALE * x} ${240 - SCALE * y}`;

/** An arrow from one point to another, with its name. */
function arrow(from, to, color, name) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const side = (turn) => [to[0] - 0.22 * ((dx / length) * Math.cos(turn) - (dy / length) * Math.sin(turn)), to[1] - 0.22 * ((dx / length) * Math.sin(turn) + (dy / length) * Math.cos(turn))];
  const [x, y] = [240 + SCALE * ((from[0] + to[0]) / 2), 240 - SCALE * ((from[1] + to[1]) / 2)];
  return `<path d="M${at(from)} L${at(to)} M${at(side(0.5))} L${at(to)} L${at(side(-0.5))}" stroke="${color}" stroke-width="3" fill="none"/><text x="${x + 8}" y="${y - 8}" fill="${color}">${name}</text>`;
}

function plane(drawing) {
  const lines = Array.from({ length: 9 }, (_, i) => `M${at([i - 4, -4])} L${at([i - 4, 4])} M${at([-4, i - 4])} L${at([4, i - 4])}`).join(" ");
  return `<svg viewBox="0 0 480 480" width="480" height="480" font-family="system-ui" font-size="18"><path d="${lines}" stroke="#d8dbe8" fill="none"/><path d="M${at([-4, 0])} L${at([4, 0])} M${at([0, -4])} L${at([0, 4])}" stroke="#585e78"/>${drawing}</svg>`;
}

export default example(
  import.meta.url,
  "Vectors as arrows",
  "A tensor of two numbers is a point of the plane, or the arrow that leads there. Arrows are added by putting one at the end of the other; a matrix turns, stretches and shears them.",
  async ({ page }) => {
    const [a, b] = [[1, 2.5], [2, -0.5]];
    const total = await add(tensor(a), tensor(b)).data();
    page.heading("The sum of two vectors").svg(plane(arrow([0, 0], a, "#2b3fe0", "a") + arrow(a, total, "#d9480f", "b") + arrow([0, 0], total, "#2f9e44", "a + b")), `a = [${a}], b = [${b}], a + b = [${[...total]}]`);

    const turn = Math.PI / 6;
    const TRANSFORMS = { "turned by 30°": [[Math.cos(turn), -Math.sin(turn)], [Math.sin(turn), Math.cos(turn)]], stretched: [[2, 0], [0, 0.5]], sheared: [[1, 0.8], [0, 1]] };
    const corners = [[0, 0], [1.5, 0], [1.5, 1.5], [0, 1.5]];
    let area = 0;
    for (const [name, matrix] of Object.entries(TRANSFORMS)) {
      const moved = await matmul(tensor(corners), tensor(matrix, [2, 2], "float32").transpose()).array();
      const outline = (points, color) => `<path d="M${points.map(at).join(" L")} Z" stroke="${color}" stroke-width="3" fill="${color}22"/>`;
      page.heading(name).svg(plane(outline(corners, "#585e78") + outline(moved, "#2b3fe0")));
      area = Math.abs(moved[1][0] * moved[3][1] - moved[1][1] * moved[3][0]) / 2.25;
    }
    return { x: total[0], y: total[1], area };
  },
);
