import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./frame/app.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { newQueryClient } from "./api/queries";
import { colorSchemeManager, theme } from "./frame/theme";
import { startLanguage } from "./i18n";
import { newRouter } from "./router";

const router = newRouter();
const queries = newQueryClient();

async function start() {
  await startLanguage();
  const place = document.getElementById("root");
  if (!place) return;
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          <Suspense fallback={null}>
            <RouterProvider router={router} />
          </Suspense>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
