import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../../api/client";
import { useRefresh, useResource, useSchema } from "../../api/queries";
import type { Assessment, Change, Conflict, Draft } from "../../api/types";
import { ConflictDialog, type Resolution } from "../../editor/ConflictDialog";
import { AssessmentView } from "../../editor/Consequences";
import { formatInstant } from "../../format/format";
import { useSetView } from "../../frame/view";
import { localText, splitRef } from "../../format/text";
import { Awaited, Empty, Page, Panel, ProblemView } from "../../parts/Page";
import { Changes } from "../history/Changes";
import { draftAuthor } from "./DraftsPage";
import css from "./DraftPage.module.css";

/** One draft: its changes in sentences, what they would do, and the way into the live model. */
export function DraftPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useResource<Draft>(`/drafts/${id}`);
  return (
    <Awaited page query={query} lines={10}>
      {(draft) => <DraftView draft={draft} id={id} />}
    </Awaited>
  );
}

function DraftView({ draft, id }: { draft: Draft; id: string }) {
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const setView = useSetView();
  const [committing, setCommitting] = useState(false);
  const [dropping, setDropping] = useState(false);
  const changes = useResource<{ items: Change[] | null }>(`/drafts/${id}/changes`);
  const assessment = useResource<Assessment>(`/drafts/${id}/assessment`);
  const puts = draft.puts ?? [];
  const deletes = draft.deletes ?? [];
  const empty = puts.length + deletes.length === 0;
  const drop = async () => {
    await api.delete(`/drafts/${id}`);
    await refresh();
    notifications.show({ message: t("drafts.dropped") });
    await navigate({ to: "/drafts" });
  };
  const takeOut = async (ref: string) => {
    const { kind, name } = splitRef(ref);
    await api.delete(`/drafts/${id}/objects/${kind}/${name}?undo=true`);
    await refresh();
  };
  return (
    <Page
      wide
      above={<Link to="/drafts">{t("drafts.title")}</Link>}
      title={draft.title || t("drafts.untitled")}
      lead={[draftAuthor(draft), draft.updated ? formatInstant(draft.updated, i18n.language) : ""]
        .filter(Boolean)
        .join(" · ")}
      actions={
        <>
          <Button onClick={() => setCommitting(true)} disabled={empty}>
            {t("drafts.commit")}
          </Button>
          <Button
            variant="default"
            onClick={() => void setView({ draft: id }).then(() => navigate({ to: "/overview" }))}
          >
            {t("drafts.look")}
          </Button>
          <Button variant="default" onClick={() => setDropping(true)}>
            {t("drafts.drop")}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div>
          <Panel id="objects" title={t("drafts.touched")} flush>
            {empty ? (
              <Empty
                title={t("drafts.emptyDraft")}
                action={
                  <Button component={Link} to="/model" search={{ draft: id } as never}>
                    {t("drafts.openModel")}
                  </Button>
                }
              >
                {t("drafts.emptyDraftText")}
              </Empty>
            ) : (
              <ul className={css.objects}>
                {puts.map((put) => {
                  const document = put.document;
                  const slug = document
                    ? (bySlug.get(document.kind)?.slug ?? splitRef(put.ref ?? "").kind)
                    : splitRef(put.ref ?? "").kind;
                  const name = document?.metadata.name ?? splitRef(put.ref ?? "").name;
                  const title = localText(document?.metadata.title, i18n.language) || name;
                  return (
                    <li key={put.ref ?? `${slug}/${name}`}>
                      <div>
                        <Link to={`/model/${slug}/${name}` as never} search={{ draft: id } as never}>
                          {title}
                        </Link>
                        <span className={css.soft}>
                          {localText(bySlug.get(slug)?.label, i18n.language)}
                          {put.new && ` · ${t("refPicker.isNew")}`}
                        </span>
                      </div>
                      <Group gap={6}>
                        <Button
                          size="compact-xs"
                          variant="default"
                          component={Link}
                          to={`/model/${slug}/${name}/edit` as never}
                          search={{ draft: id } as never}
                        >
                          {t("action.edit")}
                        </Button>
                        <Button size="compact-xs" variant="default" onClick={() => void takeOut(`${slug}/${name}`)}>
                          {t("drafts.takeOut")}
                          <span className="visually-hidden"> {title}</span>
                        </Button>
                      </Group>
                    </li>
                  );
                })}
                {deletes.map((gone) => (
                  <li key={gone.ref}>
                    <span>
                      {gone.ref} <span className={css.soft}>{t("history.deleted")}</span>
                    </span>
                    <Button size="compact-xs" variant="default" onClick={() => void takeOut(gone.ref)}>
                      {t("drafts.takeOut")}
                    </Button>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel id="changes" title={t("drafts.changes")}>
            <Awaited query={changes} lines={6}>
              {(data) => <Changes changes={data.items ?? []} />}
            </Awaited>
          </Panel>
        </div>
        <aside aria-label={t("whatIf.title")}>
          <Panel id="assessment" title={t("whatIf.title")} lead={t("whatIf.lead")} flush>
            <Awaited query={assessment} lines={6}>
              {(data) => <AssessmentView assessment={data} />}
            </Awaited>
          </Panel>
        </aside>
      </div>
      <CommitDialog id={id} draft={draft} opened={committing} onClose={() => setCommitting(false)} />
      <Modal
        opened={dropping}
        onClose={() => setDropping(false)}
        title={t("drafts.dropTitle")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <p style={{ margin: 0 }}>{t("drafts.dropText")}</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setDropping(false)}>
              {t("action.cancel")}
            </Button>
            <Button color="red" onClick={() => void drop()}>
              {t("drafts.drop")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Page>
  );
}

function CommitDialog({
  id,
  draft,
  opened,
  onClose,
}: {
  id: string;
  draft: Draft;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [title, setTitle] = useState(draft.title);
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [conflicts, setConflicts] = useState<Conflict[]>([]);
  const [busy, setBusy] = useState(false);
  const commit = async (resolutions?: Resolution[]) => {
    setBusy(true);
    setFailure(null);
    try {
      const saved = await api.post<{ seq: number }>(`/drafts/${id}/commit`, {
        title: title.trim(),
        reason: reason.trim(),
        ...(resolutions ? { resolutions } : {}),
      });
      setConflicts([]);
      await navigate({ to: "/history", search: { draft: undefined } });
      await refresh(saved.seq);
      notifications.show({ message: t("save.doneLive", { seq: saved.seq }) });
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 409 && problem.conflicts.length > 0)
        setConflicts(problem.conflicts);
      else {
        setConflicts([]);
        setFailure(problem);
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Modal
        opened={opened && conflicts.length === 0}
        onClose={onClose}
        title={t("drafts.commitTitle")}
        size="lg"
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          <TextInput
            label={t("save.what")}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
          />
          <Textarea
            label={t("save.why")}
            description={t("save.whyHelp")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          {failure !== null && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button onClick={() => void commit()} loading={busy} disabled={!title.trim() || !reason.trim()}>
              {t("drafts.commit")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <ConflictDialog
        conflicts={conflicts}
        busy={busy}
        onCancel={() => setConflicts([])}
        onResolve={(each) => void commit(each)}
      />
    </>
  );
}
