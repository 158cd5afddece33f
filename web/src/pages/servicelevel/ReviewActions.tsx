import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh } from "../../api/queries";
import { formatDate } from "../../format/format";
import { localText, splitRef } from "../../format/text";
import { Empty, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { RefPicker } from "../../parts/RefPicker";
import css from "./Reviews.module.css";
import type { ReviewAction } from "./reviews";

/** Actions that reviews asked for, to be followed until they are done. */
export function ActionTable({ actions, today, withReview = false }: { actions: ReviewAction[]; today: string; withReview?: boolean }) {
  const { t, i18n } = useTranslation();
  if (actions.length === 0) return <Empty title={t("review.noActions")} />;
  return (
    <div className={css.scroll} tabIndex={0} role="group" aria-label={t("review.actions")}>
      <table className={css.table}>
        <caption className="visually-hidden">{t("review.actions")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("review.action")}</th>
            <th scope="col">{t("review.owner")}</th>
            <th scope="col">{t("review.dueOn")}</th>
            <th scope="col">{t("review.state")}</th>
          </tr>
        </thead>
        <tbody>
          {actions.map((each) => (
            <tr key={each.ref}>
              <th scope="row">
                <RefLink to={each.ref} title={each.title} />
                {withReview && (
                  <div className={css.soft}>
                    <Link to="/service-levels/review" search={{ name: splitRef(each.review.ref).name } as never}>
                      {localText(each.review.title, i18n.language)}
                    </Link>
                  </div>
                )}
              </th>
              <td>{each.owner ? <RefLink to={each.owner.ref} title={each.owner.title} /> : "—"}</td>
              <td className={css.whole}>{each.due ? formatDate(each.due, i18n.language) : "—"}</td>
              <td className={css.whole}>
                <State action={each} today={today} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function State({ action, today }: { action: ReviewAction; today: string }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const done = useMutation({
    mutationFn: () => api.post<{ seq: number }>(`/service-levels/actions/${splitRef(action.ref).name}`, { done: today }),
    onSuccess: (made) => refresh(made.seq),
  });
  return (
    <>
      <span className={action.state === "overdue" ? css.late : undefined}>
        {action.state === "done" && action.done ? t("review.doneOn", { date: formatDate(action.done, i18n.language) }) : t(`review.states.${action.state}`)}
      </span>{" "}
      {action.mayEdit && action.state !== "done" && (
        <Button size="compact-sm" variant="default" loading={done.isPending} onClick={() => done.mutate()}>
          {t("review.markDone")}
          <span className="visually-hidden"> {localText(action.title, i18n.language)}</span>
        </Button>
      )}
      {done.error && <ProblemView problem={done.error} />}
    </>
  );
}

/** Asks for an action in a review. */
export function ActionForm({ review }: { review: string }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const [title, setTitle] = useState("");
  const [owner, setOwner] = useState<string>();
  const [due, setDue] = useState("");
  const ask = useMutation({
    mutationFn: () => api.post<{ seq: number }>(`/service-levels/reviews/${review}/actions`, { title, owner, due }),
    onSuccess: async (made) => {
      setTitle("");
      setOwner(undefined);
      setDue("");
      await refresh(made.seq);
    },
  });
  return (
    <>
      <form
        className={css.form}
        aria-label={t("review.askAction")}
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <TextInput label={t("review.toDo")} value={title} onChange={(event) => setTitle(event.currentTarget.value)} style={{ flex: "2 1 240px" }} />
        <div style={{ flex: "1 1 200px" }}>
          <RefPicker labelled label={t("review.owner")} kinds={["person", "team"]} value={owner} onChange={setOwner} />
        </div>
        <TextInput type="date" label={t("review.dueOn")} value={due} onChange={(event) => setDue(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={ask.isPending} disabled={!title.trim() || !due}>
          {t("review.askAction")}
        </Button>
      </form>
      {ask.error && <ProblemView problem={ask.error} />}
    </>
  );
}
