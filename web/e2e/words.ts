import type { Page } from "playwright-core";
import en from "../src/i18n/en.json";
import fr from "../src/i18n/fr.json";

type Tree = { [key: string]: string | Tree };

function texts(tree: Tree, result = new Set<string>()): Set<string> {
  for (const value of Object.values(tree)) {
    if (typeof value === "string") result.add(value);
    else texts(value, result);
  }
  return result;
}

const all = { en: texts(en as Tree), fr: texts(fr as Tree) };
const sections = Object.keys(en);

/** The texts that people see or hear on the page: text nodes and accessible names. */
async function visible(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      // A text that declares its own language is meant to be in it (the language switch).
      if (!parent || parent.closest("script, style, noscript, textarea, [lang]:not(html)")) continue;
      const text = node.textContent?.trim();
      if (text) found.push(text);
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
      if (element.closest("[lang]:not(html)")) continue;
      for (const name of ["aria-label", "placeholder", "title"]) {
        const text = element.getAttribute(name)?.trim();
        if (text) found.push(text);
      }
    }
    return found;
  });
}

/** Texts that are keys nobody translated. */
export async function rawKeys(page: Page): Promise<string[]> {
  const key = new RegExp(`^(${sections.join("|")})(\\.[a-zA-Z0-9_-]+)+$`);
  return (await visible(page)).filter((text) => key.test(text));
}

/** Texts of the interface in the language that the reader did not choose. */
export async function otherWords(page: Page, language: "en" | "fr"): Promise<string[]> {
  const other = all[language === "en" ? "fr" : "en"];
  return (await visible(page)).filter((text) => text.length > 2 && other.has(text) && !all[language].has(text));
}

const FRENCH = /\b(le|la|les|des|une|est|sont|dans|avec|pour|pas|cette|aucun|aucune)\b/gi;
const ENGLISH = /\b(the|of|is|are|with|this|no|not|which|that|from|has)\b/gi;

/** Sentences of the server in the wrong language: two function words of the other one (one may belong to a name) and none of this one. */
export async function otherSentences(page: Page, language: "en" | "fr"): Promise<string[]> {
  const [own, foreign] = language === "en" ? [ENGLISH, FRENCH] : [FRENCH, ENGLISH];
  return (await visible(page)).filter(
    (text) => text.split(/\s+/).length >= 5 && (text.match(foreign)?.length ?? 0) >= 2 && !text.match(own),
  );
}
