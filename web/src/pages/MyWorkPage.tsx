import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel } from "../api/queries";
import type { MyWork } from "../api/types";
import { formatDate } from "../format/format";
import { AheadDates } from "../parts/AheadDates";
import { FindingList } from "../parts/FindingList";
import { Awaited, Empty, Page, Panel } from "../parts/Page";
import { RefLink } from "../parts/RefLink";
import css from "./MyWorkPage.module.css";
import { SubmissionList } from "./service/SubmissionList";

/** What waits for the reader: submissions to decide, findings of what he owns, dates, actions. */
export function MyWorkPage() {
  const { t, i18n } = useTranslation();
  const query = useModel<MyWork>("/my-work");
  return (
    <Page title={t("myWork.title")} lead={t("myWork.lead")}>
      <Awaited query={query} lines={10}>
        {(data) => {
          const submissions = data.submissions ?? [];
          const findings = data.findings ?? [];
          const dates = data.dates ?? [];
          const actions = data.actions ?? [];
          if (submissions.length + findings.length + dates.length + actions.length === 0) {
            return (
              <Panel id="nothing">
                <Empty
                  title={t("myWork.nothing")}
                  action={
                    <Button component={Link} to="/overview">
                      {t("notFound.back")}
                    </Button>
                  }
                >
                  {t("myWork.nothingText")}
                </Empty>
              </Panel>
            );
          }
          return (
            <div className={css.columns}>
              <div>
                {submissions.length > 0 && (
                  <Panel id="submissions" title={t("myWork.submissions", { count: submissions.length })} flush>
                    <SubmissionList submissions={submissions} />
                  </Panel>
                )}
                <Panel id="findings" title={t("myWork.findings", { count: findings.length })} flush>
                  <FindingList findings={findings} limit={15} empty={<Empty title={t("myWork.noFindings")} />} />
                </Panel>
              </div>
              <div>
                {actions.length > 0 && (
                  <Panel id="actions" title={t("myWork.actions", { count: actions.length })} flush>
                    <ul className={css.actions}>
                      {actions.map((action) => (
                        <li key={action.ref}>
                          <RefLink to={action.ref} title={action.title} />
                          {action.due && (
                            <span className={action.overdue ? css.late : css.due}>
                              {action.overdue
                                ? t("myWork.late", { date: formatDate(action.due, i18n.language) })
                                : t("myWork.due", { date: formatDate(action.due, i18n.language) })}
                            </span>
                          )}
                        </li>
                      ))}
                    </ul>
                  </Panel>
                )}
                <Panel id="dates" title={t("overview.dates")} flush>
                  <AheadDates dates={dates} />
                </Panel>
              </div>
            </div>
          );
        }}
      </Awaited>
    </Page>
  );
}
