import { describe, expect, it } from "vitest";
import { centreByMass } from "./centre.js";

const SIZE = 7;

function dot(x: number, y: number): Uint8Array {
  const image = new Uint8Array(SIZE * SIZE);
  image[y * SIZE + x] = 200;
  return image;
}

describe("centreByMass", () => {
  it("moves a dot from anywhere to the middle", () => {
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const image = dot(x, y);
        centreByMass(image, SIZE);
        expect(image, `${x}, ${y}`).toEqual(dot(3, 3));
      }
    }
  });

  it("moves by whole pixels and cuts off what leaves", () => {
    const image = dot(0, 3);
    for (const x of [4, 5, 6]) image[3 * SIZE + x] = 255;
    image[3 * SIZE] = 10; // The mass is at 4.94, two pixels too far right.
    centreByMass(image, SIZE);
    expect([...image.subarray(3 * SIZE, 4 * SIZE)]).toEqual([0, 0, 255, 255, 255, 0, 0]);
  });

  it("takes pixel (14, 14) for the middle of 28×28", () => {
    const image = new Uint8Array(28 * 28).fill(9, 0, 1);
    centreByMass(image, 28);
    expect(image.indexOf(9)).toBe(14 * 28 + 14);
  });

  it("leaves an empty image alone", () => {
    const image = new Uint8Array(SIZE * SIZE);
    centreByMass(image, SIZE);
    expect(image).toEqual(new Uint8Array(SIZE * SIZE));
  });
});
