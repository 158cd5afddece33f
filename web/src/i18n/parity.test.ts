import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import en from "./en.json";
import fr from "./fr.json";
import { pseudo } from "./pseudo";

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const result = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") result.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) result.set(inner, text);
  }
  return result;
}

const english = flat(en as Tree);
const french = flat(fr as Tree);
const base = (key: string) => key.replace(/_(zero|one|many|other)$/, "");
const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

describe("texts in two languages", () => {
  test("every text exists in both", () => {
    const bases = (keys: Iterable<string>) => [...new Set([...keys].map(base))].sort();
    expect(bases(french.keys())).toEqual(bases(english.keys()));
  });

  test("French plurals have one, many and other; English one and other", () => {
    for (const key of english.keys()) {
      if (!key.endsWith("_other")) continue;
      const stem = base(key);
      expect(english.has(`${stem}_one`), `${stem}_one in English`).toBe(true);
      for (const form of ["one", "many", "other"])
        expect(french.has(`${stem}_${form}`), `${stem}_${form} in French`).toBe(true);
    }
  });

  test("both languages fill in the same values", () => {
    for (const [key, text] of french) {
      const other = english.get(key) ?? english.get(`${base(key)}_other`) ?? "";
      if (/_(zero|one)$/.test(key)) continue;
      expect(holes(text), key).toEqual(holes(other));
    }
  });

  test("French puts a no-break space before high punctuation", () => {
    for (const [key, text] of french) expect(/[\p{L}\d}] [:;?!»]/u.test(text), `${key}: ${text}`).toBe(false);
  });

  test("no text is empty and none is a key", () => {
    for (const [key, text] of [...english, ...french]) {
      expect(text.trim(), key).not.toBe("");
      expect(/^[a-z]+\.[a-zA-Z.]+$/.test(text), `${key}: ${text}`).toBe(false);
    }
  });

  test("every key is used somewhere in the source", () => {
    const sources: string[] = [];
    const read = (folder: string) => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) read(path);
        else if (/\.tsx?$/.test(name) && !name.includes(".test.")) sources.push(readFileSync(path, "utf8"));
      }
    };
    read(join(process.cwd(), "src"));
    const all = sources.join("\n");
    const stems = new Set([...all.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((match) => match[1]));
    const unused = [...new Set([...english.keys()].map(base))].filter(
      (key) => !all.includes(`"${key}"`) && ![...stems].some((stem) => stem && key.startsWith(stem)),
    );
    expect(unused).toEqual([]);
  });

  test("the pseudo-language marks every text", () => {
    for (const text of flat(pseudo(en as Tree)).values()) expect(text).toMatch(/^⟦.*⟧$/);
  });
});
