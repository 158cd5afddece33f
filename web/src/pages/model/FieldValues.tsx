import { useTranslation } from "react-i18next";
import { useSession } from "../../api/queries";
import type { Field } from "../../api/types";
import { isEmpty } from "../../editor/document";
import { members, type Need, phases, shapeOf, target } from "../../editor/need";
import { formatDuration } from "../../format/format";
import { localText } from "../../format/text";
import { formatScalar } from "../../format/value";
import { fullRef, useRefTitle } from "../../parts/RefPicker";
import { RefLink } from "../../parts/RefLink";
import css from "./ObjectPage.module.css";

/** The filled fields of a record, for reading; empty ones are left out. */
export function FieldValues({ fields, value }: { fields: Field[]; value: unknown }) {
  const { t, i18n } = useTranslation();
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const filled = fields.filter((field) => !isEmpty(record[field.name]));
  if (filled.length === 0) return <p style={{ margin: 0, color: "var(--ink-soft)" }}>{t("object.nothingFilled")}</p>;
  return (
    <dl className={css.values}>
      {filled.map((field) => [
        <dt key={`${field.name}-label`}>{localText(field.label, i18n.language) || field.name}</dt>,
        <dd key={field.name}>
          <Value field={field} value={record[field.name]} />
        </dd>,
      ])}
    </dl>
  );
}

function Value({ field, value }: { field: Field; value: unknown }) {
  const { i18n } = useTranslation();
  const zone = useSession().data?.organisation.zone;
  if (isEmpty(value)) return null;
  switch (field.type) {
    case "list": {
      const item = field.item;
      const items = Array.isArray(value) ? (value as unknown[]) : [];
      return (
        <ul className={css.items}>
          {items.map((each, index) => (
            <li key={index}>{item ? <Value field={item} value={each} /> : String(each)}</li>
          ))}
        </ul>
      );
    }
    case "record":
      return (
        <div className={css.record}>
          <FieldValues fields={field.fields ?? []} value={value} />
        </div>
      );
    case "ref":
      return (
        <TitledRef
          to={fullRef(
            String(value),
            (field.refs ?? []).filter((kind) => kind !== "*"),
          )}
        />
      );
    case "dependency":
      return <NeedValue need={value as Need} />;
    case "localtext": {
      if (typeof value === "string") return <>{value}</>;
      const texts = value as { en?: string; fr?: string };
      const main = localText(texts, i18n.language);
      return <span style={{ whiteSpace: "pre-line" }}>{main}</span>;
    }
    default:
      return (
        <span style={{ whiteSpace: "pre-line" }}>
          {formatScalar(value, field, i18n.language, "long", zone)}
          {field.type === "datetime" && zone && ` (${zone})`}
        </span>
      );
  }
}

/** A reference shown by the title of what it names. */
export function TitledRef({ to }: { to: string }) {
  const title = useRefTitle(to);
  return <RefLink to={to} title={title} />;
}

function NeedValue({ need }: { need: Need }) {
  const { t, i18n } = useTranslation();
  const shape = shapeOf(need);
  if (shape === "one") {
    const during = phases(need);
    return (
      <>
        {target(need) && <TitledRef to={target(need)} />}
        {during.length === 1 && ` (${t(`need.only.${during[0] as "run"}`)})`}
      </>
    );
  }
  const group = typeof need === "object" ? need : {};
  return (
    <div className={css.record}>
      <div>
        {shape === "anyOf" ? t("need.anyOf") : t("need.atLeastOf", { count: group.atLeast ?? 1 })}
        {group.takeover && ` (${t("need.takeover")}: ${formatDuration(group.takeover, i18n.language)})`}
      </div>
      <ul className={css.items}>
        {members(need).map((member, index) => (
          <li key={index}>
            <NeedValue need={member} />
          </li>
        ))}
      </ul>
    </div>
  );
}
