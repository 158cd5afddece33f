import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useRefresh, useResource } from "../../api/queries";
import type { Draft } from "../../api/types";
import { formatInstant } from "../../format/format";
import { type Column, DataTable } from "../../parts/DataTable";
import { Awaited, Empty, Page, Panel, ProblemView } from "../../parts/Page";

export function draftAuthor(draft: Draft): string {
  return draft.author?.name ?? "";
}

const touched = (draft: Draft) => draft.count ?? (draft.puts?.length ?? 0) + (draft.deletes?.length ?? 0);

/** Changes being prepared, each with its author and what it touches. */
export function DraftsPage() {
  const { t, i18n } = useTranslation();
  const query = useResource<Draft[]>("/drafts");
  const [making, setMaking] = useState(false);
  const columns = useMemo<Column<Draft>[]>(
    () => [
      {
        key: "title",
        label: t("drafts.name"),
        fixed: true,
        sort: (draft) => draft.title,
        render: (draft) => (
          <Link to="/drafts/$id" params={{ id: String(draft.id) }}>
            {draft.title || t("drafts.untitled")}
          </Link>
        ),
      },
      { key: "author", label: t("drafts.author"), sort: draftAuthor, render: draftAuthor },
      {
        key: "objects",
        label: t("drafts.objects"),
        align: "right",
        sort: touched,
        render: touched,
      },
      {
        key: "updated",
        label: t("drafts.updated"),
        sort: (draft) => draft.updated ?? "",
        render: (draft) => (draft.updated ? formatInstant(draft.updated, i18n.language) : ""),
      },
    ],
    [t, i18n.language],
  );
  return (
    <Page
      title={t("drafts.title")}
      lead={t("drafts.lead")}
      actions={<Button onClick={() => setMaking(true)}>{t("drafts.new")}</Button>}
    >
      <Panel id="drafts" flush>
        <Awaited query={query} lines={6}>
          {(data) => (
            <DataTable
              label={t("drafts.title")}
              columns={columns}
              rows={data}
              rowKey={(draft) => String(draft.id)}
              empty={
                <Empty
                  title={t("drafts.none")}
                  action={<Button onClick={() => setMaking(true)}>{t("drafts.new")}</Button>}
                >
                  {t("drafts.noneText")}
                </Empty>
              }
            />
          )}
        </Awaited>
      </Panel>
      <NewDraft opened={making} onClose={() => setMaking(false)} />
    </Page>
  );
}

function NewDraft({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [title, setTitle] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const make = async () => {
    setFailure(null);
    try {
      const draft = await api.post<Draft>("/drafts", { title: title.trim() });
      await refresh();
      await navigate({ to: "/drafts/$id", params: { id: String(draft.id) } });
    } catch (problem) {
      setFailure(problem);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("drafts.new")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Stack>
          <TextInput
            label={t("save.draftTitle")}
            description={t("drafts.titleHelp")}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            data-autofocus
          />
          {failure !== null && <ProblemView problem={failure} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" disabled={!title.trim()}>
              {t("drafts.make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
