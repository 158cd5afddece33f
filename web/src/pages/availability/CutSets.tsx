import { useTranslation } from "react-i18next";
import { localText, typeset } from "../../format/text";
import { Empty } from "../../parts/Page";
import css from "./Availability.module.css";
import { PathMap } from "./PathMap";
import type { Study } from "./study";

/** What must fail together to stop the service; the set chosen is lit up on the map beside it. */
export function CutSets({
  study,
  chosen,
  onChoose,
}: {
  study: Study;
  chosen: number | null;
  onChoose: (index: number | null) => void;
}) {
  const { t, i18n } = useTranslation();
  const list = study.cutSets.list ?? [];
  const table = study.tables?.find((each) => each.id === "cutsets");
  if (list.length === 0)
    return <Empty title={t("availability.noCutSets")}>{table?.sentence && typeset(table.sentence, i18n.language)}</Empty>;
  const lit = chosen === null ? [] : (list[chosen]?.of ?? []).map((each) => each.ref);
  return (
    <>
      {table?.sentence && <p className={css.tabText}>{typeset(table.sentence, i18n.language)}</p>}
      <div className={css.split}>
        <ul className={css.sets} aria-label={t("availability.cutSets")}>
          {list.map((set, index) => (
            <li key={(set.of ?? []).map((each) => each.ref).join("+")}>
              <button
                type="button"
                className={css.set}
                aria-pressed={chosen === index}
                onClick={() => onChoose(chosen === index ? null : index)}
              >
                <span>
                  {(set.of ?? []).map((each) => localText(each.title, i18n.language) || each.ref).join(" + ")}
                </span>
                <span className={css.amount}>{typeset(set.text, i18n.language)}</span>
              </button>
            </li>
          ))}
        </ul>
        <PathMap service={study.service.ref} lit={lit} />
      </div>
    </>
  );
}
