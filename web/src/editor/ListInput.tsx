import { ActionIcon, Button, Group, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Plus, X } from "lucide-react";
import { useContext, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/types";
import { localText } from "../format/text";
import { formatScalar } from "../format/value";
import { fullRef, KnownTitles } from "../parts/RefPicker";
import { useEditorContext } from "./context";
import { firstValue, join, moved, summaryOf } from "./document";
import css from "./Editor.module.css";
import { type ControlProps, FieldInput } from "./FieldInput";
import { Fields } from "./RecordInput";

/** A list: items added, removed and put in order; records fold to one line. */
export function ListInput({ field, value, onChange, pointer, label, help, error }: ControlProps) {
  const { t } = useTranslation();
  const item: Field = field.item ?? { name: field.name, label: field.label, type: "text" };
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const place = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const set = (next: unknown[]) => onChange(next.length > 0 ? next : undefined);
  const add = () => {
    set([...items, firstValue(item)]);
    setOpened(items.length);
    // The new item's first input takes the focus once it is drawn.
    requestAnimationFrame(() => {
      const last = place.current?.querySelector<HTMLElement>(
        `[data-item="${items.length}"] input, [data-item="${items.length}"] textarea`,
      );
      last?.focus();
    });
  };
  const records = item.type === "record";
  return (
    <div className={css.list} ref={place} role="group" aria-label={label}>
      <div className={css.listHead}>
        <span className={css.groupTitle}>
          {label}
          <span className={css.count}>{items.length > 0 ? items.length : t("editor.noItems")}</span>
        </span>
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<Plus size={13} aria-hidden="true" />}
          onClick={add}
          aria-label={t("editor.addTo", { label })}
        >
          {t("editor.add")}
        </Button>
      </div>
      {help && <p className={css.help}>{help}</p>}
      {error && <p className={css.error}>{error}</p>}
      {items.map((each, index) => {
        const controls = (
          <ItemControls
            label={`${label} ${index + 1}`}
            first={index === 0}
            last={index === items.length - 1}
            onMove={(step) => {
              set(moved(items, index, step));
              setOpened(null);
            }}
            onRemove={() => set(items.filter((_, other) => other !== index))}
          />
        );
        const change = (next: unknown) => {
          const copy = [...items];
          copy[index] = next ?? firstValue(item);
          set(copy);
        };
        return records ? (
          <RecordItem
            key={index}
            index={index}
            item={item}
            value={each}
            onChange={change}
            pointer={join(pointer, index)}
            label={`${label} ${index + 1}`}
            controls={controls}
            startOpen={opened === index}
          />
        ) : (
          <div key={index} className={css.scalarItem} data-item={index}>
            <div className={css.scalarInput}>
              <FieldInput
                field={{ ...item, help: undefined, required: false }}
                value={each}
                onChange={change}
                pointer={join(pointer, index)}
                label={`${label} ${index + 1}`}
                hideLabel
              />
            </div>
            {controls}
          </div>
        );
      })}
    </div>
  );
}

function RecordItem({
  index,
  item,
  value,
  onChange,
  pointer,
  label,
  controls,
  startOpen,
}: {
  index: number;
  item: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  pointer: string;
  label: string;
  controls: React.ReactNode;
  startOpen: boolean;
}) {
  const { t, i18n } = useTranslation();
  const { at } = useEditorContext();
  const [open, setOpen] = useState(startOpen || Boolean(at === pointer || at?.startsWith(`${pointer}/`)));
  const titles = useContext(KnownTitles);
  const { pending } = useEditorContext();
  const summary = summaryOf(value, item.fields ?? [], (each, of) => {
    if (of.type !== "ref" || typeof each !== "string") return formatScalar(each, of, i18n.language);
    const ref = fullRef(each, of.refs ?? []);
    return pending[ref] ?? (localText(titles.get(ref), i18n.language) || each);
  });
  return (
    <div className={css.recordItem} data-item={index} role="group" aria-label={label}>
      <div className={css.recordHead}>
        <UnstyledButton className={css.recordTitle} onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? <ChevronDown size={15} aria-hidden="true" /> : <ChevronRight size={15} aria-hidden="true" />}
          <span className="visually-hidden">{label}: </span>
          <span>{summary || t("editor.newItem")}</span>
        </UnstyledButton>
        {controls}
      </div>
      {open && <Fields fields={item.fields ?? []} value={value} onChange={onChange} pointer={pointer} />}
    </div>
  );
}

export function ItemControls({
  label,
  first,
  last,
  onMove,
  onRemove,
}: {
  label: string;
  first: boolean;
  last: boolean;
  onMove: (step: number) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        size="sm"
        color="gray"
        disabled={first}
        onClick={() => onMove(-1)}
        aria-label={t("editor.up", { label })}
      >
        <ArrowUp size={14} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon
        size="sm"
        color="gray"
        disabled={last}
        onClick={() => onMove(1)}
        aria-label={t("editor.down", { label })}
      >
        <ArrowDown size={14} aria-hidden="true" />
      </ActionIcon>
      <ActionIcon size="sm" color="gray" onClick={onRemove} aria-label={t("editor.remove", { label })}>
        <X size={14} aria-hidden="true" />
      </ActionIcon>
    </Group>
  );
}
