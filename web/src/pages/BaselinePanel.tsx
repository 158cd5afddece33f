import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useRefresh, useResource } from "../api/queries";
import { formatDate } from "../format/format";
import { Panel, ProblemView } from "../parts/Page";

interface Baseline {
  on: string;
  author?: string;
  findings: unknown[] | null;
}

/** Takes over what an existing estate brings, so that from then on only the new and the worse is spoken of. */
export function BaselinePanel() {
  const { t, i18n } = useTranslation();
  const query = useResource<Baseline | null>("/baseline");
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const taken = await api.post<{ seq?: number }>("/baseline", { reason: reason.trim() });
      await refresh(taken?.seq);
      setReason("");
      notifications.show({ message: t("baseline.done") });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  const baseline = query.data;
  return (
    <Panel id="baseline" title={t("administration.baseline")} lead={t("baseline.lead")}>
      <Stack>
        {baseline ? (
          <p style={{ margin: 0 }}>
            {t("baseline.present", {
              date: formatDate(baseline.on, i18n.language),
              count: baseline.findings?.length ?? 0,
            })}
          </p>
        ) : (
          <p style={{ margin: 0 }}>{t("baseline.none")}</p>
        )}
        <Group align="flex-end">
          <TextInput
            label={t("baseline.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            w={360}
          />
          <Button onClick={() => void take()} loading={busy} disabled={!reason.trim()}>
            {t("baseline.take")}
          </Button>
        </Group>
        {failure !== null && <ProblemView problem={failure} />}
      </Stack>
    </Panel>
  );
}
