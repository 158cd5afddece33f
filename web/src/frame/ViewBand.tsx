import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useKnownSession, useResource } from "../api/queries";
import type { Draft } from "../api/types";
import { formatDate } from "../format/format";
import { useSetView, useView } from "./view";
import css from "./ViewBand.module.css";

/** Says on every page that the reader does not look at the present, or looks through a draft. */
export function ViewBand() {
  const { t, i18n } = useTranslation();
  const { today } = useKnownSession();
  const view = useView();
  const setView = useSetView();
  const draft = useResource<Draft>(view.draft ? `/drafts/${view.draft}` : null);
  if (!view.on && view.seq === undefined && !view.draft) return null;
  return (
    <div className={css.band} role="status">
      {(view.on || view.seq !== undefined) && (
        <p>
          <span>
            {view.seq !== undefined && !view.on
              ? t("band.seq", { seq: view.seq })
              : t((view.on ?? today) < today ? "band.past" : "band.future", {
                  date: formatDate(view.on ?? today, i18n.language),
                })}
          </span>
          <Button
            size="compact-xs"
            variant="white"
            color="dark"
            onClick={() => void setView({ on: undefined, seq: undefined })}
          >
            {t("band.now")}
          </Button>
        </p>
      )}
      {view.draft && (
        <p>
          <span>
            {t("band.draft")}{" "}
            <Link to="/drafts/$id" params={{ id: view.draft }}>
              {draft.data?.title ?? view.draft}
            </Link>
          </span>
          <Button size="compact-xs" variant="white" color="dark" onClick={() => void setView({ draft: undefined })}>
            {t("band.leaveDraft")}
          </Button>
        </p>
      )}
    </div>
  );
}
