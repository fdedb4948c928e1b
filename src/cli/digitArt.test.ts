import { expect, test } from "vitest";
import { drawBar, drawDigit } from "./digitArt.js";

test("two rows of pixels make one line of text", () => {
  const pixels = [
    0, 255, 0, 255, 100,
    0, 0, 255, 255, 100,
    255, 0, 0, 0, 0,
  ];
  expect(drawDigit(pixels, 5, 3)).toBe(" ▀▄█░\n▀");
});

test("a bar is filled to an eighth of a character", () => {
  expect([0, 0.5, 0.53125, 1].map((share) => drawBar(share, 4))).toEqual(["", "██", "██▏", "████"]);
  expect(drawBar(2, 4)).toBe("████");
});
