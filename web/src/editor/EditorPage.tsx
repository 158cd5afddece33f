import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../api/queries";
import type { LocalText, ObjectView, Ref } from "../api/types";
import { localText, splitRef } from "../format/text";
import { Awaited, Page, Panel, Empty } from "../parts/Page";
import { KnownTitles } from "../parts/RefPicker";
import { newDocument } from "./document";
import { ObjectEditor } from "./ObjectEditor";

function useAfterSave() {
  const navigate = useNavigate();
  return (ref: Ref, draft?: string) => {
    const { kind, name } = splitRef(ref);
    if (draft) void navigate({ to: "/drafts/$id", params: { id: draft } });
    else if (kind === "service") void navigate({ to: "/services/$name", params: { name }, search: { at: undefined } });
    else void navigate({ to: "/model/$kind/$name", params: { kind, name }, search: { at: undefined } });
  };
}

export function NewObjectPage() {
  const { t, i18n } = useTranslation();
  const { kind: slug } = useParams({ strict: false }) as { kind: string };
  const schema = useSchema();
  const navigate = useNavigate();
  const after = useAfterSave();
  return (
    <Awaited page query={schema} lines={14}>
      {() => {
        const kind = schema.bySlug.get(slug);
        if (!kind) return <UnknownKind slug={slug} />;
        return (
          <Page
            wide
            above={
              <Link to="/model/$kind" params={{ kind: slug }}>
                {localText(kind.plural, i18n.language)}
              </Link>
            }
            title={t("editor.newTitle", { kind: localText(kind.label, i18n.language) })}
            lead={localText(kind.help, i18n.language)}
          >
            <ObjectEditor
              key={slug}
              kind={kind}
              initial={newDocument(kind)}
              onSaved={after}
              onCancel={() => void navigate({ to: "/model/$kind", params: { kind: slug } })}
            />
          </Page>
        );
      }}
    </Awaited>
  );
}

export function EditObjectPage() {
  const { t, i18n } = useTranslation();
  const { kind: slug, name } = useParams({ strict: false }) as { kind: string; name: string };
  const { at } = useSearch({ strict: false });
  const schema = useSchema();
  const object = useModel<ObjectView>(`/objects/${slug}/${name}`);
  const navigate = useNavigate();
  const after = useAfterSave();
  return (
    <Awaited page query={schema} lines={14}>
      {() => (
        <Awaited page query={object} lines={14}>
          {(data) => {
            const kind = schema.bySlug.get(slug);
            if (!kind) return <UnknownKind slug={slug} />;
            const title = localText(data.document.metadata.title, i18n.language) || name;
            const back = () =>
              slug === "service"
                ? navigate({ to: "/services/$name", params: { name }, search: { at: undefined } })
                : navigate({ to: "/model/$kind/$name", params: { kind: slug, name }, search: { at: undefined } });
            return (
              <Page
                wide
                above={
                  <Link to="/model/$kind" params={{ kind: slug }} search={{ at: undefined }}>
                    {localText(kind.plural, i18n.language)}
                  </Link>
                }
                title={t("editor.editTitle", { title })}
                lead={localText(kind.help, i18n.language)}
              >
                <KnownTitles value={titlesOf(data)}>
                  <ObjectEditor
                    key={`${slug}/${name}`}
                    kind={kind}
                    initial={data.document}
                    version={data.version}
                    at={at}
                    onSaved={after}
                    onCancel={() => void back()}
                  />
                </KnownTitles>
              </Page>
            );
          }}
        </Awaited>
      )}
    </Awaited>
  );
}

/** The titles of what an object refers to, as read with it. */
function titlesOf(object: ObjectView): ReadonlyMap<Ref, LocalText> {
  return new Map((object.references ?? []).filter((each) => !each.missing).map((each) => [each.ref, each.title]));
}

function UnknownKind({ slug }: { slug: string }) {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")}>
      <Panel>
        <Empty title={t("model.unknownKind", { kind: slug })} />
      </Panel>
    </Page>
  );
}
