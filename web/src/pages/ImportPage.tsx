import { Button, FileInput, Group, Radio, Select, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useRefresh, useResource } from "../api/queries";
import type { ImportPreview, LocalText } from "../api/types";
import { localText, typeset } from "../format/text";
import { type Column, DataTable } from "../parts/DataTable";
import { Empty, Page, Panel, ProblemView } from "../parts/Page";
import { Changes } from "./history/Changes";
import css from "./ImportPage.module.css";

interface Mapping {
  name: string;
  title?: LocalText;
  description?: LocalText;
}
type ImportError = NonNullable<ImportPreview["errors"]>[number];

/** Takes over a table: file and mapping, a preview with errors by cell, then a draft. */
export function ImportPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const mappings = useResource<Mapping[]>("/mappings");
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState<"shipped" | "own">("shipped");
  const [mapping, setMapping] = useState<string | null>("diapason");
  const [own, setOwn] = useState("");
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState<"preview" | "draft" | null>(null);
  const known = mappings.data ?? [];
  const chosen = source === "shipped" ? mapping : own.trim();
  const form = () => {
    const data = new FormData();
    if (file) data.append("file", file, file.name);
    data.append("mapping", chosen ?? "");
    return data;
  };
  const look = async () => {
    setBusy("preview");
    setFailure(null);
    setPreview(null);
    try {
      setPreview(await api.upload<ImportPreview>("/imports/preview", form()));
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(null);
    }
  };
  const take = async () => {
    setBusy("draft");
    setFailure(null);
    try {
      const answer = await api.upload<{ draft: string }>("/imports/draft", form());
      await refresh();
      notifications.show({ message: t("import.done") });
      await navigate({ to: "/drafts/$id", params: { id: answer.draft } });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(null);
    }
  };
  const columns = useMemo<Column<ImportError>[]>(
    () => [
      {
        key: "cell",
        label: t("import.cell"),
        fixed: true,
        width: 160,
        sort: (error) => `${error.sheet ?? ""} ${String(error.row ?? 0).padStart(8, "0")}`,
        render: (error) => [error.sheet, `${error.column ?? ""}${error.row ?? ""}`].filter(Boolean).join(" · "),
      },
      { key: "message", label: t("import.message"), sort: (error) => error.message, render: (error) => typeset(error.message, i18n.language) },
    ],
    [t, i18n.language],
  );
  const errors = preview?.errors ?? [];
  const unknown = preview?.unknown ?? [];
  return (
    <Page title={t("import.title")} lead={t("import.lead")}>
      <Panel id="source" title={t("import.step1")}>
        <Stack gap="md">
          <FileInput
            label={t("import.file")}
            description={t("import.fileHelp")}
            placeholder={t("import.choose")}
            accept=".xlsx,.csv,.tsv,.yaml,.yml,.json"
            value={file}
            onChange={(next) => {
              setFile(next);
              setPreview(null);
            }}
            clearable
            clearButtonProps={{ "aria-label": t("action.clear") }}
            maw={420}
          />
          <Radio.Group
            label={t("import.mapping")}
            description={t("import.mappingHelp")}
            value={source}
            onChange={(value) => {
              setSource(value as "shipped" | "own");
              setPreview(null);
            }}
          >
            <Group mt={6}>
              <Radio value="shipped" label={t("import.shipped")} />
              <Radio value="own" label={t("import.own")} />
            </Group>
          </Radio.Group>
          {source === "shipped" ? (
            <Select
              label={t("import.which")}
              data={known.map((each) => ({
                value: each.name,
                label: localText(each.title, i18n.language) || each.name,
              }))}
              value={mapping}
              onChange={(value) => {
                setMapping(value);
                setPreview(null);
              }}
              searchable
              description={localText(known.find((each) => each.name === mapping)?.description, i18n.language) || undefined}
              maw={420}
            />
          ) : (
            <Textarea
              label={t("import.ownText")}
              value={own}
              onChange={(event) => {
                setOwn(event.currentTarget.value);
                setPreview(null);
              }}
              autosize
              minRows={8}
              maxRows={24}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
            />
          )}
          <Group>
            <Button onClick={() => void look()} disabled={!file || !chosen} loading={busy === "preview"}>
              {t("import.preview")}
            </Button>
            <span className={css.soft}>{t("import.previewHelp")}</span>
          </Group>
        </Stack>
      </Panel>
      {failure !== null && <ProblemView problem={failure} />}
      {preview && (
        <>
          <Panel
            id="preview"
            title={t("import.step2")}
            actions={
              <Button
                onClick={() => void take()}
                loading={busy === "draft"}
                disabled={(preview.creates ?? 0) + (preview.updates ?? 0) === 0}
              >
                {t("import.toDraft")}
              </Button>
            }
          >
            <dl className={css.counts}>
              {(["rows", "objects", "creates", "updates"] as const).map((key) => (
                <div key={key}>
                  <dt>{t(`import.count.${key}`)}</dt>
                  <dd>{preview[key] ?? 0}</dd>
                </div>
              ))}
              <div>
                <dt>{t("import.count.errors")}</dt>
                <dd className={errors.length > 0 ? css.bad : undefined}>{errors.length}</dd>
              </div>
            </dl>
            {preview.lacks && <p>{typeset(preview.lacks, i18n.language)}</p>}
          </Panel>
          {errors.length > 0 && (
            <Panel id="errors" title={t("import.errors", { count: errors.length })} flush>
              <DataTable
                label={t("import.errors", { count: errors.length })}
                columns={columns}
                rows={errors}
                rowKey={(error) => JSON.stringify(error)}
                maxHeight={420}
              />
            </Panel>
          )}
          {unknown.length > 0 && (
            <Panel id="unknown" title={t("import.unknown")} lead={t("import.unknownLead")}>
              <ul>
                {unknown.map((each, index) => (
                  <li key={index}>
                    {typeof each === "string"
                      ? each
                      : [[each.file, each.line, each.column].filter(Boolean).join(":"), each.message ?? each.what]
                          .filter(Boolean)
                          .join(" · ")}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Panel id="changes" title={t("import.changes")}>
            {(preview.changes ?? []).length === 0 ? (
              <Empty title={t("import.noChange")} />
            ) : (
              <>
                <Changes changes={preview.changes ?? []} />
                {preview.more && <p className={css.soft}>{t("import.moreChanges")}</p>}
              </>
            )}
          </Panel>
        </>
      )}
      {!preview && (
        <Panel id="help" title={t("import.helpTitle")}>
          <ul className={css.help}>
            <li>{t("import.help1")}</li>
            <li>{t("import.help2")}</li>
            <li>{t("import.help3")}</li>
          </ul>
          <Link to="/model">{t("import.toLists")}</Link>
        </Panel>
      )}
    </Page>
  );
}
