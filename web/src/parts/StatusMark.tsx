import { Tooltip } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Finding, Mark, Severity } from "../api/types";
import css from "./StatusMark.module.css";

type Shape = Mark | "info";

/** The drawing of a status: each has its own shape, so that colour is never needed to tell them apart. */
function Drawing({ shape, size }: { shape: Shape; size: number }) {
  const hatch = useId();
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className={css[shape]} focusable="false">
      {shape === "ok" && <circle cx="8" cy="8" r="6.5" fill="currentColor" />}
      {shape === "risk" && <path d="M8 1.2 15.4 14.4H.6Z" fill="currentColor" />}
      {shape === "gap" && <rect x="1.8" y="1.8" width="12.4" height="12.4" fill="currentColor" />}
      {shape === "info" && <path d="M8 1 15 8 8 15 1 8Z" fill="none" stroke="currentColor" strokeWidth="1.8" />}
      {shape === "none" && <path d="M2.5 8H13.5" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />}
      {shape === "unknown" && (
        <>
          <defs>
            <pattern id={hatch} width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <path d="M0 0V3" stroke="currentColor" strokeWidth="1.4" />
            </pattern>
          </defs>
          <circle cx="8" cy="8" r="6.2" fill={`url(#${hatch})`} stroke="currentColor" strokeWidth="1.5" />
        </>
      )}
    </svg>
  );
}

interface StatusMarkProps {
  status: Mark | undefined;
  /** What the status is about, e.g. a process; read out before the status word. */
  about?: string;
  /** Shows the word beside the shape; without it the word is in the tooltip and the accessible name. */
  word?: boolean;
  size?: number;
}

/** A status by shape, word and colour. */
export function StatusMark({ status = "unknown", about, word = false, size = 14 }: StatusMarkProps) {
  const { t } = useTranslation();
  const known: Mark = status === "ok" || status === "risk" || status === "gap" || status === "none" ? status : "unknown";
  const label = t(`status.${known}`);
  if (word) {
    return (
      <span className={css.worded}>
        <Drawing shape={known} size={size} />
        <span>{label}</span>
      </span>
    );
  }
  const name = about ? t("status.about", { about, status: label }) : label;
  return (
    <Tooltip label={name} openDelay={200}>
      <span role="img" aria-label={name} className={css.bare}>
        <Drawing shape={known} size={size} />
      </span>
    </Tooltip>
  );
}

const severityShape: Record<Severity, Shape> = { error: "gap", warning: "risk", info: "info" };

/** The weight of a finding; an unknown outcome shows as "not assessed", whatever its severity. */
export function SeverityMark({
  severity,
  outcome,
  word = false,
  size = 13,
}: {
  severity: Severity;
  outcome?: Finding["outcome"];
  word?: boolean;
  size?: number;
}) {
  const { t } = useTranslation();
  const unknown = outcome === "unknown";
  const label = unknown ? t("severity.unknown") : t(`severity.${severity}`);
  const shape: Shape = unknown ? "unknown" : (severityShape[severity] ?? "info");
  return (
    <span
      className={word ? css.worded : css.bare}
      {...(word ? {} : { role: "img", "aria-label": label, title: label })}
    >
      <Drawing shape={shape} size={size} />
      {word && <span>{label}</span>}
    </span>
  );
}

/** How many findings of each weight; nothing is drawn for zero. */
export function CountMarks({
  counts,
}: {
  counts?: { error?: number; warning?: number; info?: number; unknown?: number };
}) {
  const { t } = useTranslation();
  if (!counts) return null;
  const shown = (
    [
      ["error", "gap"],
      ["warning", "risk"],
      ["unknown", "unknown"],
    ] as const
  ).filter(([key]) => (counts[key] ?? 0) > 0);
  if (shown.length === 0) return <span className={css.none}>{t("finding.none")}</span>;
  return (
    <span className={css.counts}>
      {shown.map(([key, shape]) => {
        const label = t(`finding.count.${key}`, { count: counts[key] ?? 0 });
        return (
          <span key={key} className={css.count} role="img" aria-label={label} title={label}>
            <Drawing shape={shape} size={11} />
            <span aria-hidden="true">{counts[key]}</span>
          </span>
        );
      })}
    </span>
  );
}
