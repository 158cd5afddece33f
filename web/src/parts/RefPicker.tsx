import { CloseButton, Combobox, InputBase, Loader, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { useModel, useSchema } from "../api/queries";
import type { LocalText, ObjectView, Page, Ref, Summary } from "../api/types";
import { localText, splitRef } from "../format/text";
import css from "./RefPicker.module.css";

interface RefPickerProps {
  label: string;
  /** Kinds that may be referred to; empty for any. */
  kinds: string[];
  value: Ref | undefined;
  onChange: (ref: Ref | undefined) => void;
  size?: "xs" | "sm";
  /** Shows the label above the field instead of inside it. */
  labelled?: boolean;
  /** With `labelled`: the label is for assistive technology only. */
  hideLabel?: boolean;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Titles of objects that exist only in this editor so far. */
  pending?: Record<Ref, string>;
  /** Offers to make an object that does not exist yet. */
  onCreate?: (kind: string, title: string) => void;
  id?: string;
}

/** A reference chosen by title, in either language, or by name. */
export function RefPicker(props: RefPickerProps) {
  const {
    label,
    kinds,
    value,
    onChange,
    size = "sm",
    labelled,
    hideLabel,
    description,
    error,
    required,
    pending,
    onCreate,
    id,
  } = props;
  const { t, i18n } = useTranslation();
  const { bySlug } = useSchema();
  const [text, setText] = useState<string | null>(null);
  const [wanted] = useDebouncedValue((text ?? "").trim(), 160);
  const [opened, setOpened] = useState(false);
  const combobox = useCombobox({
    opened,
    onDropdownClose: () => {
      setOpened(false);
      combobox.resetSelectedOption();
    },
    onDropdownOpen: () => setOpened(true),
  });
  const found = useModel<Page<Summary>>(
    opened ? "/objects" : null,
    { kind: kinds.join(","), q: wanted, limit: 12 },
    { keep: true },
  );
  const chosen = useRefTitle(value, kinds);
  const shown = text ?? (value ? (pending?.[value] ?? chosen) : "");
  const items = found.data?.items ?? [];
  const extra = Object.entries(pending ?? {}).filter(
    ([ref, title]) =>
      (kinds.length === 0 || kinds.includes(splitRef(ref).kind)) && title.toLowerCase().includes(wanted.toLowerCase()),
  );
  const choose = (option: string) => {
    setText(null);
    combobox.closeDropdown();
    if (option.startsWith("+")) onCreate?.(option.slice(1), wanted);
    else onChange(option);
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <InputBase
          id={id}
          size={size}
          label={labelled && !hideLabel ? label : undefined}
          aria-label={labelled && !hideLabel ? undefined : label}
          placeholder={labelled ? t("refPicker.search") : label}
          description={description}
          error={error}
          required={required}
          withAsterisk={required}
          value={shown}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            if (text !== null && text.trim() === "" && value) onChange(undefined);
            setText(null);
          }}
          rightSectionPointerEvents="all"
          rightSection={
            found.isFetching && opened ? (
              <Loader size={14} />
            ) : value ? (
              <CloseButton
                size="sm"
                aria-label={t("refPicker.clear", { label })}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  setText(null);
                  onChange(undefined);
                }}
              />
            ) : null
          }
          w={labelled ? undefined : 170}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: "auto" }} aria-label={label}>
          {extra.map(([ref, title]) => (
            <Combobox.Option key={ref} value={ref}>
              <span className={css.title}>{title}</span>
              <span className={css.kind}>{t("refPicker.new")}</span>
            </Combobox.Option>
          ))}
          {items.map((item) => (
            <Combobox.Option key={item.ref} value={item.ref}>
              <span className={css.title}>{localText(item.title, i18n.language) || item.name}</span>
              <span className={css.kind}>
                {kinds.length !== 1 && `${localText(bySlug.get(splitRef(item.ref).kind)?.label, i18n.language)} · `}
                {item.name}
              </span>
            </Combobox.Option>
          ))}
          {items.length === 0 && extra.length === 0 && !found.isFetching && (
            <Combobox.Empty>{t("refPicker.nothing")}</Combobox.Empty>
          )}
          {onCreate &&
            kinds.map((kind) => (
              <Combobox.Option key={`+${kind}`} value={`+${kind}`} className={css.create}>
                {wanted
                  ? t("refPicker.createNamed", {
                      kind: localText(bySlug.get(kind)?.label, i18n.language) || kind,
                      title: wanted,
                    })
                  : t("refPicker.create", { kind: localText(bySlug.get(kind)?.label, i18n.language) || kind })}
              </Combobox.Option>
            ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Writes a reference in full: a bare name takes the one kind that its field allows. */
export function fullRef(value: string, kinds: string[]): Ref {
  if (value.includes("/") || kinds.length !== 1) return value;
  return `${kinds[0]}/${value}`;
}

/**
 * Titles that the page has read already, so that they need no request of their
 * own, and that readers from outside may not read object by object.
 */
export const KnownTitles = createContext<ReadonlyMap<Ref, LocalText>>(new Map());

/** The title of the object that a reference names; its name while that is unknown. */
export function useRefTitle(value: Ref | undefined, kinds: string[] = []): string {
  const { i18n } = useTranslation();
  const { kind, name } = splitRef(value ? fullRef(value, kinds) : "");
  const known = useContext(KnownTitles).get(`${kind}/${name}`);
  const query = useModel<ObjectView>(value && kind && known === undefined ? `/objects/${kind}/${name}` : null);
  if (!value) return "";
  if (known !== undefined) return localText(known, i18n.language) || name;
  return localText(query.data?.document?.metadata?.title, i18n.language) || name;
}
