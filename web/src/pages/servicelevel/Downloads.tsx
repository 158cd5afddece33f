import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryString } from "../../api/client";
import css from "./Objectives.module.css";

/** Links that take a table away as XLSX and CSV. */
export function Downloads({ path, query, label }: { path: string; query: Record<string, string | undefined>; label: string }) {
  const { t, i18n } = useTranslation();
  const search = queryString({ ...query, lang: i18n.language === "fr" ? "fr" : "en" });
  return (
    <span className={css.downloads}>
      {(["xlsx", "csv"] as const).map((format) => (
        <a key={format} className={css.word} href={`/api/v1${path}.${format}${search}`} aria-label={t("table.exportAs", { label, format: format.toUpperCase() })}>
          <Download size={13} aria-hidden="true" />
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
