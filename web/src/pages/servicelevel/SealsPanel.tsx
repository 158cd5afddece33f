import { Button, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh, useResource } from "../../api/queries";
import { formatInstant } from "../../format/format";
import { splitRef, typeset } from "../../format/text";
import { Panel, ProblemView } from "../../parts/Page";
import css from "./Objectives.module.css";
import type { ObjectiveSheet, Seal, Verification } from "./objectives";

/** What was sealed of the agreement or contract, to open and verify; and the button that seals a period. */
export function SealsPanel({ data }: { data: ObjectiveSheet }) {
  const { t, i18n } = useTranslation();
  const query = useResource<Seal[] | null>("/service-levels/seals", { agreement: data.of.ref });
  const seals = [...(query.data ?? [])].reverse();
  return (
    <Panel id="seals" title={t("objective.seals")} lead={t("objective.sealsLead")} flush>
      {data.maySeal && <SealForm data={data} />}
      {seals.length === 0 ? (
        <p className={css.sentence} style={{ padding: "0 16px 12px" }}>
          {t("objective.noSeals")}
        </p>
      ) : (
        <ul className={css.list}>
          {seals.map((seal) => (
            <li key={seal.hash}>
              <strong>{seal.period}</strong> {formatInstant(seal.at, i18n.language, data.zone)}{" "}
              {seal.interim && t("objective.interim")} {seal.superseded && t("objective.superseded")}
              <div className={css.form} style={{ margin: "6px 0 0", alignItems: "baseline" }}>
                <a href={`/api/v1/service-levels/seals/${seal.hash}/report?lang=${i18n.language}`}>
                  PDF<span className="visually-hidden"> {seal.period}</span>
                </a>
                {seal.author && (
                  <a href={`/api/v1/service-levels/seals/${seal.hash}/report?view=${outward(data.of.ref)}&lang=${i18n.language}`}>
                    {t(outward(data.of.ref) === "supplier" ? "objective.forSupplier" : "objective.forCustomer")}
                    <span className="visually-hidden"> {seal.period}</span>
                  </a>
                )}
                <Verify seal={seal} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** The view of a report for whoever the agreement or contract was made with. */
export function outward(ref: string): "customer" | "supplier" {
  return splitRef(ref).kind === "contract" ? "supplier" : "customer";
}

function Verify({ seal }: { seal: Seal }) {
  const { t, i18n } = useTranslation();
  const [asked, setAsked] = useState(false);
  const query = useResource<Verification>(asked ? `/service-levels/seals/${seal.hash}/verification` : null);
  return (
    <div aria-live="polite">
      <Button size="compact-sm" variant="default" loading={query.isFetching} onClick={() => (asked ? void query.refetch() : setAsked(true))}>
        {t("objective.verify")}
        <span className="visually-hidden"> {seal.period}</span>
      </Button>
      {query.error && <ProblemView problem={query.error} />}
      {query.data && (
        <div>
          <strong>{typeset(query.data.sentence, i18n.language)}</strong>
          <ul>
            {query.data.checks.map((check, index) => (
              <li key={index}>{typeset(check.text, i18n.language)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function SealForm({ data }: { data: ObjectiveSheet }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const periods = [...data.trend.map((each) => each.period), data.window.period].filter((each): each is string => Boolean(each)).reverse();
  // The last period that is over, unless nothing is known of it: then the present one.
  const last = data.trend.at(-1);
  const over = last?.attained ? last.period : data.window.period;
  const [period, setPeriod] = useState<string | null>(over ?? periods[0] ?? null);
  const [reason, setReason] = useState("");
  const seal = useMutation({
    mutationFn: () =>
      api.post<Seal>(`/service-levels/${splitRef(data.of.ref).kind}s/${splitRef(data.of.ref).name}/seals`, { period, reason: reason || undefined }),
    onSuccess: (made) => refresh(made.seq),
  });
  if (periods.length === 0) return null;
  return (
    <div style={{ padding: "0 16px" }}>
      <div className={css.form}>
        <Select label={t("objective.period")} data={periods} value={period} onChange={setPeriod} allowDeselect={false} w={160} />
        <TextInput label={t("objective.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} style={{ flex: "1 1 220px" }} />
        <Button loading={seal.isPending} disabled={!period} onClick={() => seal.mutate()}>
          {t("objective.seal")}
        </Button>
      </div>
      {seal.error && <ProblemView problem={seal.error} />}
    </div>
  );
}
