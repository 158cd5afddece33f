import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { typeset } from "../../format/text";
import { StatusMark } from "../../parts/StatusMark";
import type { WhyQuestion } from "../service/WhyDrawer";
import css from "./ServiceLevel.module.css";
import type { Composed } from "./wishes";

/** The ways of computing what stands behind a promise, side by side, each with its formula. */
export function Values({ values, onWhy }: { values: Composed[]; onWhy: (question: WhyQuestion) => void }) {
  const { t, i18n } = useTranslation();
  if (values.length === 0) return null;
  return (
    <dl className={css.values}>
      {values.map((value) => (
        <div key={value.id} className={css.computed}>
          <dt>{value.label}</dt>
          <dd>
            <span className={css.figure}>
              {value.keeps !== undefined && <StatusMark status={value.keeps ? "ok" : "gap"} size={12} />}{" "}
              {typeset(value.text, i18n.language)}
            </span>
            {value.figure && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => onWhy({ subject: value.subject, figure: value.figure ?? "", label: value.label })}
              >
                {t("attain.why")}
                <span className="visually-hidden"> {value.label}</span>
              </Button>
            )}
            <span className={css.formula}>{typeset(value.formula, i18n.language)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
