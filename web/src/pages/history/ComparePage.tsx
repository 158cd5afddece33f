import { Button, Group, NumberInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession, useResource } from "../../api/queries";
import type { Change } from "../../api/types";
import { Awaited, Empty, Page, Panel } from "../../parts/Page";
import { useFilters } from "../../parts/useFilters";
import { Changes } from "./Changes";

/** The difference between two entries of the log. */
export function ComparePage() {
  const { t } = useTranslation();
  const { head } = useKnownSession();
  const [filters, setFilters] = useFilters();
  const from = Number(filters.from ?? Math.max(0, head - 10));
  const to = Number(filters.to ?? head);
  const [typed, setTyped] = useState({ from, to });
  useEffect(() => setTyped({ from, to }), [from, to]);
  const query = useResource<{ items: Change[] | null }>("/diff", { from, to });
  return (
    <Page title={t("compare.title")} lead={t("compare.lead")} above={<Link to="/history">{t("history.title")}</Link>}>
      <Panel id="range">
        <Group align="flex-end" gap="sm">
          <NumberInput
            label={t("compare.from")}
            value={typed.from}
            min={0}
            max={head}
            onChange={(value) => setTyped({ ...typed, from: Number(value) })}
            w={140}
          />
          <NumberInput
            label={t("compare.to")}
            value={typed.to}
            min={0}
            max={head}
            onChange={(value) => setTyped({ ...typed, to: Number(value) })}
            w={140}
          />
          <Button variant="default" onClick={() => setFilters({ from: String(typed.from), to: String(typed.to) })}>
            {t("compare.show")}
          </Button>
        </Group>
      </Panel>
      <Panel id="difference" title={t("compare.between", { from, to })}>
        <Awaited query={query} lines={8}>
          {(data) => {
            const changes = data.items ?? [];
            return changes.length === 0 ? <Empty title={t("compare.same")} /> : <Changes changes={changes} />;
          }}
        </Awaited>
      </Panel>
    </Page>
  );
}
