import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh, useResource } from "../../api/queries";
import { formatDate } from "../../format/format";
import { localText, splitRef, typeset } from "../../format/text";
import { Awaited, Empty, Page, Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { RefPicker } from "../../parts/RefPicker";
import { ActionTable } from "./ReviewActions";
import css from "./Reviews.module.css";
import type { ReviewDue, Reviews } from "./reviews";

/** The address of one review. */
export const reviewPath = (ref: string) => ({ to: "/service-levels/review", search: { name: splitRef(ref).name } as never }) as const;

/** What is to be reviewed when, the reviews, and what they asked for. */
export function ReviewsPage() {
  const { t } = useTranslation();
  const query = useResource<Reviews>("/service-levels/reviews");
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("review.title")}
      lead={t("review.lead")}
    >
      <Awaited query={query} lines={10}>
        {(data) => (
          <>
            {data.mayPlan && <PlanForm />}
            <Panel id="actions" title={t("review.openActions", { count: data.actions.length })} flush>
              <ActionTable actions={data.actions} today={data.on} withReview />
            </Panel>
            <Panel id="due" title={t("review.due")} lead={t("review.dueLead")} flush>
              <DueTable rows={data.agreed} />
            </Panel>
            <Panel id="reviews" title={t("review.list", { count: data.reviews.length })} flush>
              <ReviewTable data={data} />
            </Panel>
          </>
        )}
      </Awaited>
    </Page>
  );
}

/** Plans a review of an agreement, customer, contract or supplier. */
function PlanForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [about, setAbout] = useState<string>();
  const [planned, setPlanned] = useState("");
  const plan = useMutation({
    mutationFn: () => api.post<{ ref: string; seq: number }>("/service-levels/reviews", { about: [about], planned }),
    onSuccess: async (made) => {
      await refresh(made.seq);
      await navigate(reviewPath(made.ref));
    },
  });
  return (
    <Panel id="plan" title={t("review.plan")} flush>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate();
        }}
      >
        <div style={{ flex: "1 1 260px" }}>
          <RefPicker labelled label={t("review.about")} kinds={["agreement", "customer", "contract", "supplier"]} value={about} onChange={setAbout} />
        </div>
        <TextInput type="date" label={t("review.plannedFor")} value={planned} onChange={(event) => setPlanned(event.currentTarget.value)} />
        <Button type="submit" loading={plan.isPending} disabled={!about || !planned}>
          {t("review.planIt")}
        </Button>
      </form>
      {plan.error && <ProblemView problem={plan.error} />}
    </Panel>
  );
}

function DueTable({ rows }: { rows: ReviewDue[] }) {
  const { t, i18n } = useTranslation();
  const day = (text?: string) => (text ? formatDate(text, i18n.language) : "—");
  if (rows.length === 0) return <Empty title={t("review.noneDue")} />;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("review.due")}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("review.due")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("review.agreement")}</th>
            <th scope="col">{t("review.with")}</th>
            <th scope="col">{t("review.every")}</th>
            <th scope="col">{t("review.last")}</th>
            <th scope="col">{t("review.planned")}</th>
            <th scope="col">{t("review.dueOn")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.ref}>
              <th scope="row">
                <RefLink to={row.ref} title={row.title} />
              </th>
              <td>{row.with ? localText(row.with.title, i18n.language) : ""}</td>
              <td className={css.whole}>{row.interval ? typeset(row.interval, i18n.language) : t("review.noInterval")}</td>
              <td className={css.whole}>{row.held ? <Link {...reviewPath(row.held.ref)}>{day(row.last)}</Link> : day(row.last)}</td>
              <td className={css.whole}>{row.next ? <Link {...reviewPath(row.next.ref)}>{day(row.planned)}</Link> : day(row.planned)}</td>
              <td className={css.whole}>
                {row.overdue ? <span className={css.late}>{t("review.overdueSince", { date: day(row.due) })}</span> : day(row.due)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ReviewTable({ data }: { data: Reviews }) {
  const { t, i18n } = useTranslation();
  if (data.reviews.length === 0) return <Empty title={t("review.none")}>{t("review.noneText")}</Empty>;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("review.reviews")}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("review.reviews")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("review.review")}</th>
            <th scope="col">{t("review.about")}</th>
            <th scope="col">{t("review.when")}</th>
            <th scope="col">{t("review.actions")}</th>
          </tr>
        </thead>
        <tbody>
          {data.reviews.map((row) => (
            <tr key={row.ref}>
              <th scope="row">
                <Link {...reviewPath(row.ref)}>{localText(row.title, i18n.language)}</Link>
                <div className={css.soft}>{row.type}</div>
              </th>
              <td>{row.about.map((each) => localText(each.title, i18n.language)).join(", ")}</td>
              <td className={css.whole}>
                {row.held
                  ? t("review.heldOn", { date: formatDate(row.held, i18n.language) })
                  : row.planned
                    ? t("review.plannedOn", { date: formatDate(row.planned, i18n.language) })
                    : "—"}
              </td>
              <td className={css.whole}>
                {row.open > 0 ? t("review.openCount", { count: row.open }) : "—"}
                {row.late > 0 && <div className={css.late}>{t("review.lateCount", { count: row.late })}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
