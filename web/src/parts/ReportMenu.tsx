import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryString } from "../api/client";
import { useView } from "../frame/view";

export type ReportForm = "pdf" | "html" | "xlsx";

/** Returns the address of a report as of the view that the page shows, in the reader's language. */
export function useReportAddress() {
  const { i18n } = useTranslation();
  const view = useView();
  return (path: string, format: ReportForm, more: Record<string, string> = {}) =>
    `/api/v1/reports/${path}${queryString({ format, lang: i18n.language, ...view, ...more })}`;
}

interface ReportMenuProps {
  /** The report, as in the address: "pack/security". */
  path: string;
  label: string;
  /** Other reports offered beside it. */
  beside?: { path: string; label: string }[];
}

/** One click makes the PDF; the menu beside it has the other forms. */
export function ReportMenu({ path, label, beside = [] }: ReportMenuProps) {
  const { t } = useTranslation();
  const address = useReportAddress();
  const forms = ["html", "xlsx"] as const;
  return (
    <Group gap={2} wrap="nowrap">
      <Button component="a" href={address(path, "pdf")} target="_blank" rel="noopener" variant="default">
        {label}
      </Button>
      <Menu withinPortal position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("report.forms", { report: label })}>
            <ChevronDown size={14} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {forms.map((form) => (
            <Menu.Item key={form} component="a" href={address(path, form)} target="_blank" rel="noopener">
              {t(`report.${form}`)}
            </Menu.Item>
          ))}
          {beside.map((each) => (
            <Menu.Item key={each.path} component="a" href={address(each.path, "pdf")} target="_blank" rel="noopener">
              {each.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
