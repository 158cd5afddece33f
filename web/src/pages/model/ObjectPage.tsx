import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useKnownSession, useModel, useRefresh, useSchema } from "../../api/queries";
import type { Finding, ObjectView } from "../../api/types";
import { localText } from "../../format/text";
import { agreedTitle, isOutside } from "../../frame/readers";
import { FindingList } from "../../parts/FindingList";
import { Awaited, Empty, Loading, Page, Panel, ProblemView } from "../../parts/Page";
import { RefLink } from "../../parts/RefLink";
import { ReportMenu } from "../../parts/ReportMenu";
import { KnownTitles } from "../../parts/RefPicker";
import { WaiveDialog } from "../../parts/WaiveDialog";
import { ObjectHistory } from "../history/ObjectHistory";
import { Attachments } from "./Attachments";
import { FieldValues, TitledRef } from "./FieldValues";
import css from "./ObjectPage.module.css";

/** What stands behind a promise, loaded with the objects that promise or need. */
const ChainsPanel = lazy(() => import("../servicelevel/ChainsPanel").then((m) => ({ default: m.ChainsPanel })));

/** One object: what it says, what is found about it, what it refers to, its files, its history. */
export function ObjectPage() {
  const { t, i18n } = useTranslation();
  const { kind: slug, name } = useParams({ strict: false }) as { kind: string; name: string };
  const schema = useSchema();
  const kind = schema.bySlug.get(slug);
  const query = useModel<ObjectView>(`/objects/${slug}/${name}`);
  const session = useKnownSession();
  const outside = isOutside(session.account?.roles ?? []);
  const [waiving, setWaiving] = useState<Finding | null>(null);
  const [deleting, setDeleting] = useState(false);
  return (
    <Awaited page query={query} lines={14}>
      {(object) => {
        const title = localText(object.document.metadata.title, i18n.language) || name;
        const permissions = object.permissions ?? {};
        const references = object.references ?? [];
        const titles = new Map(references.map((each) => [each.ref, each.title]));
        const referencedBy = object.referencedBy ?? [];
        return (
          <KnownTitles value={titles}>
          <Page
            above={
              outside ? (
                <Link to="/agreed">{t(agreedTitle(session.account?.roles ?? []))}</Link>
              ) : (
                <Link to="/model/$kind" params={{ kind: slug }}>
                  {localText(kind?.plural, i18n.language) || slug}
                </Link>
              )
            }
            title={title}
            lead={
              localText(object.document.metadata.description, i18n.language) || localText(kind?.label, i18n.language)
            }
            actions={
              <>
                {permissions.edit !== false && (
                  <Button component={Link} to={`/model/${slug}/${name}/edit` as never}>
                    {t("action.edit")}
                  </Button>
                )}
                {!outside && (
                  <Button component={Link} to="/map" search={{ focus: object.ref } as never} variant="default">
                    {t("nav.map")}
                  </Button>
                )}
                {slug === "recovery-plan" && <ReportMenu path={`plan/${name}`} label={t("report.plan")} />}
                {permissions.delete === true && (
                  <Button variant="default" onClick={() => setDeleting(true)}>
                    {t("action.delete")}
                  </Button>
                )}
              </>
            }
          >
            <div className={css.columns}>
              <div>
                {!outside && (
                  <Panel id="findings" title={t("service.section.findings")} flush>
                    <FindingList
                      findings={object.findings ?? []}
                      about={`${slug}/${name}`}
                      onWaive={permissions.waive ? setWaiving : undefined}
                      empty={<Empty title={t("object.noFindings")} />}
                    />
                  </Panel>
                )}
                {!outside && (slug === "agreement" || slug === "requirement") && (
                  <Suspense fallback={<Loading lines={6} />}>
                    <ChainsPanel kind={slug} name={name} />
                  </Suspense>
                )}
                <Panel id="fields" title={t("object.fields")}>
                  {kind ? <FieldValues fields={kind.fields} value={object.document.spec} /> : null}
                </Panel>
                {!outside && (
                  <Panel id="history" title={t("service.section.history")} flush>
                    <ObjectHistory kind={slug} name={name} />
                  </Panel>
                )}
              </div>
              <div>
                <Panel id="identity" title={t("object.identity")}>
                  <dl className={css.identity}>
                    <dt>{t("object.name")}</dt>
                    <dd>
                      <code>{object.ref}</code>
                    </dd>
                    {object.document.metadata.owner && (
                      <>
                        <dt>{t("object.owner")}</dt>
                        <dd>
                          <TitledRef to={object.document.metadata.owner} />
                        </dd>
                      </>
                    )}
                  </dl>
                </Panel>
                <Panel id="files" title={t("attachment.title")} flush>
                  <Attachments object={object} />
                </Panel>
                {!outside && (
                  <>
                    <References id="references" title={t("object.references")} items={references} />
                    <References id="referencedBy" title={t("object.referencedBy")} items={referencedBy} />
                  </>
                )}
              </div>
            </div>
            <WaiveDialog waivable={waiving} onClose={() => setWaiving(null)} />
            <DeleteDialog
              object={object}
              title={title}
              opened={deleting}
              onClose={() => setDeleting(false)}
              kind={slug}
            />
          </Page>
          </KnownTitles>
        );
      }}
    </Awaited>
  );
}

function References({
  id,
  title,
  items,
}: {
  id: string;
  title: string;
  items: { ref: string; title?: unknown; field?: string; missing?: boolean }[];
}) {
  const { t } = useTranslation();
  const unique = [...new Map(items.map((item) => [item.ref, item])).values()];
  return (
    <Panel id={id} title={title} flush>
      {unique.length === 0 ? (
        <p className={css.none}>{t("object.none")}</p>
      ) : (
        <ul className={css.references}>
          {unique.map((item) => (
            <li key={item.ref}>
              {item.missing ? (
                <span>
                  {item.ref} <em>{t("object.missing")}</em>
                </span>
              ) : (
                <RefLink to={item.ref} title={item.title as never} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DeleteDialog({
  object,
  title,
  opened,
  onClose,
  kind,
}: {
  object: ObjectView;
  title: string;
  opened: boolean;
  onClose: () => void;
  kind: string;
}) {
  const { t } = useTranslation();
  const { head } = useKnownSession();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const users = object.referencedBy?.length ?? 0;
  const remove = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const saved = await api.post<{ seq: number }>("/changes", {
        base: head,
        title: t("object.deleteChange", { title }),
        reason: reason.trim(),
        puts: [],
        deletes: [{ ref: object.ref, expect: object.version }],
      });
      await navigate({ to: "/model/$kind", params: { kind } });
      await refresh(saved.seq);
      notifications.show({ message: t("object.deleted", { title }) });
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("object.deleteTitle", { title })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <p style={{ margin: 0 }}>{users > 0 ? t("object.deleteUsed", { count: users }) : t("object.deleteUnused")}</p>
        <Textarea
          label={t("save.why")}
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
          <Button color="red" onClick={() => void remove()} loading={busy} disabled={!reason.trim()}>
            {t("action.delete")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
