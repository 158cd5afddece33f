import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, type RefObject, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../api/queries";
import type { Kind, Page, Schema, Summary } from "../api/types";
import { bothTexts, fold, localText } from "../format/text";
import { type Choice, type Completion, completionAt } from "./completion";

const MOST = 60;
const NO_SCHEMA: Schema = { kinds: [] };

/** Objects whose name or title, in either language, has the word: the answer to an earlier word may still be shown. */
const named = (word: string) => {
  const wanted = fold(word);
  return (item: Summary) => [item.name, item.ref, ...bothTexts(item.title)].some((text) => fold(text).includes(wanted));
};

/** Replaces part of a text so that the browser's own undo still knows it. */
function replace(area: HTMLTextAreaElement, from: number, to: number, text: string) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Completion in a text area: what is offered, what is chosen, and the keys that do it. */
export function useCompletion(area: RefObject<HTMLTextAreaElement | null>, kind: Kind | undefined) {
  const { i18n } = useTranslation();
  const schema = useSchema();
  const [found, setFound] = useState<Completion | null>(null);
  const [active, setActive] = useState(0);
  const [word] = useDebouncedValue(found?.word ?? "", 120);
  const refs = found?.refs;
  const objects = useModel<Page<Summary>>(
    refs ? "/objects" : null,
    { kind: refs?.join(","), q: word || undefined, limit: 20 },
    { keep: true },
  );
  const choices = useMemo<Choice[]>(() => {
    if (!found) return [];
    const objectsThatFit = refs
      ? (objects.data?.items ?? []).filter(named(found.word)).map((item) => ({
          insert: refs.length === 1 ? item.name : item.ref,
          label: refs.length === 1 ? item.name : item.ref,
          detail: localText(item.title, i18n.language),
        }))
      : [];
    return [...objectsThatFit, ...found.choices].slice(0, MOST);
  }, [found, refs, objects.data, i18n.language]);

  const close = useCallback(() => setFound(null), []);
  // What is written by choosing is not completed again.
  const choosing = useRef(false);
  const open = useCallback(
    (asked: boolean) => {
      const here = area.current;
      if (choosing.current) return;
      if (!here || !kind || here.selectionStart !== here.selectionEnd) return setFound(null);
      const next = completionAt(here.value, here.selectionStart, kind, schema.data ?? NO_SCHEMA, i18n.language);
      // Unasked, a list shows only where something was typed or a value is awaited.
      const before = here.value.slice(0, here.selectionStart);
      const awaited = next !== null && (next.word !== "" || /:\s+\[?$/.test(before) || (Boolean(next.refs) && /-\s$/.test(before)));
      setFound(asked || awaited ? next : null);
      setActive(0);
    },
    [area, kind, schema.data, i18n.language],
  );
  const choose = useCallback(
    (choice: Choice) => {
      const here = area.current;
      if (!here || !found) return;
      setFound(null);
      choosing.current = true;
      replace(here, found.from, found.to, choice.insert);
      choosing.current = false;
    },
    [area, found],
  );
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLTextAreaElement>) => {
      if ((event.ctrlKey || event.metaKey) && event.key === " ") {
        event.preventDefault();
        open(true);
        return;
      }
      if (!found || choices.length === 0) return;
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        setActive((now) => Math.max(0, Math.min(choices.length - 1, now + step)));
      } else if (event.key === "Enter" || event.key === "Tab") {
        const choice = choices[active];
        if (!choice) return;
        event.preventDefault();
        choose(choice);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    },
    [active, choices, choose, close, found, open],
  );
  return { found, choices, active, open, close, choose, onKeyDown, loading: objects.isFetching };
}
