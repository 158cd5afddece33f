import "@mantine/dates/styles.css";
import "dayjs/locale/fr";
import { DatePicker } from "@mantine/dates";
import { useTranslation } from "react-i18next";

export function AsOfCalendar({ value, onChange }: { value: string; onChange: (day: string | undefined) => void }) {
  const { t, i18n } = useTranslation();
  return (
    <DatePicker
      value={value}
      defaultDate={value}
      onChange={(day) => onChange(day ?? undefined)}
      locale={i18n.language.startsWith("fr") ? "fr" : "en"}
      ariaLabels={{
        previousMonth: t("asOf.previousMonth"),
        nextMonth: t("asOf.nextMonth"),
        previousYear: t("asOf.previousYear"),
        nextYear: t("asOf.nextYear"),
        monthLevelControl: t("asOf.monthLevel"),
        yearLevelControl: t("asOf.yearLevel"),
      }}
    />
  );
}
