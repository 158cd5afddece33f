import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import type { FieldError } from "../api/client";
import type { Document, Kind } from "../api/types";
import { Loading, ProblemView } from "../parts/Page";
import { outgoing } from "./document";
import css from "./Editor.module.css";
import { Completions } from "./Completions";
import { useCompletion } from "./useCompletion";

/** Height of a line, in px, as the style sheet has it. */
const LINE = 20;

interface Parsed {
  documents?: Document[] | null;
  errors?: FieldError[] | null;
}

/** The same document as text, checked by the same decoder, with the place of each mistake. */
export function YamlTab({
  document,
  kind,
  onChange,
}: {
  document: Document;
  kind: Kind;
  onChange: (document: Document) => void;
}) {
  const { t, i18n } = useTranslation();
  const [start] = useState(() => outgoing(document));
  const formatted = useQuery({
    queryKey: ["format", JSON.stringify(start)],
    queryFn: ({ signal }) => api.post<{ yaml: string }>("/format", { document: start }, undefined, signal),
    staleTime: Infinity,
    retry: false,
  });
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? formatted.data?.yaml ?? "";
  const [settled] = useDebouncedValue(text, 250);
  const parsed = useQuery({
    queryKey: ["parse", i18n.language, settled],
    queryFn: ({ signal }) => api.post<Parsed>("/parse", { yaml: settled }, undefined, signal),
    enabled: settled !== null,
    staleTime: Infinity,
    retry: false,
  });
  const errors = settled === null ? [] : (parsed.data?.errors ?? []);
  const taken = useRef<string | null>(null);
  useEffect(() => {
    const first = parsed.data?.documents?.[0];
    if (settled === null || taken.current === settled || !first || (parsed.data?.errors?.length ?? 0) > 0) return;
    taken.current = settled;
    onChange(first);
  }, [parsed.data, settled, onChange]);

  const area = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletion(area, kind);
  const listed = completion.choices.length > 0;
  const goTo = (line: number, column: number) => {
    const lines = shown.split("\n");
    const offset = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + Math.max(0, column - 1);
    area.current?.focus();
    area.current?.setSelectionRange(offset, offset);
    area.current?.parentElement?.scrollTo({ top: Math.max(0, (line - 5) * LINE) });
  };
  if (formatted.error) return <ProblemView problem={formatted.error} />;
  if (!formatted.data) return <Loading lines={14} height={14} />;
  const lines = shown.split("\n");
  const bad = new Set(errors.map((error) => error.line));
  return (
    <div>
      <div className={css.yaml}>
        <pre className={css.gutter} aria-hidden="true">
          {lines.map((_, index) => (
            <span key={index} className={bad.has(index + 1) ? css.badLine : undefined}>
              {bad.has(index + 1) ? "▸ " : ""}
              {index + 1}
            </span>
          ))}
        </pre>
        <div className={css.sheet}>
        <textarea
          ref={area}
          className={css.source}
          style={{ height: lines.length * LINE + 24 }}
          value={shown}
          onChange={(event) => {
            setText(event.currentTarget.value);
            completion.open(false);
          }}
          onKeyDown={completion.onKeyDown}
          onBlur={completion.close}
          onClick={completion.close}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={listed ? "yaml-choices" : undefined}
          aria-activedescendant={listed ? `yaml-choice-${completion.active}` : undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          aria-label={t("editor.yaml")}
          aria-invalid={errors.length > 0}
          aria-describedby="yaml-keys yaml-mistakes"
        />
        {listed && completion.found && (
          <Completions
            text={shown}
            at={completion.found.from}
            choices={completion.choices}
            active={completion.active}
            choose={completion.choose}
          />
        )}
        </div>
      </div>
      <p id="yaml-keys" className={css.keys}>
        {t("editor.yamlKeys")}
      </p>
      <div className="visually-hidden" role="status">
        {listed ? t("editor.yamlChoices", { count: completion.choices.length }) : ""}
      </div>
      <div id="yaml-mistakes" aria-live="polite">
        {errors.length > 0 ? (
          <ul className={css.mistakes}>
            {errors.map((error, index) => (
              <li key={index}>
                <Button size="compact-xs" variant="default" onClick={() => goTo(error.line ?? 1, error.column ?? 1)}>
                  {t("editor.place", { line: error.line ?? 1, column: error.column ?? 1 })}
                </Button>{" "}
                {error.message} {error.hint}
              </li>
            ))}
          </ul>
        ) : (
          <p className={css.help}>{text === null ? t("editor.yamlHelp") : t("editor.yamlRight")}</p>
        )}
      </div>
    </div>
  );
}
