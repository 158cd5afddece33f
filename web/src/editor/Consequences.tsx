import { Loader } from "@mantine/core";
import { ArrowDown, ArrowUp, Equal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/client";
import type { Assessment, Figure } from "../api/types";
import { localText } from "../format/text";
import { FindingList } from "../parts/FindingList";
import { Loading, Panel, ProblemView } from "../parts/Page";
import { RefLink } from "../parts/RefLink";
import css from "./Editor.module.css";

interface ConsequencesProps {
  /** Nothing can be asked yet: the object has no name. */
  waiting?: boolean;
  query: { data: Assessment | undefined; error: unknown; isFetching: boolean };
}

/** What saving would do: findings that come and go, figures that get better or worse. */
export function Consequences({ query, waiting }: ConsequencesProps) {
  const { t } = useTranslation();
  const { data, error, isFetching } = query;
  return (
    <Panel
      id="consequences"
      title={t("whatIf.title")}
      lead={t("whatIf.lead")}
      actions={isFetching ? <Loader size={16} aria-label={t("whatIf.working")} /> : undefined}
      flush
    >
      <div aria-live="polite">
        {error instanceof Problem && error.status === 422 ? (
          <div style={{ padding: "4px 14px" }}>
            <ProblemView problem={error} />
          </div>
        ) : error ? (
          <div style={{ padding: "4px 14px" }}>
            <ProblemView problem={error} />
          </div>
        ) : waiting ? (
          <p style={{ padding: "12px 16px", margin: 0 }}>{t("whatIf.waiting")}</p>
        ) : data ? (
          <AssessmentView assessment={data} />
        ) : (
          <Loading lines={4} />
        )}
      </div>
    </Panel>
  );
}

export function AssessmentView({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation();
  const fresh = assessment.findings?.new ?? [];
  const worse = assessment.findings?.worse ?? [];
  const resolved = assessment.findings?.resolved ?? [];
  const figures = (assessment.figures ?? []).filter((figure) => figure.verdict !== "same");
  const nothing = fresh.length + worse.length + resolved.length + figures.length === 0;
  if (nothing) return <p style={{ padding: "12px 16px", margin: 0 }}>{t("whatIf.nothing")}</p>;
  return (
    <>
      {figures.length > 0 && (
        <div style={{ padding: "8px 16px 4px" }}>
          <h3 style={{ fontSize: 13.5, margin: "4px 0" }}>{t("whatIf.figures")}</h3>
          <FigureTable figures={figures} />
        </div>
      )}
      {(
        [
          ["new", fresh],
          ["worse", worse],
          ["resolved", resolved],
        ] as const
      ).map(
        ([key, list]) =>
          list.length > 0 && (
            <div key={key}>
              <h3 style={{ fontSize: 13.5, margin: "12px 16px 2px" }}>{t(`whatIf.${key}`, { count: list.length })}</h3>
              <FindingList findings={list} limit={6} />
            </div>
          ),
      )}
    </>
  );
}

export function FigureTable({ figures }: { figures: Figure[] }) {
  const { t, i18n } = useTranslation();
  const show = (value: Figure["before"]) => value || t("status.unknown");
  return (
    <table className={css.figures}>
      <caption className="visually-hidden">{t("whatIf.figures")}</caption>
      <tbody>
        {figures.map((figure, index) => (
          <tr key={index}>
            <th scope="row">
              {localText(figure.label, i18n.language)}
              <div style={{ fontWeight: 400 }}>
                <RefLink to={figure.subject.ref} title={figure.subject.title} />
              </div>
            </th>
            <td>
              {show(figure.before)}
              <span className={css.arrow} aria-hidden="true">
                →
              </span>
              <span className="visually-hidden">{t("whatIf.becomes")}</span>
              {show(figure.after)}
              <div
                className={
                  figure.verdict === "better"
                    ? css.verdictBetter
                    : figure.verdict === "worse"
                      ? css.verdictWorse
                      : undefined
                }
              >
                {figure.verdict === "better" && <ArrowUp size={12} aria-hidden="true" />}
                {figure.verdict === "worse" && <ArrowDown size={12} aria-hidden="true" />}
                {figure.verdict === "same" && <Equal size={12} aria-hidden="true" />}{" "}
                {t(`whatIf.verdict.${figure.verdict}`)}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
