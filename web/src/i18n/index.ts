import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";
import { setApiLanguage } from "../api/client";
import { joined, JOINTS, prepared } from "./elision";
import { pseudo } from "./pseudo";

type Tree = { [key: string]: string | Tree };

const sources: Record<string, () => Promise<{ default: Tree }>> = {
  en: () => import("./en.json"),
  fr: () => import("./fr.json"),
};

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language, _namespace, done) => {
    const load =
      language === "pseudo"
        ? sources.en!().then((source) => ({ default: pseudo(source.default) }))
        : language === "fr"
          ? sources.fr!().then((source) => ({ default: prepared(source.default) }))
          : sources[language]?.();
    if (!load) return done(new Error(`no texts in ${language}`), false);
    load.then(
      (source) => done(null, source.default),
      (failure: Error) => done(failure, false),
    );
  },
};

const STORED = "diapason-language";

/** The language to start in: the address's, else the last one chosen here, else the browser's. */
export function initialLanguage(): string {
  const asked = new URLSearchParams(window.location.search).get("lang");
  if (asked === "fr" || asked === "en" || asked === "pseudo") return asked;
  const kept = readStored();
  if (kept === "fr" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** Keeps the reader's choice and switches every text, the server's included. */
export async function chooseLanguage(language: string) {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage may be refused: the choice then lasts as long as the page.
  }
  await i18next.changeLanguage(language);
}

function reflect(language: string) {
  setApiLanguage(language === "pseudo" ? "en" : language);
  document.documentElement.lang = language === "pseudo" ? "en" : language;
}

/** Starts the texts of the interface; resolves when those of the first language are loaded. */
export async function startLanguage() {
  i18next.on("languageChanged", reflect);
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: initialLanguage(),
      fallbackLng: false,
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true },
    });
  for (const [name, word] of Object.entries(JOINTS)) i18next.services.formatter?.add(name, (value) => joined(word, String(value)));
  reflect(i18next.language);
}
