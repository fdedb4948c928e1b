// What a package exports, by its declaration files: names, where they are declared, and whether a comment stands above.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Declared {
  /** "losses.huber" */
  readonly name: string;
  readonly file: string;
  readonly documented: boolean;
  /** Public methods without a comment, and with one. */
  readonly bareMethods: readonly string[];
  readonly describedMethods: readonly string[];
}

const IDENTIFIER = "[A-Za-z_$][\\w$]*";

/** All exports of a declaration file, those of namespaces under their names. */
export function exportsOf(file: string, prefix = ""): Declared[] {
  const text = readFileSync(file, "utf8");
  const other = (path: string): string => join(dirname(file), path.replace(/\.js$/, ".d.ts"));
  const found: Declared[] = [];
  for (const [, space, path] of text.matchAll(new RegExp(`^export \\*(?: as (${IDENTIFIER}))? from "(\\.[^"]+)";`, "gm"))) {
    found.push(...exportsOf(other(path!), space === undefined ? prefix : `${prefix}${space}.`));
  }
  for (const [, list, path] of text.matchAll(/^export (?:type )?\{([^}]*)\}(?: from "(\.[^"]+)")?;/gm)) {
    for (const item of list!.split(",").map((part) => part.trim().replace(/^type /, "")).filter(Boolean)) {
      const [own, name = own] = item.split(" as ");
      found.push(declared(path === undefined ? file : other(path), own!, prefix + name!));
    }
  }
  for (const [, name] of text.matchAll(new RegExp(`^export (?:declare )?(?:abstract )?(?:const|let|function|class|interface|type|enum) (${IDENTIFIER})`, "gm"))) {
    found.push(declared(file, name!, prefix + name!));
  }
  return found.filter(({ name }, i) => found.findIndex((one) => one.name === name) === i);
}

/** A name where it is declared, or wherever that file has it from. */
function declared(file: string, name: string, shown: string): Declared {
  const text = readFileSync(file, "utf8");
  const at = new RegExp(`^(?:export )?(?:declare )?(?:abstract )?(const|let|function|class|interface|type|enum) ${name.replaceAll("$", "\\$")}\\b`, "m").exec(text);
  if (at === null) {
    const from = new RegExp(`^import (?:type )?\\{[^}]*\\b${name.replaceAll("$", "\\$")}\\b[^}]*\\} from "(\\.[^"]+)";`, "m").exec(text)?.[1];
    if (from !== undefined) return declared(join(dirname(file), from.replace(/\.js$/, ".d.ts")), name, shown);
    const passed = exportsOf(file).find((one) => one.name === name);
    if (passed === undefined) throw new Error(`${file}: ${name} is declared nowhere`);
    return { ...passed, name: shown };
  }
  const end = text.indexOf("\n}", at.index);
  return { name: shown, file, documented: text.slice(0, at.index).trimEnd().endsWith("*/"), ...(at[1] === "class" || at[1] === "interface" ? methodsOf(text.slice(at.index, end), at[1]) : { bareMethods: [], describedMethods: [] }) };
}

/** Methods and accessors of a class, or of an interface, by whether a comment stands above; each overload counts as the first. */
function methodsOf(body: string, kind: string): Pick<Declared, "bareMethods" | "describedMethods"> {
  const lines = body.split("\n");
  const methods = lines.flatMap((line, i) => {
    const name = new RegExp(`^    (?:abstract |static |async )*(?:get |set )?(${IDENTIFIER})\\??(?:<[^(]*>)?\\(`).exec(line)?.[1];
    return name === undefined || name === "constructor" ? [] : [{ name, documented: lines[i - 1]!.trim().endsWith("*/") }];
  });
  const described = methods.filter(({ documented }) => documented).map(({ name }) => name);
  const bare = methods.filter(({ name }) => !described.includes(name)).map(({ name }) => name);
  return { bareMethods: kind === "class" ? bare : [], describedMethods: described };
}
