import { Button, Popover, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { CalendarClock } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useKnownSession } from "../api/queries";
import { addDays, formatDate } from "../format/format";
import { Loading } from "../parts/Page";
import css from "./AsOf.module.css";
import { useSetView, useView } from "./view";

const Calendar = lazy(() => import("./AsOfCalendar").then((module) => ({ default: module.AsOfCalendar })));

/** Chooses the day the whole model is seen as of: past, today or to come. */
export function AsOf() {
  const { t, i18n } = useTranslation();
  const { today } = useKnownSession();
  const view = useView();
  const setView = useSetView();
  const [opened, { toggle, close }] = useDisclosure(false);
  const choose = (day: string | undefined) => {
    close();
    void setView({ on: day === today ? undefined : day, seq: undefined });
  };
  const shown = view.on ?? today;
  return (
    <Popover
      opened={opened}
      onChange={(value) => !value && close()}
      position="bottom-end"
      withinPortal
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Tooltip label={t("asOf.help")} disabled={opened}>
          <Button
            size="compact-sm"
            variant={view.on ? "light" : "subtle"}
            color={view.on ? "petrol" : "gray"}
            leftSection={<CalendarClock size={16} aria-hidden="true" />}
            onClick={toggle}
            aria-haspopup="dialog"
            aria-expanded={opened}
            aria-label={t("asOf.button", { date: formatDate(shown, i18n.language) })}
            classNames={{ label: css.label, section: css.section }}
          >
            {formatDate(shown, i18n.language, "short")}
          </Button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("asOf.title")}>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t("asOf.title")}
          </Text>
          <div className={css.presets}>
            <Button size="compact-xs" variant="default" onClick={() => choose(undefined)}>
              {t("asOf.today")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => choose(addDays(today, 30))}>
              {t("asOf.in", { count: 30 })}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => choose(addDays(today, 90))}>
              {t("asOf.in", { count: 90 })}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => choose(`${Number(today.slice(0, 4)) + 1}-01-01`)}
            >
              {t("asOf.nextYear")}
            </Button>
          </div>
          <Suspense fallback={<Loading lines={6} />}>
            <Calendar value={shown} onChange={choose} />
          </Suspense>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
