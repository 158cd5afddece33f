import { Button, Group, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { typeset } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Panel, ProblemView } from "../../parts/Page";

interface Channel {
  name: string;
  type: "email" | "webhook" | "alertmanager" | "";
  address: string;
  perMinute?: number;
  who: string;
  tried?: string;
  taken?: string;
  failures?: number;
  next?: string;
  problem?: string;
  waiting: number;
  sent: number;
  dead: number;
}

interface Delivery {
  id: string;
  channel: string;
  receiver?: string;
  subject: string;
  state: "waiting" | "sent" | "dead";
  made: string;
  due?: string;
  done?: string;
  attempts: number;
  problem?: string;
}

interface Deliveries {
  configured: boolean;
  channels: Channel[];
  items: Delivery[];
  waiting: number;
  dead: number;
}

interface Trial {
  sent: boolean;
  to: string;
  problem?: string;
}

/** Through what notifications go, how each channel stands, and what waits or was given up. */
export function Channels() {
  const { t } = useTranslation();
  const query = useResource<Deliveries>("/notifications", undefined, { every: 15_000 });
  return (
    <Awaited query={query} lines={8}>
      {(data) =>
        data.configured || data.items.length > 0 ? (
          <>
            {data.configured && (
              <Panel id="channels" title={t("channel.title")} lead={t("channel.lead")}>
                {data.channels.map((channel) => (
                  <ChannelRow key={channel.name} channel={channel} />
                ))}
              </Panel>
            )}
            <Queue data={data} />
          </>
        ) : (
          <Panel id="channels" title={t("channel.title")}>
            <Empty title={t("channel.none")}>{t("channel.noneText")}</Empty>
          </Panel>
        )
      }
    </Awaited>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const client = useQueryClient();
  const [to, setTo] = useState("");
  const trial = useMutation({
    mutationFn: () => api.post<Trial>(`/notifications/channels/${encodeURIComponent(channel.name)}/test`, { to: to || undefined }),
    onSettled: () => client.invalidateQueries({ queryKey: ["api", i18n.language, "/notifications"] }),
  });
  const at = (instant: string) => formatInstant(instant, i18n.language, organisation.zone);
  const state = [
    channel.taken ? t("channel.taken", { at: at(channel.taken) }) : t("channel.never"),
    channel.failures ? t("channel.failures", { count: channel.failures }) : "",
    channel.next ? t("channel.next", { at: at(channel.next) }) : "",
    channel.type === "alertmanager" ? "" : t("channel.counts", { sent: channel.sent, waiting: channel.waiting, dead: channel.dead }),
  ].filter(Boolean);
  return (
    <section aria-label={channel.name} style={{ padding: "10px 0", borderBottom: "1px solid var(--line)" }}>
      <Group justify="space-between" align="flex-start" gap="md">
        <div style={{ flex: "1 1 320px" }}>
          <strong>{channel.name}</strong>
          {channel.type && ` · ${t(`channel.type.${channel.type}`)} · ${channel.address}`}
          {channel.who && <div>{typeset(channel.who, i18n.language)}</div>}
          <div style={{ color: "var(--ink-soft)" }}>{typeset(state.join(" · "), i18n.language)}</div>
          {channel.problem && <div role="status">{typeset(t("channel.problem", { problem: channel.problem }), i18n.language)}</div>}
        </div>
        {channel.type && (
          <Group gap="xs" align="flex-end">
            {channel.type === "email" && (
              <TextInput
                label={t("channel.to")}
                placeholder={t("channel.own")}
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
            )}
            <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
              {t("channel.test")}
              <span className="visually-hidden"> {channel.name}</span>
            </Button>
          </Group>
        )}
      </Group>
      <div aria-live="polite">
        {trial.data && (
          <p>
            {typeset(
              trial.data.sent
                ? t("channel.tested", { to: trial.data.to })
                : t("channel.refused", { to: trial.data.to, problem: trial.data.problem ?? "" }),
              i18n.language,
            )}
          </p>
        )}
      </div>
      {trial.error && <ProblemView problem={trial.error} />}
    </section>
  );
}

function Queue({ data }: { data: Deliveries }) {
  const { t, i18n } = useTranslation();
  const { organisation } = useKnownSession();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (act: { id: string; drop: boolean }) =>
      act.drop ? api.delete<void>(`/notifications/${act.id}`) : api.post<void>(`/notifications/${act.id}/retry`),
    onSuccess: (_, act) => {
      notifications.show({ message: t(act.drop ? "channel.dropped" : "channel.again") });
      return client.invalidateQueries({ queryKey: ["api", i18n.language, "/notifications"] });
    },
  });
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      {
        key: "subject",
        label: t("channel.subject"),
        fixed: true,
        minWidth: 220,
        render: (row) => typeset(row.subject, i18n.language),
      },
      { key: "state", label: t("channel.state"), sort: (row) => row.state, render: (row) => t(`channel.is.${row.state}`) },
      { key: "channel", label: t("channel.one"), sort: (row) => row.channel, render: (row) => row.channel },
      { key: "receiver", label: t("channel.receiver"), sort: (row) => row.receiver ?? "", render: (row) => row.receiver },
      {
        key: "made",
        label: t("channel.made"),
        whole: true,
        sort: (row) => row.made,
        render: (row) => formatInstant(row.made, i18n.language, organisation.zone),
      },
      {
        key: "due",
        label: t("channel.due"),
        whole: true,
        render: (row) => (row.due || row.done) && formatInstant(row.due ?? row.done ?? "", i18n.language, organisation.zone),
      },
      { key: "attempts", label: t("channel.attempts"), align: "right", sort: (row) => row.attempts, render: (row) => row.attempts },
      { key: "why", label: t("channel.why"), minWidth: 180, render: (row) => row.problem && typeset(row.problem, i18n.language) },
      {
        key: "act",
        label: t("channel.act"),
        render: (row) =>
          row.state !== "sent" && (
            <Group gap={4} wrap="nowrap">
              <Button size="compact-sm" variant="default" onClick={() => change.mutate({ id: row.id, drop: false })}>
                {t("channel.retry")}
                <span className="visually-hidden"> {row.subject}</span>
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => change.mutate({ id: row.id, drop: true })}>
                {t("channel.drop")}
                <span className="visually-hidden"> {row.subject}</span>
              </Button>
            </Group>
          ),
      },
    ],
    [t, i18n.language, organisation.zone, change],
  );
  return (
    <Panel id="deliveries" title={t("channel.queue", { waiting: data.waiting, dead: data.dead })} lead={t("channel.queueLead")} flush>
      {change.error && <ProblemView problem={change.error} />}
      <DataTable
        label={t("channel.messages")}
        columns={columns}
        rows={data.items}
        rowKey={(row) => row.id}
        keep="deliveries"
        maxHeight={480}
        empty={<Empty title={t("channel.quiet")} />}
      />
    </Panel>
  );
}
