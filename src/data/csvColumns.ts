// Columns of a table of text: what kind each is, and how its text becomes numbers.
import { FormatError, ValueError } from "../base/errors.js";
import { checkOptions, checkWord } from "../base/options.js";
import { nearestName } from "../base/names.js";

/** How a column of a table is read; names as TensorFlow.js has them, vocabulary and encoding beside. */
export interface CsvColumnConfig {
  /** The column is what is to be predicted: it goes to ys. */
  readonly isLabel?: boolean;
  /** "float32", "int32", "bool" or "string"; when left out, numbers or text as the first row shows. */
  readonly dtype?: "float32" | "int32" | "bool" | "string";
  /** Stands where a value is missing. */
  readonly default?: number | string | boolean;
  /** A missing value is an error even where missing: "nan" or "skip" would go on (false). */
  readonly required?: boolean;
  /** Text becomes its number in this list; true: in the sorted list of all texts of the column, found by reading the table once before the first pass. */
  readonly vocabulary?: readonly string[] | true;
  /** How text of a vocabulary is given: its number ("index"), or 0 and 1 for every entry ("oneHot"). */
  readonly encoding?: "index" | "oneHot";
}

const CONFIG = ["isLabel", "dtype", "default", "required", "vocabulary", "encoding"] as const satisfies readonly (keyof CsvColumnConfig)[];
const DTYPES = ["float32", "int32", "bool", "string"] as const;
const ENCODINGS = ["index", "oneHot"] as const;

/** A field that was read: number, text, truth value, or a one-hot row. */
export type CsvValue = number | string | boolean | Float32Array;

/** Thrown for a row that is to be left out. */
export const SKIP: unique symbol = /* @__PURE__ */ Symbol("skip");

/** What a table does with a missing value that has no default. */
export type Missing = "error" | "nan" | "skip";

/** A column that is read. */
export interface CsvColumn {
  readonly name: string;
  /** Its place in a row. */
  readonly at: number;
  readonly config: CsvColumnConfig;
}

/** Throws ValueError for options that do not fit together. */
export function checkConfig(config: CsvColumnConfig, where: string): void {
  checkOptions(config, CONFIG, where);
  if (config.dtype !== undefined) checkWord(config.dtype, DTYPES, `${where}: dtype`);
  if (config.encoding !== undefined) {
    checkWord(config.encoding, ENCODINGS, `${where}: encoding`);
    if (config.vocabulary === undefined) throw new ValueError(`${where}: expected a vocabulary for encoding "${config.encoding}". Set vocabulary: true to take all texts of the column.`);
  }
  if (config.vocabulary !== undefined && config.dtype !== undefined && config.dtype !== "string") {
    throw new ValueError(`${where}: expected text for a vocabulary, got dtype "${config.dtype}".`);
  }
}

/** The columns that are read: all of the table, or those that are configured. Throws ValueError for a configured one that is not there. */
export function chooseColumns(names: readonly string[], configs: Readonly<Record<string, CsvColumnConfig>>, configuredOnly: boolean, where: string): CsvColumn[] {
  for (const name of Object.keys(configs)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new ValueError(`${where}: columnConfigs: no column is called "${name}"; there are ${names.join(", ")}.${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`);
  }
  return names.flatMap((name, at) => (configuredOnly && !(name in configs) ? [] : [{ name, at, config: configs[name] ?? {} }]));
}

/** Reads the text of one column; line and field are for errors. */
export type CsvReader = (text: string, line: number) => CsvValue | typeof SKIP;

export interface ReaderOptions {
  /** How errors call the table. */
  readonly table: string;
  readonly missing: Missing;
  /** Texts that count as no value. */
  readonly missingValues: ReadonlySet<string>;
}

/** How a column's text is read. example: its first text that is no missing value, which tells numbers from text. words: its vocabulary. */
export function readerOf({ name, config }: CsvColumn, example: string | undefined, words: readonly string[] | undefined, options: ReaderOptions): CsvReader {
  const { table, missing, missingValues } = options;
  const place = (line: number): string => `${table}: line ${line}, column "${name}"`;
  const kind = words ? "words" : (config.dtype ?? (example !== undefined && isNumber(example) ? "float32" : "string"));
  const read = KINDS[kind](words, config, place);
  return (given, line) => {
    const text = given.trim();
    if (!missingValues.has(text)) return read(kind === "string" ? given : text, line);
    if (config.default !== undefined) return words ? read(String(config.default), line) : config.default;
    if (config.required !== true && missing === "skip") return SKIP;
    if (config.required !== true && missing === "nan" && kind === "float32") return NaN;
    throw new FormatError(`${place(line)}: expected a value, got ${text === "" ? "none" : JSON.stringify(text)}. Give the column a default, or the table missing: "skip"${kind === "float32" ? ' or "nan"' : ""}?`);
  };
}

type Kind = (words: readonly string[] | undefined, config: CsvColumnConfig, place: (line: number) => string) => (text: string, line: number) => CsvValue;

const KINDS: Readonly<Record<"words" | "float32" | "int32" | "bool" | "string", Kind>> = {
  string: () => (text) => text,
  float32: (_words, _config, place) => (text, line) => {
    if (!isNumber(text)) throw new FormatError(`${place(line)}: expected a number, got ${JSON.stringify(text)}. For text set dtype: "string", or a vocabulary.`);
    return Number(text);
  },
  int32: (_words, _config, place) => (text, line) => {
    const value = isNumber(text) ? Number(text) : NaN;
    if (value !== (value | 0)) throw new FormatError(`${place(line)}: expected a whole number of 32 bits, got ${JSON.stringify(text)}.`);
    return value;
  },
  bool: (_words, _config, place) => (text, line) => {
    const value = BOOLEANS[text.toLowerCase()];
    if (value === undefined) throw new FormatError(`${place(line)}: expected ${Object.keys(BOOLEANS).join(", ")}, got ${JSON.stringify(text)}.`);
    return value;
  },
  words: (words = [], { encoding = "index" }, place) => {
    const numbers = new Map(words.map((word, i) => [word, i]));
    return (text, line) => {
      const number = numbers.get(text);
      if (number === undefined) {
        const known = words.length > 12 ? `${words.slice(0, 12).join(", ")} … (${words.length})` : words.join(", ");
        throw new FormatError(`${place(line)}: expected a word of its vocabulary (${known}), got ${JSON.stringify(text)}.`);
      }
      if (encoding === "index") return number;
      const row = new Float32Array(words.length);
      row[number] = 1;
      return row;
    };
  },
};

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, yes: true, no: false, "1": true, "0": false };

function isNumber(text: string): boolean {
  const trimmed = text.trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed);
}
