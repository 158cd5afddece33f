import { Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../api/client";
import { localText } from "../format/text";
import { formatScalar } from "../format/value";
import type { ControlProps } from "./FieldInput";

const LONG = 70;

/** A label above the field, or one that only assistive technology reads. */
function named(label: string, hidden?: boolean) {
  return hidden ? { "aria-label": label } : { label };
}

export function TextField({ field, value, onChange, label, hideLabel, help, error }: ControlProps) {
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  const common = { ...named(label, hideLabel), description: help, error, required: field.required, value: text };
  if (field.type === "markdown" || text.length > LONG || text.includes("\n")) {
    return (
      <Textarea
        {...common}
        autosize
        minRows={2}
        onChange={(event) => onChange(event.currentTarget.value || undefined)}
      />
    );
  }
  return <TextInput {...common} onChange={(event) => onChange(event.currentTarget.value || undefined)} />;
}

export function BooleanInput({ value, onChange, label, help, error }: ControlProps) {
  return (
    <Checkbox
      label={label}
      description={help}
      error={error}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked || undefined)}
      mt={22}
    />
  );
}

export function EnumInput({ field, value, onChange, label, hideLabel, help, error }: ControlProps) {
  const { t, i18n } = useTranslation();
  const choices = (field.enum ?? []).map((each) => ({
    value: each.value,
    label: localText(each.label, i18n.language) || each.value,
  }));
  const text = typeof value === "string" ? value : null;
  if (text && !choices.some((each) => each.value === text)) choices.push({ value: text, label: text });
  return (
    <Select
      {...named(label, hideLabel)}
      description={help}
      error={error}
      required={field.required}
      placeholder={t("editor.choose")}
      data={choices}
      value={text}
      onChange={(next) => onChange(next ?? undefined)}
      searchable={choices.length > 8}
      clearable={!field.required}
      clearButtonProps={{ "aria-label": t("action.clear") }}
      nothingFoundMessage={t("refPicker.nothing")}
    />
  );
}

export function NumberField({ field, value, onChange, label, hideLabel, help, error }: ControlProps) {
  const { i18n } = useTranslation();
  return (
    <NumberInput
      {...named(label, hideLabel)}
      description={help}
      error={error}
      required={field.required}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : next === "" ? undefined : Number(next))}
      allowDecimal={field.type === "number"}
      decimalSeparator={i18n.language.startsWith("fr") ? "," : "."}
      suffix={field.unit ? ` ${field.unit}` : undefined}
      hideControls
    />
  );
}

/** A day or an instant; the browser offers its own calendar for days. */
export function DateField({ field, value, onChange, label, hideLabel, help, error }: ControlProps) {
  const { t } = useTranslation();
  const text = typeof value === "string" ? value : "";
  return (
    <TextInput
      type={field.type === "date" ? "date" : "text"}
      {...named(label, hideLabel)}
      description={help ?? (field.type === "datetime" ? t("editor.instantHelp") : undefined)}
      error={error}
      required={field.required}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

interface Echo {
  value?: unknown;
  display?: string;
  error?: string;
}

/** What the server understands of a typed unit; asked once the typing pauses. */
function useEcho(type: string, text: string) {
  const { i18n } = useTranslation();
  const [settled] = useDebouncedValue(text.trim(), 250);
  const query = useQuery({
    queryKey: ["value", i18n.language, type, settled],
    queryFn: ({ signal }) => api.post<Echo>("/value", { type, text: settled }, undefined, signal),
    enabled: settled !== "",
    staleTime: Infinity,
    retry: false,
  });
  if (settled === "" || settled !== text.trim()) return null;
  if (query.error instanceof Problem) return { text: settled, error: query.error.detail || query.error.title };
  return query.data ? { text: settled, ...query.data } : null;
}

/** A value with its unit, typed as people write it ("4 h", "99,9 %") and echoed as it was understood. */
export function UnitInput({ field, value, onChange, label, hideLabel, help, error }: ControlProps) {
  const { t, i18n } = useTranslation();
  const stored = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  const [text, setText] = useState(() => formatScalar(stored, field, i18n.language));
  const [typed, setTyped] = useState(false);
  const sent = useRef(stored);
  const echo = useEcho(field.type, typed ? text : "");

  // The document may change under the field (YAML tab, conflict): show its value, not what was typed before.
  useEffect(() => {
    if (stored === sent.current) return;
    sent.current = stored;
    setText(formatScalar(stored, field, i18n.language));
    setTyped(false);
  }, [stored, field, i18n.language]);

  useEffect(() => {
    if (!echo || echo.error || echo.value === undefined) return;
    const next = String(echo.value);
    if (next === sent.current) return;
    sent.current = next;
    onChange(next);
  }, [echo, onChange]);

  const examples =
    field.type in { duration: 1, period: 1, availability: 1, percent: 1, money: 1, quantity: 1, time: 1 };
  return (
    <TextInput
      {...named(label, hideLabel)}
      description={help}
      error={error ?? echo?.error}
      required={field.required}
      placeholder={examples ? t(`editor.example.${field.type as "duration"}`) : undefined}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        setTyped(true);
        if (next.trim() === "") {
          sent.current = "";
          onChange(undefined);
        }
      }}
      onBlur={() => {
        if (echo?.display && !echo.error) {
          setText(echo.display);
          setTyped(false);
        }
      }}
      rightSectionWidth={echo?.display && !echo.error ? 110 : undefined}
      rightSection={
        echo?.display && !echo.error && echo.display !== text ? (
          <span style={{ fontSize: 12, color: "var(--ink-soft)", whiteSpace: "nowrap" }} role="status">
            = {echo.display}
          </span>
        ) : undefined
      }
    />
  );
}
