import { AppShell } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useLocation, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLiveHead } from "../api/live";
import { useKnownSession } from "../api/queries";
import { Boundary } from "./Boundary";
import { Navigation } from "./Navigation";
import { TopBar } from "./TopBar";
import { ViewBand } from "./ViewBand";

/** The frame of every page for people with an account: navigation left, tools on top, the page in the middle. */
export function Frame() {
  const session = useKnownSession();
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const location = useLocation();
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);
  const loading = useRouterState({ select: (state) => state.isLoading });
  useLiveHead(session.account !== null);

  // A new page takes the focus, so that a screen reader starts at its heading
  // and the Tab key goes on from there; the first page leaves it to the browser.
  useEffect(() => {
    close();
    if (first.current) {
      first.current = false;
      return;
    }
    content.current?.focus({ preventScroll: true });
  }, [location.pathname, close]);

  if (!session.account) return <SignInFirst />;
  return (
    <>
      <a href="#content" className="skip-link">
        {t("frame.skip")}
      </a>
      <AppShell
        header={{ height: 50 }}
        navbar={{ width: 234, breakpoint: "md", collapsed: { mobile: !opened } }}
        transitionDuration={0}
        withBorder
      >
        <AppShell.Header>
          <TopBar opened={opened} toggle={toggle} />
        </AppShell.Header>
        <AppShell.Navbar aria-label={t("frame.navigation")}>
          <Navigation />
        </AppShell.Navbar>
        <AppShell.Main id="content" ref={content} tabIndex={-1} style={{ outline: "none" }} aria-busy={loading}>
          <ViewBand />
          <Boundary key={location.pathname}>
            <Outlet />
          </Boundary>
        </AppShell.Main>
      </AppShell>
    </>
  );
}

/** Sends a reader without a session to sign in, once, remembering the page he wanted. */
function SignInFirst() {
  const navigate = useNavigate();
  const { pathname, searchStr } = useLocation();
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const here = `${pathname}${searchStr}`;
    void navigate({ to: "/login", search: here === "/" ? {} : { next: here }, replace: true });
  }, [navigate, pathname, searchStr]);
  return null;
}
