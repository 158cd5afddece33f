import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "./completion";
import css from "./Editor.module.css";

/** Height of a line, in px, and the room inside the text area, as the style sheet has them. */
const LINE = 20;
const INSIDE = 10;

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
  return (
    <ul
      ref={list}
      id="yaml-choices"
      role="listbox"
      aria-label={t("editor.yamlOffered")}
      className={css.choices}
      style={{ top: before.length * LINE + INSIDE, left: `calc(${Math.min(column, 60)}ch + ${INSIDE}px)` }}
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
