import { Button, Drawer, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Document, Kind } from "../api/types";
import { localText } from "../format/text";
import { newDocument, withValue } from "./document";
import { Identity } from "./Identity";
import { Fields } from "./RecordInput";
import { slug } from "../format/text";

/** Makes the object that a reference lacks, beside the form; it is saved with the form. */
export function CreatePanel({
  kind,
  title,
  onCancel,
  onMade,
}: {
  kind: Kind | null;
  title: string;
  onCancel: () => void;
  onMade: (document: Document) => void;
}) {
  const { t, i18n } = useTranslation();
  return (
    <Drawer
      opened={kind !== null}
      onClose={onCancel}
      size="xl"
      title={kind ? t("editor.newTitle", { kind: localText(kind.label, i18n.language) }) : ""}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {kind && <Content key={`${kind.slug}#${title}`} kind={kind} title={title} onCancel={onCancel} onMade={onMade} />}
    </Drawer>
  );
}

function Content({
  kind,
  title,
  onCancel,
  onMade,
}: {
  kind: Kind;
  title: string;
  onCancel: () => void;
  onMade: (document: Document) => void;
}) {
  const { t, i18n } = useTranslation();
  const [document, setDocument] = useState<Document>(() => {
    const fresh = newDocument(kind, title);
    return { ...fresh, metadata: { ...fresh.metadata, name: slug(title) } };
  });
  return (
    <>
      <Identity document={document} onChange={setDocument} isNew locale={i18n.language} />
      <div style={{ height: 18 }} />
      <Fields
        fields={kind.fields}
        value={document.spec}
        pointer="/spec"
        onChange={(spec) => setDocument(withValue(document, "/spec", spec ?? {}))}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
        <Button disabled={!document.metadata.name} onClick={() => onMade(document)}>
          {t("editor.useIt")}
        </Button>
      </Group>
    </>
  );
}
