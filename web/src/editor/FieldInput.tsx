import { useTranslation } from "react-i18next";
import type { Field } from "../api/types";
import { localText } from "../format/text";
import { fullRef, RefPicker } from "../parts/RefPicker";
import { useEditorContext, useFieldNotes } from "./context";
import css from "./Editor.module.css";
import { FieldNotes } from "./FieldNotes";
import { ListInput } from "./ListInput";
import { LocalTextInput } from "./LocalTextInput";
import { NeedInput } from "./NeedInput";
import type { Need } from "./need";
import { RecordInput } from "./RecordInput";
import { BooleanInput, DateField, EnumInput, NumberField, TextField, UnitInput } from "./ScalarInputs";

export interface FieldInputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
  /** Stands in for the field's own label, e.g. "Reference 2" in a list. */
  label?: string;
  /** Leaves the label to assistive technology: what surrounds the field already says it. */
  hideLabel?: boolean;
}

const UNITS = ["duration", "period", "availability", "percent", "money", "quantity", "time"];

/** Whether a field takes the whole width of the form. */
export function isWide(field: Field): boolean {
  return ["localtext", "markdown", "list", "record", "dependency"].includes(field.type);
}

/** The input that the schema asks for. */
export function FieldInput(props: FieldInputProps) {
  const { field, pointer } = props;
  const { i18n } = useTranslation();
  const { at } = useEditorContext();
  const label = props.label ?? (localText(field.label, i18n.language) || field.name);
  const help = localText(field.help, i18n.language) || undefined;
  const notes = useFieldNotes(pointer);
  return (
    <div
      className={isWide(field) ? css.wide : css.narrow}
      data-pointer={pointer}
      data-sought={at === pointer ? "true" : undefined}
    >
      <Control {...props} label={label} help={help} error={notes.error} />
      <FieldNotes findings={notes.findings} />
    </div>
  );
}

export interface ControlProps extends FieldInputProps {
  label: string;
  help?: string;
  error?: string;
}

function Control(props: ControlProps) {
  const { field, value, onChange, label, hideLabel, help, error } = props;
  const { pending, create } = useEditorContext();
  switch (field.type) {
    case "localtext":
      return <LocalTextInput {...props} />;
    case "boolean":
      return <BooleanInput {...props} />;
    case "enum":
      return <EnumInput {...props} />;
    case "integer":
    case "number":
      return <NumberField {...props} />;
    case "date":
    case "datetime":
      return <DateField {...props} />;
    case "list":
      return <ListInput {...props} />;
    case "record":
      return <RecordInput {...props} />;
    case "dependency":
      return <NeedInput {...props} value={value as Need | undefined} onChange={onChange} />;
    case "ref": {
      const kinds = (field.refs ?? []).filter((kind) => kind !== "*");
      return (
        <RefPicker
          labelled
          hideLabel={hideLabel}
          label={label}
          kinds={kinds}
          value={typeof value === "string" && value ? fullRef(value, kinds) : undefined}
          onChange={onChange}
          description={help}
          error={error}
          required={field.required}
          pending={pending}
          onCreate={create && kinds.length > 0 ? (kind, title) => create(kind, title, onChange) : undefined}
        />
      );
    }
    default:
      return UNITS.includes(field.type) ? <UnitInput {...props} /> : <TextField {...props} />;
  }
}
