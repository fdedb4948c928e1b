// Rows of text out of CSV bytes (RFC 4180), in pieces of whole records, each with the line it begins in. papaparse takes the records apart.
import { FormatError } from "../base/errors.js";
import { piecesOf, type ByteSource } from "./bytes.js";

export interface CsvRow {
  readonly fields: readonly string[];
  /** From 1. A quoted field may have line breaks, so that a row is not always a line. */
  readonly line: number;
}

/** A record longer than this is a quote that was never closed: better said than read to the end of a large file. */
const LONGEST = 1 << 26;

/** Records are handed on in pieces of about this many characters. */
const PIECE = 1 << 18;

/**
 * All rows but empty lines. A separator of several spaces and tabs counts as one when delimWhitespace is set.
 *
 * Throws FormatError, with the line, for a quote that is never closed and for text behind a closing one.
 */
export async function* csvRows(source: ByteSource, name: string, delimiter: string, delimWhitespace: boolean): AsyncGenerator<CsvRow, void, undefined> {
  const { default: papa } = await import("papaparse");
  let line = 1;
  for await (const text of records(source, name)) {
    const block = delimWhitespace ? text.replace(/^[ \t]+|[ \t]+$/gm, "").replace(/[ \t]+/g, " ") : text;
    const { data, errors } = papa.parse<string[]>(block, { delimiter: delimWhitespace ? " " : delimiter, skipEmptyLines: false });
    const lines = data.map((fields) => {
      const begin = line;
      line += 1;
      for (const field of fields) line += breaksIn(field);
      return begin;
    });
    // Of its errors, those of quotes: how long rows should be, the caller knows better.
    const error = errors.find(({ type }) => type === "Quotes");
    if (error) throw new FormatError(`${name}: line ${lines[error.row ?? 0] ?? line}: expected each quote to be closed, and a separator behind it; a quote inside a field is written twice (${error.message}).`);
    for (const [i, fields] of data.entries()) if (fields.length > 1 || fields[0] !== "") yield { fields, line: lines[i]! };
    // A piece ends behind a line break, which papaparse takes for the beginning of one more, empty row.
    if (/[\r\n]$/.test(block)) line--;
  }
}

/** Text in pieces that end where a record ends: behind a line break with an even number of quotes before it. */
async function* records(source: ByteSource, name: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let held = "";
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new FormatError(`${name}: expected text in UTF-8, got other bytes. Save it as UTF-8.`, { cause });
    }
  };
  for await (const bytes of piecesOf(source)) {
    held += decode(bytes);
    if (held.length < PIECE) continue;
    const end = lastRecordEnd(held);
    if (end === 0 && held.length > LONGEST) throw new FormatError(`${name}: expected records of at most ${LONGEST} characters, one is longer: is a quote not closed?`);
    if (end === 0) continue;
    yield held.slice(0, end);
    held = held.slice(end);
  }
  held += decode();
  if (held !== "") yield held;
}

function lastRecordEnd(text: string): number {
  let quoted = false;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) quoted = !quoted;
    else if (code === 0x0a && !quoted) end = i + 1;
  }
  return end;
}

function breaksIn(field: string): number {
  let count = 0;
  for (let at = field.indexOf("\n"); at >= 0; at = field.indexOf("\n", at + 1)) count++;
  return count;
}
