import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useResource } from "../api/queries";
import type { Assessment } from "../api/types";
import { AssessmentView } from "../editor/Consequences";
import { useView } from "../frame/view";
import { Awaited } from "../parts/Page";
import type { Drawing } from "./drawing";
import css from "./Map.module.css";

const assessmentOf = (draft: string | undefined) => (draft ? `/drafts/${draft}/assessment` : null);

/** What the open draft does in one line, and the way back; what was just drawn is told. */
export function DraftBar({ drawing }: { drawing: Drawing }) {
  const { t } = useTranslation();
  const { draft } = useView();
  const query = useResource<Assessment>(drawing.graph.draw ? assessmentOf(draft) : null, undefined, { keep: true });
  const singles = drawing.graph.draft;
  const { figures, findings } = query.data ?? {};
  const better = (figures ?? []).filter((each) => each.verdict === "better").length;
  const worse = (figures ?? []).filter((each) => each.verdict === "worse").length;
  const told = [
    better > 0 && t("draw.better", { count: better }),
    worse > 0 && t("draw.worse", { count: worse }),
    (findings?.resolved?.length ?? 0) > 0 && t("whatIf.resolved", { count: findings?.resolved?.length ?? 0 }),
    (findings?.new?.length ?? 0) > 0 && t("whatIf.new", { count: findings?.new?.length ?? 0 }),
    (findings?.worse?.length ?? 0) > 0 && t("whatIf.worse", { count: findings?.worse?.length ?? 0 }),
    singles && singles.singles !== singles.singlesBefore && t("draw.singles", { before: singles.singlesBefore, after: singles.singles }),
  ].filter(Boolean);
  return (
    <>
      <p className="visually-hidden" role="status">
        {drawing.said}
      </p>
      {draft && drawing.graph.draw && (
        <div className={css.draftBar} role="group" aria-label={t("draw.open")}>
          <span>{told.length > 0 ? told.join(" · ") : query.data ? t("whatIf.nothing") : t("whatIf.working")}</span>
          <span className={css.draftActs}>
            {drawing.last && (
              <Button size="compact-sm" variant="default" leftSection={<Undo2 size={14} aria-hidden="true" />} loading={drawing.busy} onClick={drawing.undo}>
                {t("draw.undo", { what: drawing.last })}
              </Button>
            )}
            <Button size="compact-sm" component={Link} to={`/drafts/${draft}` as never} search={{ draft: undefined } as never}>
              {t("draw.openDraft")}
            </Button>
          </span>
        </div>
      )}
    </>
  );
}

/** What the open draft would change, below its map. */
export function DraftConsequences({ drawing }: { drawing: Drawing }) {
  const { t } = useTranslation();
  const { draft } = useView();
  const query = useResource<Assessment>(drawing.graph.draw ? assessmentOf(draft) : null, undefined, { keep: true });
  if (!draft || !drawing.graph.draw) return null;
  return (
    <section className={css.consequences} aria-label={t("whatIf.title")}>
      <h3 className={css.consequencesTitle}>{t("whatIf.title")}</h3>
      <Awaited query={query} lines={4}>
        {(data) => <AssessmentView assessment={data} />}
      </Awaited>
    </section>
  );
}
