import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { useState } from "react";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Field } from "../api/types";
import fr from "../i18n/fr.json";
import { EditorContext, type EditorContextValue } from "./context";
import { Fields } from "./RecordInput";

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "fr", resources: { fr: { translation: fr } } });
});
afterEach(() => vi.unstubAllGlobals());

const context: EditorContextValue = { languages: ["fr", "en"], errors: [], findings: [], pending: {}, readOnly: false };

function Form({
  fields,
  start,
  seen,
  with: given,
}: {
  fields: Field[];
  start: unknown;
  seen: (value: unknown) => void;
  with?: Partial<EditorContextValue>;
}) {
  const [value, setValue] = useState(start);
  return (
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <EditorContext.Provider value={{ ...context, ...given }}>
          <Fields
            fields={fields}
            value={value}
            pointer="/spec"
            onChange={(next) => {
              setValue(next);
              seen(next);
            }}
          />
        </EditorContext.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const targets: Field = {
  name: "targets",
  label: { fr: "Objectifs", en: "Targets" },
  type: "list",
  item: {
    name: "targets",
    label: { fr: "Objectifs" },
    type: "record",
    fields: [
      { name: "name", label: { fr: "Nom" }, type: "text" },
      { name: "value", label: { fr: "Valeur" }, type: "text" },
    ],
  },
};

describe("a form made from the schema", () => {
  test("an item is added, filled in and removed", async () => {
    const seen = vi.fn();
    render(<Form fields={[targets]} start={{}} seen={seen} />);
    await userEvent.click(screen.getByRole("button", { name: /Ajouter à/ }));
    await userEvent.type(screen.getByLabelText("Nom"), "a");
    expect(seen).toHaveBeenLastCalledWith({ targets: [{ name: "a" }] });
    await userEvent.click(screen.getByRole("button", { name: /Retirer/ }));
    expect(seen).toHaveBeenLastCalledWith({});
  });

  test("items change places without losing what they say", async () => {
    const seen = vi.fn();
    render(<Form fields={[targets]} start={{ targets: [{ name: "a" }, { name: "b" }] }} seen={seen} />);
    await userEvent.click(screen.getByRole("button", { name: /Descendre.*Objectifs 1/ }));
    expect(seen).toHaveBeenLastCalledWith({ targets: [{ name: "b" }, { name: "a" }] });
  });

  test("both languages of a text are written side by side", async () => {
    const seen = vi.fn();
    render(
      <Form
        fields={[{ name: "summary", label: { fr: "Résumé" }, type: "localtext" }]}
        start={{ summary: "Site" }}
        seen={seen}
      />,
    );
    await userEvent.clear(screen.getByLabelText("Résumé (FR)"));
    await userEvent.type(screen.getByLabelText("Résumé (FR)"), "Lieu");
    expect(seen).toHaveBeenLastCalledWith({ summary: { en: "Site", fr: "Lieu" } });
  });

  test("a typed unit is stored as the server understood it", async () => {
    const fetched = vi.fn(
      async () => new Response(JSON.stringify({ value: "PT4H30M", display: "4 h 30" }), { status: 200 }),
    );
    vi.stubGlobal("fetch", fetched);
    const seen = vi.fn();
    render(<Form fields={[{ name: "within", label: { fr: "Sous" }, type: "duration" }]} start={{}} seen={seen} />);
    await userEvent.type(screen.getByLabelText("Sous"), "4h30");
    await waitFor(() => expect(seen).toHaveBeenLastCalledWith({ within: "PT4H30M" }));
  });

  test("a unit that means nothing says so and stores nothing", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(
        async () =>
          new Response(JSON.stringify({ value: "x", display: "x", error: "Une durée est attendue." }), { status: 200 }),
      ),
    );
    const seen = vi.fn();
    render(<Form fields={[{ name: "within", label: { fr: "Sous" }, type: "duration" }]} start={{}} seen={seen} />);
    await userEvent.type(screen.getByLabelText("Sous"), "x");
    expect(await screen.findByText("Une durée est attendue.")).toBeInTheDocument();
    expect(seen).not.toHaveBeenCalled();
  });

  test("the server's refusal stands beside its field", () => {
    render(
      <Form
        fields={[{ name: "start", label: { fr: "Début" }, type: "text" }]}
        start={{}}
        seen={() => undefined}
        with={{ errors: [{ field: "/spec/start", message: "Une date est attendue." }] }}
      />,
    );
    expect(screen.getByText("Une date est attendue.")).toBeInTheDocument();
  });
});
