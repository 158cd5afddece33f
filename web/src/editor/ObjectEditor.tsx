import { Button, Group, Tabs } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useBlocker } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../api/client";
import { useKnownSession, useRefresh, useSchema } from "../api/queries";
import type { Conflict, Document, Draft, Kind, Language, Put, Ref } from "../api/types";
import { useView } from "../frame/view";
import { localText } from "../format/text";
import { Loading, Panel, ProblemView } from "../parts/Page";
import { type Resolution, ConflictDialog } from "./ConflictDialog";
import { Consequences } from "./Consequences";
import { EditorContext, type EditorContextValue } from "./context";
import { CreatePanel } from "./CreatePanel";
import { outgoing, withValue } from "./document";
import css from "./Editor.module.css";
import { Identity } from "./Identity";
import { Fields } from "./RecordInput";
import { type SaveChoice, SaveDialog } from "./SaveDialog";
import { useWhatIf } from "./useWhatIf";

/** The text of a document is fetched with its tab: most edits use the form alone. */
const YamlTab = lazy(() => import("./YamlTab").then((module) => ({ default: module.YamlTab })));

interface ObjectEditorProps {
  kind: Kind;
  initial: Document;
  /** Version that the edit began from; absent for a new object. */
  version?: number;
  /** Pointer of the field that the reader was sent to. */
  at?: string;
  onSaved: (ref: Ref, draft?: string) => void;
  onCancel: () => void;
}

/** Form left, consequences right, the same document as YAML behind a tab; saved live or into a draft. */
export function ObjectEditor({ kind, at, onSaved, onCancel, ...props }: ObjectEditorProps) {
  const { t, i18n } = useTranslation();
  const session = useKnownSession();
  const view = useView();
  const { bySlug } = useSchema();
  const refresh = useRefresh();
  // The edit rests on what was there when it began, even if the live object moves on meanwhile:
  // only so can the server see that two people changed the same thing.
  const [{ initial, version, base }] = useState({ initial: props.initial, version: props.version, base: session.head });
  const [document, setDocument] = useState(initial);
  const [made, setMade] = useState<Record<Ref, Document>>({});
  const [creating, setCreating] = useState<{ kind: Kind; title: string; made: (ref: Ref) => void } | null>(null);
  const [tab, setTab] = useState<string | null>("form");
  const [saving, setSaving] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const [pendingChoice, setPendingChoice] = useState<SaveChoice | null>(null);
  const isNew = version === undefined;
  const ref: Ref = `${kind.slug}/${document.metadata.name}`;
  const dirty = useMemo(
    () => JSON.stringify(outgoing(document)) !== JSON.stringify(outgoing(initial)),
    [document, initial],
  );
  const left = useRef(false);
  useBlocker({
    shouldBlockFn: () => dirty && !left.current && !window.confirm(t("editor.leave")),
    enableBeforeUnload: () => dirty && !left.current,
  });

  const puts = useMemo<Put[]>(
    () => [
      { document: outgoing(document), ...(version !== undefined ? { expect: version } : {}) },
      ...Object.values(made).map((each) => ({ document: outgoing(each) })),
    ],
    [document, made, version],
  );
  const whatIf = useWhatIf(puts, [], ref, document.metadata.name !== "");
  const pending = useMemo(() => {
    const titles: Record<Ref, string> = {};
    for (const [key, each] of Object.entries(made))
      titles[key] = localText(each.metadata.title, i18n.language) || each.metadata.name;
    return titles;
  }, [made, i18n.language]);
  const context = useMemo<EditorContextValue>(() => {
    const problems = [failure, whatIf.error].filter((each): each is Problem => each instanceof Problem);
    const seen = [...(whatIf.data?.findings?.new ?? []), ...(whatIf.data?.findings?.worse ?? [])];
    return {
      languages: session.organisation.languages?.length ? session.organisation.languages : (["en", "fr"] as Language[]),
      errors: problems.flatMap((problem) => problem.errors),
      findings: seen.filter((finding) => finding.subject.ref === ref),
      pending,
      create: (slug, title, done) => {
        const wanted = bySlug.get(slug);
        if (wanted) setCreating({ kind: wanted, title, made: done });
      },
      at,
      readOnly: false,
    };
  }, [failure, whatIf.error, whatIf.data, session.organisation.languages, pending, bySlug, at, ref]);

  useEffect(() => {
    if (!at) return;
    const sought = [...window.document.querySelectorAll<HTMLElement>("[data-pointer]")]
      .filter((each) => at === each.dataset.pointer || at.startsWith(`${each.dataset.pointer}/`))
      .pop();
    sought?.scrollIntoView({ block: "center" });
    sought?.querySelector<HTMLElement>("input, textarea, button")?.focus({ preventScroll: true });
  }, [at]);

  const takeYaml = useCallback((next: Document) => setDocument(next), []);

  const save = async (choice: SaveChoice, resolutions?: Resolution[]) => {
    setBusy(true);
    setFailure(null);
    setPendingChoice(choice);
    try {
      let draft: string | undefined;
      if (choice.to === "live") {
        const saved = await api.post<{ seq: number }>("/changes", {
          title: choice.title,
          reason: choice.reason,
          base,
          puts,
          deletes: [],
          ...(resolutions ? { resolutions } : {}),
        });
        left.current = true;
        await refresh(saved.seq);
        notifications.show({ message: t("save.doneLive", { seq: saved.seq }) });
      } else {
        draft =
          choice.to === "draft" ? choice.draft : (await api.post<Draft>("/drafts", { title: choice.title, puts })).id;
        for (const put of choice.to === "draft" ? puts : []) {
          const each = put.document;
          if (!each) continue;
          const slug = bySlug.get(each.kind)?.slug ?? kind.slug;
          await api.put(`/drafts/${draft}/objects/${slug}/${each.metadata.name}`, {
            document: each,
            ...(put.expect !== undefined ? { expect: put.expect } : {}),
            ...(put === puts[0] && choice.to === "draft" && choice.draft === view.draft && !isNew
              ? { was: outgoing(initial) }
              : {}),
          });
        }
        left.current = true;
        await refresh();
        notifications.show({ message: t("save.doneDraft") });
      }
      setSaving(false);
      setConflicts([]);
      onSaved(ref, draft);
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 409 && problem.conflicts.length > 0) {
        setSaving(false);
        setConflicts(problem.conflicts);
      } else {
        setConflicts([]);
        setFailure(problem);
        if (view.draft) setSaving(false);
      }
    } finally {
      setBusy(false);
    }
  };

  /** Saves again with each difference settled; the server merges the rest. */
  const resolve = (resolutions: Resolution[]) => {
    if (pendingChoice) void save(pendingChoice, resolutions);
  };

  const title = localText(document.metadata.title, i18n.language) || document.metadata.name;
  const ask = () => {
    setFailure(null);
    if (view.draft) void save({ to: "draft", draft: view.draft });
    else setSaving(true);
  };
  return (
    <EditorContext.Provider value={context}>
      <div className={css.layout}>
        <div>
          <Panel id="form" flush>
            <Tabs value={tab} onChange={setTab} keepMounted={false}>
              <Tabs.List px={8}>
                <Tabs.Tab value="form">{t("editor.form")}</Tabs.Tab>
                <Tabs.Tab value="yaml">{t("editor.yaml")}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="form" p="md">
                <Identity document={document} onChange={setDocument} isNew={isNew} locale={i18n.language} />
                <div style={{ height: 20 }} />
                <Fields
                  fields={kind.fields}
                  value={document.spec}
                  pointer="/spec"
                  onChange={(spec) => setDocument(withValue(document, "/spec", spec ?? {}))}
                />
              </Tabs.Panel>
              <Tabs.Panel value="yaml" p="md">
                <Suspense fallback={<Loading lines={14} height={14} />}>
                  <YamlTab document={document} kind={kind} onChange={takeYaml} />
                </Suspense>
              </Tabs.Panel>
            </Tabs>
          </Panel>
          {failure !== null && !saving && <ProblemView problem={failure} />}
          <div className={css.bar}>
            <span className={css.soft}>
              {dirty ? t("editor.changed") : t("editor.unchanged")}
              {Object.keys(made).length > 0 && ` ${t("editor.made", { count: Object.keys(made).length })}`}
            </span>
            <Group gap="xs">
              <Button variant="default" onClick={onCancel}>
                {t("action.cancel")}
              </Button>
              <Button onClick={ask} disabled={!document.metadata.name || !dirty} loading={busy && !saving}>
                {view.draft ? t("save.intoThisDraft") : t("save.open")}
              </Button>
            </Group>
          </div>
        </div>
        <aside className={css.aside} aria-label={t("whatIf.title")}>
          <Consequences query={whatIf} waiting={document.metadata.name === ""} />
        </aside>
      </div>
      <SaveDialog
        opened={saving}
        onClose={() => setSaving(false)}
        onSave={(choice) => void save(choice)}
        suggestion={isNew ? t("save.suggestNew", { title }) : t("save.suggestChange", { title })}
        failure={failure}
        busy={busy}
      />
      <ConflictDialog conflicts={conflicts} busy={busy} onCancel={() => setConflicts([])} onResolve={resolve} />
      <CreatePanel
        kind={creating?.kind ?? null}
        title={creating?.title ?? ""}
        onCancel={() => setCreating(null)}
        onMade={(fresh) => {
          if (!creating) return;
          const own: Ref = `${creating.kind.slug}/${fresh.metadata.name}`;
          setMade({ ...made, [own]: fresh });
          creating.made(own);
          setCreating(null);
        }}
      />
    </EditorContext.Provider>
  );
}
