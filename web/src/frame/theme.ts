import i18next from "i18next";
import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from "@mantine/core";

/** The one accent of the interface: a deep petrol blue, AA on white and, in its light shades, on the dark theme. */
const petrol: MantineColorsTuple = [
  "#e9f5f9",
  "#d3e7ef",
  "#a6cfdf",
  "#76b5ce",
  "#4f9fbf",
  "#3790b4",
  "#2683a7",
  "#176f91",
  "#14526b",
  "#0c4459",
];

/** The dark theme's greys lean to blue, as its surfaces do. */
const dark: MantineColorsTuple = [
  "#dbe4ea",
  "#b8c6cf",
  "#a9b7c1",
  "#7d8d98",
  "#3f4e59",
  "#2c373f",
  "#202930",
  "#151b20",
  "#11171b",
  "#0c1114",
];

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 8, dark: 7 },
  colors: { petrol, dark },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", monospace',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: "620" },
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle" } },
    // Drawn whenever a message comes: by then the texts of the language are there.
    Notification: { defaultProps: () => ({ closeButtonProps: { "aria-label": i18next.t("action.close") } }) },
    // The head of a dialog is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: "none" } } } },
    Drawer: { defaultProps: { position: "right", attributes: { header: { role: "none" } } } },
  },
});

export const colorSchemeManager = localStorageColorSchemeManager({ key: "diapason-theme" });
