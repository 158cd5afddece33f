import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { TriangleAlert, WifiOff } from "lucide-react";
import { type ReactNode, useEffect, useId, useLayoutEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Problem, Unreachable } from "../api/client";
import css from "./Page.module.css";

interface PageProps {
  title: string;
  /** One sentence: what this page is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Shown above the title, e.g. the way back to a list. */
  above?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** The frame of every page: one level-one heading, a lead, actions at the right. */
export function Page({ title, lead, actions, above, wide = false, children }: PageProps) {
  useEffect(() => {
    document.title = title ? `${title} · Diapason` : "Diapason";
  }, [title]);
  return (
    <div className={wide ? css.wide : css.page}>
      {above && <div className={css.above}>{above}</div>}
      <Group justify="space-between" align="flex-start" gap="md" className={css.header}>
        <div className={css.heading}>
          <h1 className={css.title}>{title}</h1>
          {lead && <div className={css.lead}>{lead}</div>}
        </div>
        {actions && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Panel({
  title,
  children,
  actions,
  id,
  flush = false,
  lead,
}: {
  title?: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  id?: string;
  flush?: boolean;
  lead?: ReactNode;
}) {
  const labelled = title && id ? `${id}-title` : undefined;
  return (
    <section className={css.panel} id={id} aria-labelledby={labelled}>
      {(title || actions) && (
        <div className={css.panelHead}>
          <div>
            {title && (
              <h2 className={css.panelTitle} id={labelled}>
                {title}
              </h2>
            )}
            {lead && <div className={css.panelLead}>{lead}</div>}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </div>
      )}
      <div className={flush ? undefined : css.panelBody}>{children}</div>
    </section>
  );
}

/** What to show while nothing is there: what the place is for and the first thing to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css.empty}>
      <Text fw={600}>{title}</Text>
      {children && <div className={css.emptyText}>{children}</div>}
      {action && <div className={css.emptyAction}>{action}</div>}
    </div>
  );
}

/** Room kept for content on its way, so that nothing jumps when it arrives. */
export function Loading({ lines = 6, height = 22 }: { lines?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap={10} p="md" role="status" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} width={`${96 - ((index * 13) % 37)}%`} />
      ))}
    </Stack>
  );
}

/** What went wrong, in a few words. */
function useProblemTitle(problem: unknown): string {
  const { t } = useTranslation();
  if (problem instanceof Unreachable) return t("state.unreachable");
  if (!(problem instanceof Problem)) return t("state.failed");
  if (problem.status === 403) return t("state.forbidden");
  if (problem.status === 404) return t("state.notFound");
  // The title of the answer is the English name of its status: the reader's words stand in its place.
  return t(problem.status >= 500 ? "state.failed" : "state.refused");
}

/** Asking again does not help who lacks a right: he is shown the way home. */
function isForbidden(problem: unknown): boolean {
  return problem instanceof Problem && problem.status === 403;
}

/** The refusals that the page shows, the first of which shows the way home for all. */
let refusals: string[] = [];
const watching = new Set<() => void>();

function refuse(change: (list: string[]) => string[]) {
  refusals = change(refusals);
  for (const tell of watching) tell();
}

/** Whether this is the first refusal on the page. */
function useFirstRefusal(refused: boolean): boolean {
  const id = useId();
  useLayoutEffect(() => {
    if (!refused) return;
    refuse((list) => [...list, id]);
    return () => refuse((list) => list.filter((each) => each !== id));
  }, [refused, id]);
  const first = useSyncExternalStore(
    (tell) => {
      watching.add(tell);
      return () => watching.delete(tell);
    },
    () => refusals[0],
  );
  return refused && first === id;
}

/** A whole page that could not be shown: still a page, with its heading. */
function ProblemPage({ problem, retry }: { problem: unknown; retry: () => void }) {
  return (
    <Page title={useProblemTitle(problem)}>
      <ProblemView problem={problem} retry={retry} />
    </Page>
  );
}

/** An error in the server's own words, with what can be done about it. */
export function ProblemView({ problem, retry }: { problem: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const unreachable = problem instanceof Unreachable;
  const title = useProblemTitle(problem);
  const home = useFirstRefusal(retry !== undefined && isForbidden(problem));
  const detail = unreachable
    ? t("state.unreachableDetail")
    : problem instanceof Problem
      ? problem.detail
      : t("state.failedDetail");
  return (
    <div role="alert" className={css.problem}>
      <p className={css.problemTitle}>
        {unreachable ? <WifiOff size={17} aria-hidden="true" /> : <TriangleAlert size={17} aria-hidden="true" />}
        {title}
      </p>
      {detail && detail !== title && <Text size="sm">{detail}</Text>}
      {problem instanceof Problem && problem.errors.length > 0 && (
        <ul className={css.errors}>
          {problem.errors.map((each, index) => (
            <li key={index}>
              {each.field && <code>{each.field}</code>}
              {each.line !== undefined && (
                <code>
                  {each.line}:{each.column ?? 1}
                </code>
              )}{" "}
              {each.message}
              {each.hint && <span className={css.hint}> {each.hint}</span>}
            </li>
          ))}
        </ul>
      )}
      {home && (
        <Button component={Link} to="/" size="xs" variant="default" mt="sm">
          {t("state.home")}
        </Button>
      )}
      {retry && !isForbidden(problem) && (
        <Button size="xs" variant="default" mt="sm" onClick={retry}>
          {t("action.retry")}
        </Button>
      )}
    </div>
  );
}

interface AwaitedProps<T> {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  lines?: number;
  /** The whole page waits for this: an error then takes the page's place, heading included. */
  page?: boolean;
  children: (data: T) => ReactNode;
}

/** Content, or its place while it loads, or the error that came instead. */
export function Awaited<T>({ query, lines, page, children }: AwaitedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error && page) return <ProblemPage problem={query.error} retry={() => void query.refetch()} />;
  if (query.error) return <ProblemView problem={query.error} retry={() => void query.refetch()} />;
  return <Loading lines={lines} />;
}
