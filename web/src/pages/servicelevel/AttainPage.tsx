import { useDebouncedCallback } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { PAUSE } from "../../editor/useWhatIf";
import { useView } from "../../frame/view";
import { Empty, Loading, Page, Panel, ProblemView } from "../../parts/Page";
import { useFilters } from "../../parts/useFilters";
import { AttainAnswer } from "./AttainAnswer";
import { AttainForm } from "./AttainForm";
import css from "./ServiceLevel.module.css";
import { type Answer, FIELDS, questionOf, readWishes, type Wishes } from "./wishes";

/** "Can I promise this?": what a customer wants at the left, what can be kept of it at the right, as one types. */
export function AttainPage() {
  const { t, i18n } = useTranslation();
  const [filters, setFilters] = useFilters();
  const view = useView();
  const settled = readWishes(filters);
  const [wishes, setWishes] = useState<Wishes>(settled);
  // The address may change by itself: Back, or a link to other wishes.
  const address = JSON.stringify(settled);
  const written = useRef(address);
  useEffect(() => {
    if (address !== written.current) {
      written.current = address;
      setWishes(JSON.parse(address) as Wishes);
    }
  }, [address]);
  const write = useDebouncedCallback((next: Wishes) => {
    written.current = JSON.stringify(readWishes(next as Record<string, string | undefined>));
    setFilters(Object.fromEntries(FIELDS.map((field) => [field, next[field] || undefined])));
  }, PAUSE);
  const change = (part: Partial<Wishes>) => {
    const next = { ...wishes, ...part };
    setWishes(next);
    write(next);
  };
  const question = questionOf(settled);
  const query = useQuery({
    queryKey: ["attain", i18n.language, view, question],
    queryFn: ({ signal }) =>
      api.post<Answer>("/service-levels/attain", question, { on: view.on, seq: view.seq, draft: view.draft }, signal),
    enabled: question !== null,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  return (
    <Page
      wide
      above={
        <Link to="/processes/$process" params={{ process: "servicelevel" }}>
          {t("process.servicelevel")}
        </Link>
      }
      title={t("attain.title")}
      lead={t("attain.lead")}
    >
      <div className={css.split}>
        <Panel id="wishes" title={t("attain.wishes")}>
          <AttainForm wishes={wishes} onChange={change} />
        </Panel>
        <div aria-live="polite" aria-busy={query.isFetching}>
          {question === null ? (
            <Panel id="answer" title={t("attain.answer")}>
              <Empty title={t("attain.noService")}>{t("attain.noServiceText")}</Empty>
            </Panel>
          ) : query.error ? (
            <Panel id="answer" title={t("attain.answer")}>
              <ProblemView problem={query.error} />
            </Panel>
          ) : query.data ? (
            <AttainAnswer answer={query.data} wishes={settled} onChange={change} />
          ) : (
            <Loading lines={8} />
          )}
        </div>
      </div>
    </Page>
  );
}
