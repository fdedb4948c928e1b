// The lines of a text file as a dataset: files of any size, read in pieces.
import { FormatError } from "../base/errors.js";
import { nameOf, piecesOf, type ByteSource } from "./bytes.js";
import { Dataset } from "./dataset.js";

/**
 * The lines of a text in UTF-8, without their ends (\n or \r\n); an empty line is an empty string, and what follows the last line's end is no line.
 *
 * source: path, address, { text }, bytes, Blob or File; of a stream there is one pass. The pass ends with FormatError for bytes that are no UTF-8.
 */
export function textLines(source: ByteSource): Dataset<string> {
  return new Dataset(async function* () {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let held = "";
    try {
      for await (const piece of piecesOf(source)) {
        held += decoder.decode(piece, { stream: true });
        const lines = held.split("\n");
        held = lines.pop()!;
        for (const line of lines) yield withoutReturn(line);
      }
      held += decoder.decode();
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw new FormatError(`${nameOf(source, "text")}: expected text in UTF-8, got other bytes. Save it as UTF-8.`, { cause });
    }
    if (held !== "") yield withoutReturn(held);
  });
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
