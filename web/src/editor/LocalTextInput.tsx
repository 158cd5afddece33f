import { Textarea } from "@mantine/core";
import type { Language } from "../api/types";
import { useEditorContext } from "./context";
import css from "./Editor.module.css";
import type { ControlProps } from "./FieldInput";

type Texts = Partial<Record<Language, string>>;

/** Both languages of a text side by side; a text typed once for all languages stays so until one differs. */
export function LocalTextInput({ field, value, onChange, label, help, error }: ControlProps) {
  const { languages } = useEditorContext();
  const texts: Texts = typeof value === "string" ? { en: value, fr: value } : ((value as Texts | undefined) ?? {});
  const change = (language: Language, text: string) => {
    const next: Texts = { ...texts, [language]: text };
    if (!text) delete next[language];
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <fieldset className={css.texts}>
      <legend className={css.legend}>
        {label}
        {field.required && (
          <span aria-hidden="true" className={css.star}>
            {" "}
            *
          </span>
        )}
      </legend>
      {help && <p className={css.help}>{help}</p>}
      <div className={css.languages}>
        {languages.map((language) => (
          <Textarea
            key={language}
            autosize
            minRows={1}
            maxRows={12}
            aria-label={`${label} (${language.toUpperCase()})`}
            lang={language}
            value={texts[language] ?? ""}
            onChange={(event) => change(language, event.currentTarget.value)}
            error={error}
            leftSection={<span className={css.language}>{language.toUpperCase()}</span>}
          />
        ))}
      </div>
    </fieldset>
  );
}
