import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import en from "../i18n/en.json";
import { RecordTable } from "./RecordTable";

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", resources: { en: { translation: en } } });
});
afterEach(() => vi.unstubAllGlobals());

test("what is folded away in a cell is drawn once it is opened", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  const hosts = Array.from({ length: 467 }, (_, index) => `host ${index}`);
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <RecordTable
          label="Services"
          columns={[
            { key: "service", label: "Service" },
            { key: "missing", label: "Missing data" },
          ]}
          rows={[{ cells: { service: "mw-misc", missing: hosts } }]}
        />
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect(screen.getByText("host 2")).toBeTruthy();
  expect(screen.queryByText("host 3")).toBeNull();
  await userEvent.click(screen.getByText(/464/));
  expect(await screen.findByText("host 466")).toBeTruthy();
});
