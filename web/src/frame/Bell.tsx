import { ActionIcon, Indicator, Popover, Tooltip, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell as BellIcon, CalendarClock, CircleCheck, CircleX, ClipboardCheck, FileOutput, Inbox, Siren, TriangleAlert } from "lucide-react";
import { type ComponentType, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/client";
import { useResource } from "../api/queries";
import type { Notice, Notices } from "../api/reader";
import { formatDate } from "../format/format";
import { localText, splitRef, typeset } from "../format/text";
import css from "./Bell.module.css";

const icons: Record<Notice["kind"], ComponentType<{ size?: number; "aria-hidden"?: "true" }>> = {
  submission: Inbox,
  publication: CircleCheck,
  refusal: CircleX,
  withdrawal: FileOutput,
  questionnaire: ClipboardCheck,
  alert: Siren,
  finding: TriangleAlert,
  date: CalendarClock,
};

/** Where a notice leads: a submission to what waits, an answer to the questionnaires, an alert to the alerts, the rest to its object. */
function target(notice: Notice): string {
  if (notice.kind === "submission") return "/my-work";
  if (notice.kind === "alert") return "/service-levels/alerts";
  if (notice.kind === "questionnaire") return "/processes/continuity";
  const { kind, name } = splitRef(notice.ref);
  return kind === "service" ? `/services/${name}` : `/model/${kind}/${name}`;
}

/** What concerns the reader since he last looked; looking marks it as read. */
export function Bell() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const query = useResource<Notices>("/notices", undefined, { every: 60_000 });
  // What was new stays marked as long as the list is open, although the server knows it as read.
  const [shown, setShown] = useState<Notices | null>(null);
  const unread = query.data?.unread ?? 0;
  const list = shown ?? query.data;
  const items = list?.items ?? [];
  const look = (notices: Notices) => {
    setShown(notices);
    if (notices.unread === 0) return;
    void api
      .post("/notices/seen", { seq: notices.seq })
      .then(() => client.invalidateQueries({ queryKey: ["api", i18n.language, "/notices"] }))
      .catch(() => undefined);
  };
  const open = () => {
    if (opened) return close();
    setOpened(true);
    if (query.data) look(query.data);
  };
  // Whoever opened the list before it was read has seen it when it comes.
  const late = opened && shown === null ? query.data : undefined;
  useEffect(() => {
    if (late) look(late);
  }, [late]);
  const close = () => {
    setOpened(false);
    setShown(null);
  };
  const label = unread > 0 ? t("notice.unread", { count: unread }) : t("notice.title");
  return (
    <Popover
      opened={opened}
      onChange={(value) => !value && close()}
      position="bottom-end"
      width={380}
      withinPortal
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <Indicator
            label={unread > 99 ? "99+" : unread}
            size={16}
            disabled={unread === 0}
            offset={4}
            color="red.8"
            aria-hidden={false}
          >
            <ActionIcon
              color="gray"
              onClick={open}
              // Until the list has the focus, Escape is pressed on the bell.
              onKeyDown={(event) => event.key === "Escape" && opened && close()}
              aria-label={label}
              aria-haspopup="dialog"
              aria-expanded={opened}
            >
              <BellIcon size={18} aria-hidden="true" />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("notice.title")}>
        <div className={css.head}>
          <strong>{t("notice.title")}</strong>
          <UnstyledButton className={css.close} onClick={close}>
            {t("action.close")}
          </UnstyledButton>
        </div>
        {items.length === 0 ? (
          <p className={css.none}>{t("notice.none")}</p>
        ) : (
          <ul className={css.list}>
            {items.map((notice) => {
              const Icon = icons[notice.kind] ?? BellIcon;
              return (
                <li key={notice.id} className={notice.unread ? css.new : undefined}>
                  <Link to={target(notice) as never} className={css.item} onClick={close}>
                    <span className={css.icon} data-kind={notice.kind}>
                      <Icon size={16} aria-hidden="true" />
                    </span>
                    <span className={css.text}>
                      <span className={css.kind}>
                        {t(`notice.kind.${notice.kind}`)}
                        {notice.unread && <span className={css.mark}>{t("notice.new")}</span>}
                      </span>
                      <span className={css.sentence}>{typeset(notice.text, i18n.language)}</span>
                      {(notice.kind === "date" || notice.kind === "finding") && (
                        <span className={css.about}>
                          {localText(notice.title, i18n.language)}
                          {notice.date && ` · ${formatDate(notice.date, i18n.language)}`}
                        </span>
                      )}
                    </span>
                  </Link>
                </li>
              );
            })}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
