import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh } from "../../api/queries";
import type { Mark } from "../../api/types";
import { useView } from "../../frame/view";
import { localText, splitRef, typeset } from "../../format/text";
import { Panel } from "../../parts/Page";
import { RecordTable } from "../../parts/RecordTable";
import { RefLink } from "../../parts/RefLink";
import { StatusMark } from "../../parts/StatusMark";
import type { Bundle } from "../availability/AdvicePanel";
import { WhyDrawer, type WhyQuestion } from "../service/WhyDrawer";
import { ChainPicture } from "./ChainPicture";
import css from "./ServiceLevel.module.css";
import { Values } from "./Values";
import { type Answer, questionOf, type Wish, type Wishes, withBest } from "./wishes";

/** What can be kept of what was wished, link by link, and what would help. */
export function AttainAnswer({
  answer,
  wishes,
  onChange,
}: {
  answer: Answer;
  wishes: Wishes;
  onChange: (part: Partial<Wishes>) => void;
}) {
  const { t, i18n } = useTranslation();
  const [why, setWhy] = useState<WhyQuestion | null>(null);
  const [asked, setAsked] = useState(false);
  const list = answer.wishes ?? [];
  const title = localText(answer.service.title, i18n.language);
  return (
    <>
      <Panel
        id="answer"
        title={t("attain.answer")}
        actions={list.length > 0 && <DraftButton wishes={wishes} title={title} />}
      >
        <p className={css.verdict} data-mark={answer.mark}>
          {list.length > 0 && <StatusMark status={answer.mark} size={18} />}
          <span>{typeset(answer.sentence, i18n.language)}</span>
        </p>
        {answer.hours && (
          <div className={css.hours}>
            <Verdict mark={answer.hours.mark} word={answer.hours.word} />
            <span>
              {typeset(t("attain.hoursOf"), i18n.language)}{" "}
              {answer.hours.typed ? (
                localText(answer.hours.calendar.title, i18n.language)
              ) : (
                <RefLink to={answer.hours.calendar.ref} title={answer.hours.calendar.title} />
              )}
              . {typeset(answer.hours.sentence, i18n.language)}
            </span>
          </div>
        )}
      </Panel>
      {list.map((wish) => (
        <WishPanel
          key={wish.id}
          wish={wish}
          onBest={() => onChange(withBest(wishes, wish.id, wish.value))}
          onWhy={(question) => {
            setWhy(question);
            setAsked(true);
          }}
        />
      ))}
      {answer.advice && <AdviceOfWish answer={answer} title={title} />}
      {(answer.conflicts?.length ?? 0) > 0 && (
        <Panel id="conflicts" title={t("attain.conflicts")}>
          <ul className={css.list}>
            {answer.conflicts?.map((conflict, index) => (
              <li key={index}>
                <StatusMark status={conflict.mark} size={12} /> {typeset(conflict.text, i18n.language)}{" "}
                <RefLink to={conflict.agreement.ref}>{t("attain.openAgreement")}</RefLink>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {list.length > 0 && (
        <Panel id="table" flush>
          <details className={css.details}>
            <summary>{t("attain.asTable")}</summary>
            <RecordTable
              label={answer.table.title ?? ""}
              columns={answer.table.columns ?? []}
              rows={answer.table.rows ?? []}
              keep="attain"
            />
          </details>
        </Panel>
      )}
      <WhyDrawer question={why} opened={asked} onClose={() => setAsked(false)} />
    </>
  );
}

function Verdict({ mark, word }: { mark: Mark; word: string }) {
  return (
    <span className={css.word} data-mark={mark}>
      <StatusMark status={mark} size={13} /> {word}
    </span>
  );
}

function WishPanel({ wish, onBest, onWhy }: { wish: Wish; onBest: () => void; onWhy: (question: WhyQuestion) => void }) {
  const { t, i18n } = useTranslation();
  const levers = wish.levers ?? [];
  return (
    <Panel
      id={`wish-${wish.id}`}
      title={
        <span className={css.wishTitle}>
          {wish.label} {typeset(wish.promised, i18n.language)} <Verdict mark={wish.mark} word={wish.word} />
        </span>
      }
    >
      <p className={css.sentence}>{typeset(wish.sentence, i18n.language)}</p>
      <dl className={css.figures}>
        {wish.computed && (
          <div>
            <dt>{t("attain.computed")}</dt>
            <dd>{typeset(wish.computed, i18n.language)}</dd>
          </div>
        )}
        {wish.risk && (
          <div>
            <dt>{t("attain.missed")}</dt>
            <dd>{typeset(wish.risk.text, i18n.language)}</dd>
          </div>
        )}
        {wish.best && (
          <div>
            <dt>{t("attain.best")}</dt>
            <dd>
              {typeset(wish.best, i18n.language)}{" "}
              {wish.value && wish.outcome !== "can" && (
                <Button size="compact-xs" variant="default" onClick={onBest}>
                  {t("attain.useBest")}
                  <span className="visually-hidden"> {wish.label}</span>
                </Button>
              )}
            </dd>
          </div>
        )}
      </dl>
      {wish.risk && (
        <p className={css.soft}>
          {typeset(wish.risk.sentence, i18n.language)} {wish.risk.credit && typeset(wish.risk.credit, i18n.language)}
        </p>
      )}
      {levers.length > 0 && (
        <>
          <h3 className={css.small}>{t("attain.levers")}</h3>
          <ul className={css.list}>
            {levers.map((lever, index) => (
              <li key={index}>
                {typeset(lever.text, i18n.language)} <RefLink to={lever.by.ref} title={lever.by.title} />
              </li>
            ))}
          </ul>
        </>
      )}
      <details className={css.details}>
        <summary>{t("attain.whyOf", { what: wish.label })}</summary>
        <div className={css.opened}>
          <ChainPicture chain={wish} wished />
          <Values values={wish.values ?? []} onWhy={onWhy} />
          {wish.risk && <p className={css.formula}>{typeset(wish.risk.formula, i18n.language)}</p>}
        </div>
      </details>
    </Panel>
  );
}

/** Opens a draft and goes to it. */
function useDraft<T>(post: (body: T) => Promise<{ id: string }>) {
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: post,
    onSuccess: async (draft) => {
      await refresh();
      void navigate({ to: `/drafts/${draft.id}` as never });
    },
    onError: (problem) => notifications.show({ color: "red", message: localText(problem.message, i18n.language) }),
  });
}

function DraftButton({ wishes, title }: { wishes: Wishes; title: string }) {
  const { t } = useTranslation();
  const view = useView();
  const open = useDraft(() =>
    api.post<{ id: string }>(
      "/service-levels/attain/draft",
      { title: t("attain.draftTitle", { title }), wishes: questionOf(wishes) },
      { on: view.on, seq: view.seq, draft: view.draft },
    ),
  );
  return (
    <Button loading={open.isPending} onClick={() => open.mutate(undefined)}>
      {t("attain.toDraft")}
    </Button>
  );
}

function AdviceOfWish({ answer, title }: { answer: Answer; title: string }) {
  const { t, i18n } = useTranslation();
  const advice = answer.advice;
  const { name } = splitRef(answer.service.ref);
  const open = useDraft((bundle: Bundle) =>
    api.post<{ id: string }>(`/services/${name}/availability/draft`, {
      title: t("availability.draftTitle", { title }),
      choices: bundle.choices ?? [],
    }),
  );
  if (!advice) return null;
  return (
    <Panel id="advice" title={t("attain.advice")}>
      <p className={css.sentence}>{typeset(advice.sentence, i18n.language)}</p>
      {!advice.proven && <p className={css.soft}>{t("availability.unproven")}</p>}
      <ul className={css.list}>
        {advice.bundles?.map((bundle) => (
          <li key={bundle.text} className={css.bundle}>
            <span>
              <strong>{typeset(bundle.cost, i18n.language)}</strong> · {typeset(bundle.after.text, i18n.language)}
              {bundle.kept && <span className={css.kept}> {t("attain.reaches")}</span>}
              <span className={css.parts}>{typeset(bundle.text, i18n.language)}</span>
            </span>
            <Button size="compact-xs" variant="default" loading={open.isPending} onClick={() => open.mutate(bundle)}>
              {t("availability.openDraft")}
              <span className="visually-hidden"> {bundle.text}</span>
            </Button>
          </li>
        ))}
        {advice.changes?.map((change) => (
          <li key={change.text}>
            {typeset(change.text, i18n.language)} <RefLink to={change.of.ref} title={change.of.title} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
