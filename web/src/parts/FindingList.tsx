import { Badge, Button, Collapse, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Finding } from "../api/types";
import { formatDate } from "../format/format";
import { localText, splitRef, typeset } from "../format/text";
import css from "./FindingList.module.css";
import { RefLink } from "./RefLink";
import { SeverityMark } from "./StatusMark";

interface FindingListProps {
  findings: Finding[];
  /** The object that the page is about: its own findings leave it out, those told elsewhere that hit it name where. */
  about?: string;
  empty?: ReactNode;
  /** Offered on each finding to those who may waive it. */
  onWaive?: (finding: Finding) => void;
  limit?: number;
}

/** How many of the things hit are named; a site may stop hundreds of services. */
const hitsShown = 12;

/** Findings with their evidence and remedy, each folded to one line. */
export function FindingList({ findings, about, empty, onWaive, limit }: FindingListProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (findings.length === 0) return <>{empty ?? <p className={css.none}>{t("finding.noneHere")}</p>}</>;
  const shown = limit && !all ? findings.slice(0, limit) : findings;
  return (
    <>
      <ul className={css.list}>
        {shown.map((finding) => (
          <FindingItem
            key={finding.id}
            finding={finding}
            own={finding.subject.ref === about}
            onWaive={about === undefined || finding.subject.ref === about ? onWaive : undefined}
          />
        ))}
      </ul>
      {shown.length < findings.length && (
        <div className={css.more}>
          <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
            {t("action.showAll", { count: findings.length })}
          </Button>
        </div>
      )}
    </>
  );
}

function FindingItem({
  finding,
  own,
  onWaive,
}: {
  finding: Finding;
  own: boolean;
  onWaive?: (finding: Finding) => void;
}) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const { kind, name } = splitRef(finding.subject.ref);
  return (
    <li className={finding.waiver ? css.waived : css.item}>
      <div className={css.line}>
        <span className={css.mark}>
          <SeverityMark severity={finding.severity} outcome={finding.outcome} />
        </span>
        <div className={css.body}>
          <UnstyledButton
            className={css.text}
            onClick={() => setOpen(!open)}
            aria-expanded={open}
            aria-controls={open ? panel : undefined}
          >
            <span className={css.sentence}>{typeset(finding.text, i18n.language)}</span>
            {open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronRight size={15} aria-hidden="true" />}
          </UnstyledButton>
          <div className={css.meta}>
            {!own && <RefLink to={finding.subject.ref} title={finding.subject.title} />}
            <Link to="/rules/$id" params={{ id: finding.rule }} className={css.rule}>
              {finding.rule}
            </Link>
            {finding.waiver && (
              <Badge size="xs" variant="default">
                {t("finding.waivedUntil", { date: formatDate(finding.waiver.until, i18n.language, "short") })}
              </Badge>
            )}
            {finding.baseline && (
              <Badge size="xs" variant="default">
                {t("finding.baseline")}
              </Badge>
            )}
          </div>
        </div>
      </div>
      <Collapse expanded={open} id={panel}>
        {open && (
          <div className={css.detail}>
            {finding.remedy && (
              <p className={css.remedy}>
                <strong>{t("finding.remedy")}</strong> {typeset(finding.remedy, i18n.language)}
              </p>
            )}
            {(finding.evidence?.length ?? 0) > 0 && (
              <dl className={css.evidence}>
                {finding.evidence?.map((each, index) => (
                  <div key={index}>
                    <dt>{each.label}</dt>
                    <dd>{each.value}</dd>
                  </div>
                ))}
              </dl>
            )}
            {(finding.causes?.length ?? 0) > 0 && (
              <p>
                <strong>{t("finding.causes")}</strong>{" "}
                {finding.causes?.map((cause, index) => (
                  <span key={cause.ref}>
                    {index > 0 && ", "}
                    <RefLink to={cause.ref} title={cause.title} />
                  </span>
                ))}
              </p>
            )}
            {(finding.hits?.length ?? 0) > 0 && (
              <p>
                <strong>{t("finding.hits")}</strong>{" "}
                {finding.hits?.slice(0, hitsShown).map((each, index) => (
                  <span key={each.ref}>
                    {index > 0 && ", "}
                    <RefLink to={each.ref} title={each.title} />
                  </span>
                ))}
                {(finding.hits?.length ?? 0) > hitsShown && (
                  <> {t("finding.moreHits", { count: (finding.hits?.length ?? 0) - hitsShown })}</>
                )}
              </p>
            )}
            <div className={css.actions}>
              {kind && (
                <Button
                  size="xs"
                  variant="light"
                  component={Link}
                  to={`/model/${kind}/${name}/edit` as never}
                  hash={finding.pointer ? `at=${finding.pointer}` : undefined}
                >
                  {t("finding.fix", { title: localText(finding.subject.title, i18n.language) || name })}
                </Button>
              )}
              {onWaive && !finding.waiver && finding.outcome !== "unknown" && (
                <Button size="xs" variant="default" onClick={() => onWaive(finding)}>
                  {t("finding.waive")}
                </Button>
              )}
            </div>
          </div>
        )}
      </Collapse>
    </li>
  );
}
