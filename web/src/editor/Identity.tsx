import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Document, Field } from "../api/types";
import { localText, slug } from "../format/text";
import { useFieldNotes } from "./context";
import { withValue } from "./document";
import css from "./Editor.module.css";
import { FieldInput } from "./FieldInput";

/** What every object has: title, name, description, owner. */
export function Identity({
  document,
  onChange,
  isNew,
  locale,
}: {
  document: Document;
  onChange: (document: Document) => void;
  isNew: boolean;
  locale: string;
}) {
  const { t } = useTranslation();
  const [named, setNamed] = useState(document.metadata.name !== "");
  const notes = useFieldNotes("/metadata/name");
  const fields: Record<"title" | "description" | "owner", Field> = {
    title: { name: "title", label: t("object.title"), type: "localtext", required: true },
    description: { name: "description", label: t("object.description"), type: "localtext" },
    owner: {
      name: "owner",
      label: t("object.owner"),
      help: t("object.ownerHelp"),
      type: "ref",
      refs: ["person", "team"],
    },
  };
  const set = (name: string, value: unknown) => {
    let next = withValue(document, `/metadata/${name}`, value);
    if (isNew && name === "title" && !named)
      next = withValue(next, "/metadata/name", slug(localText(value as never, locale)));
    onChange(next);
  };
  return (
    <div className={css.fields}>
      <FieldInput
        field={fields.title}
        value={document.metadata.title}
        onChange={(value) => set("title", value)}
        pointer="/metadata/title"
      />
      {isNew && (
        <div className={css.narrow} data-pointer="/metadata/name">
          <TextInput
            label={t("object.name")}
            description={t("object.nameHelp")}
            error={notes.error}
            value={document.metadata.name}
            onChange={(event) => {
              setNamed(event.currentTarget.value !== "");
              onChange(withValue(document, "/metadata/name", event.currentTarget.value));
            }}
            required
          />
        </div>
      )}
      <FieldInput
        field={fields.owner}
        value={document.metadata.owner}
        onChange={(value) => set("owner", value)}
        pointer="/metadata/owner"
      />
      <FieldInput
        field={fields.description}
        value={document.metadata.description}
        onChange={(value) => set("description", value)}
        pointer="/metadata/description"
      />
    </div>
  );
}
