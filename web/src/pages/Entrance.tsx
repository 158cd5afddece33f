import { Anchor, Group, Paper } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession } from "../api/queries";
import { localText } from "../format/text";
import { chooseLanguage } from "../i18n";
import css from "./Entrance.module.css";

/** The frame of the pages before the frame: signing in, first administrator, new password. */
export function Entrance({
  title,
  lead,
  wide = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const french = i18n.language.startsWith("fr");
  useEffect(() => {
    document.title = `${title} · Diapason`;
  }, [title]);
  return (
    <div className={css.place}>
      <main className={wide ? css.wide : css.main}>
        <div className={css.brand}>
          <svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true">
            <rect width="32" height="32" rx="7" fill="#14526b" />
            <path
              d="M10 5v9a6 6 0 0 0 12 0V5M16 20v7"
              fill="none"
              stroke="#fff"
              strokeWidth="3"
              strokeLinecap="round"
            />
          </svg>
          <div>
            <div className={css.product}>Diapason</div>
            <div className={css.tagline}>
              {localText(session.organisation.title, i18n.language) || t("entrance.tagline")}
            </div>
          </div>
        </div>
        <Paper withBorder p="xl" radius="md" className={css.card}>
          <h1 className={css.title}>{title}</h1>
          {lead && <div className={css.lead}>{lead}</div>}
          {children}
        </Paper>
        <Group justify="space-between" mt="md">
          <Anchor href="/catalogue" size="sm">
            {t("entrance.catalogue")}
          </Anchor>
          <Anchor
            component="button"
            size="sm"
            lang={french ? "en" : "fr"}
            onClick={() => void chooseLanguage(french ? "en" : "fr")}
          >
            {french ? "English" : "Français"}
          </Anchor>
        </Group>
      </main>
    </div>
  );
}
