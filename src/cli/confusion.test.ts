import { expect, test } from "vitest";
import { confusionMatrix, printConfusion } from "./confusion.js";

test("rows are labels, columns what they were read as", () => {
  const counts = confusionMatrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], 3);
  expect(counts).toEqual([[2, 1, 0], [0, 2, 0], [0, 0, 0]]);
  expect(printConfusion(counts)).toBe(
    [
      " label     0     1     2   right   (columns: read as)",
      "     0     2     1     ·  66.7 %",
      "     1     ·     2     · 100.0 %",
      "     2     ·     ·     ·       –",
    ].join("\n"),
  );
});
