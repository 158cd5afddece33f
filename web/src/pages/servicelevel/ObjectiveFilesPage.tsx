import { Button, Group, MultiSelect, Radio, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryString } from "../../api/client";
import { useResource } from "../../api/queries";
import type { Named } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { useFilters } from "../../parts/useFilters";
import css from "./Objectives.module.css";
import type { ObjectiveList } from "./objectives";

const FORMS = ["sloth", "pyrra", "openslo"] as const;
type Form = (typeof FORMS)[number];

interface Told {
  what: string;
  message: string;
}
interface ObjectiveFile {
  name: string;
  text: string;
  objectives: number;
  groups: number;
  leftOut: Told[];
  notes: Told[];
}

/** Promises for other tools: rules for Prometheus and OpenSLO, chosen, looked at, taken away; and the way back in. */
export function ObjectiveFilesPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const form: Form = FORMS.find((each) => each === filters.form) ?? "sloth";
  const of = filters.of ? filters.of.split(",") : [];
  const services = filters.service ? filters.service.split(",") : [];
  const known = useResource<ObjectiveList>("/service-levels/objectives", { limit: 1000 }, { keep: true });
  const query = { form, of, service: services };
  const file = useResource<ObjectiveFile>("/service-levels/rules", query, { keep: true });
  const choices = (name: (item: ObjectiveList["items"][number]) => Named) => {
    const seen = new Map<string, string>();
    for (const item of known.data?.items ?? []) seen.set(name(item).ref, localText(name(item).title, i18n.language));
    return [...seen].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, i18n.language));
  };
  return (
    <Page wide above={<Link to="/service-levels/objectives">{t("objective.title")}</Link>} title={t("files.title")} lead={t("files.lead")}>
      <Panel id="choice" title={t("files.choose")}>
        <Stack gap="md">
          <Radio.Group label={t("files.form")} value={form} onChange={(value) => setFilters({ form: value })}>
            <Stack gap={6} mt={6}>
              {FORMS.map((each) => (
                <Radio key={each} value={each} label={t(`files.forms.${each}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <div className={css.filters}>
            <MultiSelect
              label={t("files.agreements")}
              placeholder={of.length === 0 ? t("files.all") : undefined}
              data={choices((item) => item.of).filter((each) => each.value.startsWith("agreement/"))}
              value={of}
              onChange={(value) => setFilters({ of: value.join(",") })}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("action.clear") }}
            />
            <MultiSelect
              label={t("files.services")}
              placeholder={services.length === 0 ? t("files.all") : undefined}
              data={choices((item) => item.service).filter((each) => each.value.startsWith("service/"))}
              value={services}
              onChange={(value) => setFilters({ service: value.join(",") })}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("action.clear") }}
            />
          </div>
        </Stack>
      </Panel>
      <Awaited query={file} lines={8}>
        {(data) => (
          <>
            <Panel
              id="file"
              title={t("files.file", { name: data.name })}
              lead={t(form === "openslo" ? "files.countDocuments" : "files.countRules", { count: data.objectives, groups: data.groups })}
              actions={
                data.text && (
                  <Button component="a" href={`/api/v1/service-levels/rules/file${queryString({ ...query, lang: i18n.language })}`} leftSection={<Download size={15} aria-hidden="true" />}>
                    {t("files.download")}
                  </Button>
                )
              }
            >
              {data.text ? (
                <pre className={css.file} tabIndex={0} role="group" aria-label={t("files.file", { name: data.name })}>
                  {data.text}
                </pre>
              ) : (
                <Empty title={t("files.empty")}>{t("files.emptyText")}</Empty>
              )}
            </Panel>
            <Told id="left-out" title={t("files.leftOut", { count: data.leftOut.length })} lead={t("files.leftOutLead")} list={data.leftOut} />
            <Told id="notes" title={t("files.notes", { count: data.notes.length })} lead={t("files.notesLead")} list={data.notes} />
          </>
        )}
      </Awaited>
      <Panel id="in" title={t("files.in")}>
        <Group justify="space-between">
          <span>{t("files.inText")}</span>
          <Button component={Link} to="/import" variant="default">
            {t("nav.import")}
          </Button>
        </Group>
      </Panel>
    </Page>
  );
}

function Told({ id, title, lead, list }: { id: string; title: string; lead: string; list: Told[] }) {
  const { i18n } = useTranslation();
  if (list.length === 0) return null;
  return (
    <Panel id={id} title={title} lead={lead} flush>
      <ul className={css.list}>
        {list.map((each, index) => (
          <li key={index}>
            <code>{each.what}</code> {typeset(each.message, i18n.language)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
