import { Button, Checkbox, Group, SegmentedControl } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/client";
import type { Impact, Ref } from "../api/types";
import { splitRef } from "../format/text";
import { ProblemView } from "../parts/Page";
import { RefPicker } from "../parts/RefPicker";
import { type Act, actsOn, type Drawing, endsOf, type Form, REQUIRED, REQUIRING } from "./drawing";
import css from "./Map.module.css";

/** What can be drawn from the chosen object, and the gesture that is being made. */
export function DrawPanel({ of, drawing, impact, stays }: { of: Ref; drawing: Drawing; impact?: Impact; stays?: boolean }) {
  const { t } = useTranslation();
  const { graph, form } = drawing;
  const heading = useRef<HTMLHeadingElement>(null);
  const making = form?.of === of ? form : null;
  const was = useRef(false);
  useEffect(() => {
    // Where the gesture ends the buttons come back: the focus goes to their heading, not to the top of the page.
    if (was.current && !making && (document.activeElement === document.body || document.activeElement === null)) heading.current?.focus();
    was.current = making !== null;
  }, [making]);
  if (!graph.draw) return null;
  const { kind } = splitRef(of);
  const needs = graph.edges.filter((edge) => edge.from === of && edge.drafted !== "removed" && edge.type !== "degrades");
  const acts = actsOn(kind, needs.length).filter((act) => !(stays && act === "remove"));
  return (
    <div className={css.draw} role="group" aria-label={t("draw.title")}>
      <h3 className={css.impactTitle} tabIndex={-1} ref={heading}>
        {t("draw.title")}
      </h3>
      {making ? (
        <GestureForm key={`${making.act} ${of}`} form={making} drawing={drawing} impact={impact} needs={needs.map((edge) => edge.to)} />
      ) : (
        <div className={css.acts}>
          {acts.map((act) => (
            <Button key={act} size="compact-sm" variant="default" onClick={() => drawing.begin(act, of)}>
              {t(`draw.act.${act}`)}
            </Button>
          ))}
        </div>
      )}
      {!making && drawing.failure !== null && <ProblemView problem={drawing.failure} />}
    </div>
  );
}

interface GestureFormProps {
  form: Form;
  drawing: Drawing;
  impact?: Impact;
  /** What the chosen object needs on this map. */
  needs: Ref[];
}

function GestureForm({ form, drawing, impact, needs }: GestureFormProps) {
  const { t } = useTranslation();
  const { kind } = splitRef(form.of);
  const { failure } = drawing;
  const atEnd =
    failure instanceof Problem ? failure.errors.find((each) => each.field === "/to" || each.field === "/of")?.message : undefined;
  const ready = form.act === "replica" || form.act === "remove" || Boolean(form.to);
  const first = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Where the other end may be left out its field would open its list over the buttons.
    first.current?.querySelector<HTMLElement>(form.act === "replica" ? "strong" : "input, button")?.focus();
  }, [form.act]);
  return (
    <form
      ref={first}
      className={css.gesture}
      aria-label={t(`draw.act.${form.act}`).replace("…", "")}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) drawing.draw();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !(event.target as HTMLElement).matches('[aria-expanded="true"]')) drawing.leave();
      }}
    >
      <strong tabIndex={-1}>{t(`draw.act.${form.act}`).replace("…", "")}</strong>
      {form.act === "need" && REQUIRING.includes(kind) && REQUIRED.includes(kind) && (
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("draw.direction")}
          value={form.from ? "from" : "to"}
          onChange={(value) => drawing.change({ from: value === "from", to: undefined })}
          data={[
            { value: "to", label: t("draw.itNeeds") },
            { value: "from", label: t("draw.itIsNeededBy") },
          ]}
        />
      )}
      {(form.act === "need" || form.act === "alternative" || form.act === "replica" || form.act === "move") && (
        <RefPicker
          labelled
          size="xs"
          label={t(form.act === "need" ? "draw.otherEnd" : form.act === "alternative" ? "draw.standIn" : "draw.site")}
          description={t(form.act === "replica" ? "draw.siteHelp" : "draw.pick")}
          kinds={endsOf(form.act, kind, form.from)}
          value={form.to}
          onChange={(to) => drawing.change({ to })}
          error={atEnd}
        />
      )}
      {form.act === "release" && (
        <Choice legend={t("draw.which")}>
          {[...new Set(needs)].map((ref) => (
            <label key={ref} className={css.option}>
              <input type="radio" name="release" checked={form.to === ref} onChange={() => drawing.change({ to: ref })} /> {drawing.titleOf(ref)}
            </label>
          ))}
        </Choice>
      )}
      {form.act === "remove" && (
        <>
          <p className={css.soft}>{(impact?.lost?.length ?? 0) > 0 ? t("draw.wouldStop", { count: impact?.lost?.length ?? 0 }) : t("draw.nothingWouldStop")}</p>
          <Checkbox
            size="xs"
            checked={form.release}
            onChange={(event) => drawing.change({ release: event.currentTarget.checked })}
            label={t("draw.release")}
            description={t("draw.releaseHelp")}
          />
        </>
      )}
      {failure !== null && !(atEnd && form.act !== "release" && form.act !== "remove") && <ProblemView problem={failure} />}
      <Group gap={8}>
        <Button type="submit" size="compact-sm" disabled={!ready} loading={drawing.busy}>
          {t("draw.submit")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={drawing.leave}>
          {t("action.cancel")}
        </Button>
      </Group>
    </form>
  );
}

function Choice({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className={css.choice}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

export type { Act };
