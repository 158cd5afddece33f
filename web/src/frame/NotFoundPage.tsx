import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty, Page } from "../parts/Page";

/** What a page inside the frame shows for an address that names nothing. */
export function NothingHere() {
  const { t } = useTranslation();
  return (
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
  );
}

/** The same outside the frame, as a page of its own. */
export function NotFoundPage() {
  return (
    <main id="content">
      <NothingHere />
    </main>
  );
}
