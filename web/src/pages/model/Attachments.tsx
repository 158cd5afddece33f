import { Button, FileButton, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Paperclip } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh } from "../../api/queries";
import type { Attachment, ObjectView } from "../../api/types";
import { formatBytes } from "../../format/format";
import { localText } from "../../format/text";
import { ProblemView } from "../../parts/Page";
import css from "./Attachments.module.css";

/** Files kept with an object by the hash of their content; adding one is a change like any other. */
export function Attachments({ object }: { object: ObjectView }) {
  const { t, i18n } = useTranslation();
  const { head } = useKnownSession();
  const refresh = useRefresh();
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const files = object.document.metadata.attachments ?? [];
  const add = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    setFailure(null);
    try {
      const form = new FormData();
      form.append("file", file, file.name);
      const kept = await api.upload<Attachment>("/attachments", form);
      const attachment: Attachment = {
        name: kept.name ?? file.name,
        mediaType: kept.mediaType,
        size: kept.size,
        hash: kept.hash,
      };
      const title = localText(object.document.metadata.title, i18n.language) || object.document.metadata.name;
      const saved = await api.post<{ seq: number }>("/changes", {
        base: head,
        title: t("attachment.change", { file: attachment.name, title }),
        reason: t("attachment.reason"),
        puts: [
          {
            document: {
              ...object.document,
              metadata: {
                ...object.document.metadata,
                attachments: [...files.filter((each) => each.name !== attachment.name), attachment],
              },
            },
            expect: object.version,
          },
        ],
        deletes: [],
      });
      await refresh(saved.seq);
      notifications.show({ message: t("attachment.added", { file: attachment.name }) });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={css.box}>
      {files.length === 0 ? (
        <p className={css.none}>{t("attachment.none")}</p>
      ) : (
        <ul className={css.files}>
          {files.map((file) => (
            <li key={file.hash}>
              <Paperclip size={14} aria-hidden="true" />
              <a href={`/api/v1/attachments/${file.hash}?of=${encodeURIComponent(object.ref)}`}>{file.name}</a>
              {file.size !== undefined && <span className={css.size}>{formatBytes(file.size, i18n.language)}</span>}
            </li>
          ))}
        </ul>
      )}
      {object.permissions?.edit !== false && (
        <Group mt={6}>
          <FileButton onChange={(file) => void add(file)} inputProps={{ "aria-label": t("attachment.add") }}>
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={busy}>
                {t("attachment.add")}
              </Button>
            )}
          </FileButton>
        </Group>
      )}
      {failure !== null && <ProblemView problem={failure} />}
    </div>
  );
}
