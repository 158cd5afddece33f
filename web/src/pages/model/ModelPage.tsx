import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../../api/queries";
import { type Kind, type P, PS } from "../../api/types";
import { localText } from "../../format/text";
import { Awaited, Page, Panel } from "../../parts/Page";
import { CountMarks } from "../../parts/StatusMark";
import css from "./ModelPage.module.css";
import { WRITTEN_ELSEWHERE } from "./reserved";

interface KindCount {
  kind: string;
  total: number;
  error?: number;
  warning?: number;
  unknown?: number;
}

/** Every kind of object, grouped by the four Ps, with how many there are. */
export function ModelPage() {
  const { t } = useTranslation();
  const schema = useSchema();
  const counts = useModel<KindCount[]>("/counts");
  const { p } = useSearch({ strict: false });
  const groups = PS.filter((group) => !p || group === p);
  return (
    <Page
      title={p && (PS as string[]).includes(p) ? t(`p.${p as P}`) : t("model.title")}
      lead={p && (PS as string[]).includes(p) ? t(`pHelp.${p as P}`) : t("model.lead")}
    >
      <Awaited query={schema} lines={14}>
        {(data) => (
          <>
            {groups.map((group) => {
              const kinds = data.kinds.filter((kind) => kind.p === group);
              if (kinds.length === 0) return null;
              return (
                <Panel key={group} id={group} title={t(`p.${group}`)} lead={p ? undefined : t(`pHelp.${group}`)} flush>
                  <ul className={css.grid}>
                    {kinds.map((kind) => (
                      <KindCard
                        key={kind.slug}
                        kind={kind}
                        count={counts.data?.find((each) => each.kind === kind.slug)}
                      />
                    ))}
                  </ul>
                </Panel>
              );
            })}
          </>
        )}
      </Awaited>
    </Page>
  );
}

function KindCard({ kind, count }: { kind: Kind; count?: KindCount }) {
  const { t, i18n } = useTranslation();
  const label = localText(kind.plural, i18n.language) || kind.name;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <Link to="/model/$kind" params={{ kind: kind.slug }} search={{ p: undefined }} className={css.name}>
          {label}
        </Link>
        {count && <span className={css.count}>{count.total}</span>}
      </div>
      <p className={css.help}>{localText(kind.help, i18n.language)}</p>
      <div className={css.foot}>
        {count && count.total > 0 ? <CountMarks counts={count} /> : <span />}
        {!WRITTEN_ELSEWHERE.includes(kind.slug) && (
          <Link to="/new/$kind" params={{ kind: kind.slug }} search={{ p: undefined }}>
            {t("model.add")}
            <span className="visually-hidden"> {localText(kind.label, i18n.language)}</span>
          </Link>
        )}
      </div>
    </li>
  );
}
