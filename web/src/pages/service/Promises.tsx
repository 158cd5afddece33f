import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Engagement } from "../../api/types";
import { localText, typeset } from "../../format/text";
import { type Column, DataTable } from "../../parts/DataTable";
import { Empty } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import type { WhyQuestion } from "./WhyDrawer";

const nameOf = (each: Engagement, language: string) => localText(each.title, language) || each.label || each.target;

/** Each target: promised, predicted, measured, with the way to ask why. */
export function Promises({
  subject,
  promises,
  onWhy,
}: {
  subject: string;
  promises: Engagement[];
  onWhy: (question: WhyQuestion) => void;
}) {
  const { t, i18n } = useTranslation();
  const columns = useMemo<Column<Engagement>[]>(() => {
    const figure = (value: string | null | undefined) =>
      (value && typeset(value, i18n.language)) || <span title={t("service.noFigureHelp")}>{t("service.noFigure")}</span>;
    return [
      {
        key: "target",
        label: t("service.target"),
        fixed: true,
        sort: (each) => nameOf(each, i18n.language),
        render: (each) => nameOf(each, i18n.language),
      },
      {
        key: "agreement",
        label: t("service.agreement"),
        minWidth: 120,
        sort: (each) => localText(each.agreement.title, i18n.language),
        render: (each) => <RefLink to={each.agreement.ref} title={each.agreement.title} />,
      },
      { key: "promised", label: t("service.promised"), align: "right", render: (each) => figure(each.promised) },
      { key: "predicted", label: t("service.predicted"), align: "right", render: (each) => figure(each.predicted) },
      {
        key: "measured",
        label: t("service.measured"),
        align: "right",
        render: (each) => (
          <>
            {figure(each.measured)}
            {each.measured && (each.period || each.declared) && (
              <div style={{ color: "var(--ink-soft)", fontSize: 12 }}>
                {[each.period?.replace(" – ", "\u00a0– "), each.declared ? t("service.declared") : ""].filter(Boolean).join(", ")}
              </div>
            )}
          </>
        ),
      },
      {
        key: "verdict",
        label: t("service.verdict"),
        sort: (each) => ["gap", "risk", "unknown", "ok"].indexOf(each.verdict ?? "unknown"),
        render: (each) => (
          <>
            <StatusMark status={each.verdict} word />
            {each.why && (
              <Button
                size="compact-xs"
                variant="subtle"
                aria-label={t("why.askAbout", { what: nameOf(each, i18n.language) })}
                onClick={() =>
                  onWhy({
                    subject,
                    figure: each.why ?? "availability",
                    target: each.target,
                    label: nameOf(each, i18n.language),
                  })
                }
              >
                {t("why.ask")}
              </Button>
            )}
          </>
        ),
      },
    ];
  }, [t, i18n.language, onWhy, subject]);
  return (
    <DataTable
      label={t("service.section.promises")}
      columns={columns}
      rows={promises}
      rowKey={(each) => `${each.agreement.ref}#${each.target}`}
      empty={
        <Empty
          title={t("service.noPromise")}
          action={
            <Button
              component={Link}
              to="/new/$kind"
              params={{ kind: "agreement" } as never}
              variant="default"
              size="xs"
            >
              {t("service.newAgreement")}
            </Button>
          }
        >
          {t("service.noPromiseText")}
        </Empty>
      }
    />
  );
}
