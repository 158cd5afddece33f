import { UnstyledButton } from "@mantine/core";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/types";
import { formatScalar } from "../format/value";
import { useEditorContext } from "./context";
import { isEmpty, join, summaryOf } from "./document";
import css from "./Editor.module.css";
import { type ControlProps, FieldInput } from "./FieldInput";

/** A record inside the form: folded while empty, so that a long kind stays readable. */
export function RecordInput({ field, value, onChange, pointer, label, help, error }: ControlProps) {
  const { t, i18n } = useTranslation();
  const { at } = useEditorContext();
  const [open, setOpen] = useState(!isEmpty(value) || Boolean(error) || Boolean(at?.startsWith(`${pointer}/`)));
  const panel = useId();
  const summary = summaryOf(value, field.fields ?? [], (each, of) => formatScalar(each, of, i18n.language));
  return (
    <div className={css.group} role="group" aria-label={label}>
      <UnstyledButton
        className={css.groupHead}
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-controls={panel}
      >
        {open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronRight size={15} aria-hidden="true" />}
        <span className={css.groupTitle}>{label}</span>
        <span className={css.groupSummary}>{open ? "" : summary || t("editor.empty")}</span>
      </UnstyledButton>
      {error && <p className={css.error}>{error}</p>}
      <div id={panel} hidden={!open}>
        {open && (
          <>
            {help && <p className={css.help}>{help}</p>}
            <Fields fields={field.fields ?? []} value={value} onChange={onChange} pointer={pointer} />
          </>
        )}
      </div>
    </div>
  );
}

/** The fields of a record, two to a row where they are short. */
export function Fields({
  fields,
  value,
  onChange,
  pointer,
}: {
  fields: Field[];
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
}) {
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return (
    <div className={css.fields}>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={record[field.name]}
          pointer={join(pointer, field.name)}
          onChange={(next) => {
            const { [field.name]: _before, ...others } = record;
            onChange(next === undefined ? others : { ...record, [field.name]: next });
          }}
        />
      ))}
    </div>
  );
}
