import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Page } from "../parts/Page";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main id="content">
      <Page title={t("notFound.title")}>
        <Empty
          title={t("notFound.text")}
          action={
            <Button component={Link} to="/overview">
              {t("notFound.back")}
            </Button>
          }
        >
          {t("notFound.hint")}
        </Empty>
      </Page>
    </main>
  );
}
