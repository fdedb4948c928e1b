import { expect, it } from "vitest";
import { FormatError } from "../base/errors.js";
import { textLines } from "./textLines.js";

it.each([
  { claim: "lines with either end, and without one", text: "a\r\nb\n\nc", lines: ["a", "b", "", "c"] },
  { claim: "a last line with an end", text: "a\n", lines: ["a"] },
  { claim: "nothing", text: "", lines: [] },
])("gives $claim", async ({ text, lines }) => {
  expect(await textLines({ text }).toArray()).toEqual(lines);
});

it("joins what pieces cut, letters too", async () => {
  const bytes = new TextEncoder().encode("Köln\r\nBonn");
  const pieces = (async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  })();
  expect(await textLines(pieces).toArray()).toEqual(["Köln", "Bonn"]);
});

it("reads a file by its address, as URL and as text", async () => {
  const here = new URL(import.meta.url);
  const [first] = await textLines(here).take(1).toArray();
  expect(first).toContain("import");
  expect(await textLines(here.href).take(1).toArray()).toEqual([first]);
});

it("refuses bytes that are no UTF-8", async () => {
  await expect(textLines({ bytes: Uint8Array.of(0xe4, 0x0a), name: "old.txt" }).toArray()).rejects.toThrow(FormatError);
  await expect(textLines({ bytes: Uint8Array.of(0xe4), name: "old.txt" }).toArray()).rejects.toThrow("old.txt: expected text in UTF-8");
});
