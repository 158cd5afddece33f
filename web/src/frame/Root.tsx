import { Outlet } from "@tanstack/react-router";
import { useIsFetching } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { showHead, useSession } from "../api/queries";
import { ProblemView } from "../parts/Page";

/** Loads the session before any page and mirrors on the body what the page shows and whether it still reads. */
export function Root() {
  const session = useSession();
  const fetching = useIsFetching();
  const { t } = useTranslation();
  const first = useRef<number | undefined>(undefined);
  if (first.current === undefined && session.data) first.current = session.data.head;
  const known = session.data !== undefined;
  useEffect(() => {
    // The head of the first session: later ones are shown once all that the page has read is as new.
    if (known) showHead(first.current ?? 0);
  }, [known]);
  useEffect(() => {
    document.body.dataset.busy = fetching > 0 ? "true" : "false";
  }, [fetching]);
  if (session.data) return <Outlet />;
  if (session.error) {
    return (
      <main style={{ maxWidth: 560, margin: "12vh auto", padding: 16 }}>
        <ProblemView problem={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return (
    <main aria-busy="true">
      <span className="visually-hidden" role="status">
        {t("state.loading")}
      </span>
    </main>
  );
}
