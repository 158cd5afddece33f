import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "./completion";
import css from "./Editor.module.css";

/** Height of a line, in px, and the room inside the text area, as the style sheet has them. */
const LINE = 20;
const INSIDE = 10;
/** The most room that the list takes, in px, and what the bar at the foot of the window covers. */
const ROOM = 256;
const FOOT = 70;

/** The list of what fits, under the word that it would replace; the keys stay with the text. */
export function Completions({
  text,
  at,
  choices,
  active,
  choose,
}: {
  text: string;
  at: number;
  choices: Choice[];
  active: number;
  choose: (choice: Choice) => void;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const before = text.slice(0, at).split("\n");
  const column = before[before.length - 1]?.length ?? 0;
  const [above, setAbove] = useState(false);
  useLayoutEffect(() => {
    const sheet = list.current?.parentElement;
    const seen = sheet?.parentElement?.getBoundingClientRect();
    if (!sheet || !seen) return;
    const y = sheet.getBoundingClientRect().top + before.length * LINE + INSIDE;
    const below = Math.min(seen.bottom, window.innerHeight - FOOT) - y;
    setAbove(below < ROOM && y - LINE - seen.top > below);
  }, [before.length, choices.length]);
  const top = before.length * LINE + INSIDE;
  return (
    <ul
      ref={list}
      id="yaml-choices"
      role="listbox"
      // Scrolled by the arrow keys of the text; Tab takes a choice and never comes here.
      tabIndex={0}
      aria-label={t("editor.yamlOffered")}
      className={css.choices}
      style={{ ...(above ? { bottom: `calc(100% - ${top - LINE}px)` } : { top }), left: `calc(${Math.min(column, 60)}ch + ${INSIDE}px)` }}
    >
      {choices.map((choice, index) => (
        <li
          key={`${choice.label}#${index}`}
          id={`yaml-choice-${index}`}
          role="option"
          aria-selected={index === active}
          // The text keeps the focus: choosing with the mouse must not take it.
          onMouseDown={(event) => {
            event.preventDefault();
            choose(choice);
          }}
        >
          <span className={css.choice}>{choice.label}</span>
          {choice.detail && choice.detail !== choice.label && <span className={css.meaning}>{choice.detail}</span>}
        </li>
      ))}
    </ul>
  );
}
