import { Button, Chip, Group, NumberInput, Select } from "@mantine/core";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { RefPicker } from "../parts/RefPicker";
import { useEditorContext } from "./context";
import { join, moved } from "./document";
import css from "./Editor.module.css";
import type { ControlProps } from "./FieldInput";
import { ItemControls } from "./ListInput";
import {
  members,
  type Need,
  type NeedRecord,
  type NeedShape,
  phases,
  reshaped,
  shapeOf,
  single,
  target,
  withMembers,
} from "./need";
import { UnitInput } from "./ScalarInputs";

const NEEDED: string[] = ["service", "component", "site", "supplier", "team", "person", "tool", "data-asset"];
const DEPTH = 4;

interface NeedInputProps extends Omit<ControlProps, "value" | "onChange"> {
  value: Need | undefined;
  onChange: (value: unknown) => void;
  depth?: number;
}

/** One element of a dependency: an object, any one of several, or at least n of several; groups nest. */
export function NeedInput({ field, value, onChange, label, pointer, error, depth = 0 }: NeedInputProps) {
  const { t } = useTranslation();
  const { pending, create } = useEditorContext();
  const shape = shapeOf(value);
  const kinds = field.refs && field.refs.length > 0 && field.refs[0] !== "*" ? field.refs : NEEDED;
  const group = typeof value === "object" ? value : undefined;
  const inside = members(value);
  return (
    <div className={shape === "one" ? css.need : css.needGroup} role="group" aria-label={label}>
      <Group gap={8} align="center" wrap="wrap">
        <Select
          w={128}
          aria-label={t("need.shape", { label })}
          data={(["one", "anyOf", "atLeast"] as const).map((each) => ({ value: each, label: t(`need.${each}`) }))}
          value={shape}
          allowDeselect={false}
          onChange={(next) => onChange(reshaped(value, (next ?? "one") as NeedShape))}
        />
        {shape === "one" && (
          <>
            <div className={css.needRef}>
              <RefPicker
                labelled
                hideLabel
                label={label}
                kinds={kinds}
                value={target(value) || undefined}
                onChange={(ref) => onChange(single(ref ?? "", phases(value)))}
                error={error}
                pending={pending}
                onCreate={
                  create
                    ? (kind, title) => create(kind, title, (ref) => onChange(single(ref, phases(value))))
                    : undefined
                }
              />
            </div>
            <Chip.Group multiple value={phases(value)} onChange={(next) => onChange(single(target(value), next))}>
              <Group gap={4} role="group" aria-label={t("need.for")}>
                {(["run", "start"] as const).map((phase) => (
                  <Chip key={phase} size="xs" value={phase} variant="outline">
                    {t(`need.phase.${phase}`)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </>
        )}
        {shape === "atLeast" && (
          <NumberInput
            size="xs"
            w={110}
            label={t("need.atLeastCount")}
            min={1}
            max={Math.max(1, inside.length)}
            value={group?.atLeast ?? 1}
            onChange={(next) => onChange({ ...group, atLeast: typeof next === "number" ? next : 1 })}
          />
        )}
        {shape === "anyOf" && (
          <div className={css.takeover}>
            <UnitInput
              field={{ name: "takeover", label: "", type: "duration" }}
              label={t("need.takeover")}
              pointer={join(pointer, "takeover")}
              value={group?.takeover}
              onChange={(next) => {
                const { takeover: _before, ...others } = (group ?? {}) as NeedRecord;
                onChange(next ? { ...others, takeover: next } : others);
              }}
            />
          </div>
        )}
      </Group>
      {shape !== "one" && value !== undefined && (
        <div className={css.needMembers}>
          {inside.map((member, index) => (
            <div key={index} className={css.scalarItem}>
              <div className={css.scalarInput}>
                <NeedInput
                  field={field}
                  value={member}
                  label={t("need.member", { number: index + 1 })}
                  pointer={join(join(pointer, shape === "anyOf" ? "anyOf" : "of"), index)}
                  depth={depth + 1}
                  onChange={(next) => {
                    const copy = [...inside];
                    copy[index] = next as Need;
                    onChange(withMembers(value, copy));
                  }}
                />
              </div>
              <ItemControls
                label={t("need.member", { number: index + 1 })}
                first={index === 0}
                last={index === inside.length - 1}
                onMove={(step) => onChange(withMembers(value, moved(inside, index, step)))}
                onRemove={() =>
                  onChange(
                    withMembers(
                      value,
                      inside.filter((_, other) => other !== index),
                    ),
                  )
                }
              />
            </div>
          ))}
          {depth < DEPTH && (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<Plus size={13} aria-hidden="true" />}
              onClick={() => onChange(withMembers(value, [...inside, ""]))}
            >
              {t("need.addMember")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
