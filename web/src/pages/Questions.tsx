import { useTranslation } from "react-i18next";
import type { Question } from "../api/types";
import { formatDate } from "../format/format";
import { localText, typeset } from "../format/text";
import { RefLink } from "../parts/RefLink";
import { StatusMark } from "../parts/StatusMark";
import css from "./Questions.module.css";

/** The questions that a manager asks every morning, each with its answer and what it rests on. */
export function Questions({ questions, compact = false }: { questions: Question[]; compact?: boolean }) {
  const { t, i18n } = useTranslation();
  const most = compact ? 2 : 4;
  // Under the heading of the overview's own part, or straight under the page's.
  const Heading = compact ? "h3" : "h2";
  if (questions.length === 0) return null;
  return (
    <div className={css.grid}>
      {questions.map((question) => {
        const items = question.items ?? [];
        return (
          <article key={question.id} className={css.card}>
            <Heading className={css.question}>{typeset(question.question, i18n.language)}</Heading>
            <p className={css.answer}>
              <StatusMark status={question.mark} />
              <span>{typeset(question.answer, i18n.language)}</span>
            </p>
            {items.length > 0 && (
              <ul className={css.items}>
                {items.slice(0, most).map((item, index) => (
                  <Item key={index} item={item} />
                ))}
              </ul>
            )}
            {items.length > most && (
              <details className={css.rest}>
                <summary>{t("process.more", { count: items.length - most })}</summary>
                <ul className={css.items}>
                  {items.slice(most).map((item, index) => (
                    <Item key={index} item={item} />
                  ))}
                </ul>
              </details>
            )}
          </article>
        );
      })}
    </div>
  );
}

function Item({ item }: { item: NonNullable<Question["items"]>[number] }) {
  const { i18n } = useTranslation();
  return (
    <li>
      {item.date && (
        <time dateTime={item.date} className={css.date}>
          {formatDate(item.date, i18n.language, "short")}
        </time>
      )}
      <span className={css.text}>
        {item.ref ? <RefLink to={item.ref} title={item.title} /> : localText(item.title, i18n.language)}
        {item.text && (
          <span className={css.detail} title={item.text}>
            {typeset(item.text, i18n.language)}
          </span>
        )}
      </span>
    </li>
  );
}
