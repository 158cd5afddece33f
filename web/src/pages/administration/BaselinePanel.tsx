import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useRefresh, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { Panel, ProblemView } from "../../parts/Page";

interface Baseline {
  title?: string;
  time?: string;
  findings?: number | unknown[];
  count?: number;
}

/** Takes over what an existing estate brings, so that from then on only the new and the worse is spoken of. */
export function BaselinePanel() {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const query = useResource<Baseline | null>("/baseline");
  const refresh = useRefresh();
  const [title, setTitle] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const taken = await api.post<{ seq?: number }>("/baseline", { title: title.trim() });
      await refresh(taken?.seq);
      setTitle("");
      notifications.show({ message: t("baseline.done") });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const baseline = query.data;
  const count = baseline ? (baseline.count ?? (Array.isArray(baseline.findings) ? baseline.findings.length : (baseline.findings ?? 0))) : 0;
  return (
    <Panel id="baseline" title={t("administration.baseline")} lead={t("baseline.lead")}>
      <Stack>
        {baseline?.time ? (
          <p style={{ margin: 0 }}>
            {t("baseline.present", {
              title: baseline.title ?? "",
              time: formatInstant(baseline.time, i18n.language, organisation.zone),
              count,
            })}
          </p>
        ) : (
          <p style={{ margin: 0 }}>{t("baseline.none")}</p>
        )}
        <Group align="flex-end">
          <TextInput label={t("baseline.title")} value={title} onChange={(event) => setTitle(event.currentTarget.value)} w={360} />
          <Button onClick={() => void take()} loading={busy} disabled={!title.trim()}>
            {t("baseline.take")}
          </Button>
        </Group>
        {failure !== null && <ProblemView problem={failure} />}
      </Stack>
    </Panel>
  );
}
