import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryString } from "../api/client";
import { useView } from "../frame/view";
import css from "./DataTable.module.css";

/** A table as a spreadsheet, as of the view that the reader has: path is that of the table in the API, without its ending. */
export function ExportLinks({ path, label }: { path: string; label: string }) {
  const { t, i18n } = useTranslation();
  const view = useView();
  const query = queryString({ ...view, lang: i18n.language === "fr" ? "fr" : "en" });
  return (
    <>
      {(["xlsx", "csv"] as const).map((format) => (
        <a
          key={format}
          className={css.export}
          href={`/api/v1${path}.${format}${query}`}
          aria-label={t("table.exportAs", { label, format: format.toUpperCase() })}
        >
          <Download size={13} aria-hidden="true" />
          {format.toUpperCase()}
        </a>
      ))}
    </>
  );
}
